"""The script that Streamlit runs: names the pages in lesson order and runs the one asked for.

It stands here and not beside `pages/` because Streamlit takes a `pages/` folder next to its entry script for its old
multipage form, and then a cold deep link runs the page without this frame.
"""

from pathlib import Path

import streamlit as st

from core.ui import presenter

HOUSE = Path(__file__).resolve().parents[2]


def page(name: str, title: str, icon: str, *, default: bool = False) -> st.Page:
    """The page of `pages/<name>.py`; its link is `/<name>`, except for the default page, whose link is `/`."""
    return st.Page(HOUSE / "pages" / f"{name}.py", title=title, icon=icon, url_path=name, default=default)


LESSONS = {
    "": [page("home", "ConvLab", ":material/home:", default=True)],
    "The operation": [page("filters", "Filters", ":material/grid_on:")],
}

st.set_page_config(
    page_title="ConvLab",
    page_icon=HOUSE / "assets" / "icons" / "convlab.svg",
    layout="wide",
    initial_sidebar_state=230,
)
chosen = st.navigation(LESSONS, position="hidden" if presenter.is_on() else "sidebar")
presenter.dress()
chosen.run()
