"""Retrained in a blink: the head learns again from the visitor's pictures, is kept, and looks through the camera."""

import streamlit as st

from core.images.augmentation import LECTURE
from core.transfer.backbones import DEFAULT
from core.ui import kept, transfer_keep, transfer_session
from core.ui.plain_text import shown
from core.ui.transfer_progress import words

STAGE = "webcam retraining"
TAUGHT = "taught picture"  # session key: (class, picture, its number in the set) of what was taught since
DONE = "webcam retrained"  # session key: what came of it, to be said once
TROUBLE = "webcam retraining trouble"  # session key: why nothing came of it, to be said once
WAY = "head"


class _Usual:
    """What the Transfer page's link says at first: the compact backbone, the usual number of pictures, one seed."""

    _values = {"backbone": DEFAULT, "train": 0, "seeds": 1, "augmentation": LECTURE}

    def get(self, name: str):
        return self._values[name]


USUAL = _Usual()


def offer(live: bool = True) -> None:
    """The button, why there is none, or how far it is. live: whether the camera goes on afterwards."""
    if is_under_way():
        _follow()
        return
    transfer_session.bring(USUAL)
    if trouble := transfer_session.trouble(USUAL):
        st.caption(f"Before it can be retrained: {shown(trouble[0].lower() + trouble[1:])}")
        return
    st.button(
        "Retrain and go live" if live else "Retrain and look again",
        icon=":material/bolt:",
        disabled=transfer_session.view().is_running,
        on_click=_begin,
        help="Every picture once through the backbone, then the head learns: a few seconds.",
    )


def is_under_way() -> bool:
    """Whether a head learns now, or is being written down."""
    return bool(st.session_state.get(STAGE))


def say_trouble() -> None:
    """Why nothing came of the last retraining, once."""
    if trouble := st.session_state.pop(TROUBLE, ""):
        st.error(shown(trouble), icon=":material/error:")


def go_on() -> None:
    """How far it is, wherever the person has gone on to: only so is what was learnt kept."""
    if done := st.session_state.pop(DONE, ""):
        st.toast(f"{done} The new network looks now.", icon=":material/bolt:", duration="long")
    say_trouble()
    if is_under_way():
        _follow()
    elif transfer_keep.is_coming():
        _wait()


@st.fragment(run_every=0.5)
def _wait() -> None:
    """For a network that was asked to be kept on the Transfer page."""
    if not transfer_keep.is_coming():
        st.rerun()
    st.caption("Your network is being written down; then it looks.")


def _begin() -> None:
    st.session_state[STAGE] = "learning"
    transfer_session.go(USUAL, (WAY,))


@st.fragment(run_every=0.5)
def _follow() -> None:
    view = transfer_session.view()
    stage = st.session_state.get(STAGE)
    if view.is_running:
        share = min(1.0, view.done / view.total) if view.total else 0.0
        st.progress(share, text=words(view))
        return
    if stage == "learning" and view.state == "done":
        st.session_state[STAGE] = "keeping"
        transfer_session.keep(USUAL, WAY, DEFAULT)
        st.progress(1.0, text="Being written down")
    elif stage == "keeping" and view.state == "done" and view.kept:
        transfer_keep.write_down()
        st.session_state.pop(STAGE)
        st.session_state.pop(TAUGHT, None)
        model = kept.current()
        right = model and model.accuracy.get("validation")
        st.session_state[DONE] = f"Retrained{f': {right:.1%} of the validation pictures right' if right else ''}."
        st.rerun()
    else:
        st.session_state.pop(STAGE, None)
        st.session_state[TROUBLE] = view.message or st.session_state.get("transfer trouble", "")
        st.rerun()
