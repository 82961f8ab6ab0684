"""The inside of a network at one moment of its training, as it travels from the worker to the page."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The inside of the network at one moment."""

    number: int  # counts snapshots, from 1
    step: int  # batches trained so far
    kernels: np.ndarray | None  # (kh, kw, C, K) float16, of the first convolution
    # layer name, (h, w, up to 64 maps of the first layer, 16 of the others) uint8: 0 is the map's least, 255 its most
    maps: tuple[tuple[str, np.ndarray], ...]
    prediction: tuple[float, ...]  # the probability of each class for the followed picture
    watched: int  # which validation picture
    picture: np.ndarray  # (H, W, C) uint8
    label: int
    gradients: dict[str, float]  # layer name -> size of its last gradient


@dataclass(frozen=True, eq=False)
class Tried:
    """A trained network with one filter changed."""

    before: float  # accuracy on validation pictures, as it was learnt
    accuracy: float  # with the change
    snapshot: Snapshot  # its inside with the change
