"""One of a person's pictures as it is kept: a small JPEG, decoded when it is wanted."""

import functools
import hashlib
import io
from dataclasses import dataclass

import numpy as np
from PIL import Image

from core.images import picture_file

LONGEST = 320  # pixels of the longer side: more than any network here looks at
SHORTEST = 16
QUALITY = 90
KEPT_AS_IT_IS = 64 * 1024  # bytes of a small JPEG that is not packed a second time

PARTS = ("train", "validation", "test")


@dataclass(frozen=True)
class Picture:
    """A picture of a class. The JPEG is shown as it is; networks take `array()`."""

    number: int  # its own, as long as its set lives
    name: str  # of the file that it came from: text, not markup
    class_name: str  # text, not markup
    part: str | None  # one of PARTS when it belongs there by the person's own layout
    jpeg: bytes
    rows: int
    columns: int

    @functools.cached_property
    def key(self) -> str:
        """The same for the same JPEG, wherever it lies."""
        return hashlib.sha256(self.jpeg).hexdigest()[:16]

    def array(self) -> np.ndarray:
        """(rows, columns, 3) uint8: red, green, blue."""
        with Image.open(io.BytesIO(self.jpeg), formats=("JPEG",)) as image:
            return np.array(image.convert("RGB"))


def packed(data: bytes) -> tuple[bytes, int, int]:
    """A PNG, JPEG or WebP file as it is kept: the JPEG's bytes, its rows and its columns.

    The longer side has at most 320 pixels; upright; the first frame of a moving picture; on white, or on black where a
    light drawing lies on nothing. A small JPEG stays as it is, byte for byte. Limits as in `picture_file.read`.
    ValueError, in plain words, for what is no such picture, is broken, or has less than 16 pixels a side.
    """
    whole = False

    def make_small(image: Image.Image) -> Image.Image:
        nonlocal whole
        columns, rows = _kept_size(image)
        whole = (
            image.format == "JPEG"
            and image.mode == "RGB"
            and image.size == (columns, rows)
            and len(data) <= KEPT_AS_IT_IS
            and "exif" not in image.info  # where a photo was taken is nobody's business
        )
        image.draft("RGB", (2 * columns, 2 * rows))
        image.load()
        return picture_file.averaged(image, (0, 0, *image.size), (columns, rows), "RGB")

    picture = picture_file.read(data, make_small)  # (rows, columns, 3)
    return (data if whole else _as_jpeg(picture)), picture.shape[0], picture.shape[1]


def packed_array(picture: np.ndarray) -> tuple[bytes, int, int]:
    """A picture (H, W, 3) uint8, as a camera gives it, as it is kept. Results and errors as in `packed`."""
    picture = np.asarray(picture)
    if picture.ndim != 3 or picture.shape[2] != 3 or picture.dtype != np.uint8 or picture.size == 0:
        raise ValueError(f"A picture is (H, W, 3), uint8. Received: shape={picture.shape}, dtype={picture.dtype}")
    image = Image.fromarray(picture)
    small = picture_file.averaged(image, (0, 0, *image.size), _kept_size(image), "RGB")
    return _as_jpeg(np.asarray(small)), small.height, small.width


def _kept_size(image: Image.Image) -> tuple[int, int]:
    """Columns and rows as kept, before the picture is turned upright."""
    width, height = image.size
    share = min(1.0, LONGEST / max(width, height))
    columns, rows = round(width * share), round(height * share)
    if min(columns, rows) < SHORTEST:
        raise picture_file.Refused(
            f"A picture is too small below {SHORTEST} pixels a side, also once its longer side has {LONGEST}. "
            f"Received: {width} × {height} pixels"
        )
    return columns, rows


def _as_jpeg(picture: np.ndarray) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(picture).save(stream, "JPEG", quality=QUALITY)
    return stream.getvalue()
