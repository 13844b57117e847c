"""What a browser knows of a page, without the browser: its fields and buttons, and the messages that use them.

The messages are Streamlit's private format: use it with the version that serves.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState


@dataclass(frozen=True, slots=True)
class Widget:
    """A field or a button: its id, which ends with its key, what stands on it, its kind and the fragment it is in."""

    id: str
    label: str
    kind: str
    fragment: str
    value: str


@dataclass(slots=True)
class Screen:
    """One tab's page as the messages have drawn it. `page` is its address within the app, `query` without its mark."""

    page: str = ""
    query: str = ""
    page_hash: str = ""
    kept: set[str] = field(default_factory=set)
    errors: list[str] = field(default_factory=list)
    widgets: dict[str, Widget] = field(default_factory=dict)
    _filled: dict[str, WidgetState] = field(default_factory=dict)
    _in_part: bool = False

    def asks(self) -> BackMsg:
        """Ask for a run of the whole page."""
        return self._request()

    def goes(self, page: str, query: str) -> BackMsg:
        """Ask for another page."""
        self.page, self.query, self.page_hash = page, query, ""
        self._filled.clear()
        return self._request()

    def types(self, name: str, text: str) -> BackMsg:
        """Leave a field with this text in it; LookupError when it is not on the page."""
        widget = self.widget(name)
        self._filled[widget.id] = state = WidgetState(id=widget.id)
        if widget.kind == "date_input":
            state.string_array_value.data.append(text)
        else:
            state.string_value = text
        return self._request(fragment=widget.fragment)

    def presses(self, name: str) -> BackMsg:
        """Press a button; LookupError when it is not on the page."""
        widget = self.widget(name)
        return self._request(WidgetState(id=widget.id, trigger_value=True), fragment=widget.fragment)

    def widget(self, name: str) -> Widget:
        """The field or button whose key ends with this name, or which it stands on; LookupError when there is none."""
        for each in self.widgets.values():
            if each.id.endswith(f"/{name}") or each.label == name:
                return each
        raise LookupError(f"There is no {name!r} on the page {self.page!r}, only {sorted(self.widgets)}.")

    def sees(self, message: ForwardMsg) -> bool:
        """Take in one message; whether it ends the run."""
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.page_hash = message.new_session.page_script_hash or self.page_hash
            if not self._in_part:
                self.widgets.clear()
        elif kind == "navigation":
            self.page_hash = message.navigation.page_script_hash or self.page_hash
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "page_not_found":
            self.errors.append(f"There is no page {self.page!r}.")
        elif kind == "delta":
            self._draw(message)
        return kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN

    def _request(self, *more: WidgetState, fragment: str = "") -> BackMsg:
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string = self.query
        if self.page_hash:
            asked.page_script_hash = self.page_hash
        else:
            asked.page_name = self.page
        self._in_part = bool(fragment)
        if fragment:
            asked.fragment_id = fragment
        asked.widget_states.widgets.extend([*self._filled.values(), *more])
        asked.cached_message_hashes.extend(self.kept)
        asked.context_info.timezone, asked.context_info.locale = "Europe/London", "en-GB"
        return message

    def _draw(self, message: ForwardMsg) -> None:
        if message.metadata.cacheable and message.hash:
            self.kept.add(message.hash)
        if message.delta.WhichOneof("type") != "new_element":
            return
        element = message.delta.new_element
        kind = element.WhichOneof("type") or ""
        if kind == "exception":
            self.errors.append(f"{element.exception.type}: {element.exception.message}"[:300])
        elif kind == "alert" and element.alert.format == element.alert.ERROR:
            self.errors.append(f"The page says: {element.alert.body}"[:300])
        elif kind:
            self._note(kind, getattr(element, kind), message.delta.fragment_id)

    def _note(self, kind: str, drawn: Any, fragment: str) -> None:
        known = getattr(drawn, "id", "")
        if not known:
            return
        given = getattr(drawn, "value", "") if getattr(drawn, "set_value", False) else getattr(drawn, "default", "")
        value = given if isinstance(given, str) else ""
        self.widgets[known] = Widget(known, getattr(drawn, "label", ""), kind, fragment, value)
