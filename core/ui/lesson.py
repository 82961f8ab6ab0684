"""The frame that all lessons share: one heading line with presenter mode beside it, then the thing itself."""

from html import escape

import streamlit as st

from core.ui import presenter

_HEADING = """<div style="display:flex; flex-wrap:wrap; align-items:baseline; gap:0 1rem">
<h1 style="font-size:1.5rem; padding:0; margin:0">{title}</h1><span>{lead}</span></div>"""


def rule(error: ValueError) -> str:
    """The rule of a refusal of core, where what was received is before the person's eyes anyhow."""
    return str(error).partition(" Received: ")[0]


def plain(error: ValueError, word: str = "Now") -> str:
    """A refusal of core, "rule. Received: name=value", as a person reads it beside the control that caused it.

    word: "Received" for what was given once, such as a file, and is not what a control stands at.
    """
    received = str(error).partition(" Received: ")[2]
    return f"{rule(error)} {word}: {received}." if received else rule(error)


def heading(title: str, lead: str) -> None:
    """The page's name, what to do here in one sentence, and the way into presenter mode, all on one line."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.html(_HEADING.format(title=escape(title), lead=escape(lead)), width="stretch")
        presenter.toggle()
