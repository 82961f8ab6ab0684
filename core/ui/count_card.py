"""One large number with its name above and what it means below."""

from html import escape

import streamlit as st

from core.ui import presenter

_CARD = """<div style="line-height:1.3"><div>{title}</div>
<div style="font:600 {size}rem var(--st-code-font, 'Source Code Pro', monospace); font-variant-numeric:tabular-nums;
white-space:nowrap">{number}</div><div style="font-size:{small}">{meaning}</div></div>"""


def count_card(title: str, number: str, *meaning: str) -> None:
    """A number as large as a back row needs it; each meaning is a line."""
    size, small = (1.9, "18px") if presenter.is_on() else (1.7, "0.9rem")
    lines = "<br>".join(map(escape, meaning))
    st.html(_CARD.format(title=escape(title), number=escape(number), meaning=lines, size=size, small=small))
