"""Packed picture sets: all files of a set back to back in one array of bytes, opened one by one."""

import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from PIL import Image


class PackedPictures:
    """One half of a packed set: picture i is the file `bytes[offset[i]:offset[i + 1]]`.

    path: an .npz file with {half}_webp or {half}_jpeg, {half}_offset and {half}_label.
    """

    def __init__(self, path: Path, half: str):
        with np.load(path, allow_pickle=False) as arrays:
            kind = "webp" if f"{half}_webp" in arrays else "jpeg"
            self._bytes = arrays[f"{half}_{kind}"]
            self._offset = arrays[f"{half}_offset"]
            self.labels = arrays[f"{half}_label"].astype(np.int32)  # (N,)

    def __len__(self) -> int:
        return len(self.labels)

    def open(self, index: int) -> Image.Image:
        """The index-th picture, RGB."""
        packed = self._bytes[self._offset[index] : self._offset[index + 1]]
        return Image.open(io.BytesIO(packed.tobytes())).convert("RGB")

    def decoded(self) -> np.ndarray:
        """All pictures of a set whose pictures are of one size. (N, H, W, 3) uint8."""
        with ThreadPoolExecutor(2) as threads:  # Pillow decodes outside the interpreter's lock
            return np.stack(list(threads.map(lambda index: np.asarray(self.open(index)), range(len(self)))))
