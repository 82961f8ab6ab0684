"""A visitor's own pictures: in their session only, and gone with it. Shared by the Transfer and the Webcam page."""

import io
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import streamlit as st
from PIL import Image

from core.images.archives import handbags_shoes, read_folder
from core.images.class_names import same_name
from core.images.drawn_things import CLASSES, USUAL_COUNT, thing_file
from core.images.kept_picture import Picture, packed_array
from core.images.picture_set import PictureSet
from core.stage.picture_wall import MOST_SHOWN, WallClass

SET, SOURCE, UNDO, SPRITES = "own pictures", "source of own pictures", "undo of own pictures", "sprites of own pictures"
EXAMPLES = "examples among own pictures"  # so many pictures, from number 0 on, were put there as examples
TURNED = "turned own pictures"  # session key: class -> the place of the first of its pictures that is shown
PHOTOS, DRAWN, OWN = "photos", "drawn", "own"  # what the pictures are, as a page says it
THUMB = 56  # pixels a side of a small picture


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The pictures as they were before one change, for `undo`."""

    pictures: PictureSet
    source: str
    examples: int
    words: str  # what comes back with it: "3 pictures", "the class shoes"
    after: tuple[PictureSet, int]  # the set that the change left, and its revision then


def current() -> PictureSet:
    """The visitor's pictures. At first examples: the photos of CONVLAB_DATA where they are, else drawings."""
    if SET not in st.session_state:
        load_examples(PHOTOS if handbags_shoes() else DRAWN)
    return st.session_state[SET]


def source() -> str:
    """What the pictures are: PHOTOS, DRAWN, or OWN once the visitor put something of their own in."""
    current()
    return st.session_state[SOURCE]


def has_examples() -> bool:
    """Whether some of the pictures are still those that were put there as examples."""
    examples = st.session_state.get(EXAMPLES, 0)
    return any(picture.number < examples for picture in current().all_pictures())


def load_examples(which: str) -> None:
    """Put the examples in the place of whatever is there; `undo` brings back what was the visitor's own."""
    if st.session_state.get(SOURCE) == OWN and st.session_state[SET].classes:
        with _undoable("your own pictures"):
            _put_examples(which)
    else:
        _put_examples(which)


def replace(pictures: PictureSet, what: str = OWN, examples: int = 0) -> None:
    """Let the visitor go on with another set of pictures. examples: how many of them, the first, are examples."""
    st.session_state.update({SET: pictures, SOURCE: what, EXAMPLES: examples})
    st.session_state.pop(UNDO, None)
    st.session_state.pop(SPRITES, None)
    st.session_state.pop(TURNED, None)


def start_empty() -> PictureSet:
    """Go on with no pictures; `undo` brings back those that were there."""
    with _undoable("all pictures"):
        replace(PictureSet())
    return current()


def forget() -> None:
    """Go on with no pictures; nothing brings back those that were there."""
    replace(PictureSet())


def take_in(add: Callable[[PictureSet], object]) -> None:
    """Let `add` put the visitor's own pictures into the set at hand, or into an empty one in the place of examples.

    What `add` raises is raised, and then all is as it was before.
    """
    own = source() == OWN
    pictures = current() if own else PictureSet()
    add(pictures)
    if not own:
        replace(pictures)


def teach(class_name: str, picture: np.ndarray) -> Picture:
    """Add one picture (H, W, 3) uint8 to those of a class that are learnt from. A class that is not there is made.

    Examples stay: they are added to. ValueError in plain words when the set is full, the name is none, or the same
    picture was taught as something else.
    """
    jpeg, _, _ = packed_array(picture)
    for there in current().all_pictures():
        if there.jpeg == jpeg and not same_name(there.class_name, class_name):
            raise ValueError(
                f"A picture is one thing only. This one is among {there.class_name} already: delete it there first. "
                f"Received: {class_name}"
            )
    kept = current().add_capture(class_name, picture, name="taught", part="train")
    st.session_state[SOURCE] = OWN
    return kept


def take_back(number: int) -> None:
    """Let a taught picture go again, and its class where it was the only one in it."""
    pictures = current()
    if picture := pictures.picture(number):
        pictures.delete(number)
        if not pictures.pictures(picture.class_name):
            pictures.delete_class(picture.class_name)


def mark_own() -> None:
    """From now on these are the visitor's own pictures, whatever they began with."""
    current()
    st.session_state[SOURCE] = OWN


def add_frames(class_name: str, frames: tuple[bytes, ...], part: str | None = None) -> None:
    """Add what a camera recorded, JPEG files, to a class. part: "test" keeps them for the test.

    ValueError in plain words when a frame is no picture or the set is full; those before it are kept.
    """
    turn(class_name, 0)
    for frame in frames:
        current().add_capture(class_name, frame, part=part)


def delete(numbers: tuple[int, ...]) -> None:
    """Delete pictures by their numbers. Nothing happens to those that are gone already."""
    pictures = current()
    gone = [number for number in numbers if pictures.picture(number)]
    if gone:
        with _undoable(counted(len(gone))):
            for number in gone:
                pictures.delete(number)
            mark_own()


def delete_class(name: str) -> None:
    """Delete a class with its pictures. Nothing happens if it is gone already."""
    if name in current().classes:
        with _undoable(f"the class {name}"):
            current().delete_class(name)
            mark_own()


def rename_class(old: str, new: str) -> None:
    """Give a class another name. ValueError in plain words when the new one is taken or none."""
    with _undoable(f"the name {old}"):
        current().rename_class(old, new)
        mark_own()


def snapshot() -> Snapshot | None:
    """What `undo` would bring back: the last deletion, renaming or replacement, while nothing has changed since.

    Once pictures were added to what it left, bringing the old set back would lose those: then there is none.
    """
    kept: Snapshot | None = st.session_state.get(UNDO)
    return kept if kept and kept.after == (current(), current().revision) else None


def undo() -> None:
    """Bring back exactly the set before the last change: its pictures in their order, its names, what it was."""
    if kept := snapshot():
        replace(kept.pictures, kept.source, kept.examples)


def turn(class_name: str, first: int) -> None:
    """Have the wall show the pictures of a class from this place on, from 0."""
    st.session_state.setdefault(TURNED, {})[class_name] = first


def counted(pictures: int) -> str:
    """So many pictures, in words: "1 picture", "1,200 pictures"."""
    return f"{pictures:,} picture{'' if pictures == 1 else 's'}"


def wall_classes() -> list[WallClass]:
    """The classes with their small pictures."""
    pictures = current()
    examples = st.session_state.get(EXAMPLES, 0)
    sprites, turned = st.session_state.setdefault(SPRITES, {}), st.session_state.get(TURNED, {})
    classes = []
    for name in pictures.classes:
        every = pictures.pictures(name)
        # The visitor's own newest first: what has just been recorded is seen. The examples behind them stay in place.
        own = [picture for picture in every if picture.number >= examples]
        ordered = [*own[::-1], *(picture for picture in every if picture.number < examples)]
        last = max(0, len(ordered) - 1) // MOST_SHOWN
        first = MOST_SHOWN * min(max(0, turned.get(name, 0) // MOST_SHOWN), last)
        shown = ordered[first : first + MOST_SHOWN]
        keys = tuple(picture.key for picture in shown)
        if sprites.get(name, ("", ""))[0] != keys:
            sprites[name] = (keys, sprite(shown))
        aside = sum(picture.part == "test" for picture in every)
        numbers = tuple(picture.number for picture in shown)
        for_test = tuple(picture.number for picture in shown if picture.part == "test")
        sprite_of, columns = sprites[name][1], columns_of(len(shown))
        classes.append(WallClass(name, len(every), aside, first, numbers, for_test, sprite_of, columns))
    st.session_state[SPRITES] = {name: made for name, made in sprites.items() if name in pictures.classes}
    return classes


def columns_of(count: int) -> int:
    """How many small pictures stand side by side in the sprite of so many."""
    return max(1, int(np.ceil(np.sqrt(count))))


def sprite(pictures, side: int = 2 * THUMB) -> str:
    """All pictures as squares of one JPEG, row by row: a data URI; "" for none. Twice as fine as it is shown."""
    if not pictures:
        return ""
    columns = columns_of(len(pictures))
    sheet = Image.new("RGB", (columns * side, -(-len(pictures) // columns) * side))
    for place, picture in enumerate(pictures):
        sheet.paste(thumbnail(picture, side), (place % columns * side, place // columns * side))
    stream = io.BytesIO()
    sheet.save(stream, "JPEG", quality=72)
    return f"data:image/jpeg;base64,{b64encode(stream.getvalue()).decode()}"


def thumbnail(picture: Picture, side: int) -> Image.Image:
    """The middle square of a picture, (side, side)."""
    with Image.open(io.BytesIO(picture.jpeg), formats=("JPEG",)) as image:
        image.draft("RGB", (side, side))
        whole = image.convert("RGB")
    edge = min(whole.size)
    left, top = (whole.width - edge) // 2, (whole.height - edge) // 2
    return whole.resize((side, side), Image.Resampling.BOX, (left, top, left + edge, top + edge))


def _put_examples(which: str) -> None:
    pictures = _photos(str(handbags_shoes())).copy() if which == PHOTOS else _drawings().copy()
    replace(pictures, which, len(pictures))


@contextmanager
def _undoable(words: str) -> Iterator[None]:
    """Remember what is there before a change; a change that raises is none, and the last one can still be undone."""
    before, what, examples = current().copy(), source(), st.session_state.get(EXAMPLES, 0)
    yield
    st.session_state[UNDO] = Snapshot(before, what, examples, words, (current(), current().revision))


@st.cache_resource(show_spinner=False)
def _photos(folder: str) -> PictureSet:
    """The example photos, read once for all visitors; nobody changes them, everybody gets a copy."""
    pictures = PictureSet()
    pictures.add_archive(read_folder(folder))
    return pictures


@st.cache_resource(show_spinner=False)
def _drawings() -> PictureSet:
    pictures = PictureSet()
    for name in CLASSES:
        pictures.add_files(name, [(f"{name} {seed}.jpg", thing_file(name, seed)) for seed in range(USUAL_COUNT)])
    return pictures
