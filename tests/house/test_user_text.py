"""User text is inert: what somebody wrote goes through plain() or one_line() before Streamlit reads it as Markdown."""

from __future__ import annotations

import ast
import inspect
import textwrap
from importlib import import_module
from typing import get_type_hints

import pytest
import streamlit as st

from tests.house.inert import Lint
from tests.house.inert_words import CATALOGUE, MAKES_PLAIN, NOT_FOR_TEXT, OUR_PLACES, OUR_WORDS, SINKS, TRUSTED
from tests.house.source import Source, python_files, sample

IMPORTS = """
import streamlit as st
from app.ui import badge, places
from app.ui.plain import one_line, plain
from core.code.catalogue import CLAUSES, clause
from core.desk import Desk
from core.queries.cases import CaseView, Clock, case_view
from core.queries.queue import QueueRow, queue
from core.rules.duties import TITLES
from core.words import counted, day_words
"""


def found(taking: str, body: str, before: str) -> list[str]:
    """What the lint says of a function that takes something and shows it, as if it stood on a page."""
    function = f"def show({taking}) -> None:\n{textwrap.indent(body, '    ')}\n"
    page = sample(f"{IMPORTS}{before}\n{function}", "app/pages/sample.py")
    parts = python_files("app/ui/plain.py", "app/ui/places.py", "app/ui/badge.py")
    return [said for said in Lint([*parts, page]).offences() if said.startswith(page.path)]


def test_no_screen_shows_user_text_as_markdown() -> None:
    assert Lint(python_files("app")).offences() == []


def test_taking_the_wrappers_away_is_noticed() -> None:
    """The lint sees what the screens really do: without plain() and one_line() they are full of offences."""

    class Bare(ast.NodeTransformer):
        taken = 0

        def visit_Call(self, node: ast.Call) -> ast.AST:  # noqa: N802 - the name ast calls
            self.generic_visit(node)
            if isinstance(node.func, ast.Name) and node.func.id in {"plain", "one_line"}:
                self.taken += 1
                return node.args[0]
            return node

    bare = Bare()
    stripped = [
        source
        if source.path == "app/ui/plain.py"
        else Source(source.path, ast.unparse(bare.visit(ast.parse(source.text))))
        for source in python_files("app")
    ]
    said = Lint(stripped).offences()
    assert bare.taken > 40
    assert len(said) > bare.taken // 2
    assert len({sentence.partition(":")[0] for sentence in said}) > 8


@pytest.mark.parametrize(
    ("taking", "body", "before"),
    [
        ("case: CaseView", "st.markdown(case.matter)", ""),
        ("case: CaseView", "st.markdown(f'About {case.matter}')", ""),
        ("case: CaseView", "st.markdown(f'About {case.matter:>20}')", ""),
        ("case: CaseView", "st.title('About ' + case.words)", ""),
        ("case: CaseView", "st.header('{}'.format(case.words))", ""),
        ("case: CaseView", "st.caption(case.individual['name'].strip().upper())", ""),
        ("case: CaseView", "st.error(case.ending_note or 'no note')", ""),
        ("case: CaseView", "st.button('Go', help=case.service)", ""),
        ("case: CaseView", "left, right = st.columns(2)\nleft.metric('Handler', case.current.handler)", ""),
        ("case: CaseView", "(st.success if case.is_open else st.warning)(case.service)", ""),
        ("case: CaseView", "said = ['first']\nsaid.append(case.service)\nst.info(' '.join(said))", ""),
        ("case: CaseView", "said = 'x'\nsaid += case.service\nst.info(said)", ""),
        ("case: CaseView", "with st.expander(f'{len(case.points)}: {case.points[0].text}'): ...", ""),
        ("case: CaseView", "for line in case.history:\n    st.markdown(f'- {line.sentence}')", ""),
        ("case: CaseView", "st.markdown('\\n'.join(line.sentence for line in case.history))", ""),
        (
            "case: CaseView",
            "for at, (n, text) in enumerate((p.number, p.text) for p in case.points):\n"
            "    st.markdown(f'{at} {n} {text}')",
            "",
        ),
        ("row: QueueRow", "st.page_link(places.CASE, label=f'**{row.reference}** {row.owner}')", ""),
        ("row: QueueRow", "st.checkbox(row.matter)", ""),
        ("row: QueueRow", "st.radio('Which', [row.matter])", ""),
        ("row: QueueRow", "st.markdown(f'{row}')", ""),
        ("here: Desk", "case = here.ask(case_view, 'C-1')\nst.subheader(case.matter)", ""),
        ("here: Desk", "st.markdown(here.ask(queue, None).rows[0].individual)", ""),
        ("", "st.markdown(f\"Looked for {st.query_params.get('text', '')}\")", ""),
        ("", "st.markdown(st.session_state['typed'])", ""),
        ("", "try: go()\nexcept ValueError as refusal: st.error(str(refusal))", ""),
        ("anything: dict", "st.markdown(anything['x'])", ""),
        ("text: str", "st.markdown(text)", ""),
        (
            "case: CaseView",
            "st.markdown(said(case))",
            "def said(case: CaseView) -> str:\n    return f'about {case.matter}'",
        ),
        (
            "case: CaseView",
            "st.markdown(drawn.once(case, 'head', lambda: f'About {case.matter}'))",
            "from app.ui import drawn",
        ),
        ("case: CaseView", "say(case.matter)", "def say(text: str) -> None:\n    st.markdown(f'- {text}')"),
        (
            "case: CaseView",
            "say('about', case.matter)",
            "def say(*parts: str) -> None:\n    st.markdown(' '.join(parts))",
        ),
        ("case: CaseView", "st.markdown(bold(case.matter))", "def bold(text: str) -> str:\n    return f'**{text}**'"),
        ("case: CaseView", "st.markdown(badge.badge(case.service, 'red'))", ""),
        ("case: CaseView", "st.markdown(counted(2, case.service))", ""),
        ("clock: Clock", "st.markdown(' '.join(clock.why.sentences('Received')))", ""),
    ],
)  # fmt: skip
def test_somebodys_words_in_markdown_are_noticed(taking: str, body: str, before: str) -> None:
    said = found(taking, body, before)
    assert len(said) == 1, said


@pytest.mark.parametrize(
    ("taking", "body", "before"),
    [
        ("case: CaseView", "st.markdown(plain(case.matter))", ""),
        ("case: CaseView", "st.text(case.words)", ""),
        ("case: CaseView", "st.dataframe([{'Matter': case.matter}])", ""),
        ("case: CaseView", "st.markdown(f'{case.reference} {case.position} {case.version:,}')", ""),
        ("case: CaseView", "st.markdown(f'Received {day_words(case.received_on)}, {case.logged_on:%d %B}')", ""),
        ("case: CaseView", "st.subheader(f\"{len(case.points)} of {counted(case.version, 'point')}\")", ""),
        ("case: CaseView", "said = ['first']\nsaid += [one_line(case.service)]\nst.info(' '.join(said))", ""),
        ("case: CaseView", "st.selectbox('Service', [case.service])", ""),
        ("row: QueueRow", "st.markdown(f'{row.title} {TITLES[row.kind]} {badge.due(row.soon)}')", ""),
        ("key: str", "st.markdown(f'{clause(key).title} {places.clause_links([key])}')", ""),
        ("", "for each in CLAUSES.values():\n    st.markdown(f'**{each.number}** {each.gist}')", ""),
        ("", "for title, due in (('Overdue', 'late'), ('Today', 'today')):\n    st.subheader(title)", ""),
        (
            "case: CaseView",
            "say('x')\nsay(plain(case.matter))",
            "def say(text: str) -> None:\n    st.markdown(f'- {text}')",
        ),
        ("case: CaseView", "st.markdown('\\n'.join(plain(line.sentence) for line in case.history))", ""),
        ("case: CaseView", "st.markdown('\\n'.join(map(one_line, case.next_steps)))", ""),
        ("case: CaseView", "st.markdown('open' if case.words else 'empty')", ""),
    ],
)  # fmt: skip
def test_what_is_plain_or_ours_passes(taking: str, body: str, before: str) -> None:
    assert found(taking, body, before) == []


# ------------------------------------------------------------------------------------- the lists say what is really so


def test_every_element_of_streamlit_that_takes_words_is_known_to_the_lint() -> None:
    """A newer Streamlit with a new element stops here, until somebody has looked whether it reads Markdown."""
    wordy = {"label", "body", "text", "caption", "title"}
    elements = {name for name in dir(st) if not name.startswith("_") and inspect.isfunction(getattr(st, name, None))}
    elements |= {name for name in dir(st) if inspect.ismethod(getattr(st, name, None))}
    taking = {name for name in elements if wordy & set(inspect.signature(getattr(st, name)).parameters)}
    assert len(taking) > 25
    assert taking - set(SINKS) - NOT_FOR_TEXT == set()
    assert [name for name in SINKS if not hasattr(st, name)] == []


def test_every_exception_names_something_that_is_there() -> None:
    """A field, function or query that is renamed or gone is taken off the lists."""
    for name in (*TRUSTED, *MAKES_PLAIN, *OUR_PLACES):
        module, _, last = name.rpartition(".")
        try:
            assert callable(getattr(import_module(module), last)), name
        except ModuleNotFoundError:
            module, _, owner = module.rpartition(".")
            assert callable(getattr(getattr(import_module(module), owner), last)), name
    for module in CATALOGUE:
        import_module(module)


def views() -> dict[str, type]:
    """The classes whose fields the lists speak of, by name."""
    modules = {
        source.path.removesuffix(".py").replace("/", ".")
        for source in python_files("core/code", "core/queries", "core/rules", "core/commands")
    }
    held = [vars(import_module(module)) for module in sorted(modules)]
    return {name: kind for names in held for name, kind in names.items() if isinstance(kind, type)}


def test_every_field_said_to_be_ours_is_a_text_field_of_a_view() -> None:
    known = views()
    for kind, names in OUR_WORDS.items():
        hints = get_type_hints(known[kind])
        for name in names:
            assert name in hints or isinstance(getattr(known[kind], name), property), f"{kind}.{name}"


def test_fields_that_hold_what_people_write_are_on_no_list() -> None:
    theirs = {
        "matter", "individual", "outcomes_sought", "category", "service", "handler", "owner", "actor", "text",
        "sentence", "reasons", "ending_note", "old_reference", "source", "file_name", "received_by", "answers", "notes",
    }  # fmt: skip
    assert {(kind, name) for kind, names in OUR_WORDS.items() for name in names if name in theirs} == set()
    assert "words" not in OUR_WORDS["CaseView"]
