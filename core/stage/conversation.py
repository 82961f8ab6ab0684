"""What passes between a page and a stage, so that both may change the same content without a fight.

The stage owns what a person edits on it and reports it as {revision, seq, content}. A page may put other content in its
place (a preset, a link): that raises the revision, and reports that still carry the old one no longer count.
The browser's half is assets/stage/conversation.js.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

import streamlit as st

State = TypeVar("State")


def has_news(key: str) -> bool:
    """Whether the person did something on the stage `key` that `heard` has not given out yet."""
    report = st.session_state.get(key, {}).get("edits")
    talk = _talk(key)
    return bool(report) and report["revision"] == talk["revision"] and report["seq"] > talk["seen"]


def heard(key: str) -> dict[str, Any] | None:
    """What the person did on the stage `key` since this was last asked; None where there is nothing new."""
    if not has_news(key):
        return None
    report = st.session_state[key]["edits"]
    talk = _talk(key)
    talk.update(seen=report["seq"], content=report["content"])
    return report["content"]


def taken_in(key: str, state: State, read: Callable[[dict[str, Any]], dict[str, Any]]) -> State:
    """state, a dataclass, with all that the person did on the stage `key` since Python last set it.

    read: from the browser's content to the fields that it changes. What a browser sends is checked there like any
    input; a content that cannot be read leaves the state as it is.
    """
    content = heard(key)
    if content is None:
        return state
    try:
        return replace(state, **read(content))
    except (KeyError, IndexError, TypeError, ValueError, OverflowError):
        return state


def answer(key: str, content: dict[str, Any]) -> dict[str, Any]:
    """What to send to the stage `key` so that it shows content; raises the revision where content is news to it."""
    talk = _talk(key)
    if content != talk["content"]:
        talk["revision"] += 1
    talk["content"] = content
    return {"revision": talk["revision"], "seen": talk["seen"], "content": content}


def _talk(key: str) -> dict[str, Any]:
    return st.session_state.setdefault(f"{key} talk", {"revision": 0, "seen": 0, "content": None})
