"""What a person can set on a page is in the page's link: one declared table per page, read and written here.

A page lists its fields, calls `open()` first, takes in what was done on its stage, and calls `close()` before it draws:
when the stage hears that it was heard, the link is already right. Each field's value stands in
`st.session_state[link.key(name)]`, so that a widget with that key shows it and sets it.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.ui import presenter

# While an answer is on its way the browser still reports the link from before it: such an echo is no new link.
ECHO_SECONDS = 5.0
CURRENT_PAGE = "current page"  # session key: the page that was drawn last
VISITS = "visits"  # session key: how often a page was come to


@dataclass(frozen=True)
class Field:
    """One thing that can be set: its default, and how it is written in a link.

    read raises ValueError for a text that stands for no allowed value.
    """

    default: Any
    read: Callable[[str], Any]
    write: Callable[[Any], str] = str


def choice(default: Any, options: tuple) -> Field:
    """A field with few allowed values, written as they print."""
    written = {str(option): option for option in options}

    def read(text: str) -> Any:
        if text not in written:
            raise ValueError(f"must be one of {', '.join(written)}. Received: {text!r}")
        return written[text]

    return Field(default, read)


def whole(default: int, least: int, most: int) -> Field:
    """A whole number from least to most."""

    def read(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise ValueError(f"must be a whole number from {least} to {most}. Received: {text!r}")
        return int(text)

    return Field(default, read)


def switch(default: bool) -> Field:
    """On or off, written 1 or 0."""
    options = {"1": True, "0": False}

    def read(text: str) -> bool:
        if text not in options:
            raise ValueError(f"must be 1 or 0. Received: {text!r}")
        return options[text]

    return Field(default, read, lambda value: str(int(value)))


def visit() -> int:
    """The number of this visit to a page, which grows whenever another page is come to."""
    return st.session_state.get(VISITS, 0)


class PageLink:
    """The link of one page and the state that it stands for.

    page: the page's name, which is the first part of its keys. fields: name in the link -> Field.
    """

    def __init__(self, page: str, fields: dict[str, Field]):
        self.page = page
        self.fields = fields

    def key(self, name: str) -> str:
        """The session key of a field, for the widget that sets it."""
        return f"{self.page}.{name}"

    def get(self, name: str) -> Any:
        """The value of a field, between open and close."""
        return st.session_state[self.key(name)]

    def set(self, name: str, value: Any) -> None:
        """Give a field a value, before its widget is drawn."""
        st.session_state[self.key(name)] = self._memory()["values"][name] = value

    def open(self, news: bool = False) -> str:
        """Put every field in its place: from the link where there is a new one, else as this visitor left the page.

        news: whether the person has just done something on the page's stage.
        Returns a line that says what in the link could not be read; "" when all could.
        """
        memory = self._memory()
        returning = st.session_state.get(CURRENT_PAGE) != self.page
        st.session_state[CURRENT_PAGE] = self.page
        if returning:
            st.session_state[VISITS] = visit() + 1
            memory["echoes"] = []  # of the visit before: a link that leads here is meant
        params = {name: st.query_params[name] for name in self.fields if name in st.query_params}
        if (params or not returning) and self._is_new(params, memory, news):
            memory["values"], memory["complaint"] = self._parse(params)
            for name, value in memory["values"].items():
                self.set(name, value)
        shut = self._shut(memory)
        # Of what a browser has not drawn yet, or no longer draws, it tells nothing; the page's value is set in each run
        # until it does: a widget that first appears without it would show its first option, as if it were chosen.
        for name, value in memory["values"].items():
            if name in shut or not self._is_told(name):
                self.set(name, value)
        return memory["complaint"]

    def close(self) -> None:
        """Write every field that is not at its default into the link."""
        memory = self._memory()
        values = {name: self.get(name) for name in self.fields}
        written = {
            name: field.write(values[name]) for name, field in self.fields.items() if values[name] != field.default
        }
        if written != memory["written"]:
            now = time.monotonic()
            still = [(old, until) for old, until in memory["echoes"] if now < until]
            memory["echoes"] = [*still, (memory["written"], now + ECHO_SECONDS)]
        if memory["written"] is not None and written != memory["written"]:
            memory["complaint"] = ""
        memory.update(written=written, values=values)
        wanted = written | ({presenter.PARAMETER: "1"} if presenter.is_on() else {})
        if st.query_params.to_dict() != wanted:
            st.query_params.from_dict(wanted)

    def popover(self, label: str, icon: str, fields: Iterable[str]):
        """A popover with the widgets of these fields.

        Of a closed one the browser goes on telling what stood in it, whatever the page set since: that is not heard.
        """
        key = f"{self.page} popover {label}"
        self._memory()["popovers"][key] = frozenset(fields)
        return st.popover(label, icon=icon, key=key, on_change="rerun")

    def _shut(self, memory: dict[str, Any]) -> frozenset[str]:
        """The fields whose widgets stood in a closed popover when the page was drawn last."""
        popovers, memory["popovers"] = memory["popovers"], {}
        return frozenset().union(*(fields for key, fields in popovers.items() if not st.session_state.get(key)))

    def _is_told(self, name: str) -> bool:
        """Whether this run began with a value of the field: the browser's, or one that a callback has set."""
        state, key = _run_state(), self.key(name)
        widget = state._key_id_mapper.get_id_from_key(key, key)
        return key in state._new_session_state or widget in state._new_widget_state.states

    def _is_new(self, params: dict[str, str], memory: dict[str, Any], news: bool) -> bool:
        """Whether the browser's link is one to follow: another one than the page wrote last, and no echo of that.

        An older link that comes with what the page's widgets hold is an echo: the browser asked for a run before it had
        heard of the newer link. One that comes without them is the browser's Back button.
        """
        if params == memory["written"]:
            return False
        moved = any(self._is_told(name) and self.get(name) != memory["values"][name] for name in self.fields)
        if not (news or moved or _came_with_widgets()):
            return True
        return params not in [old for old, until in memory["echoes"] if time.monotonic() < until]

    def _parse(self, params: dict[str, str]) -> tuple[dict[str, Any], str]:
        values = {name: field.default for name, field in self.fields.items()}
        bad = []
        for name, text in params.items():
            try:
                values[name] = self.fields[name].read(text)
            except ValueError as error:
                bad.append(f"{name} {error}" if len(str(error)) < 200 else name)
        if not bad:
            return values, ""
        return values, f"Part of this link could not be read, so the usual setting stands in for it: {'; '.join(bad)}."

    def _memory(self) -> dict[str, Any]:
        defaults = {name: field.default for name, field in self.fields.items()}
        fresh = {"written": None, "echoes": [], "values": defaults, "complaint": "", "popovers": {}}
        return st.session_state.setdefault(f"{self.page} link", fresh)


def _came_with_widgets() -> bool:
    """Whether the browser asked for this run with what its widgets hold; on the way back and forth it sends none."""
    # Before a page draws its own, these are those that the browser sent.
    return bool(_run_state()._new_widget_state.states)


def _run_state():
    """The state of this run, with what is new in it: Streamlit 1.67 has no public word for that."""
    return get_script_run_ctx().session_state._state
