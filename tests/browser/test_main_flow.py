"""One complaint from the phone to its final response, in a real browser."""

from __future__ import annotations

import re
from datetime import date, timedelta

from playwright.sync_api import Page, expect

from core.permissions import Role
from tests.browser.conftest import Server, keep_image, settled
from tests.browser.officer import Officer

TODAY = date.today  # the browser's day is the machine's
FOCUSED = """() => {
    const here = document.activeElement;
    return here.closest("[data-testid=stDateInput]")?.innerText ?? here.getAttribute("aria-label") ?? "";
}"""


def reference_of(page: Page) -> str:
    """The reference the address names."""
    found = re.search(r"ref=(C-\d{4}-\d{6})", page.url)
    assert found, page.url
    return found[1]


def record(officer: Officer, matter: str) -> str:
    """Record a complaint as it comes over the phone; answers with its reference."""
    officer.opens("/intake")
    officer.writes("Who is complaining", "Jo Fictional")
    officer.writes("Phone", "01632 960002")
    officer.writes("What they said, in their own words", "My bin was not emptied and nobody rang back.")
    officer.writes("The matter in a few words", matter)
    officer.dates("When any of us first heard it", TODAY())
    officer.chooses("How it came", "phone")
    officer.reads("Acknowledge by")
    keep_image(officer.page, "intake")
    officer.sends("Record a complaint")
    expect(officer.page.locator("h1")).to_have_text(matter)
    officer.reads(f"Recorded “{matter}” from Jo Fictional")
    return reference_of(officer.page)


def stage_one(officer: Officer, reference: str) -> None:
    """Acknowledge, assign, extend with a reason, and answer stage 1."""
    officer.takes("Acknowledge")
    officer.dates("When the acknowledgement was sent", TODAY())
    officer.writes("What we understand the complaint to be", "The bin was missed and the call not returned.")
    officer.sends("Acknowledge")
    officer.reads("Acknowledged stage 1 on")
    officer.opens(f"/case?ref={reference}", Role.MANAGER)
    officer.takes("Assign")
    officer.chooses("Who will consider it", "Ann Reviewer")
    officer.sends("Assign")
    officer.reads("Assigned stage 1 to Ann Reviewer")
    officer.opens(f"/case?ref={reference}", Role.REVIEWER)
    consider(officer)
    officer.takes("Extend")
    officer.dates("The new date for the answer", TODAY() + timedelta(days=18))
    officer.dates("When the individual was told", TODAY())
    officer.writes("The reason they were given", "The crew’s log has to be read.")
    officer.sends("Extend")
    officer.reads("This departs from the Code")
    officer.ticks("They were given the Ombudsman's details")
    officer.sends("Go on with this reason")
    officer.reads("Extended stage 1 by")
    officer.takes("Respond at stage 1")
    officer.dates("When the answer was sent", TODAY())
    officer.chooses("Finding on point 1", "Upheld")
    officer.writes("Reasons on point 1", "The crew missed the road.")
    officer.ticks("The answer says how to ask for stage 2")
    officer.chooses("What this teaches the council", "nothing can be learned")
    officer.writes("What can be learned, or why nothing can", "The log shows one missed road and no pattern.")
    officer.sends("Respond at stage 1")
    officer.reads("Sent the stage 1 answer")


def consider(officer: Officer) -> None:
    """Declare, as whoever has just been given it does first, and hear the individual: the checklist follows."""
    officer.reads("Before the answer: 2 of 3 still to do")
    officer.takes("Declare whether you have a conflict")
    officer.chooses("Your conflict of interest", "none")
    officer.sends("Declare whether you have a conflict")
    officer.reads("Before the answer: 1 of 3 still to do")
    officer.picks("Steps of considering it", "Record their position")
    officer.chooses("How they were heard", "by phone")
    officer.writes("What they said", "They waited in for three days.")
    officer.sends("Record their position")
    officer.reads("Before the answer: all three are done")


def stage_two(officer: Officer, reference: str) -> None:
    """Open stage 2, acknowledge it, and give it to someone new: whoever considered stage 1 is refused first."""
    officer.takes("Open stage 2")
    officer.dates("When the request arrived", TODAY())
    officer.chooses("How it came", "e-mail")
    officer.sends("Open stage 2")
    officer.reads("Opened stage 2")
    officer.takes("Acknowledge stage 2")
    officer.dates("When the acknowledgement was sent", TODAY())
    officer.writes("The outstanding issues as we understand them", "Nobody rang back.")
    officer.writes("The outcomes they want", "A call and an apology.")
    officer.sends("Acknowledge stage 2")
    officer.reads("Acknowledged stage 2 on")
    officer.opens(f"/case?ref={reference}", Role.MANAGER)
    officer.takes("Assign stage 2")
    officer.chooses("Who will consider it", "Ann Reviewer")
    officer.sends("Assign stage 2")
    officer.reads("This departs from the Code")
    expect(officer.form().get_by_role("link", name="6.14").last).to_be_visible()
    officer.chooses("Who will consider it", "Max Manager")
    officer.sends("Go on with this reason")
    officer.reads("Assigned stage 2 to Max Manager")
    consider(officer)


def test_from_the_phone_to_the_final_response(page: Page, server: Server) -> None:
    """Each step is drawn from one command, each refusal is a sentence, and the history holds all of it."""
    officer = Officer(page, server)
    reference = record(officer, "Bin missed again")
    stage_one(officer, reference)
    stage_two(officer, reference)
    officer.takes("Extend")
    officer.dates("The new date for the answer", TODAY() + timedelta(days=35))
    officer.dates("When the individual was told", TODAY())
    officer.writes("The reason they were given", "The reviewer has to meet the crew.")
    officer.ticks("They were given the Ombudsman's details")
    officer.sends("Extend")
    officer.reads("Extended stage 2 by")
    final_response(officer)
    officer.page.get_by_text("earlier ones").click()
    for sentence in ("Recorded “Bin missed again”", "Extended stage 1", "Opened stage 2", "Sent the final response"):
        officer.reads(sentence)


def final_response(officer: Officer) -> None:
    """The final response is refused while a part is missing, and goes when all seven are there."""
    officer.takes("Send the final response")
    officer.dates("When it was sent", TODAY())
    officer.chooses("Finding on point 1", "Upheld")
    officer.writes("Reasons on point 1", "The crew missed the road, and nobody rang back.")
    officer.writes("What we understand the complaint to be", "A missed bin and a call not returned.")
    officer.writes("What we did to understand why", "We rang and asked.")
    officer.sends("Send the final response")
    officer.reads("Not saved yet")
    officer.reads("The final response lacks")
    officer.writes("The decision", "The complaint is upheld.")
    officer.writes("The reasons for it", "The log shows the road was missed.")
    officer.writes("What will put it right", "An apology and a call.")
    officer.writes("What is still to be done, and by when", "None")
    officer.chooses("What this teaches the council", "something can be learned")
    officer.writes("What can be learned, or why nothing can", "Calls that nobody returned are not noticed.")
    officer.chooses("What caused it", "Poor communication")
    officer.sends("Send the final response")
    officer.reads("Sent the final response")


def test_a_half_filled_form_survives_f5_and_a_restart(page: Page, server: Server) -> None:
    """No typed word is lost: not by F5, and not when the server goes away and comes back."""
    officer = Officer(page, server)
    officer.opens("/intake", Role.RECORDER)
    officer.writes("What they said, in their own words", "The play area is full of glass.")
    officer.dates("When any of us first heard it", TODAY())
    page.reload()
    expect(officer.field("What they said, in their own words")).to_have_value("The play area is full of glass.")
    officer.reads("Acknowledge by")
    server.stop()
    server.start()
    officer.opens("/intake", Role.RECORDER)
    expect(officer.field("What they said, in their own words")).to_have_value("The play area is full of glass.")


def test_a_complaint_is_recorded_by_keyboard_alone(page: Page, server: Server) -> None:
    """Tab, letters, arrows and Enter are enough."""
    officer = Officer(page, server)
    officer.opens("/intake", Role.REVIEWER)
    keyboard = page.keyboard
    officer.field("Who is complaining").focus()
    typed = {
        "Who is complaining": "Lee Keyboard",
        "E-mail": "lee@example.org",
        "What they said, in their own words": "The ramp is blocked by bins.",
        "The matter in a few words": "Ramp blocked",
    }
    done = set[str]()
    for _step in range(60):
        label = str(page.evaluate(FOCUSED))
        name = next((each for each in typed if label.startswith(each)), None)
        if name and name not in done:
            keyboard.type(typed[name])
            done.add(name)
        elif label.startswith("When any of us first heard it") and "day" not in done:
            keyboard.type(TODAY().strftime("%d%m%Y"), delay=15)
            done.add("day")
        elif label.startswith("How it came") and "way" not in done:
            keyboard.type("phone")
            keyboard.press("Enter")
            done.add("way")
        elif page.evaluate("document.activeElement.innerText") == "Record a complaint" and len(done) == len(typed) + 2:
            keyboard.press("Enter")
            break
        keyboard.press("Tab")
        settled(page)
    expect(page.locator("h1")).to_have_text("Ramp blocked")
