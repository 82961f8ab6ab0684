"""The ONE way a picture is made ready for a network: training, evaluation, upload and webcam all go through here.

    any picture ── middle square ── side × side, each cell an average ──> (side, side, 3) uint8, red, green, blue

What comes out runs from 0 to 255: scaling and channel order are layers of the networks themselves. Only NumPy and
Pillow are needed, so the web process may prepare what it shows.
"""

from typing import Any

import numpy as np
from PIL import Image

from core.images import picture_file

LARGEST_SIDE = 1024


def prepared(picture: np.ndarray, side: int) -> np.ndarray:
    """The middle square of a decoded picture, such as a frame of the webcam, in the size that a network takes.

    picture: (H, W, 3) uint8, red, green, blue, 0 to 255.
    returns: (side, side, 3) uint8.
    """
    picture = np.asarray(picture)
    if picture.ndim != 3 or picture.shape[2] != 3 or picture.dtype != np.uint8 or 0 in picture.shape:
        raise ValueError(f"A picture is (H, W, 3), uint8. Received: shape={picture.shape}, dtype={picture.dtype}")
    return np.array(_middle_square(Image.fromarray(picture), _checked(side)), dtype=np.uint8)


def prepared_file(data: bytes, side: int) -> np.ndarray:
    """The same for the bytes of a PNG, JPEG or WebP file, turned upright: (side, side, 3) uint8.

    Limits and errors as in `picture_file.read`.
    """
    side = _checked(side)
    return picture_file.read(data, lambda image: _middle_square(image, side))


def about_preparation(side: int) -> dict[str, Any]:
    """What happens to a picture, in plain values, to be written beside a kept network."""
    return {"crop": "middle square", "side": side, "resampling": "averaging (Hamming)", "channels": "RGB", "white": 255}


def _middle_square(image: Image.Image, side: int) -> Image.Image:
    # A JPEG decoder gives 1/2, 1/4 or 1/8 of the size for a fraction of the work; 4 × side leaves enough to average.
    image.draft("RGB", (4 * side, 4 * side))
    image.load()
    width, height = image.size
    edge = min(width, height)
    left, top = (width - edge) // 2, (height - edge) // 2
    return picture_file.averaged(image, (left, top, left + edge, top + edge), (side, side), "RGB")


def _checked(side: int) -> int:
    if isinstance(side, bool) or not isinstance(side, int | np.integer) or not 1 <= side <= LARGEST_SIDE:
        raise ValueError(f"side is a whole number from 1 to {LARGEST_SIDE}. Received: side={side!r}")
    return int(side)
