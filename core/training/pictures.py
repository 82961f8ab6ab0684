"""The pictures of a run: which are trained on, which validate, which are kept for the one test at the end."""

import hashlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.images.training_sets import TRAINING_SETS, load_arrays
from core.nets.layers import RandomBrightness, RandomFlip, RandomRotation, RandomTranslation, RandomZoom
from core.nets.network import Network, output_shape
from core.training.spec import OWN, RunSpec


@dataclass(frozen=True, eq=False)
class OwnPictures:
    """A person's own pictures, all of one shape."""

    x: np.ndarray  # (N, H, W, C) uint8
    y: np.ndarray  # (N,) the number of the class, from 0
    x_test: np.ndarray  # (M, H, W, C) uint8
    y_test: np.ndarray  # (M,)
    classes: tuple[str, ...]

    @cached_property
    def fingerprint(self) -> str:
        """Tells these pictures and labels from others, 16 hexadecimal digits."""
        digest = hashlib.sha256(repr((self.x.shape, self.classes)).encode())
        for part in (self.x, self.y, self.x_test, self.y_test):
            digest.update(np.ascontiguousarray(part))
        return digest.hexdigest()[:16]


@dataclass(frozen=True, eq=False)
class RunPictures:
    """The three parts of a run's pictures, uint8 (N, H, W, C), with their labels (N,)."""

    x_train: np.ndarray
    y_train: np.ndarray
    x_validation: np.ndarray
    y_validation: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray
    classes: tuple[str, ...]


def pictures_of(spec: RunSpec, own: OwnPictures | None = None) -> RunPictures:
    """The pictures of a run. The order is mixed by the spec's seed, then the last share validates.

    own: the pictures where spec.data is OWN. Raises ValueError where a part would be empty or a picture does not fit
    the network, and DatasetMissing for a set that is not on this machine.
    """
    if spec.data == OWN:
        if own is None:
            raise ValueError("A run on own pictures needs them. Received: no pictures")
        x, y, x_test, y_test, classes = own.x, own.y, own.x_test, own.y_test, own.classes
    else:
        arrays = load_arrays(spec.data, spec.picture_count, spec.seed)
        x, y, x_test, y_test, classes = arrays.x_train, arrays.y_train, arrays.x_test, arrays.y_test, arrays.classes
    order = np.random.default_rng([spec.seed, 0]).permutation(len(x))
    kept = validation_count(len(x), spec.validation_split)
    first, last = order[: len(x) - kept], order[len(x) - kept :]
    return RunPictures(x[first], y[first], x[last], y[last], x_test, y_test, tuple(classes))


def validation_count(pictures: int, validation_split: float) -> int:
    """How many of so many training pictures are kept for validation. Raises ValueError where a part would be empty."""
    kept = round(pictures * validation_split)
    if not 0 < kept < pictures:
        raise ValueError(
            "Training and validation need at least one picture each. "
            f"Received: {pictures} pictures, validation_split={validation_split}"
        )
    return kept


def check_fit(network: Network, shape: tuple[int, int, int], classes: int) -> None:
    """Raises ValueError where pictures of this shape do not go in, or the end does not tell that many classes."""
    if network.input_shape != tuple(shape):
        raise ValueError(
            f"The network takes pictures of {'×'.join(map(str, network.input_shape))}, these are "
            f"{'×'.join(map(str, shape))}. Received: input_shape={network.input_shape}"
        )
    end = output_shape(network)
    if end != (classes,) and not (classes == 2 and end == (1,)):
        wanted = "one sigmoid unit or two units" if classes == 2 else f"{classes} units, one for each class"
        raise ValueError(f"The network must end in {wanted}. Received: an output of shape {end}")


def check_run(spec: RunSpec, own: OwnPictures | None) -> None:
    """Raises ValueError where the pictures of a run are not there, or do not go with its network."""
    if spec.data == OWN:
        if own is None:
            raise ValueError("A run on own pictures needs them. Received: no pictures")
        check_fit(spec.network, own.x.shape[1:], len(own.classes))
    elif spec.data not in TRAINING_SETS:
        raise ValueError(f"Pictures to train on are one of {', '.join(TRAINING_SETS)}. Received: {spec.data!r}")
    else:
        known = TRAINING_SETS[spec.data]
        check_fit(spec.network, known.shape, len(known.classes))


def prepared(pictures: np.ndarray, network: Network) -> np.ndarray:
    """Pictures (N, H, W, C) uint8 as the network takes them: as they are where it rescales them itself, else 0 to 1."""
    return pictures if network.input_range == 255.0 else pictures.astype(np.float32) / np.float32(255)


def with_augmentation(network: Network, spec: RunSpec) -> Network:
    """The network with the spec's random changes as its first layers; they work in training only."""
    wanted = spec.augmentation
    layers = []
    if wanted.flip != "none":
        layers.append(RandomFlip(wanted.flip))
    for kind, amount in (
        (RandomRotation, wanted.rotation),
        (RandomZoom, wanted.zoom),
        (RandomTranslation, wanted.shift),
        (RandomBrightness, wanted.brightness),
    ):
        if amount:
            layers.append(kind(amount))
    return Network(network.input_shape, (*layers, *network.layers), network.name)
