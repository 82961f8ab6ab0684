"""Which picture a lesson works on: a digit from a set, or one of the person's own. Shared by all lessons with a stage.

A lesson's link has the fields of `FIELDS`; the stage offers the ten pictures of the set, `controls` the rest.
"""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from core.images.catalogue import CATALOGUE, DRAWN, DatasetEntry
from core.images.datasets import DatasetMissing, available
from core.images.download import current_download, start_download
from core.images.own_picture import MAX_SIDE, read_picture
from core.images.picture_names import MOST_HANDS, OWN, name_in_set, own_name, picture_of, split_name
from core.stage.convolution_stage import Scene
from core.stage.parts import PictureChoice
from core.ui import fields, links, own_picture

SIDES = (28, 40, MAX_SIDE)
FILE_TYPES = ["png", "jpg", "jpeg", "webp"]
OWN_PICTURE = own_picture.Wanted(SIDES, SIDES[0], read_picture, own_name, "Or simply draw on the picture on the stage.")
FIELDS = {
    "picture": fields.picture(name_in_set(DRAWN.name, 3, 0)),
    "set": links.choice(DRAWN.name, tuple(CATALOGUE)),
    "hand": links.whole(0, 0, MOST_HANDS - 1),
}


@dataclass(frozen=True, eq=False)
class Source:
    """What the stage is to show and to offer."""

    picture: np.ndarray  # (H, W) uint8
    key: str  # the picture's name, or OWN
    choices: list[PictureChoice]
    notice: str  # one line for the person; "" when all is as they asked


def of(link: links.PageLink, field: str = "picture") -> Source:
    """The picture that a field of the link names; a drawn digit, and a line that says so, where its set is missing."""
    name, picture, notice = _shown(link, field)
    return Source(picture, OWN if fields.is_own(name) else name, _choices(link), notice)


def keep(link: links.PageLink, scene: Scene, field: str = "picture") -> None:
    """Write into the link what the person chose, painted or asked for on the stage."""
    hand = scene.another % MOST_HANDS
    if scene.picture_key == OWN:
        link.set(field, own_name(scene.picture))
    elif scene.picture_key != _shown(link, field)[0]:  # else it stays, even where a drawn digit stands in for it
        link.set(field, scene.picture_key)
    place = None if scene.picture_key == OWN else split_name(scene.picture_key)
    if hand != link.get("hand") and place:
        link.set(field, name_in_set(place[0], place[1], hand))
    link.set("hand", hand)


def controls(link: links.PageLink) -> None:
    """The set of pictures, how to get one that is not here, and the way to a picture of one's own."""
    st.segmented_control(
        "Pictures",
        tuple(CATALOGUE),
        format_func=lambda name: CATALOGUE[name].title,
        key=link.key("set"),
        required=True,
        on_change=_switch_set,
        args=(link,),
    )
    own_picture.button(link, OWN_PICTURE)


def offer(link: links.PageLink) -> None:
    """Below the controls: the download of the chosen set where it is not on this machine."""
    entry = CATALOGUE[link.get("set")]
    if available(entry.name) is None:
        offer_download(entry, "The drawn digits stay until it is.")


def _shown(link: links.PageLink, field: str) -> tuple[str, np.ndarray, str]:
    """Name and pixels of the picture on the stage, and what to say where it is not the one in the link."""
    name = link.get(field)
    try:
        return name, picture_of(name), ""
    except (DatasetMissing, ValueError) as error:
        place = split_name(name)
        drawn = name_in_set(DRAWN.name, place[1] if place else 3, 0)
        return drawn, picture_of(drawn), f"A drawn digit stands in for the picture of this link: {error}"


def _choices(link: links.PageLink) -> list[PictureChoice]:
    picture_set = link.get("set") if available(link.get("set")) else DRAWN.name
    classes = CATALOGUE[picture_set].classes
    names = [name_in_set(picture_set, label, link.get("hand")) for label in range(len(classes))]
    try:
        return [PictureChoice(name, title, picture_of(name)) for name, title in zip(names, classes, strict=True)]
    except ValueError:  # a broken file in CONVLAB_DATA; `offer` and `of` say which
        drawn = [name_in_set(DRAWN.name, label, link.get("hand")) for label in range(10)]
        return [PictureChoice(name, str(label), picture_of(name)) for label, name in enumerate(drawn)]


def _switch_set(link: links.PageLink) -> None:
    place = split_name(link.get("picture"))
    if available(link.get("set")):
        link.set("picture", name_in_set(link.get("set"), place[1] if place else 3, link.get("hand")))


@st.fragment(run_every=0.5)
def _watch_download(name: str) -> None:
    download = current_download(name)
    progress = download.progress()
    if progress.state == "done":
        st.rerun()
    if progress.state == "running":
        speed = f" at {progress.rate / 1e6:.1f} MB/s" if progress.rate else ""
        left = f", {progress.seconds_left:.0f} s left" if progress.seconds_left else ""
        megabytes = f"{progress.done / 1e6:.1f} of {progress.total / 1e6:.1f} MB"
        st.progress(min(progress.fraction, 1.0), text=f"{progress.message}: {megabytes}{speed}{left}")
        st.button("Cancel", on_click=download.cancel, key=f"cancel {name}")
    else:
        st.rerun()


def offer_download(entry: DatasetEntry, meanwhile: str) -> None:
    """The download of a set that is not on this machine, and how far it is. meanwhile: what stands in for it."""
    download = current_download(entry.name)
    progress = download and download.progress()
    if progress and progress.state == "running":
        _watch_download(entry.name)
        return
    failed = progress.message if progress and progress.state in ("failed", "cancelled") else ""
    st.info(
        f"{failed or f'{entry.title} is not on this machine.'} {meanwhile}",
        icon=":material/cloud_download:",
    )
    st.button(
        f"Download {entry.title} ({entry.download_bytes / 1e6:.0f} MB)",
        on_click=lambda: start_download(entry),
        help=f"{entry.about}. From {entry.source}, licence {entry.licence}.",
    )
