"""Pictures and ZIPs for tests."""

import io
import struct
import zipfile
import zlib

import numpy as np
from PIL import Image


def saved(image: Image.Image, kind: str = "PNG", **options) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def photo(seed: int, width: int = 40, height: int = 30, kind: str = "JPEG", **options) -> bytes:
    """A small picture that no other seed gives."""
    coarse = np.random.default_rng(seed).integers(0, 256, (3, 4, 3), dtype=np.uint8)
    return saved(Image.fromarray(coarse).resize((width, height)), kind, **options)


def png_claiming(width: int, height: int, pixels: bytes = b"") -> bytes:
    """A grey 8-bit PNG whose header claims a size."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(pixels)) + chunk(b"IEND", b"")


def zipped(files: dict[str, bytes] | list, packing: int = zipfile.ZIP_STORED) -> bytes:
    """A ZIP of these files; a name that ends with "/" is a folder. A list of pairs may hold a name twice."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", packing) as members:
        for name, content in files.items() if isinstance(files, dict) else files:
            members.writestr(name, content)
    return stream.getvalue()
