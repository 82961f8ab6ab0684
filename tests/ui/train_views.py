"""Made-up runs for the tests of the Train page."""

import numpy as np

from core.nets.adapted import SMALL
from core.training.snapshot import Snapshot
from core.training.spec import RunSpec
from core.training.view import EpochResult, RunView

DIGITS = tuple("0123456789")


def epoch(number: int, **changes) -> EpochResult:
    values = {
        "epoch": number,
        "loss": 1 / (number + 1),
        "accuracy": 1 - 0.2 / (number + 1),
        "validation_loss": 1.1 / (number + 1),
        "validation_accuracy": 1 - 0.25 / (number + 1),
        "learning_rate": 0.001,
        "seconds": 2.0,
        "gradients": {"conv2d_1": 0.1, "dense_2": 0.4},
        "step": 750 * (number + 1),
    }
    return EpochResult(**{**values, **changes})


def snapshot(**changes) -> Snapshot:
    random = np.random.default_rng(0)
    values = {
        "number": 3,
        "step": 900,
        "kernels": random.normal(size=(5, 5, 1, 12)).astype(np.float16),
        "maps": (
            ("conv2d_1", random.integers(0, 256, (24, 24, 12)).astype(np.uint8)),
            ("conv2d_2", random.integers(0, 256, (10, 10, 16)).astype(np.uint8)),
        ),
        "prediction": (0.0, 0.0, 0.05, 0.9, 0.0, 0.04, 0.0, 0.0, 0.01, 0.0),
        "watched": 0,
        "picture": random.integers(0, 256, (28, 28, 1)).astype(np.uint8),
        "label": 3,
        "gradients": {"conv2d_1": 0.2},
    }
    return Snapshot(**{**values, **changes})


def view(**changes) -> RunView:
    """A run of the lecture's size in its third epoch."""
    values = {
        "id": "abc123",
        "title": "A small CNN on Drawn digits",
        "visitor": "someone",
        "created": 1_700_000_000.0,
        "spec": RunSpec(SMALL),
        "state": "running",
        "device": "2 cores",
        "epoch": 2,
        "batch": 412,
        "batches": 750,
        "training_count": 48_000,
        "validation_count": 12_000,
        "classes": DIGITS,
        "picture_shape": (28, 28, 1),
        "learning_rate": 0.001,
        "pictures_per_second": 6912.3,
        "seconds_left": 41.2,
        "seconds": 12.0,
        "points": ((10, 2.3, 0.1), (750, 1.0, 0.7), (1912, 0.4, 0.9)),
        "epochs": (epoch(0), epoch(1)),
        "snapshot": snapshot(),
        "confusion": np.diag(np.arange(10)),
    }
    return RunView(**{**values, **changes})
