"""Pictures of a test set through a network, prepared as everywhere in the house."""

import keras
import numpy as np

from core.transfer.preparation import prepared
from scripts.backbone.packed import PackedPictures

BATCH = 100


def prepared_pictures(packed: PackedPictures, side: int) -> np.ndarray:
    """(N, side, side, 3) uint8, through the one preparation function."""
    return np.stack([prepared(np.asarray(packed.open(index)), side) for index in range(len(packed))])


def through(model: keras.Model, pictures: np.ndarray) -> np.ndarray:
    """What the model says of pictures (N, side, side, 3); maps (N, h, w, c) become their means (N, c)."""
    parts = []
    for first in range(0, len(pictures), BATCH):
        said = np.asarray(model.predict_on_batch(pictures[first : first + BATCH].astype(np.float32)))
        parts.append(said.mean(axis=(1, 2)) if said.ndim == 4 else said)
    return np.concatenate(parts)
