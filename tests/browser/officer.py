"""What an officer does in the browser, in words."""

from __future__ import annotations

from datetime import date

from playwright.sync_api import Locator, Page, expect

from core.permissions import Role
from tests.browser.conftest import Server, settled
from tests.pages.council import WHO


class Officer:
    """One person in front of the console."""

    def __init__(self, page: Page, server: Server) -> None:
        self.page = page
        self.server = server

    def opens(self, path: str, role: Role = Role.HANDLER) -> None:
        """Open an address as the colleague with a role."""
        mark = "&" if "?" in path else "?"
        self.page.goto(f"{self.server.address}{path}{mark}who={WHO[role]}")
        expect(self.page.locator("h1, h2").first).to_be_visible()
        settled(self.page)

    def begins_afresh(self) -> None:
        """Throw away what an earlier test may have typed into the form; nothing offers that where nobody has."""
        drop = self.form().get_by_role("button", name="Throw this draft away")
        if drop.count():
            drop.click()
            settled(self.page)

    def form(self) -> Locator:
        """The form that is open."""
        return self.page.locator(".st-key-form")

    def field(self, title: str) -> Locator:
        """The text field whose label begins with the title."""
        return self.form().get_by_role("textbox", name=title).first

    def writes(self, title: str, text: str) -> None:
        """Type into a field and leave it, which keeps the draft."""
        self.field(title).fill(text)
        self.field(title).press("Tab")
        settled(self.page)

    def dates(self, title: str, day: date) -> None:
        """Type a date into the field of that name, part by part, and leave it."""
        group = self.form().locator("[data-testid=stDateInput]").filter(has_text=title)
        parts = group.get_by_role("spinbutton")
        parts.nth(0).click()
        self.page.keyboard.type(day.strftime("%d%m%Y"), delay=15)
        self.page.keyboard.press("Tab")
        settled(self.page)

    def chooses(self, title: str, entry: str) -> None:
        """Choose an entry of a list."""
        box = self.form().get_by_role("combobox", name=title).first
        box.evaluate("box => box.scrollIntoView({block: 'center'})")
        box.click()
        box.press_sequentially(entry, delay=15)
        expect(self.page.get_by_role("option", name=entry).first).to_be_visible()
        box.press("Enter")
        settled(self.page)

    def ticks(self, title: str) -> None:
        """Tick a box."""
        self.form().get_by_text(title).click()
        settled(self.page)

    def takes(self, step: str) -> None:
        """Open the form of a next step: by its button, or from the menu of the others."""
        direct = self.page.get_by_role("button", name=step, exact=True)
        expect(direct.or_(self.page.get_by_role("button", name="More steps", exact=True)).first).to_be_visible()
        if direct.count():
            direct.first.click()
        else:
            self.picks("More steps", step)
        expect(self.form()).to_be_visible()
        settled(self.page)

    def picks(self, menu: str, choice: str) -> None:
        """Open a menu and pick a choice."""
        self.page.get_by_role("button", name=menu, exact=True).click()
        self.page.get_by_role("menuitem", name=choice, exact=True).click()
        settled(self.page)

    def sends(self, step: str) -> None:
        """Press the button that carries the open form out."""
        self.form().get_by_role("button", name=step, exact=True).click()
        settled(self.page)

    def reads(self, sentence: str) -> None:
        """See a sentence on the page."""
        expect(self.page.get_by_text(sentence).first).to_be_visible()
