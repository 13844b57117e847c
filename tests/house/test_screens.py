"""The screens: every session key is listed in one file, no widget of the forbidden kind, no raw HTML."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator

import pytest
import streamlit as st

from tests.house.source import ROOT, Function, Rule, Source, dotted, functions, offences, python_files, sample

KEYS = "app/ui/keys.py"
# A container's key is only the name its style goes by: it holds nothing.
STYLED = {"container"}
WIDGETS = {
    name
    for name in dir(st)
    if not name.startswith("_") and name not in STYLED | {"get_option", "set_option", "fragment"}
    if callable(getattr(st, name)) and not inspect.isclass(getattr(st, name))
    if "key" in inspect.signature(getattr(st, name)).parameters
}
# Why each is not used: what it would do instead of what the screens do.
FORBIDDEN = {
    "form": "a form keeps nothing until it is sent; fields save their draft at every change",
    "form_submit_button": "belongs to st.form",
    "download_button": "hands out a file past the authorised routes",
    "write": "guesses what it is given, and reads text as Markdown",
    "table": "reads its cells as Markdown",
    "iframe": "brings in another site",
    "exception": "shows a traceback to an officer",
    "camera_input": "the security headers close the camera",
    "audio_input": "the security headers close the microphone",
    "experimental_rerun": "an older name of st.rerun",
    "components": "runs script of its own",
}


# ------------------------------------------------------------------------------------------------------- session keys


def enclosing(source: Source) -> dict[int, Function]:
    """For every node the innermost function it stands in."""
    held: dict[int, Function] = {}
    for function in functions(source.tree):  # outer functions come first, so inner ones overwrite
        for node in ast.walk(function):
            held[id(node)] = function
    return held


def from_the_list(node: ast.expr, within: Function | None) -> bool:
    """Whether a key comes from keys.py: a constant or function there, a part of a form's key, or a name bound so."""
    if isinstance(node, ast.Attribute):
        return dotted(node.value) == "keys"
    if isinstance(node, ast.Call):
        return dotted(node.func).startswith("keys.") or (
            isinstance(node.func, ast.Attribute) and node.func.attr == "key"
        )
    if isinstance(node, ast.JoinedStr):
        first = node.values[0] if node.values else None
        return isinstance(first, ast.FormattedValue) and from_the_list(first.value, within)
    if isinstance(node, ast.Name) and within is not None:
        return bound_to_keys(node.id, within)
    return False


def bound_to_keys(name: str, within: Function) -> bool:
    """Whether a local name only ever stands for a key from the list, or for one that is in the session already."""
    bound: list[bool] = []
    for node in ast.walk(within):
        if isinstance(node, ast.Assign) and any(
            isinstance(each, ast.Name) and each.id == name for each in node.targets
        ):
            bound.append(from_the_list(node.value, within))
        if isinstance(node, ast.For) and isinstance(node.target, ast.Name) and node.target.id == name:
            bound.append("st.session_state" in ast.unparse(node.iter))
    return bool(bound) and all(bound)


def keys_used(source: Source) -> Iterator[tuple[ast.expr, str]]:
    """Every expression used as a session key: in st.session_state, or as the key of a widget."""
    state = "st.session_state"
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Subscript) and dotted(node.value) == state:
            yield node.slice, "in st.session_state"
        elif isinstance(node, ast.Compare) and any(dotted(each) == state for each in node.comparators):
            yield node.left, "in st.session_state"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner, called = dotted(node.func.value), node.func.attr
            if owner == state and node.args:
                yield node.args[0], f"in st.session_state.{called}"
            if called in WIDGETS:
                yield from ((word.value, f"of {called}") for word in node.keywords if word.arg == "key")
        elif isinstance(node, ast.Dict):  # arguments kept for a widget: {"key": …, "on_change": …}
            for name, value in zip(node.keys, node.values, strict=True):
                if isinstance(name, ast.Constant) and name.value == "key":
                    yield value, "among a widget's arguments"


def unlisted_key(source: Source) -> Iterator[str]:
    """Every session key comes from app/ui/keys.py."""
    held = enclosing(source)
    for node, where in keys_used(source) if source.path != KEYS else ():
        if not from_the_list(node, held.get(id(node))):
            yield source.at(node, f"the key {ast.unparse(node)} {where} is not from {KEYS}")
    for node in ast.walk(source.tree):
        as_attribute = isinstance(node, ast.Attribute) and dotted(node.value) == "st.session_state"
        if as_attribute and node.attr not in {"get", "pop", "setdefault", "keys", "items", "to_dict"}:  # type: ignore[attr-defined]
            yield source.at(node, "a key written as an attribute; take it from the list")


def test_every_session_key_comes_from_the_list() -> None:
    assert offences(unlisted_key, python_files("app")) == []
    assert sum(len(list(keys_used(source))) for source in python_files("app")) > 40


def listed_keys() -> tuple[dict[str, str], set[str]]:
    """The constants of keys.py and those that say below them what they hold."""
    body = python_files(KEYS)[0].tree.body
    constants, explained = {}, set()
    for node, after in zip(body, [*body[1:], None], strict=True):
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and isinstance(node.value, ast.Constant)
        ):
            constants[node.targets[0].id] = str(node.value.value)
            if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
                explained.add(node.targets[0].id)
    return constants, explained


def test_every_key_on_the_list_says_what_it_holds_and_is_used() -> None:
    constants, explained = listed_keys()
    assert set(constants) == explained
    assert len(set(constants.values())) == len(constants)
    text = "\n".join(source.text for source in python_files("app"))
    for name in constants:
        assert re.search(rf"\bkeys\.{name}\b|\{{{name}\}}", text), f"{name} is used by no screen"
    for function in functions(python_files(KEYS)[0].tree):
        assert f"keys.{function.name}(" in text, f"{function.name} is used by no screen"


@pytest.mark.parametrize(
    "bad",
    [
        "st.session_state['who'] = 1",
        "st.session_state.get('who')",
        "st.session_state.pop(name, None)",
        "st.session_state.who = 1",
        "if 'who' in st.session_state: go()",
        "st.button('Go', key='go')",
        "left.text_input('Words', key=f'words/{name}')",
        "told = {'key': 'words', 'on_change': go}",
        "def page():\n    key = 'words'\n    st.text_input('Words', key=key)",
        "def page(key):\n    st.text_input('Words', key=key)",
        "def page():\n    key = keys.WHO\n    key = 'other'\n    st.text_input('Words', key=key)",
    ],
)
def test_a_key_of_its_own_is_noticed(bad: str) -> None:
    assert len(list(unlisted_key(sample(bad, "app/pages/sample.py")))) == 1


@pytest.mark.parametrize(
    "good",
    [
        "st.session_state[keys.WHO] = 1",
        "st.session_state.pop(keys.NOTICE, None)",
        "st.button('Go', key=keys.import_key('go'))",
        "st.text_area('Reason', key=opened.key('reason'))",
        "def page():\n    key = keys.filter_key('queue', 'text')\n    st.text_input('Words', key=key)",
        "st.expander('More', key=f'{keys.FILTER}/more')",
        "with st.container(key='rows-queue'): ...",
        "def forget():\n    for key in [key for key in st.session_state if key]:\n        del st.session_state[key]",
    ],
)
def test_a_listed_key_passes(good: str) -> None:
    assert list(unlisted_key(sample(good, "app/pages/sample.py"))) == []


# ----------------------------------------------------------------------------------------- what the screens never use


def forbidden_widget(source: Source) -> Iterator[str]:
    """Widgets that work against what the screens promise."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and node.attr in FORBIDDEN and isinstance(node.ctx, ast.Load):
            owner = dotted(node.value)
            if owner == "st" or owner.startswith("st."):
                yield source.at(node, f"st.{node.attr}: {FORBIDDEN[node.attr]}")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in {"download_button", "form_submit_button"} and dotted(node.func.value) != "st":
                yield source.at(node, f"{node.func.attr}: {FORBIDDEN[node.func.attr]}")


def fixed(node: ast.expr, constants: set[str]) -> bool:
    """Whether an expression is written here and never changes: a text, a constant, or a text made of constants."""
    if isinstance(node, ast.JoinedStr):
        return all(fixed(part, constants) for part in node.values)
    if isinstance(node, ast.FormattedValue):
        return fixed(node.value, constants)
    return isinstance(node, ast.Constant) or (isinstance(node, ast.Name) and node.id in constants)


def paired(target: ast.expr, value: ast.expr) -> list[tuple[ast.expr, ast.expr]]:
    """Each name of an assignment with its own value."""
    both = isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple)
    return list(zip(target.elts, value.elts, strict=False)) if both else [(target, value)]  # type: ignore[attr-defined]


def our_script(node: ast.Call) -> bool:
    """Whether an element brings in one script by its address, from app/web/places.py, and holds none itself.

    A constant may stand before it.
    """
    body = ast.unparse(node.args[0]) if node.args else ""
    return re.fullmatch(r"""f'(\{_[A-Z]+\})?<script src="\{[A-Z]+_SCRIPT\}"></script>'""", body) is not None


def raw_html(source: Source) -> Iterator[str]:
    """Raw HTML holds nothing that changes, and nothing else lets HTML through."""
    constants = {
        name.id
        for node in source.tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        for name, value in paired(target, node.value)
        if isinstance(name, ast.Name) and isinstance(value, ast.Constant)
    }
    imported = [node for node in source.tree.body if isinstance(node, ast.ImportFrom)]
    constants |= {alias.name for node in imported for alias in node.names if alias.name.isupper()}
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Call):
            continue
        if any(word.arg == "unsafe_allow_html" for word in node.keywords):
            yield source.at(node, "lets HTML through")
        if any(word.arg == "unsafe_allow_javascript" for word in node.keywords) and not our_script(node):
            yield source.at(node, "lets script through that is not a file of the console's own")
        shown = [*node.args, *(word.value for word in node.keywords)]
        if dotted(node.func) == "st.html" and not all(fixed(each, constants) for each in shown):
            yield source.at(node, "writes HTML that is not fixed")


def page_without_guard(source: Source) -> Iterator[str]:
    """A page asks for the guard, or for a desk, before it shows anything: the desk decides, the page only asks."""
    if not source.path.startswith("app/pages/") or not source.text.strip():
        return
    called = {dotted(node.func) for node in ast.walk(source.tree) if isinstance(node, ast.Call)}
    if not called & {"guard", "desk"}:
        yield f"{source.path}: shows something without asking who is here"
    if not ast.get_docstring(source.tree):
        yield f"{source.path}: does not say what it is for"


@pytest.mark.parametrize("rule", [forbidden_widget, raw_html, page_without_guard], ids=lambda rule: rule.__name__)
def test_the_screens_keep_their_promises(rule: Rule) -> None:
    assert offences(rule, python_files("app")) == []


@pytest.mark.parametrize(
    ("rule", "bad"),
    [
        (forbidden_widget, "with st.form('x'): ..."),
        (forbidden_widget, "st.download_button('Get', data)"),
        (forbidden_widget, "left.download_button('Get', data)"),
        (forbidden_widget, "st.write(anything)"),
        (forbidden_widget, "st.components.v1.html(anything)"),
        (raw_html, "st.markdown(text, unsafe_allow_html=True)"),
        (raw_html, "st.html(f'<b>{name}</b>')"),
        (raw_html, "st.html(text)"),
        (raw_html, "st.html('<script>go()</script>', unsafe_allow_javascript=True)"),
        (raw_html, "st.html('<script src=\"https://x.example/a.js\"></script>', unsafe_allow_javascript=True)"),
        (page_without_guard, '"""A page."""\nst.title("Open to all")'),
        (page_without_guard, "guard(Permission.READ, title='Case')"),
    ],
)
def test_a_broken_promise_is_noticed(rule: Rule, bad: str) -> None:
    assert len(list(rule(sample(bad, "app/pages/sample.py")))) == 1


def test_fixed_html_passes() -> None:
    assert list(raw_html(sample("A, B = 'x', 'y'\nst.html(f'<b>{A}</b>')"))) == []
    assert len(list(raw_html(sample("A, B = 'x', go()\nst.html(f'<b>{B}</b>')")))) == 1
    assert list(raw_html(sample("_SHEET = '<style></style>'\nst.html(_SHEET)", "app/ui/style.py"))) == []
    ours = (
        "from app.web import A_SCRIPT\nst.html(f'<script src=\"{A_SCRIPT}\"></script>', unsafe_allow_javascript=True)"
    )
    assert list(raw_html(sample(ours))) == []
    assert list(raw_html(sample(f"_SHEET = '<style></style>'\n{ours.replace('<script', '{_SHEET}<script')}"))) == []
    assert len(list(raw_html(sample(f"_SHEET = go()\n{ours.replace('<script', '{_SHEET}<script')}")))) == 1
    assert list(raw_html(sample("from app.web import OUT\nst.html(f'<a href=\"{OUT}\">Out</a>')"))) == []


def test_every_forbidden_widget_says_why() -> None:
    assert all(FORBIDDEN.values())
    assert {"form", "download_button"} <= set(FORBIDDEN)
    assert (ROOT / "app/ui/style.py").is_file()
    assert {"button", "text_input", "selectbox", "checkbox", "file_uploader", "expander"} <= WIDGETS
