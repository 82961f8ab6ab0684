"""Presenter mode: for the projector. Large type, no sidebar, one thing per screen; `?present=1` in the link."""

import streamlit as st

PARAMETER = "present"
# A click on empty space and then a key: Streamlit draws a thick frame, and draws it before the page.
_ALWAYS = """<style>
[data-testid="stMain"]:focus-visible::before { box-shadow: none; }
[data-testid="stPageLink-NavLink"]:focus-visible { outline: 2px solid currentColor; outline-offset: 1px; }
@media (hover: none) { /* fingers: what a pointer would uncover is there, and keys are nobody's */
  [data-testid="stSidebarCollapseButton"] { display: inline !important; visibility: visible !important; }
  button [aria-label^="Shortcut "] { display: none; }
}
</style>"""
# Streamlit's own margins leave a quarter of a projector's width unused.
_PAGE = """<style>
[data-testid="stMainBlockContainer"] { padding-left: 2rem; padding-right: 2rem; max-width: 1760px; }
[data-testid="stMainBlockContainer"] > div { gap: 0.7rem; }
</style>"""
_LARGE = """<style>
html { font-size: 21px !important; }
[data-testid="stHeader"], [data-testid="stToolbar"] { display: none; }
[data-testid="stMainBlockContainer"] { padding: 0.4rem 1.2rem; max-width: none; }
[data-testid="stMainBlockContainer"] > div { gap: 0.4rem; }
[data-testid="stWidgetLabel"] p, [data-testid="stCaptionContainer"] p { font-size: 18px; }
</style>"""


def is_on() -> bool:
    """Whether this visitor is in presenter mode; the link decides, then it stays while they move through the house."""
    if PARAMETER in st.query_params:
        st.session_state[PARAMETER] = st.query_params[PARAMETER] == "1"
    return bool(st.session_state.get(PARAMETER))


def dress() -> None:
    """Give the page its margins and, in presenter mode, type that is readable from the last row."""
    st.html(_ALWAYS + (_LARGE if is_on() else _PAGE))


def toggle() -> None:
    """The button that enters and leaves presenter mode; Escape-free, since Escape lets go of a pinned cell."""
    on = is_on()
    st.button(
        "Leave" if on else "Present",
        icon=":material/close_fullscreen:" if on else ":material/slideshow:",
        help="Back to the page with its menu (Shift+P)" if on else "Large type for the projector, no menu (Shift+P)",
        on_click=_switch,
        type="tertiary",
        shortcut="shift+p",
        key="presenter toggle",
    )


def _switch() -> None:
    on = not is_on()
    st.session_state[PARAMETER] = on
    if on:
        st.query_params[PARAMETER] = "1"
    else:
        st.query_params.pop(PARAMETER, None)
