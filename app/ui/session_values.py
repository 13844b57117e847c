"""The values of a session, looked up one by one.

Each field that is drawn asks the library whether a value under its key is None. The library makes a copy of all
values of the session to answer that, so that a form's cost grows with the square of its fields. The same is
answered here from the one value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from streamlit.runtime.state.common import is_element_id
from streamlit.runtime.state.session_state import SessionState, _is_internal_key

_copied: Any = SessionState.filtered_state


def of_all(session: SessionState) -> dict[str, Any]:
    """The library's own copy of everything a session holds under names of ours."""
    found: dict[str, Any] = _copied.fget(session)
    return found


class Values(Mapping[str, Any]):
    """What a session holds under names of ours, read when it is asked for; who goes through all of it gets a copy."""

    def __init__(self, session: SessionState) -> None:
        self._session = session

    def __getitem__(self, name: str) -> Any:
        if is_element_id(name) or _is_internal_key(name):
            raise KeyError(name)
        return self._session[name]

    def __iter__(self) -> Iterator[str]:
        return iter(of_all(self._session))

    def __len__(self) -> int:
        return len(of_all(self._session))

    def __repr__(self) -> str:
        return repr(of_all(self._session))


def one_by_one() -> None:
    """Let every field of this process ask for its own value alone."""
    SessionState.filtered_state = property(Values)  # type: ignore[method-assign, assignment]
