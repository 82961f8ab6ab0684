"""What can be done with a frozen picture: look at it on other pages, or teach it to a network of one's own."""

import io

import numpy as np
import streamlit as st
from PIL import Image

from core.images.class_names import same_name
from core.images.colour_names import own_colour_name
from core.images.picture_names import own_name
from core.transfer.preparation import prepared
from core.ui import lesson, picture_sets, presenter, retraining
from core.ui.lessons import HOUSE, LESSONS
from core.ui.plain_text import shown

GREY_SIDE, COLOUR_SIDE = 40, 28  # cells a side on the Filters and the Channels page
COMPLAINT = "teaching complaint"


def decoded(jpeg: bytes) -> np.ndarray:
    """(H, W, 3) uint8."""
    with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as image:
        return np.array(image.convert("RGB"))


def ways_on(picture: np.ndarray) -> None:
    """The pages that can show a frozen picture, (H, W, 3) uint8."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        st.markdown("**This picture on**")
        for name, label, icon, value in _pages(picture):
            script = HOUSE / "pages" / f"{name}.py"
            st.page_link(script, label=label, icon=icon, query_params={"picture": value})


def _pages(picture: np.ndarray) -> list[tuple[str, str, str, str]]:
    """(page, label, icon, the picture as its link takes it) of the pages that can show it."""
    lessons = {entry.name: entry for entries in LESSONS.values() for entry in entries}
    grey = np.asarray(Image.fromarray(prepared(picture, GREY_SIDE)).convert("L"))
    values = {"filters": own_name(grey), "channels": own_colour_name(prepared(picture, COLOUR_SIDE))}
    return [(name, lessons[name].title, lessons[name].icon, value) for name, value in values.items()]


def teach(picture: np.ndarray, live: bool) -> None:
    """Add a frozen picture to a class and learn again; while that is under way, how far it is.

    live: whether it is a camera's, which goes on afterwards.
    """
    if retraining.is_under_way():  # in the place of the row: what lies under it is off a small screen
        retraining.offer()
        return
    classes, large = picture_sets.current().classes, presenter.is_on()
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        chosen = st.selectbox(
            "This is a …",
            classes,
            index=None,
            placeholder=f"{'This is a … ' if large else ''}a class of your pictures, or a new name",
            label_visibility="collapsed" if large else "visible",  # a line less: all of it stays on a projector
            accept_new_options=True,
            width=(330 if retraining.TAUGHT in st.session_state else 560) if large else 320,
            key="webcam class",
        )
        taught, of, number = st.session_state.get(retraining.TAUGHT, (None, None, 0))
        is_new = chosen and not any(same_name(chosen, there) for there in classes)
        st.button(
            "Teach it as a new class" if is_new else "Teach it",
            icon=":material/school:",
            disabled=not chosen or of is picture,
            help="It is taught already. Take it back to teach it as something else."
            if of is picture
            else "Add it to those that are learnt from, whatever is held back of the others.",
            on_click=_take_in,
            args=(chosen, picture),
        )
        if taught in picture_sets.current().classes:  # in the same row: what lies under it is off a small screen
            count = picture_sets.counted(len(picture_sets.current().pictures(taught)))
            st.markdown(f":material/check: {shown(taught)} has {count} now.", width="content")
            if of is picture:
                st.button("Take it back", icon=":material/undo:", type="tertiary", on_click=_take_back, args=(number,))
            retraining.offer(live)
    retraining.say_trouble()
    if complaint := st.session_state.pop(COMPLAINT, ""):
        st.error(shown(lesson.rule(ValueError(complaint))), icon=":material/error:")


def _take_in(class_name: str, picture: np.ndarray) -> None:
    try:
        taught = picture_sets.teach(class_name, picture)
    except ValueError as error:
        st.session_state[COMPLAINT] = str(error)
    else:
        st.session_state[retraining.TAUGHT] = (taught.class_name, picture, taught.number)


def _take_back(number: int) -> None:
    picture_sets.take_back(number)
    st.session_state.pop(retraining.TAUGHT, None)
