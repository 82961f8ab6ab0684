"""Picture sets from this machine's disk: the folder CONVLAB_DATA first, then the Keras cache. Nothing is fetched here.

Files in the cache count only when they are the published ones, to the byte: a download that Keras or a crash cut short
is as good as absent. A file in CONVLAB_DATA is somebody's own choice, so a wrong one is an error that names it.
"""

import functools
import gzip
import hashlib
import os
import tempfile
import threading
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.images.catalogue import DatasetEntry, RemoteFile, entry_of
from core.images.cifar_batches import read_batches

DATA_FOLDER = "CONVLAB_DATA"
KERAS_CACHE = "Keras cache"
BUILT_IN = "built in"

_READING = threading.Lock()


class DatasetMissing(FileNotFoundError):
    """The picture set is not on this machine; the message says how to get it."""


@dataclass(frozen=True)
class Dataset:
    """A whole picture set. All arrays are read-only uint8."""

    x_train: np.ndarray  # (N, 28, 28), of CIFAR-10 (N, 32, 32, 3)
    y_train: np.ndarray  # (N,)
    x_test: np.ndarray  # (M, 28, 28), of CIFAR-10 (M, 32, 32, 3)
    y_test: np.ndarray  # (M,)


def available(name: str) -> str | None:
    """Where the set would come from now: "CONVLAB_DATA", "Keras cache", "built in", or None. Loads nothing."""
    entry = entry_of(name)
    if entry.kind == "drawn":
        return BUILT_IN
    found = _find(entry)
    return found[0] if found else None


def load(name: str) -> Dataset:
    """All pictures of a set that is on this machine.

    Raises DatasetMissing (a FileNotFoundError) when it is not here, ValueError when the file in CONVLAB_DATA is no
    such set or when the set is drawn, not stored.
    """
    entry, path = _stored(name)
    return Dataset(*_read(entry, path, ("train", "test")))


def sample(name: str, label: int, index: int) -> np.ndarray:
    """The index-th test picture with that label, counted round and round. (28, 28) uint8, read-only.

    Only the test half is read, once for the whole process (8 MB; CIFAR-10's 31). Errors as in `load`.
    """
    entry, path = _stored(name)
    if not 0 <= label < len(entry.classes):
        raise ValueError(f"A label of {entry.title} is 0 to {len(entry.classes) - 1}. Received: label={label!r}")
    with _READING:  # thirty visitors who arrive together wait for one reading
        pictures, places = _test_half(entry, path, path.stat().st_mtime_ns)
    if len(places[label]) == 0:
        raise ValueError(f"{entry.title} has no test picture of this class. Received: label={label}")
    return pictures[places[label][index % len(places[label])]]


def keras_folders() -> tuple[Path, ...]:
    """Where Keras may have put files, the folder that it would write to first."""
    fallback = Path("/tmp" if os.path.isdir("/tmp") else tempfile.gettempdir()) / ".keras"
    chosen = Path(os.environ.get("KERAS_HOME") or "~/.keras").expanduser()
    return (chosen, fallback) if _can_write(chosen) else (fallback, chosen)


def is_intact(path: Path, file: RemoteFile) -> bool:
    """True if `path` holds exactly the published file. The digest is computed once for each state of the file."""
    try:
        state = path.stat()
        return state.st_size == file.size and _digest(path, file.algorithm, state.st_mtime_ns) == file.digest
    except OSError:
        return False


@functools.lru_cache(maxsize=64)
def _digest(path: Path, algorithm: str, _changed: int) -> str:
    with path.open("rb") as stream:
        return f"{algorithm}:{hashlib.file_digest(stream, algorithm).hexdigest()}"


def _can_write(folder: Path) -> bool:
    """True if the folder can be written to, or made."""
    there = next((place for place in (folder, *folder.parents) if place.exists()), folder)
    return os.access(there, os.W_OK)


def _find(entry: DatasetEntry) -> tuple[str, Path] | None:
    """Where the set is, and its .npz file or the folder of its IDX files."""
    if chosen := os.environ.get("CONVLAB_DATA"):
        own = Path(chosen).expanduser() / entry.data_file
        if own.is_file():
            return DATA_FOLDER, own
    for home in keras_folders():
        folder = home / entry.cache_folder
        if all(is_intact(folder / file.name, file) for file in entry.files):
            return KERAS_CACHE, folder / entry.files[0].name if len(entry.files) == 1 else folder
    return None


def _stored(name: str) -> tuple[DatasetEntry, Path]:
    """The entry and its place on this machine, for a set that is read from files."""
    entry = entry_of(name)
    if entry.kind == "drawn":
        raise ValueError(f"{entry.title} are drawn when they are needed, not loaded. Received: name={name!r}")
    found = _find(entry)
    if found is None:
        raise DatasetMissing(
            f"{entry.title} is not on this machine. Download it ({entry.download_bytes / 1e6:.1f} MB), or put "
            f"{entry.data_file} into the folder that CONVLAB_DATA names."
        )
    return entry, found[1]


@functools.lru_cache(maxsize=2)
def _test_half(entry: DatasetEntry, path: Path, _changed: int) -> tuple[np.ndarray, list[np.ndarray]]:
    """The test pictures (M, H, W) or (M, H, W, 3), and for each label the places of its pictures."""
    pictures, labels = _read(entry, path, ("test",))
    return pictures, [np.flatnonzero(labels == label) for label in range(len(entry.classes))]


def _read(entry: DatasetEntry, path: Path, halves: tuple[str, ...]) -> list[np.ndarray]:
    """Pictures and labels of each half, in turn, checked and read-only."""
    if path.is_dir():
        arrays = _from_idx(path, halves)
    else:
        arrays = _from_npz(path, halves) if path.suffix == ".npz" else read_batches(path, halves)
    # Keras gives CIFAR-10's labels as a column (N, 1), and so they lie in the files that people save.
    arrays = [array[:, 0] if array.ndim == 2 and array.shape[1] == 1 else array for array in arrays]
    for half, pictures, labels in zip(halves, arrays[::2], arrays[1::2], strict=True):
        _check(entry, path, half, pictures, labels)
    arrays = [array.astype(np.uint8, copy=False) for array in arrays]
    for array in arrays:
        array.setflags(write=False)
    return arrays


def _from_npz(path: Path, halves: tuple[str, ...]) -> list[np.ndarray]:
    """x and y of each half. Members of an .npz are unpacked one by one, so an unwanted half costs nothing."""
    names = [f"{letter}_{half}" for half in halves for letter in "xy"]
    try:
        with zipfile.ZipFile(path) as members:
            missing = [key for key in names if f"{key}.npy" not in members.namelist()]
        if missing:
            raise ValueError(f"it has no {', '.join(missing)}")
        with np.load(path, allow_pickle=False) as arrays:
            # A member that is no array comes back as bytes; as an array of bytes it fails the check.
            return [np.asarray(arrays[key]) for key in names]
    except (OSError, ValueError, EOFError, MemoryError, RuntimeError, zipfile.BadZipFile, zlib.error) as error:
        raise ValueError(
            f"A picture set is an .npz file with x_train, y_train, x_test and y_test. Received: {path} ({error})"
        ) from error


def _from_idx(folder: Path, halves: tuple[str, ...]) -> list[np.ndarray]:
    """x and y of each half from the four gzipped IDX files, whose digests were checked before."""
    arrays = []
    for half in halves:
        prefix = "t10k" if half == "test" else half
        # An IDX file of bytes starts with 00 00 08 and its number of axes, then each axis as four bytes.
        for kind, axes in (("images-idx3", 3), ("labels-idx1", 1)):
            content = gzip.decompress((folder / f"{prefix}-{kind}-ubyte.gz").read_bytes())
            shape = np.frombuffer(content, ">u4", count=axes, offset=4)
            arrays.append(np.frombuffer(content, np.uint8, offset=4 + 4 * axes).reshape(shape))
    return arrays


def _check(entry: DatasetEntry, path: Path, half: str, pictures: np.ndarray, labels: np.ndarray) -> None:
    right = (
        pictures.ndim == 1 + len(entry.shape)
        and pictures.shape[1:] == entry.shape
        and pictures.dtype == np.uint8
        and labels.shape == pictures.shape[:1]
        and len(labels) > 0
        and np.issubdtype(labels.dtype, np.integer)
        and labels.min() >= 0
        and labels.max() < len(entry.classes)
    )
    if not right:
        kind = f"{entry.shape[0]}×{entry.shape[1]} {'colour' if len(entry.shape) == 3 else 'grey'}"
        raise ValueError(
            f"x_{half} holds {kind} pictures as uint8, y_{half} a label from 0 to "
            f"{len(entry.classes) - 1} for each. Received: {path} with x_{half} {pictures.shape} {pictures.dtype}, "
            f"y_{half} {labels.shape} {labels.dtype}"
        )
