"""A name for every picture with channels, short enough for a link: "apple.28", "own.<red>.<green>.<blue>"."""

import numpy as np

from core.images.colour_pictures import COLOUR_PICTURES, LARGEST, SMALLEST, draw_colour
from core.images.link_codec import decode_picture, encode_picture

OWN = "own"


def drawn_name(name: str, side: int) -> str:
    """The name of a drawing with that many cells a side."""
    return f"{name}.{side}"


def own_colour_name(picture: np.ndarray) -> str:
    """The name of a picture of the person's own; it holds the picture itself, (H, W, 1 or 3) uint8, at most 64×64."""
    return ".".join([OWN, *(encode_picture(picture[:, :, channel]) for channel in range(picture.shape[2]))])


def split_drawn_name(name: str) -> tuple[str, int] | None:
    """(drawing, cells a side); None for an own picture. ValueError for anything else."""
    kind, _, rest = name.partition(".")
    if kind == OWN:
        return None
    whole = rest.isascii() and rest.isdigit() and len(rest) < 3 and SMALLEST <= int(rest) <= LARGEST
    if kind not in COLOUR_PICTURES or not whole:
        raise ValueError(
            f"A picture's name is a drawing and its cells a side, such as apple.28. Received: {name[:60]!r}"
        )
    return kind, int(rest)


def colour_picture_of(name: str) -> np.ndarray:
    """The picture that bears this name: (H, W, C) uint8, C is 1 or 3. ValueError for a name that cannot be read."""
    place = split_drawn_name(name)
    if place is not None:
        return draw_colour(*place)
    planes = [decode_picture(text) for text in name.split(".")[1:4]]
    if len(planes) not in (1, 3) or name.count(".") != len(planes) or len({plane.shape for plane in planes}) > 1:
        raise ValueError(f"An own picture has one channel or three of one size. Received: {name[:40]!r}")
    return np.stack(planes, axis=2)
