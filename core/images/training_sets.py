"""The picture sets that a network can be trained on, as arrays of one layout: (N, H, W, C), uint8."""

import functools
import threading
from dataclasses import dataclass

import numpy as np

from core.images import datasets
from core.images.catalogue import CIFAR10, DRAWN, FASHION_MNIST, MNIST, DatasetEntry
from core.images.digits import drawn_dataset

DRAWN_TRAIN, DRAWN_TEST = 12_000, 2_000  # about 5,000 digits are drawn in a second
MOST_DRAWN = 60_000
TEST_SEED = 2**40 + 7  # no seed that a person chooses: the test digits are never among the training digits
_DRAWING = threading.Lock()


@dataclass(frozen=True)
class TrainingSet:
    """One set, as a page lists it."""

    entry: DatasetEntry  # to download it: core.images.download.start_download(entry)
    train_count: int
    test_count: int

    @property
    def name(self) -> str:
        return self.entry.name

    @property
    def title(self) -> str:
        return self.entry.title

    @property
    def about(self) -> str:
        return self.entry.about

    @property
    def classes(self) -> tuple[str, ...]:
        return self.entry.classes

    @property
    def shape(self) -> tuple[int, int, int]:
        """(H, W, C) of a picture."""
        return (*self.entry.shape[:2], 3 if len(self.entry.shape) == 3 else 1)

    @property
    def licence(self) -> str:
        return self.entry.licence

    @property
    def source(self) -> str:
        return self.entry.source

    @property
    def source_url(self) -> str:
        return self.entry.source_url

    @property
    def download_bytes(self) -> int:
        return self.entry.download_bytes


def _listed(entry: DatasetEntry) -> TrainingSet:
    return TrainingSet(entry, entry.train_count or DRAWN_TRAIN, entry.test_count or DRAWN_TEST)


TRAINING_SETS: dict[str, TrainingSet] = {entry.name: _listed(entry) for entry in (DRAWN, MNIST, FASHION_MNIST, CIFAR10)}


@dataclass(frozen=True)
class TrainingArrays:
    """What is trained on and what is judged by. All arrays are read-only uint8."""

    x_train: np.ndarray  # (N, H, W, C)
    y_train: np.ndarray  # (N,)
    x_test: np.ndarray  # (M, H, W, C)
    y_test: np.ndarray  # (M,)
    classes: tuple[str, ...]


def available(name: str) -> str | None:
    """Where the set would come from now: "CONVLAB_DATA", "Keras cache", "built in", or None. Loads nothing."""
    return datasets.available(name)


def load_arrays(name: str, count: int | None = None, seed: int = 0) -> TrainingArrays:
    """The pictures and labels of a set.

    count: how many training pictures. Of a stored set: that many, chosen and mixed by the seed, or None for all in
        their own order. Of the drawn digits: that many are drawn, 12,000 by default and 60,000 at most.
    seed: a whole number from 0 to a million.
    returns: TrainingArrays; the test half is whole and the same for every count and seed.
    Raises ValueError for an unknown name, count or seed; DatasetMissing when the set is not on this machine.
    """
    entry = datasets.entry_of(name)
    most = entry.train_count or MOST_DRAWN
    if count is not None and not _is_whole(count, 1, most):
        raise ValueError(f"{entry.title} has 1 to {most:,} pictures to train on. Received: count={count!r}")
    if not _is_whole(seed, 0, 1_000_000):
        raise ValueError(f"A seed is a whole number from 0 to a million. Received: seed={seed!r}")
    if entry.kind == "drawn":
        with _DRAWING:  # of many who ask at once, one draws
            arrays = (*_drawn(count or DRAWN_TRAIN, seed), *_drawn(DRAWN_TEST, TEST_SEED))
    else:
        stored = datasets.load(name)
        arrays = (*_chosen(stored.x_train, stored.y_train, count, seed), stored.x_test, stored.y_test)
    x_train, y_train, x_test, y_test = (_read_only(array) for array in arrays)
    return TrainingArrays(_with_channels(x_train), y_train, _with_channels(x_test), y_test, entry.classes)


@functools.lru_cache(maxsize=4)  # two runs of 12,000 with their test digits: 22 MB
def _drawn(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    return drawn_dataset(count, seed)


def _chosen(pictures: np.ndarray, labels: np.ndarray, count: int | None, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """That many pictures and their labels; all of them when count is None or there are no more."""
    if count is None:
        return pictures, labels
    places = np.random.default_rng(seed).permutation(len(labels))[:count]
    return pictures[places], labels[places]


def _with_channels(pictures: np.ndarray) -> np.ndarray:
    return pictures[..., np.newaxis] if pictures.ndim == 3 else pictures  # (N, H, W, C)


def _read_only(array: np.ndarray) -> np.ndarray:
    array.setflags(write=False)
    return array


def _is_whole(value, least: int, most: int) -> bool:
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool) and least <= value <= most
