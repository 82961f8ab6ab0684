"""The script that Streamlit runs: names the pages in lesson order and runs the one asked for.

It stands here and not beside `pages/` because Streamlit takes a `pages/` folder next to its entry script for its old
multipage form, and then a cold deep link runs the page without this frame.
"""

import contextlib

import streamlit as st

from core.ui import collector, presenter, visitor_folders
from core.ui.lessons import HOUSE, LESSONS

st.set_page_config(
    page_title="ConvLab",
    page_icon=HOUSE / "assets" / "icons" / "convlab.svg",
    layout="wide",
    initial_sidebar_state=230,
)
home = st.Page(HOUSE / "pages" / "home.py", title="ConvLab", icon=":material/home:", default=True)
rooms = {
    part: [st.Page(lesson.script, title=lesson.title, icon=lesson.icon, url_path=lesson.name) for lesson in lessons]
    for part, lessons in LESSONS.items()
}
chosen = st.navigation({"": [home], **rooms}, position="hidden" if presenter.is_on() else "sidebar")
presenter.dress()
with contextlib.suppress(OSError):  # a home that cannot be read is told where something is to be kept
    visitor_folders.sweep()
chosen.run()
collector.set_apart()
