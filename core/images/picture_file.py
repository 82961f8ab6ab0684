"""Reading a picture file that anybody may have made: its size is known before it is decoded, its faults have words."""

import contextlib
import io
import threading
from collections.abc import Callable

import numpy as np
from PIL import ExifTags, Image, ImageOps

MAX_BYTES = 20 * 1024 * 1024
# A phone's "50 megapixels" is up to 8192×6144, saved as a JPEG, which is decoded at a fraction of its size. The others
# are decoded whole: a PNG takes up to 8 bytes a pixel, a WebP 16, and either stays under 300 MB.
MAX_PIXELS = {"JPEG": 8192 * 6144, "PNG": 6144 * 4096, "WEBP": 4096 * 4096}

# How files begin that people take for such pictures, or that were one before they broke.
_KNOWN = {
    b"\x89PNG": "a broken PNG",
    b"\xff\xd8": "a broken JPEG",
    b"RIFF": "a broken WebP",
    b"GIF8": "a GIF",
    b"BM": "a BMP",
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a ZIP file",
    b"<svg": "an SVG",
}
# A class that uploads large pictures together takes turns, so that the memory of one decoding is enough for all.
_TURN = threading.Lock()
SMALL = 1 << 20  # pixels, up to which nobody waits


def read(data: bytes, make_small: Callable[[Image.Image], Image.Image]) -> np.ndarray:
    """What `make_small` makes of a PNG, JPEG or WebP picture: uint8, (H, W) if grey, (H, W, 3) if in colour.

    data: the file's bytes, at most 20 MB; a JPEG of at most 50 megapixels, a PNG of 25, a WebP of 16. The content
        counts, not the file's name.
    make_small: is given the picture with its header read and its pixels not yet decoded, and decodes them. An exception
        of its own means a broken file, but Refused goes through.
    ValueError, in plain words, for anything else.
    """
    if len(data) > MAX_BYTES:
        raise ValueError(f"A picture file has at most 20 MB. Received: {len(data) / 1024**2:.1f} MB")
    with _opened(data) as image:
        width, height = image.size
        kind = image.format if image.format in MAX_PIXELS else "JPEG"  # "MPO": a JPEG with a preview behind it
        if width * height > MAX_PIXELS[kind]:
            raise _too_large(kind, f"{width} × {height} pixels")
        try:
            with _TURN if width * height > SMALL else contextlib.nullcontext():
                small = make_small(image)
        except Refused:
            raise
        except Exception as error:
            raise ValueError(
                f"This picture is broken or cut short. Received: {kind}, {width} × {height} pixels, {len(data):,} bytes"
            ) from error
    return np.array(small, dtype=np.uint8)


class Refused(ValueError):
    """A whole picture that is not wanted; what `make_small` raises to say so."""


def averaged(image: Image.Image, box: tuple[int, int, int, int], size: tuple[int, int], mode: str) -> Image.Image:
    """A part of a decoded picture with `size` (columns, rows), each cell an average, in mode "L" or "RGB", upright.

    box: left, top, right and bottom of the part. What is transparent becomes white, or black where the drawing itself
    is light. The size is that before the picture is turned as its EXIF says.
    """
    # Only the small picture is made grey or laid on a ground: a copy of a large one would cost as much again.
    if image.has_transparency_data and not image.mode.startswith("I"):
        small = _on_ground(_shrunk(image if image.mode == "RGBA" else image.convert("RGBA"), box, size), mode)
    else:
        small = _shrunk(_smooth(image), box, size).convert(mode)
    return _upright(small, image)


def is_upright(image: Image.Image) -> bool:
    """True if the picture shows as it is stored; EXIF that cannot be read turns nothing."""
    with contextlib.suppress(Exception):
        return image.getexif().get(ExifTags.Base.Orientation, 1) == 1
    return True


def _opened(data: bytes) -> Image.Image:
    """The picture with its header read and its pixels not yet decoded."""
    try:
        return Image.open(io.BytesIO(data), formats=tuple(MAX_PIXELS))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large("JPEG", "one more than three times as large") from error
    except Exception as error:  # Pillow's readers raise OSError, SyntaxError, struct.error and more on broken files
        raise ValueError(f"This file is not a PNG, JPEG or WebP picture. Received: {_what_arrived(data)}") from error


def _shrunk(image: Image.Image, box: tuple[int, int, int, int], size: tuple[int, int]) -> Image.Image:
    """That part of the picture with as many columns and rows as asked for, each an average."""
    # Whole pixels are averaged first, which is fast, down to twice the size: 0.2 of 255 levels off the one long way.
    factor = min((box[2] - box[0]) // (2 * size[0]), (box[3] - box[1]) // (2 * size[1]))
    part = image.reduce(factor, box) if factor > 1 else image.crop(box)
    # Hamming averages without overshoot: Lanczos draws a halo round ink, which would be seen as numbers in the grid.
    return part.resize(size, Image.Resampling.HAMMING)


def _smooth(image: Image.Image) -> Image.Image:
    """An opaque picture in a mode whose values can be averaged: not a palette, and 8 bits deep."""
    if image.mode.startswith("I"):  # 16-bit grey; Pillow's own conversion cuts off at 255 instead of scaling
        return Image.fromarray((np.asarray(image) >> 8).clip(0, 255).astype(np.uint8))
    return image if image.mode in ("L", "RGB", "CMYK") else image.convert("RGB")


def _upright(small: Image.Image, original: Image.Image) -> Image.Image:
    """`small`, turned as the original's EXIF says; as it is where the EXIF cannot be read."""
    with contextlib.suppress(Exception):  # a camera's odd EXIF is no reason to refuse its picture
        small.getexif()[ExifTags.Base.Orientation] = original.getexif().get(ExifTags.Base.Orientation, 1)
        small = ImageOps.exif_transpose(small)
    return small


def _on_ground(image: Image.Image, mode: str) -> Image.Image:
    """An RGBA picture on white, as viewers show it; on black if what is drawn is light and would vanish on white."""
    grey = np.asarray(image.convert("RGB").convert("L"), dtype=np.float64)  # (H, W)
    opacity = np.asarray(image.getchannel("A"), dtype=np.float64) / 255  # (H, W)
    drawn = opacity.sum()
    ground = 0 if drawn > 0 and (grey * opacity).sum() / drawn > 127.5 else 255
    light = grey if mode == "L" else np.asarray(image.convert("RGB"), dtype=np.float64)  # (H, W) or (H, W, 3)
    share = opacity if mode == "L" else opacity[:, :, np.newaxis]
    return Image.fromarray(np.rint(light * share + ground * (1 - share)).astype(np.uint8))


def _too_large(kind: str, received: str) -> ValueError:
    megapixels = MAX_PIXELS[kind] // 1_000_000
    return ValueError(f"A {kind} picture has at most {megapixels} megapixels. Received: {received}")


def _what_arrived(data: bytes) -> str:
    """The file in a person's words: what it seems to be, and its length."""
    if not data:
        return "an empty file"
    kind = next((name for start, name in _KNOWN.items() if data.startswith(start)), "a file")
    if data[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1"):
        kind = "a HEIC photo (phones can save JPEG instead)"
    return f"{kind} of {len(data):,} bytes"
