"""When a network should say "neither": pictures whose features lie far from all that it has learnt from.

The distance is an angle: 1 − cosine to the nearest training pictures, averaged over a few of them; or twice that to
the very nearest, where this is less: what was taught with a single picture is known from then on. Angles, because how
strongly a picture speaks says nothing about what it shows. They are seen from 0, where none of the maps lights up: seen
from the mean of the training pictures, walls and noise looked like many of them (of 1,000 photos of other things 45%
were called new, from 0 it was 87%). A threshold that lets nearly all validation pictures pass
decides. Training pictures themselves cannot set it: each of them lies next to itself.
"""

import base64
from dataclasses import dataclass
from typing import Any

import numpy as np

NEAREST = 3  # training pictures that the distance is averaged over
# A single training picture makes another one known that is half as far as the limit. Of other views of a thing that was
# taught with one photo, 53% were called new without this and 7% with it; of photos of other things 86% either way, of
# test photos 6% (assets/results/taught.json).
ALONE = 2.0
PASSING = 0.95  # share of the validation pictures that counts as known
MOST_KEPT = 512  # training pictures that are remembered


@dataclass(frozen=True, eq=False)
class Novelty:
    """Training pictures as directions in feature space, and how far away is too far."""

    directions: np.ndarray  # (n, d) float32 of length 1: each training picture's features
    threshold: float  # the distance, 0 to 2, beyond which a picture is new

    def distance(self, features: np.ndarray) -> np.ndarray:
        """How far pictures lie from the training pictures: (m,), from 0. features: (m, d), or (d,) for one."""
        features = np.atleast_2d(np.asarray(features, np.float32))
        if features.shape[1] != self.directions.shape[1]:
            raise ValueError(
                f"Features have {self.directions.shape[1]} numbers a picture here. Received: shape={features.shape}"
            )
        likeness = _directions(features) @ self.directions.T  # (m, n)
        nearest = min(NEAREST, likeness.shape[1])
        few = 1 - np.partition(likeness, -nearest, axis=1)[:, -nearest:]
        return np.minimum(few.mean(axis=1), ALONE * few.min(axis=1))

    def is_new(self, features: np.ndarray) -> np.ndarray:
        """(m,) bool: True for pictures unlike all that was learnt from."""
        return self.distance(features) > self.threshold

    def to_json(self) -> dict[str, Any]:
        """Plain values, the arrays as float16 in base64."""
        return {
            "distance": f"1 - cosine, mean of the {NEAREST} nearest training pictures, at most {ALONE:g} x the nearest",
            "nearest": NEAREST,
            "alone": ALONE,
            "threshold": self.threshold,
            "features": self.directions.shape[1],
            "directions": _packed(self.directions),
        }

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> "Novelty":
        """ValueError for content that is none of `to_json`'s."""
        try:
            directions = _unpacked(content["directions"]).reshape(-1, int(content["features"]))
            threshold = float(content["threshold"])
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"Novelty has a threshold and directions. Received: {error}") from error
        if len(directions) == 0 or not all(np.isfinite(part).all() for part in (directions, threshold)):
            raise ValueError(f"Novelty remembers pictures in finite numbers. Received: {directions.shape} directions")
        return cls(directions, threshold)


def fit(training: np.ndarray, validation: np.ndarray, passing: float = PASSING) -> Novelty:
    """Remember the training pictures and set the threshold on the validation pictures.

    training, validation: (n, d) and (m, d) features (the mean of each of the last maps), no picture in both.
    passing: share of the validation pictures that shall count as known, 0 to 1.
    """
    training, validation = (np.asarray(features, np.float32) for features in (training, validation))
    for name, features in (("training", training), ("validation", validation)):
        if features.ndim != 2 or len(features) == 0 or not np.isfinite(features).all():
            raise ValueError(f"Features are (n, d) finite numbers. Received: {name} of shape {features.shape}")
    if not 0 <= passing <= 1:
        raise ValueError(f"A share is 0 to 1. Received: passing={passing}")
    kept = np.linspace(0, len(training) - 1, min(len(training), MOST_KEPT)).round().astype(int)
    memory = Novelty(_directions(training[kept]), 0.0)
    return Novelty(memory.directions, float(np.quantile(memory.distance(validation), passing)))


def _directions(features: np.ndarray) -> np.ndarray:
    """(n, d) brought to length 1."""
    return features / np.maximum(np.linalg.norm(features, axis=1, keepdims=True), 1e-9)


def _packed(array: np.ndarray) -> str:
    return base64.b64encode(array.astype("<f2").tobytes()).decode("ascii")


def _unpacked(text: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text, validate=True), "<f2").astype(np.float32)
