"""A person's own picture (a file or a camera snapshot) as a small grid, grey or in colour."""

import contextlib
import io
import threading

import numpy as np
from PIL import ExifTags, Image, ImageOps

MIN_SIDE, MAX_SIDE = 8, 64
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
# A class that uploads together takes turns, so that the memory of one decoding is enough for all.
_TURN = threading.Lock()


def read_picture(data: bytes, side: int = 28, invert: bool = False) -> np.ndarray:
    """The middle square of a PNG, JPEG or WebP picture, upright and grey.

    data: the file's bytes, at most 20 MB; a JPEG of at most 50 megapixels, a PNG of 25, a WebP of 16. The content
        counts, not the file's name.
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
    if len(data) > MAX_BYTES:
        raise ValueError(f"A picture file has at most 20 MB. Received: {len(data) / 1024**2:.1f} MB")
    with _TURN, _opened(data) as image:
        width, height = image.size
        kind = image.format if image.format in MAX_PIXELS else "JPEG"  # "MPO": a JPEG with a preview behind it
        if width * height > MAX_PIXELS[kind]:
            raise _too_large(kind, f"{width} × {height} pixels")
        try:
            small = _middle_square(image, int(side), mode)
        except Exception as error:
            raise ValueError(
                f"This picture is broken or cut short. Received: {kind}, {width} × {height} pixels, {len(data):,} bytes"
            ) from error
    return np.array(small, dtype=np.uint8)


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


def _opened(data: bytes) -> Image.Image:
    """The picture with its header read and its pixels not yet decoded."""
    try:
        return Image.open(io.BytesIO(data), formats=tuple(MAX_PIXELS))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large("JPEG", "one more than three times as large") from error
    except Exception as error:  # Pillow's readers raise OSError, SyntaxError, struct.error and more on broken files
        raise ValueError(f"This file is not a PNG, JPEG or WebP picture. Received: {_what_arrived(data)}") from error


def _middle_square(image: Image.Image, side: int, mode: str) -> Image.Image:
    """The centred square of an opened picture, (side, side), mode "L" or "RGB", turned upright."""
    # A JPEG decoder gives 1/2, 1/4 or 1/8 of the size for a fraction of the work; 4 × side leaves enough to average.
    image.draft(mode, (4 * side, 4 * side))
    image.load()
    width, height = image.size
    edge = min(width, height)
    left, top = (width - edge) // 2, (height - edge) // 2
    square = (left, top, left + edge, top + edge)
    # Only the small picture is made grey or laid on a ground: a copy of a large one would cost as much again.
    if image.has_transparency_data and not image.mode.startswith("I"):
        small = _on_ground(_shrunk(image if image.mode == "RGBA" else image.convert("RGBA"), square, side), mode)
    else:
        small = _shrunk(_smooth(image), square, side).convert(mode)
    return _upright(small, image)


def _shrunk(image: Image.Image, square: tuple[int, int, int, int], side: int) -> Image.Image:
    """That part of the picture with `side` rows and columns, each an average."""
    factor = (square[2] - square[0]) // (4 * side)
    part = image.reduce(factor, square) if factor > 1 else image.crop(square)
    # Hamming averages without overshoot: Lanczos draws a halo round ink, which would be seen as numbers in the grid.
    return part.resize((side, side), Image.Resampling.HAMMING)


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
