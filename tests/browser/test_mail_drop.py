"""An e-mail from the desk to the case, in a real browser: dropped, read, recorded, and there as evidence."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from core.permissions import Role
from tests.browser.conftest import Server, settled
from tests.browser.officer import Officer
from tests.browser.test_accessibility import serious

LINES = (
    "From: Ola Invented <ola@sample.example>",
    "To: complaints@council.example",
    "Subject: Re: Leaves on the path",
    "Date: Mon, 5 Oct 2026 10:00:00 +0000",
    "MIME-Version: 1.0",
    "Content-Type: multipart/mixed; boundary=part",
    "",
    "--part",
    "Content-Type: text/plain; charset=utf-8",
    "",
    "Nobody has swept the path in Sample Lane since September. <script>alert(1)</script>",
    "--part",
    "Content-Type: text/plain; name=letter.txt",
    "Content-Disposition: attachment; filename=letter.txt",
    "",
    "Dear council, this is the letter of March.",
    "--part",
    "Content-Type: application/octet-stream; name=tool.exe",
    "Content-Disposition: attachment; filename=tool.exe",
    "",
    "MZ not kept",
    "--part--",
    "",
)
MESSAGE = "\r\n".join(LINES).encode()


def test_an_e_mail_becomes_a_complaint_with_its_evidence(page: Page, server: Server) -> None:
    """Dropped by a recorder, it fills the form and outlives F5; the handler finds original and letter [lgsco:3.2]."""
    officer = Officer(page, server)
    officer.opens("/intake?as=complaint", Role.RECORDER)
    # An e-mail never writes over words that somebody typed, and an earlier test may have typed some.
    officer.begins_afresh()
    chooser = page.locator("[data-testid=stFileUploader] input[type=file]")
    chooser.set_input_files({"name": "path.eml", "mimeType": "message/rfc822", "buffer": MESSAGE})
    officer.reads("It carries 2 attachments: letter.txt, tool.exe.")
    settled(page)
    expect(officer.field("Who is complaining")).to_have_value("Ola Invented")
    page.reload()
    officer.reads("It carries 2 attachments: letter.txt, tool.exe.")
    settled(page)
    expect(officer.field("The matter in a few words")).to_have_value("Leaves on the path")
    assert serious(page) == []
    officer.sends("Record a complaint")
    officer.reads("Kept as evidence: the e-mail and 1 attachment.")
    officer.reads("The e-mail keeps it all the same.")
    found = re.search(r"done=(C-\d{4}-\d{6})", page.url)
    assert found, page.url
    reference = found[1]
    officer.opens(f"/case?ref={reference}")
    expect(page.get_by_role("link", name="path.eml")).to_be_visible()
    expect(page.get_by_role("link", name="letter.txt")).to_be_visible()
    with page.expect_download() as saved:
        page.get_by_role("link", name="path.eml").click()
    assert saved.value.path().read_bytes() == MESSAGE
    officer.opens("/intake?as=complaint")
    officer.writes("Who is complaining", "O Invented")
    officer.writes("The matter in a few words", "Leaves on a path")
    officer.reads("Same name; matter alike.")
    link = page.get_by_role("link", name=f"{reference} Leaves on the path")
    expect(link).to_have_attribute("target", "_blank")
