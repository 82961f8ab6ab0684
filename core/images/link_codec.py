"""A small grey picture as text that fits in a link, and back."""

import base64
import re
import zlib

import numpy as np

MAX_SIDE = 64
# The longest text that encode_picture gives: a 64×64 picture of pure noise, which zlib cannot shrink.
MAX_TEXT = 5_600


def encode_picture(picture: np.ndarray) -> str:
    """The picture as URL-safe text: base64url, unpadded, of rows, columns and the zlib-packed pixels.

    picture: (H, W) uint8, H and W from 1 to 64. ValueError otherwise.
    """
    picture = np.asarray(picture)
    if picture.dtype != np.uint8 or picture.ndim != 2 or not all(1 <= n <= MAX_SIDE for n in picture.shape):
        raise ValueError(
            f"A picture for a link is grey (H, W), uint8, at most {MAX_SIDE}×{MAX_SIDE}. "
            f"Received: shape={picture.shape}, dtype={picture.dtype}"
        )
    packed = bytes(picture.shape) + zlib.compress(picture.tobytes(), level=9)
    return base64.urlsafe_b64encode(packed).rstrip(b"=").decode("ascii")


def decode_picture(text: str) -> np.ndarray:
    """The picture that encode_picture wrote: (H, W) uint8. ValueError if the text is anything else."""
    if not isinstance(text, str) or len(text) > MAX_TEXT or not re.fullmatch(r"[A-Za-z0-9_-]{4,}", text):
        raise _unreadable(text)
    try:
        packed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError as error:
        raise _unreadable(text) from error
    rows, columns = packed[:2]
    if not (1 <= rows <= MAX_SIDE and 1 <= columns <= MAX_SIDE):
        raise ValueError(
            f"A picture in a link is at most {MAX_SIDE}×{MAX_SIDE}. Received: {rows} rows, {columns} columns"
        )
    unpack = zlib.decompressobj()
    try:
        # One byte more than the picture holds is enough to see that there is more: a bomb is never unpacked.
        pixels = unpack.decompress(packed[2:], rows * columns + 1)
    except zlib.error as error:
        raise _unreadable(text) from error
    if len(pixels) != rows * columns or not unpack.eof or unpack.unused_data:
        raise _unreadable(text)
    return np.frombuffer(pixels, np.uint8).reshape(rows, columns).copy()


def _unreadable(text: object) -> ValueError:
    shown = repr(text)
    shown = shown if len(shown) <= 40 else shown[:40] + "…"
    return ValueError(f"The picture in this link cannot be read; the link may have been cut short. Received: {shown}")
