"""Training on pictures of the person's own: folders or a ZIP, one folder for each class."""

import numpy as np
import streamlit as st
from PIL import Image

from core.images.archives import read_zip
from core.images.picture_set import PictureSet
from core.images.picture_split import shortage, split
from core.stage.live_board import Shown
from core.training.pictures import OwnPictures
from core.ui import lesson
from core.ui.plain_text import shown as as_it_is

MOST_BAD = 5  # files that are named


def current() -> PictureSet:
    """The visitor's pictures, the same on all pages."""
    return st.session_state.setdefault("picture set", PictureSet())


def chooser() -> None:
    """Take in a ZIP, and say what is in it."""
    mine = current()
    with st.container(border=True):
        upload = st.file_uploader(
            "A ZIP with one folder for each class (or train / validation / test with those inside), up to 200 MB",
            type=["zip"],
            max_upload_size=200,
            key="train own zip",
        )
        if upload is not None and st.session_state.get("train own taken") != upload.file_id:
            st.session_state["train own taken"] = upload.file_id
            _take(mine, upload)
        if len(mine):
            counts = ", ".join(f"{as_it_is(name)}: {count}" for name, count in mine.counts.items())
            st.markdown(f"**{len(mine)} pictures.** {counts}")
        for line in filter(None, (shortage(mine) if len(mine) else None, mine.lopsided)):
            st.warning(line, icon=":material/balance:")


def _take(mine: PictureSet, upload) -> None:
    bar = st.progress(0.0, text="Reading the pictures")
    try:
        archive = read_zip(upload)
        mine.clear()
        bad = (*archive.bad, *mine.add_archive(archive, lambda done, total: bar.progress(done / max(total, 1))))
    except ValueError as error:
        st.error(lesson.plain(error), icon=":material/folder_off:")
        return
    finally:
        bar.empty()
    if bad:
        named = "; ".join(f"{as_it_is(one.name)}: {as_it_is(one.reason)}" for one in bad[:MOST_BAD])
        st.warning(f"{len(bad)} files were left out. {named}", icon=":material/broken_image:")


def samples(count: int) -> tuple[str, tuple[Shown, ...]]:
    """Some of the pictures, class by class."""
    mine = current()
    classes = [mine.pictures(name) for name in mine.classes]
    if not any(classes):
        return "Your own pictures: none yet. Give a ZIP with one folder for each class below.", ()
    mixed = [of_class[at] for at in range(count) for of_class in classes if at < len(of_class)][:count]
    return (
        f"{len(mine)} pictures of your own.",
        tuple(Shown(_sized(picture.array(), 64), picture.class_name) for picture in mixed),
    )


def pictures(side: int, seed: int) -> OwnPictures:
    """The visitor's pictures as squares of this many pixels, with the test pictures set apart.

    Raises ValueError in plain words where there are too few.
    """
    mine = current()
    if not len(mine):
        raise ValueError("There are no pictures of your own yet: give a ZIP below the board")
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


def counted(seed: int) -> tuple[int, int]:
    """How many pictures there are to train and validate on, and in how many classes. ValueError where too few."""
    mine = current()
    if not len(mine):
        raise ValueError("There are no pictures of your own yet: give a ZIP below the board")
    parts = split(mine, seed)
    return len(parts.train) + len(parts.validation), len(parts.classes)


def _sized(picture: np.ndarray, side: int) -> np.ndarray:
    """(side, side, 3) uint8: the whole picture, whatever its shape, as `image_dataset_from_directory` does it."""
    return np.asarray(Image.fromarray(picture).resize((side, side), Image.Resampling.BILINEAR))
