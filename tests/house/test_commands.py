"""A command is a verb with its permission, clauses, titles and one handler; a query names the permission it needs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import date
from importlib import import_module
from typing import Any

import pytest

from core.code.catalogue import cited
from core.commands.base import COMMANDS, HANDLERS, CaseCommand, Command, asks
from core.permissions import GRANTS, REFUSAL, Permission
from core.queries.base import QUERIES
from core.rules.steps import STEPS
from tests.house.source import Source, dotted, python_files, sample

# The verbs a step may begin with. A new one is written here on purpose: a word of the Code, or of any office.
IMPERATIVES = {
    "Accept", "Acknowledge", "Add", "Adopt", "Agree", "Answer", "Appoint", "Approve", "Ask", "Assess", "Assign",
    "Attach", "Change", "Chase", "Choose", "Close", "Comment", "Complete", "Comply", "Correct", "Declare", "Dismiss",
    "Draft", "Draw", "Drop", "End", "Enter", "Erase", "Escalate", "Explain", "Extend", "Find", "Finish", "Flag",
    "Freeze", "Give", "Hold", "Import", "Invite", "Join", "Keep", "Let", "Lift", "Link", "Make", "Merge", "Move",
    "Name", "Note", "Offer", "Open", "Place", "Prepare", "Propose", "Publish", "Queue", "Raise", "Reassign",
    "Rebuild", "Record", "Refer", "Refuse", "Release", "Remove", "Reopen", "Replace", "Reroute", "Respond",
    "Restrict", "Retain", "Retry", "Review", "Revoke", "Route", "Save", "Send", "Set", "Shelve", "Sign", "Split",
    "Start", "Triage", "Unlink", "Weigh", "Withdraw", "Write",
}  # fmt: skip
# Fields of a form that nobody is asked: the page knows them, and hands them over as `given`.
GIVEN_BY_THE_PAGE = {
    ("ReleaseFile", "file_id"), ("PrepareLetter", "typed"), ("PublishWording", "block"),
    ("AnswerClause", "assessment_id"), ("AnswerClause", "item"), ("AnswerClause", "answered_version"),
    ("FreezeAssessment", "assessment_id"), ("FreezeAssessment", "contents"), ("SignAssessment", "assessment_id"),
    *(("AttachGuidance", field) for field in ("guidance_id", "name", "media_type", "size", "sha256", "why_held")),
    *(("AttachPolicy", field) for field in ("policy_id", "name", "media_type", "size", "sha256", "why_held")),
    *(("AttachBehaviourPolicy", field) for field in ("policy_id", "name", "media_type", "size", "sha256", "why_held")),
    ("AddIntakeClient", "key_hash"), ("RevokeIntakeClient", "client_id"), ("DismissMail", "mail_id"),
    ("ReopenMail", "mail_id"), ("SaveSearch", "looks_for"),
    *(("RecordRuling", field) for field in ("request_id", "piece", "digest")),
    *(("AnswerSubjectAccess", field) for field in ("request_id", "disclosed", "redacted", "withheld")),
    *(("AnswerSubjectAccess", field) for field in ("sha256", "size")),
    *((name, "request_id") for name in (
        "RecordIdentity", "ExtendSubjectAccess", "AddSubjectCase", "RemoveSubjectCase", "WithdrawSubjectAccess",
        "AskSubjectClarification", "RecordSubjectClarification",
    )),
    *(("MakeBundle", field) for field in ("documents", "size", "sha256")),
    ("EnterAnnualLetter", "file_name"), ("EnterAnnualLetter", "sha256"),
}  # fmt: skip
_PARTS_OF_A_NAME = re.compile(r"[A-Z][a-z0-9]*")


def about_a_complaint(kind: type[Command]) -> bool:
    """Whether a command is about complaints rather than about the installation, an account or a whole file."""
    return issubclass(kind, CaseCommand) or bool({"reference", "references", "complaints"} & set(kind.model_fields))


def is_drawn(kind: type[Command]) -> bool:
    """Whether a command has a form; one that asks nothing of anybody is carried out by the console itself."""
    steps = {step for permitted in STEPS.values() for step in permitted}
    return kind.__name__ in steps or any(info.title for info in kind.asked_fields().values())


def wrong_with(kind: type[Command]) -> Iterator[str]:
    """What a command's declaration lacks."""
    name = kind.__name__
    verb = _PARTS_OF_A_NAME.findall(name)[0]
    if verb not in IMPERATIVES:
        yield f"{name}: “{verb}” is not one of the verbs a command begins with"
    if not isinstance(getattr(kind, "needs", None), Permission):
        yield f"{name}: names no permission"
    if not kind.clauses and about_a_complaint(kind):
        yield f"{name}: names no clause"
    if not all(map(cited, kind.clauses)):
        yield f"{name}: names a clause the Code does not have"
    if not kind.title.strip() or kind.title.endswith("."):
        yield f"{name}: has no title for its button"
    if not kind.gist.endswith("."):
        yield f"{name}: has no gist, one sentence or two for the officer"
    if not (kind.__dict__.get("__doc__") or "").strip():
        yield f"{name}: does not say what it is for"


def wrong_with_fields(kind: type[Command]) -> Iterator[str]:
    """What the declaration of a command's fields lacks."""
    name = kind.__name__
    for field, info in kind.asked_fields().items() if is_drawn(kind) else ():
        if (name, field) in GIVEN_BY_THE_PAGE:
            continue
        if not (info.title or "").strip():
            yield f"{name}.{field}: has no title; declare it with asks(…)"
        elif not (info.json_schema_extra or {}).get("widget"):
            yield f"{name}.{field}: names no widget; declare it with asks(…)"


@pytest.mark.parametrize("kind", COMMANDS.values(), ids=list(COMMANDS))
def test_a_command_declares_all_that_its_form_and_its_audit_need(kind: type[Command]) -> None:
    assert [*wrong_with(kind), *wrong_with_fields(kind)] == []


def declared_commands() -> set[str]:
    """The names of all command classes that the files of core/commands hold, but for the three they all come from."""
    found = {
        node.name: {dotted(base) for base in node.bases}
        for source in python_files("core/commands")
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ClassDef)
    }
    common = {"Command", "CaseCommand", "LetterStep", "RecordStep"}
    known = set(common)
    while more := {name for name, bases in found.items() if bases & known} - known:
        known |= more
    return known - common


def test_every_command_is_registered_with_its_one_handler() -> None:
    declared = declared_commands()
    assert len(declared) > 15
    assert declared == set(COMMANDS)
    assert {kind.__name__ for kind in HANDLERS} == set(COMMANDS)
    for kind, handler in HANDLERS.items():
        assert COMMANDS[kind.__name__] is kind
        assert handler.__module__ == kind.__module__, f"{kind.__name__} and its handler stand in one file"
        returned = handler.__annotations__["return"]
        assert "Event" in returned or "Sequence" in returned, f"{handler.__name__} returns its events"


class Complaining(CaseCommand):
    """A bad sample: neither verb, permission, clause, title nor gist."""

    on: date = asks("When")
    why: str = ""


class AddNothing(Command):
    needs = Permission.HANDLE
    clauses = ("lgsco:6.99",)
    title = "Add nothing."
    gist = "Nothing"


def test_a_command_that_lacks_something_is_noticed() -> None:
    assert list(wrong_with(Complaining)) == [
        "Complaining: “Complaining” is not one of the verbs a command begins with",
        "Complaining: names no permission",
        "Complaining: names no clause",
        "Complaining: has no title for its button",
        "Complaining: has no gist, one sentence or two for the officer",
    ]
    assert list(wrong_with_fields(Complaining)) == ["Complaining.why: has no title; declare it with asks(…)"]
    assert list(wrong_with(AddNothing)) == [
        "AddNothing: names a clause the Code does not have",
        "AddNothing: has no title for its button",
        "AddNothing: has no gist, one sentence or two for the officer",
        "AddNothing: does not say what it is for",
    ]


def test_a_command_that_asks_nothing_needs_no_titles_and_a_step_of_a_case_always_does() -> None:
    class AddQuietly(Command):
        """Carried out by the console itself."""

        number: int

    assert not is_drawn(AddQuietly)
    assert not about_a_complaint(AddQuietly)
    assert is_drawn(COMMANDS["Withdraw"])
    assert about_a_complaint(COMMANDS["Withdraw"])


# -------------------------------------------------------------------------------------------------------------- queries


def is_query(node: ast.FunctionDef) -> bool:
    """Whether a function is decorated `@query(needs=Permission.X)`, or the same without the word."""
    for each in node.decorator_list:
        if isinstance(each, ast.Call) and dotted(each.func).rpartition(".")[2] == "query":
            given = [*each.args, *(word.value for word in each.keywords if word.arg == "needs")]
            return len(given) == 1 and dotted(given[0]).startswith("Permission.")
    return False


def takes_asking(node: ast.FunctionDef) -> bool:
    """Whether a function's first argument is the question that was asked."""
    first = [*node.args.posonlyargs, *node.args.args][:1]
    return bool(first) and first[0].annotation is not None and ast.unparse(first[0].annotation) == "Asking"


def imported_from_queries(source: Source) -> dict[str, str]:
    """What a file takes from core.queries, by the name it uses: the module it comes from."""
    return {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("core.queries.")
        for alias in node.names
    }


def query_files() -> dict[str, Source]:
    """The files of core/queries by their module's name."""
    return {source.path.removesuffix(".py").replace("/", "."): source for source in python_files("core/queries")}


def answering(files: dict[str, Source]) -> tuple[set[str], set[str]]:
    """The dotted names of all queries, and of all other public functions that take a question."""
    queries, others = set(), set()
    for module, source in files.items():
        for node in source.tree.body:
            if isinstance(node, ast.FunctionDef) and takes_asking(node) and not node.name.startswith("_"):
                (queries if is_query(node) else others).add(f"{module}.{node.name}")
    return queries, others


def asked_without_permission(source: Source, queries: set[str], others: set[str]) -> Iterator[str]:
    """Outside core/queries only queries are used, and only a query is asked of a desk."""
    taken = imported_from_queries(source)
    for used, name in taken.items():
        if name in others:
            yield f"{source.path}: takes {used}, which needs no permission; give it one with @query"
    for node in ast.walk(source.tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "ask"
            and node.args
        ):
            asked = dotted(node.args[0])
            if asked in taken and taken[asked] not in queries:
                yield source.at(node, f"asks {asked}, which is no query")


def test_every_question_names_its_permission() -> None:
    files = query_files()
    queries, others = answering(files)
    for module in files:
        import_module(module)
    assert {name.rpartition(".")[2] for name in queries} == set(QUERIES)
    assert len(queries) > 15
    users = [source for source in python_files("core", "app") if not source.path.startswith("core/queries/")]
    assert [said for source in users for said in asked_without_permission(source, queries, others)] == []


def test_a_question_without_a_permission_is_noticed() -> None:
    files = {
        "core.queries.bad": sample(
            """
            @query(needs=Permission.READ)
            def good(asking: Asking): ...
            def open_to_all(asking: Asking): ...
            @query
            def half(asking: Asking): ...
            """
        )
    }
    queries, others = answering(files)
    assert queries == {"core.queries.bad.good"}
    assert others == {"core.queries.bad.open_to_all", "core.queries.bad.half"}
    user = sample(
        """
        from core.queries.bad import good, open_to_all, View
        desk.ask(good)
        desk.ask(View)
        """,
        "app/pages/bad.py",
    )
    assert list(asked_without_permission(user, queries, others)) == [
        "app/pages/bad.py: takes open_to_all, which needs no permission; give it one with @query",
        "app/pages/bad.py:3: asks View, which is no query",
    ]


# ---------------------------------------------------------------------------------------------------------- permissions


# What no person may: the console does it itself, on a person's behalf.
ONLY_THE_CONSOLE = {"session:open", "letter:deliver", "reminder:prepare", "link:receive", "record:erase"}


def named_on_screens(source: Source) -> set[str]:
    """The permissions a screen, the command line or the server asks about."""
    names = {dotted(node) for node in ast.walk(source.tree) if isinstance(node, ast.Attribute)}
    return {name.partition(".")[2] for name in names if name.startswith("Permission.") and name.count(".") == 1}


def unneeded(permissions: set[str], used: set[str]) -> list[str]:
    """Permissions that nothing needs."""
    return sorted(permissions - used)


def test_every_permission_has_a_refusal_a_role_and_a_use() -> None:
    for module in query_files():
        import_module(module)
    granted = set().union(*GRANTS.values())
    assert set(REFUSAL) == set(Permission)
    assert {permission.value for permission in set(Permission) - granted} <= ONLY_THE_CONSOLE
    used: set[Any] = {kind.needs.name for kind in COMMANDS.values()} | {needs.name for needs in QUERIES.values()}
    for source in python_files("app", "core/cli"):
        used |= named_on_screens(source)
    assert unneeded({permission.name for permission in Permission}, used) == []


def test_a_permission_nobody_needs_is_noticed() -> None:
    screen = sample("guard(Permission.READ, title='Case')\nhere.may(Permission.FIGURES)")
    assert named_on_screens(screen) == {"READ", "FIGURES"}
    assert unneeded({"READ", "FIGURES", "IDLE"}, named_on_screens(screen)) == ["IDLE"]


def test_every_permission_reads_noun_and_verb() -> None:
    for permission in Permission:
        assert re.fullmatch(r"[a-z]+:[a-z]+", permission.value), permission
    assert len({permission.value for permission in Permission}) == len(Permission)
