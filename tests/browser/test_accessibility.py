"""Every page against axe: no serious or critical violation of WCAG 2.2 A and AA. Pictures for the manual on the way."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from core.permissions import Role
from tests.browser.conftest import CONFIDENTIAL, Server, keep_image, settled
from tests.browser.officer import Officer

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
PAGES = {
    "home": ("/", Role.HANDLER),
    "home of the manager": ("/", Role.MANAGER),
    "home of a Member": ("/", Role.MEMBER),
    "empty intake": ("/intake", Role.QUALITY),
    "intake form": ("/intake", Role.MANAGER),
    "my-cases": ("/my-cases?whose=all", Role.MANAGER),
    "case": ("/case?ref=C-2026-000001", Role.HANDLER),
    "case with a form": ("/case?ref=C-2026-000001&step=Extend", Role.HANDLER),
    "case at stage 2": ("/case?ref=C-2026-000005&step=RespondFinal", Role.MANAGER),
    "equality questions": ("/case?ref=C-2026-000001&step=KeepMonitoring", Role.HANDLER),
    "equality": ("/equality", Role.MANAGER),
    "retention": ("/retention", Role.MANAGER),
    "member dashboard": ("/dashboard", Role.MEMBER),
    "performance": ("/performance", Role.MANAGER),
    "learning": ("/learning", Role.MANAGER),
    "self-assessment": ("/self-assessment?step=OpenAssessment", Role.MANAGER),
    "quality": ("/quality", Role.QUALITY),
    "reports": ("/reports?step=MakeSnapshot", Role.MANAGER),
    "feedback": ("/feedback", Role.MANAGER),
    "subject access": ("/subject-access?step=RecordSubjectAccess", Role.MANAGER),
    "policy": ("/policy?step=AdoptPolicy", Role.MANAGER),
    "what if": ("/what-if?respond_stage_one=5", Role.MANAGER),
    "putting guidance on the shelf": ("/guidance?step=ShelveGuidance", Role.MANAGER),
    "everybody's training": ("/posts-and-training?show=training", Role.MANAGER),
    "escalations": ("/escalations", Role.MANAGER),
    "other-routes": ("/other-routes", Role.HANDLER),
    "sending by another route": ("/case?ref=C-2026-000001&step=RouteElsewhere&route=data_protection", Role.HANDLER),
    "intake by another route": ("/intake?as=elsewhere&route=children_statutory", Role.HANDLER),
    "the-code": ("/the-code?section=6", Role.HANDLER),
    "one clause": ("/the-code?clause=6.4", Role.MANAGER),
    "search": ("/search?text=bin", Role.HANDLER),
    "import": ("/import", Role.MANAGER),
    "home of the administrator": ("/", Role.ADMINISTRATOR),
    "accounts": ("/accounts", Role.ADMINISTRATOR),
    "adding a colleague": ("/accounts?step=AddColleague", Role.ADMINISTRATOR),
    "one account": ("/accounts?who_is=1&step=MoveColleague", Role.ADMINISTRATOR),
    "web forms": ("/web-forms", Role.ADMINISTRATOR),
    "audit": ("/audit", Role.SENIOR_LEAD),
    "my-account": ("/my-account", Role.HANDLER),
    "confidential case": (f"/case?ref={CONFIDENTIAL}&step=KeepConfidential", Role.MANAGER),
    "letter wording": ("/letter-wording", Role.MANAGER),
    "writing a wording": ("/letter-wording?wording=ombudsman.final_response", Role.MANAGER),
    "letters": ("/letters", Role.HANDLER),
    "no letter": ("/letter", Role.HANDLER),
    "releasing a file": (f"/case?ref={CONFIDENTIAL}&release=2", Role.MANAGER),
}
KEPT = {"home", "my-cases", "case", "escalations", "the-code", "accounts", "audit"}


def serious(page: Page) -> list[str]:
    """What axe finds that is serious or critical, with the elements."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [
        f"{each['id']} ({each['impact']}): {node['html'][:200]}"
        for each in found
        if each["impact"] in {"serious", "critical"}
        for node in each["nodes"]
    ]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_serious_fault(page: Page, server: Server, name: str) -> None:
    """Words, contrast, names, targets and structure are right for everybody."""
    path, role = PAGES[name]
    officer = Officer(page, server)
    officer.opens(path, role)
    if name in KEPT:
        keep_image(page, name)
    assert serious(page) == []


def test_a_page_fits_a_narrow_screen(page: Page, server: Server) -> None:
    """At 320 pixels nothing has to be scrolled sideways."""
    page.set_viewport_size({"width": 320, "height": 800})
    for name in ("my-cases", "case", "intake form", "accounts", "one account", "audit", "confidential case"):
        path, role = PAGES[name]
        Officer(page, server).opens(path, role)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.set_viewport_size({"width": 1280, "height": 900})


def test_secrets_shown_once_are_read_as_well(page: Page, server: Server) -> None:
    """A one-time link, a calendar address, the proof of the chain and an open box for files: no fault there either."""
    for name, said in (
        ("one account", "Make a one-time link"),
        ("my-account", "Make an address"),
        ("audit", "Prove the whole chain"),
    ):
        officer = Officer(page, server)
        officer.opens(*PAGES[name])
        page.get_by_role("button", name=said).click()
        settled(page)
        assert serious(page) == []
    Officer(page, server).opens(f"/case?ref={CONFIDENTIAL}", Role.MANAGER)
    page.get_by_text("Add files").click()
    settled(page)
    assert serious(page) == []


def test_a_file_is_added_and_saved_again(page: Page, server: Server) -> None:
    """From this machine to the case and back, byte for byte; a file that is no evidence is refused in a sentence."""
    Officer(page, server).opens("/case?ref=C-2026-000011", Role.HANDLER)
    page.get_by_text("Add files").click()
    chosen = [
        {"name": "note.txt", "mimeType": "text/plain", "buffer": b"They rang at nine.\n"},
        {"name": "tool.exe", "mimeType": "application/octet-stream", "buffer": b"MZ\x90"},
    ]
    page.locator("input[type=file]").set_input_files(chosen)  # type: ignore[arg-type]
    page.get_by_role("button", name="Add to the case").click()
    link = page.get_by_role("link", name="note.txt")
    link.wait_for()
    expect(page.get_by_text("“tool.exe” cannot be added")).to_be_visible()
    answer = page.request.get(f"{server.address}{link.get_attribute('href')}")
    assert answer.body() == b"They rang at nine.\n"
    assert answer.headers["content-disposition"].startswith("attachment;")


def test_the_headers_hold_and_no_other_host_is_asked(page: Page, server: Server) -> None:
    """The console asks nobody but itself, and says so to the browser."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    Officer(page, server).opens("/")
    foreign = [url for url in asked if not url.startswith((server.address, "data:", "blob:", "ws://127.0.0.1"))]
    assert foreign == []
    answer = page.request.get(f"{server.address}/healthz")
    assert answer.json()["status"] == "ok"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


def test_the_export_is_what_the_page_shows(page: Page, server: Server) -> None:
    """The same filter, the same person: the rows of the page; a person who may not read gets a sentence."""
    officer = Officer(page, server)
    officer.opens("/my-cases?whose=all&due=late", Role.MANAGER)
    shown = page.locator(".st-key-rows-queue a strong").all_inner_texts()
    address = page.get_by_role("link", name="Export these as CSV").get_attribute("href")
    exported = page.request.get(f"{server.address}{address}").text()
    assert shown
    assert [line.split('"')[1] for line in exported.splitlines()[1:]] == shown
    refused = page.request.get(f"{server.address}/export/queue.csv?whose=all&who=6")
    assert refused.status == 403
    assert page.request.get(f"{server.address}/export/queue.csv?whose=all").status == 403


@pytest.mark.parametrize("way", ["by key", "by mouse"])
def test_a_row_opens_in_place_and_the_way_back_is_open(page: Page, server: Server, way: str) -> None:
    """The rows of a list are links in one piece of text: the case opens in this very page, and back is the list."""
    Officer(page, server).opens("/my-cases?whose=all&due=late", Role.MANAGER)
    page.evaluate("window.thisPage = true")
    opened = len(page.context.pages)
    row = page.locator(".st-key-rows-queue li a").first
    reference = row.locator("strong").first.inner_text()
    if way == "by mouse":
        row.click()
    else:
        row.focus()
        page.keyboard.press("Enter")
    expect(page.get_by_text("Next steps")).to_be_visible()
    assert f"/case?ref={reference}" in page.url
    assert page.evaluate("window.thisPage") is True
    assert len(page.context.pages) == opened
    page.go_back()
    expect(page.locator(".st-key-rows-queue li a").first).to_be_visible()
    assert "due=late" in page.url


def test_a_count_on_escalations_leads_to_its_list(page: Page, server: Server) -> None:
    """Each count above the lists is a link to a heading that is there."""
    Officer(page, server).opens("/escalations", Role.MANAGER)
    counts = page.locator(".st-key-rows-stage-two p").first.locator("a")
    for count in counts.all():
        expect(page.locator(f"h3{count.get_attribute('href')}")).to_have_count(1)
    assert counts.count() == 5
