"""CIFAR-10 from its published archive: six pickled batches, read without giving a pickle the run of the house."""

import io
import pickle
import tarfile
from pathlib import Path

import numpy as np

HALVES = {"train": tuple(f"data_batch_{number}" for number in range(1, 6)), "test": ("test_batch",)}
# The batches hold a dictionary with a list and an array, which three names rebuild. They were written by an old NumPy,
# whose module had another name.
_ALLOWED = {
    ("numpy.core.multiarray", "_reconstruct"): np.ndarray.__reduce__(np.empty(0))[0],
    ("numpy._core.multiarray", "_reconstruct"): np.ndarray.__reduce__(np.empty(0))[0],
    ("numpy", "ndarray"): np.ndarray,
    ("numpy", "dtype"): np.dtype,
}


class _Batch(pickle.Unpickler):
    """Rebuilds arrays and plain values; anything else that a pickle asks for is refused."""

    def find_class(self, module, name):
        if (module, name) not in _ALLOWED:
            raise ValueError(f"A batch of CIFAR-10 holds arrays and lists only. Received: {module}.{name}")
        return _ALLOWED[module, name]


def read_batches(archive: Path, halves: tuple[str, ...]) -> list[np.ndarray]:
    """x (N, 32, 32, 3) uint8 and y (N,) uint8 of each half, in turn.

    archive: the .tar.gz whose digest was checked before. Nothing is unpacked to disk.
    Raises ValueError for an archive that is not laid out so.
    """
    arrays = []
    try:
        with tarfile.open(archive, "r:gz") as members:
            for half in halves:
                batches = [_read_batch(members, name) for name in HALVES[half]]
                arrays += [np.concatenate(parts) for parts in zip(*batches, strict=True)]
    except (OSError, EOFError, KeyError, TypeError, ValueError, tarfile.TarError, pickle.UnpicklingError) as error:
        raise ValueError(f"CIFAR-10 is an archive with six batches. Received: {archive} ({error})") from error
    return arrays


def _read_batch(members: tarfile.TarFile, name: str) -> tuple[np.ndarray, np.ndarray]:
    """The pictures (N, 32, 32, 3) and the labels (N,) of one batch, both uint8."""
    stream = members.extractfile(f"cifar-10-batches-py/{name}")
    if stream is None:
        raise ValueError(f"{name} is no file")
    batch = _Batch(io.BytesIO(stream.read()), encoding="bytes").load()
    planes = np.asarray(batch[b"data"], np.uint8).reshape(-1, 3, 32, 32)  # red, green, blue one after another
    return planes.transpose(0, 2, 3, 1), np.asarray(batch[b"labels"], np.uint8)  # (N, 32, 32, 3)
