"""A run as a page sees it: one frozen picture of it at one moment."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from core.training.judging import turned_at
from core.training.spec import RunSpec

ACTIVE = ("preparing", "running", "paused")
MOST_POINTS = 600  # of a curve; even, so that all points stand for as many batches


@dataclass(frozen=True)
class EpochResult:
    """What one epoch brought."""

    epoch: int  # from 0
    loss: float
    accuracy: float
    validation_loss: float
    validation_accuracy: float
    learning_rate: float
    seconds: float
    gradients: dict[str, float]  # layer name -> size of its last gradient
    step: int  # batches trained when it ended, over all epochs
    share: float = 1.0  # of the epoch; less than 1 where the run was stopped in it


@dataclass(frozen=True, eq=False)
class RunView:
    """A run at one moment."""

    id: str
    title: str
    visitor: str
    created: float  # seconds since 1970
    spec: RunSpec
    state: str  # queued, preparing, running, paused, finished, stopped, failed or lost
    message: str = ""  # for people; why it failed, what can be done
    storage_message: str = ""  # "" or why nothing is kept
    test_message: str = ""  # "" or why the test set could not be asked
    ahead: int = 0  # runs before it in the queue
    shares: bool = False  # its worker with another training, in turns
    device: str = ""
    epoch: int = 0  # that is trained now, from 0
    batch: int = 0  # done in that epoch
    batches: int = 0  # of an epoch
    step: int = 0  # batches over all epochs
    training_count: int = 0
    validation_count: int = 0
    test_count: int = 0
    classes: tuple[str, ...] = ()
    picture_shape: tuple[int, ...] = ()
    fingerprint: str = ""  # of pictures of a person's own
    learning_rate: float = 0.0  # now
    pictures_per_second: float = 0.0
    seconds_left: float | None = None
    seconds: float = 0.0  # of training so far, without pauses
    points: tuple[tuple[int, float, float], ...] = ()  # (step, loss, accuracy) of the training batches
    epochs: tuple[EpochResult, ...] = ()
    snapshot: Any = None  # core.training.watching.Snapshot
    confusion: np.ndarray | None = None  # (C, C): row = the right class, column = the answer
    rates: tuple[tuple[int, float], ...] = ()  # (step, learning rate) of every change
    test: dict[str, Any] | None = None  # {"accuracy", "loss", "confusion", "pictures"}
    testing: bool = False

    @property
    def is_active(self) -> bool:
        return self.state in ACTIVE

    @property
    def best_epoch(self) -> int | None:
        """The epoch with the best validation accuracy."""
        return best_of(self.epochs).epoch if self.epochs else None

    @property
    def best_accuracy(self) -> float | None:
        """On the validation pictures."""
        return max((e.validation_accuracy for e in self.epochs), default=None)

    @property
    def turned_at(self) -> int | None:
        """The epoch of the lowest validation loss, where it rose since while the training loss fell: overfitting."""
        place = turned_at([e.validation_loss for e in self.epochs])
        learns_on = place is not None and self.epochs[-1].loss < self.epochs[place].loss
        return self.epochs[place].epoch if learns_on else None


def best_of(epochs: Iterable[EpochResult]) -> EpochResult:
    """The most accurate on the validation pictures, and of equals the surest."""
    return max(epochs, key=lambda e: (e.validation_accuracy, -e.validation_loss))


@dataclass(frozen=True)
class RunSummary:
    """A run in a list."""

    id: str
    title: str
    visitor: str
    created: float
    spec: RunSpec
    state: str
    epochs: int
    best_accuracy: float | None  # on the validation pictures
    test_accuracy: float | None
    seconds: float


@dataclass
class Curve:
    """The points of a curve, fewer than MOST_POINTS: where there are that many, neighbours become their mean."""

    points: list[tuple[int, float, float]] = field(default_factory=list)
    _every: int = 1  # points that make one
    _waiting: list[tuple[int, float, float]] = field(default_factory=list)

    def add(self, step: int, loss: float, accuracy: float) -> None:
        """One more point, after batch `step`."""
        self._waiting.append((step, loss, accuracy))
        if len(self._waiting) < self._every:
            return
        self.points.append(_mean(self._waiting))
        self._waiting = []
        if len(self.points) == MOST_POINTS:
            halved = [_mean(self.points[i : i + 2]) for i in range(0, len(self.points), 2)]
            self.points, self._every = halved, self._every * 2

    def cut(self, step: int) -> None:
        """Forget what came after a batch: it is trained again."""
        self._waiting = []
        self.points = [point for point in self.points if point[0] <= step]


def history_csv(epochs: Iterable[EpochResult]) -> str:
    """One line for each epoch, and a first one with the names of the columns."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["epoch", "loss", "accuracy", "validation_loss", "validation_accuracy", "learning_rate", "seconds"])
    for e in epochs:
        numbers = (e.loss, e.accuracy, e.validation_loss, e.validation_accuracy, e.learning_rate, e.seconds)
        writer.writerow([e.epoch + 1, *(f"{number:.6g}" for number in numbers)])
    return out.getvalue()


def _mean(points: list[tuple[int, float, float]]) -> tuple[int, float, float]:
    return points[-1][0], sum(p[1] for p in points) / len(points), sum(p[2] for p in points) / len(points)
