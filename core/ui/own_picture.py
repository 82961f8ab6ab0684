"""A picture of the person's own, from a file or the camera, on its way to a stage; for all lessons that take one."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import streamlit as st

from core.images.own_picture import looks_like_ink_on_paper
from core.ui import lesson, links

FILE_TYPES = ["png", "jpg", "jpeg", "webp"]


@dataclass(frozen=True)
class Wanted:
    """What a lesson can take."""

    sides: tuple[int, ...]  # with how many cells a side a picture can be shown; `side` is the first choice
    side: int
    read: Callable[[bytes, int], np.ndarray]  # a file's picture with that many cells, uint8; ValueError in plain words
    name_of: Callable[[np.ndarray], str]  # the picture's name in a link
    hint: str  # what else a person can do


def button(link: links.PageLink, wanted: Wanted) -> None:
    """The button that asks for a picture and puts its name into the link's field "picture"."""
    if st.button("Your own picture", icon=":material/add_photo_alternate:", key=link.key("own picture")):
        _ask(link, wanted)


@st.dialog("Your own picture", width="medium")
def _ask(link: links.PageLink, wanted: Wanted) -> None:
    cells = st.segmented_control(
        "Shown as", wanted.sides, default=wanted.side, required=True, format_func=lambda count: f"{count}×{count} cells"
    )
    upload = st.file_uploader("A PNG, JPEG or WebP file, up to 20 MB", type=FILE_TYPES, max_upload_size=20)
    with_camera = st.toggle("Take a photo instead")
    photo = st.camera_input("Hold something before the camera", resolution="480p") if with_camera else None
    taken = photo or upload
    if taken is None:
        st.caption(wanted.hint)
        return
    try:
        picture = wanted.read(taken.getvalue(), cells)
    except ValueError as error:
        st.error(lesson.plain(error, "Received"), icon=":material/broken_image:")
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        preview = st.container(width=168)
        with st.container():
            shown = _as_digits_are(picture, taken.file_id) if picture.ndim == 2 else picture
            ready = st.button("Put it on the stage", type="primary")
    preview.image(shown, width=160, caption=f"{cells}×{cells} cells")
    if ready:
        link.set("picture", wanted.name_of(shown))
        st.rerun()


def _as_digits_are(picture: np.ndarray, key: str) -> np.ndarray:
    """A grey picture, light on dark where the person wants it so; ink on paper is taken to want it."""
    swapped = st.toggle(
        "Swap dark and light",
        value=looks_like_ink_on_paper(picture),
        key=f"swap {key}",
        help="The digits here are light on dark.",
    )
    return 255 - picture if swapped else picture
