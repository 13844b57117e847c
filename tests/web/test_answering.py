"""Questions answered by link: what is shown, what is taken, and what happens to words when something is refused."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from app.web import answering, by_link, intake
from core import answering as core_answering
from core.channels.files import FileStore
from core.code.information import INFORMATION
from core.commands.information import AskForInformation, WithdrawInformationRequest
from core.desk import LONDON
from core.errors import NotReady
from core.permissions import Role
from core.queries.evidence import case_files
from core.queries.information import Question, case_questions
from core.queries.queue import QueueFilter, queue
from core.rules.working_days import months_after
from tests.web.live import ADDRESS, ELSEWHERE, Live, Visitor, hidden_in, said

WHAT = "When did the crew come on 3 September?\n<b>Please</b> look at the log."
WORDS = "At ten past seven.\n“Blocked by a car”, says the log."
TEXT = ("files", ("crew log.txt", b"07:10 came, 07:20 left", "text/plain"))
PROGRAM = ("files", ("log.exe", b"MZ\x90\x00", "application/octet-stream"))


class Asked:
    """A question on a case, and a browser that holds its link."""

    def __init__(self, live: Live) -> None:
        self.live = live
        self.desk = live.desk(Role.HANDLER)
        row = self.desk.ask(queue, QueueFilter()).rows[0]
        self.reference, self.individual = row.reference, row.individual
        today = live.now.astimezone(LONDON).date()
        self.desk.do(AskForInformation(
            reference=self.reference, name="Col Contractor", organisation="Example Waste Ltd", what=WHAT,
            documents="The letter of 4 September", due_on=today,
        ))  # fmt: skip
        self.due_on, self.request_id = today, self.question.request_id
        self.browser = Visitor()
        self.path = self.fresh()

    def fresh(self) -> str:
        made = core_answering.make_link(self.desk, self.reference, self.request_id, due_on=self.due_on)
        assert made.address.startswith(f"{ADDRESS}/answer/")
        return made.address.removeprefix(ADDRESS)

    @property
    def question(self) -> Question:
        (found,) = self.desk.ask(case_questions, self.reference)
        return found

    def sends(self, *files: Any, seal: str = "", origin: str = ADDRESS, **typed: str) -> Any:
        """Open the page, fill it in and send it."""
        told = hidden_in(self.browser.opens(self.path).text)
        told |= {"by": "Col Contractor", "words": WORDS, **typed} | ({"seal": seal} if seal else {})
        sent = list(files) or [("files", ("", b"", "application/octet-stream"))]
        return self.browser.client.post(self.path, data=told, files=sent, headers={"origin": origin})


@pytest.fixture
def asked(live: Live) -> Asked:
    intake.rates.cache_clear()
    return Asked(live)


def test_4_2_the_page_shows_the_question_and_nothing_else_of_the_case(asked: Asked) -> None:
    page = asked.browser.opens(asked.path)
    assert page.status_code == 200
    for shown in ("When did the crew come", "&lt;b&gt;Please", asked.desk.actor.name, "4 September"):
        assert shown in page.text, shown
    for hidden in (asked.reference, asked.individual, "<b>", "<script"):
        assert hidden not in page.text
    policy = dict(part.split(" ", 1) for part in page.headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert "script-src" not in policy
    assert page.headers["referrer-policy"] == "same-origin"
    style = page.text.partition("<style>")[2].partition("</style>")[0]
    assert policy["style-src"].startswith("'sha256-")
    assert by_link.POLICY == page.headers["content-security-policy"]
    assert style == by_link.STYLE


def test_4_2_an_answer_with_a_file_arrives_once_and_the_link_dies(asked: Asked) -> None:
    """The handler finds it on the case, the file as it came with its digest [lgsco:5.8]."""
    done = asked.sends(TEXT)
    assert done.status_code == 200
    assert "Your answer has arrived" in done.text
    found = asked.question
    assert (found.answer, found.answered_by, found.answered_how) == (WORDS, "Col Contractor", "by a link")
    (file,) = asked.desk.ask(case_files, asked.reference)
    assert (file.name, file.about) == ("crew log.txt", "Came with the answer of Col Contractor to question 1.")
    digest = hashlib.sha256(TEXT[1][1]).hexdigest()
    assert FileStore(asked.live.office.settings.files).path(digest).read_bytes() == TEXT[1][1]
    again = asked.browser.opens(asked.path)
    assert (again.status_code, "already" in again.text) == (410, True)
    assert digest in asked.live.ledger("file.added")[-1]


@pytest.mark.parametrize(
    ("files", "typed", "status", "match"),
    [
        ((PROGRAM,), {}, 400, "log.exe"),
        ((TEXT, PROGRAM), {}, 400, "log.exe"),
        ((TEXT,) * (INFORMATION.most_files + 1), {}, 413, "too many files"),
        ((), {"by": " "}, 400, "Write your name"),
        ((), {"by": "x" * 201}, 400, "longer than 200"),
        ((), {"words": "\n"}, 400, "Write your answer"),
        ((), {"words": "x" * 20_001}, 400, "longer than 20,000"),
        ((), {"seal": "0" * 64}, 403, "run out"),
        ((), {"origin": "https://elsewhere.example"}, 403, "run out"),
    ],
)
def test_nothing_typed_is_lost_when_something_is_refused(
    asked: Asked, files: Any, typed: dict[str, str], status: int, match: str
) -> None:
    answer = asked.sends(*files, **typed)
    assert answer.status_code == status
    assert match in said(answer)
    if "words" not in typed:
        assert "At ten past seven.\n“Blocked by a car”, says the log.</textarea>" in answer.text
    assert asked.question.is_open
    assert asked.desk.ask(case_files, asked.reference) == ()


def test_words_come_back_when_the_files_are_larger_than_is_read(asked: Asked) -> None:
    asked.live.set(file_megabytes=1)
    most = (INFORMATION.most_files + 1) * 1_000_000
    answer = asked.sends(("files", ("film.mp4", b"x" * (most + 10), "video/mp4")))
    assert (answer.status_code, "too large" in said(answer)) == (413, True)
    assert "says the log.</textarea>" in answer.text
    assert asked.question.is_open


def test_an_old_link_stops_for_a_newer_one_for_a_question_taken_back_and_with_time(asked: Asked) -> None:
    old, asked.path = asked.path, asked.fresh()
    assert asked.browser.opens(old).status_code == 410
    assert "newer link" in asked.browser.opens(old).text
    asked.live.later(days=INFORMATION.link_days + 1)
    gone = asked.browser.opens(asked.path)
    assert (gone.status_code, "run out" in gone.text) == (410, True)
    asked.path = asked.fresh()
    withdrawn = {"reference": asked.reference, "request_id": asked.request_id, "why": "The log says it."}
    asked.desk.do(WithdrawInformationRequest(**withdrawn))
    gone = asked.browser.opens(asked.path)
    assert (gone.status_code, "taken back" in gone.text) == (410, True)


def test_a_late_answer_is_taken_while_the_link_works(asked: Asked) -> None:
    asked.live.later(days=INFORMATION.link_days - 1)
    assert asked.sends().status_code == 200
    assert asked.question.answered_on is not None
    assert asked.question.answered_on > asked.due_on
    assert asked.question.answered_on < months_after(asked.due_on, 2)


def test_links_are_not_guessed_and_one_link_is_not_hammered(asked: Asked) -> None:
    limit = asked.live.office.settings.intake_wrong_keys
    for _ in range(limit):
        answer = asked.sends(words=" ")
        assert answer.status_code == 400
    assert asked.sends(words=" ").status_code == 429
    assert asked.question.is_open
    answers = {asked.browser.opens(f"/answer/{number}").status_code for number in range(limit)}
    assert answers == {404}
    assert asked.browser.opens("/answer/another").status_code == 429
    # Whoever shares the address of a guesser waits; everybody else goes on.
    assert Visitor(address="192.0.2.8").opens(asked.path).status_code == 200
    assert ELSEWHERE != "192.0.2.8"


def test_records_that_are_away_say_so_and_lose_no_words(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any, **__: Any) -> None:
        raise NotReady("The disk is full.")

    monkeypatch.setattr(answering.answering, "answer", away)
    answer = asked.sends()
    assert (answer.status_code, "says the log.</textarea>" in answer.text) == (503, True)
    monkeypatch.setattr(answering.answering, "shown", away)
    assert asked.browser.opens(asked.path).status_code == 503
