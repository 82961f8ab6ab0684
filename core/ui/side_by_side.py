"""Two things beside each other that stand one below the other where the window is narrow, such as on a tablet."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

# Streamlit's own columns stack below 640 px of window; with the menu open, a tablet's are then 260 px wide.
_STACK = """<style>@media (max-width: 1000px) {{
.st-key-{key} > [data-testid="stLayoutWrapper"] > [data-testid="stHorizontalBlock"] {{ flex-direction: column; }}
.st-key-{key} > [data-testid="stLayoutWrapper"] > [data-testid="stHorizontalBlock"] > div {{ width: 100%; flex: none; }}
}}</style>"""


def side_by_side(key: str, left: int, right: int) -> tuple[DeltaGenerator, DeltaGenerator]:
    """Two columns with widths in this proportion. key: a name without spaces, once on a page."""
    with st.container(key=key):
        st.html(_STACK.format(key=key))
        first, second = st.columns((left, right), gap="medium")
    return first, second
