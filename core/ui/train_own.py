"""Training on pictures of the person's own: a ZIP or a folder, with one folder in it for each class."""

from collections.abc import Callable, Iterable

import numpy as np
import streamlit as st
from PIL import Image

from core.images.archives import Archive, read_sent, read_zip
from core.images.picture_split import shortage, split
from core.stage.live_board import Shown
from core.training.pictures import OwnPictures
from core.training.spec import OWN
from core.ui import lesson, picture_sets, picture_shelf
from core.ui.plain_text import shown as as_it_is
from core.ui.visitor import visitor

MOST_BAD = 5  # files that are named
TAKEN = "train own taken"  # session key: the files that were taken in last
Given = Callable[[], Archive]  # reads it; ValueError in plain words


def chooser() -> None:
    """What pictures there are, and a way to give others."""
    mine = picture_sets.current()
    with st.container(border=True):
        counts = ", ".join(f"{as_it_is(name)} {count}" for name, count in mine.counts.items())
        st.markdown(f"**{picture_sets.counted(len(mine))}**: {counts}. {picture_shelf.WORDS[picture_sets.source()]}")
        way = st.segmented_control("Yours", tuple(_WAYS), default=next(iter(_WAYS)), required=True, key="train own way")
        st.caption(picture_shelf.LAYOUT)
        archive = _WAYS[way]()
        if archive is not None:
            _take(archive)
        for line in filter(None, (shortage(mine), mine.lopsided)):
            st.warning(as_it_is(line), icon=":material/balance:")
        if bad := mine.bad_files:
            named = "; ".join(f"{as_it_is(one.name)}: {as_it_is(one.reason)}" for one in bad[:MOST_BAD])
            st.caption(f"{picture_shelf.left_out(len(bad))}. {named}")


def _zip() -> Given | None:
    """A ZIP that was just given."""
    upload = st.file_uploader("A ZIP of up to 200 MB", ["zip"], max_upload_size=200, key="train own zip")
    return (lambda: read_zip(upload)) if upload is not None and _is_new((upload.file_id,)) else None


def _folder() -> Given | None:
    """A folder that was just given."""
    files = st.file_uploader(
        "A folder of up to 200 MB",
        picture_shelf.FILE_TYPES,
        accept_multiple_files="directory",
        max_upload_size=20,
        key="train own folder",
    )
    return (lambda: read_sent(picture_shelf.sent(files))) if files and _is_new(file.file_id for file in files) else None


def _is_new(names: Iterable[str]) -> bool:
    """Whether these files were not taken in before: an uploader gives them again at every run."""
    names, before = frozenset(names), st.session_state.get(TAKEN)
    st.session_state[TAKEN] = names
    return names != before


_WAYS = {"A ZIP": _zip, "A folder": _folder}


def _take(given: Given) -> None:
    bar = st.progress(0.0, text="Looking at the files")

    def told(done: int, total: int) -> None:
        bar.progress(done / max(total, 1), text=f"{done:,} of {total:,}")

    try:
        picture_sets.take_in(lambda pictures: pictures.add_archive(given(), told))
    except ValueError as error:
        bar.empty()
        st.error(as_it_is(lesson.plain(error, "Received")), icon=":material/folder_off:")
        return
    st.rerun()


def samples(count: int) -> tuple[str, tuple[Shown, ...]]:
    """Some of the pictures, class by class."""
    mine = picture_sets.current()
    classes = [mine.pictures(name) for name in mine.classes]
    if not any(classes):
        return "No pictures yet: give a ZIP or a folder below.", ()
    mixed = [of_class[at] for at in range(count) for of_class in classes if at < len(of_class)][:count]
    return (
        f"{len(mine)} pictures in {len(mine.classes)} classes.",
        tuple(Shown(_sized(picture.array(), 64), picture.class_name) for picture in mixed),
    )


def pictures(side: int, seed: int) -> OwnPictures:
    """The visitor's pictures as squares of this many pixels, with the test pictures set apart.

    Raises ValueError in plain words where there are too few.
    """
    mine = picture_sets.current()
    if not len(mine):
        raise ValueError("There are no pictures of your own yet: give a ZIP or a folder below the board")
    parts = split(mine, seed)
    trained = [*parts.train.pictures, *parts.validation.pictures]
    labels = np.concatenate([parts.train.labels, parts.validation.labels])
    tested = parts.test.pictures
    return OwnPictures(
        np.stack([_sized(picture.array(), side) for picture in trained]),
        labels,
        np.stack([_sized(picture.array(), side) for picture in tested]),
        np.asarray(parts.test.labels),
        tuple(parts.classes),
    )


def is_seen_by_visitor(run) -> bool:
    """Whether a run may be shown here: one on somebody's own pictures shows them, so only their browser may open it.

    run: a RunView or a RunSummary.
    """
    return run.spec.data != OWN or run.visitor == visitor()


def counted(seed: int) -> tuple[int, int]:
    """How many pictures there are to train and validate on, and in how many classes. ValueError where too few."""
    mine = picture_sets.current()
    if not len(mine):
        raise ValueError("There are no pictures of your own yet: give a ZIP or a folder below the board")
    parts = split(mine, seed)
    return len(parts.train) + len(parts.validation), len(parts.classes)


def _sized(picture: np.ndarray, side: int) -> np.ndarray:
    """(side, side, 3) uint8: the whole picture, whatever its shape, as `image_dataset_from_directory` does it."""
    return np.asarray(Image.fromarray(picture).resize((side, side), Image.Resampling.BILINEAR))
