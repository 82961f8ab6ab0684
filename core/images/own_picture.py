"""A person's own picture (a file or a camera snapshot) as a small grid, grey or in colour."""

import numpy as np
from PIL import Image

from core.images import picture_file

MIN_SIDE, MAX_SIDE = 8, 64


def read_picture(data: bytes, side: int = 28, invert: bool = False) -> np.ndarray:
    """The middle square of a PNG, JPEG or WebP picture, upright and grey.

    data: the file's bytes, within the limits of `picture_file.read`.
    side: rows and columns of the result, 8 to 64.
    invert: swap dark and light, so that ink on paper becomes the light on dark that networks learn digits from.
    returns: (side, side) uint8, 0 black to 255 white. Each cell averages what lies under it; the first frame of a
        moving picture; what is transparent becomes white, or black where the drawing itself is light.
    ValueError, in plain words, for anything else.
    """
    picture = _read(data, side, "L")  # (side, side)
    return 255 - picture if invert else picture


def read_colour_picture(data: bytes, side: int = 28) -> np.ndarray:
    """The middle square of a PNG, JPEG or WebP picture, upright and in colour: (side, side, 3) uint8, red, green, blue.

    Arguments, limits and errors as in `read_picture`.
    """
    return _read(data, side, "RGB")


def _read(data: bytes, side: int, mode: str) -> np.ndarray:
    """The picture in a mode of Pillow's: "L" (side, side) or "RGB" (side, side, 3)."""
    if isinstance(side, bool) or not isinstance(side, (int, np.integer)) or not MIN_SIDE <= side <= MAX_SIDE:
        raise ValueError(f"A picture is shown with {MIN_SIDE} to {MAX_SIDE} cells a side. Received: side={side!r}")
    return picture_file.read(data, lambda image: _middle_square(image, int(side), mode))


def looks_like_ink_on_paper(picture: np.ndarray) -> bool:
    """True for dark strokes on a light ground: a bright border, real contrast, and the dark part the smaller one.

    picture: (H, W) uint8.
    """
    picture = np.asarray(picture)
    if picture.ndim != 2 or picture.dtype != np.uint8 or min(picture.shape) < 3:
        raise ValueError(
            f"A picture is grey (H, W), uint8, at least 3×3. Received: shape={picture.shape}, dtype={picture.dtype}"
        )
    border = np.concatenate([picture[0], picture[-1], picture[1:-1, 0], picture[1:-1, -1]])
    # Percentiles, so that one glint or speck does not set the scale of a photo.
    dark, light = np.percentile(picture, [2, 98])
    middle = (dark + light) / 2
    return bool(light - dark >= 40 and np.median(border) > middle and np.mean(picture < middle) < 0.5)


def _middle_square(image: Image.Image, side: int, mode: str) -> Image.Image:
    """The centred square of an opened picture, (side, side), mode "L" or "RGB", turned upright."""
    # A JPEG decoder gives 1/2, 1/4 or 1/8 of the size for a fraction of the work; 4 × side leaves enough to average.
    image.draft(mode, (4 * side, 4 * side))
    image.load()
    width, height = image.size
    edge = min(width, height)
    left, top = (width - edge) // 2, (height - edge) // 2
    return picture_file.averaged(image, (left, top, left + edge, top + edge), (side, side), mode)
