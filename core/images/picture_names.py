"""A name for every picture that can be shown, short enough for a link: "drawn.3.0", "stroke.hook", "own.<packed>".

A name from a set is set.label.hand: the hand-th picture of that label.
"""

import numpy as np

from core.images.catalogue import CATALOGUE, DRAWN
from core.images.datasets import sample
from core.images.digits import DEFAULT_SEED, draw_digit
from core.images.link_codec import decode_picture, encode_picture
from core.images.strokes import STROKES

MOST_HANDS = 10_000
OWN = "own"


def name_in_set(picture_set: str, label: int, hand: int) -> str:
    """The name of the hand-th picture of `label` in one of CATALOGUE's sets."""
    return f"{picture_set}.{label}.{hand}"


def own_name(picture: np.ndarray) -> str:
    """The name of a picture that is in no set; it holds the picture itself, (H, W) uint8, at most 64×64."""
    return f"{OWN}.{encode_picture(picture)}"


def split_name(name: str) -> tuple[str, int, int] | None:
    """(set, label, hand) of a picture in a set; None for a stroke or an own picture. ValueError for anything else."""
    kind, _, rest = name.partition(".")
    if kind == OWN or name in STROKES:
        return None
    label, _, hand = rest.partition(".")
    if kind not in CATALOGUE or not _is_whole(label, len(CATALOGUE[kind].classes)) or not _is_whole(hand, MOST_HANDS):
        raise ValueError(f"A picture's name is a set, a label and a number, such as drawn.3.0. Received: {name[:60]!r}")
    return kind, int(label), int(hand)


def picture_of(name: str) -> np.ndarray:
    """The picture that bears this name: (H, W) uint8.

    ValueError for a name that cannot be read, DatasetMissing where its set is not on this machine.
    """
    if name in STROKES:
        return STROKES[name]
    place = split_name(name)
    if place is None:
        return decode_picture(name.removeprefix(f"{OWN}."))
    picture_set, label, hand = place
    if picture_set == DRAWN.name:
        return draw_digit(label, DEFAULT_SEED + hand)
    return sample(picture_set, label, hand)


def _is_whole(text: str, count: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 6 and int(text) < count
