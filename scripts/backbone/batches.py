"""Batches of training pictures with their labels and the teacher's view of them, made ahead in a thread."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from scripts.backbone.augmentation import augmented
from scripts.backbone.recipe import Recipe


@dataclass(frozen=True)
class TrainingSet:
    pictures: np.ndarray  # (N, 64, 64, 3) uint8
    labels: np.ndarray  # (N,) int
    scores: np.ndarray  # (N, 1001) int8, the teacher's scores before softmax in steps
    known: np.ndarray  # (N,) bool, the pictures that the teacher has seen
    score_step: float  # size of a step


def softened(scores: np.ndarray, temperature: float) -> np.ndarray:
    """Softmax of scores / temperature. (N, K) float32, rows sum to 1."""
    scaled = scores.astype(np.float32) / temperature
    shares = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return shares / shares.sum(axis=1, keepdims=True)


class Batches:
    """The step-th batch is the same whenever it is asked for: order and augmentation hang on seed and step alone."""

    def __init__(self, training_set: TrainingSet, recipe: Recipe):
        self._set, self._recipe = training_set, recipe
        self._per_epoch = len(training_set.labels) // recipe.batch
        self._epoch, self._order = -1, np.empty(0, int)
        self._thread = ThreadPoolExecutor(1)

    def make(self, step: int, side: int) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        """Pictures (B, side, side, 3) and targets: "label" (B, 200) one-hot, "teacher" (B, 1001) shares.

        The teacher's shares are all 0 for pictures that it has not seen: those are learnt from their labels alone.
        """
        epoch, place = divmod(step, self._per_epoch)
        if epoch != self._epoch:
            order = np.random.default_rng((self._recipe.seed, epoch)).permutation(len(self._set.labels))
            self._epoch, self._order = epoch, order
        chosen = self._order[place * self._recipe.batch : (place + 1) * self._recipe.batch]
        random = np.random.default_rng((self._recipe.seed, 1, step))
        pictures = augmented(self._set.pictures[chosen], side, self._recipe, random)
        label = np.eye(self._set.labels.max() + 1, dtype=np.float32)[self._set.labels[chosen]]
        teacher = softened(self._set.scores[chosen] * self._set.score_step, self._recipe.temperature)
        teacher *= self._set.known[chosen, None]
        return pictures, {"label": label, "teacher": teacher}

    def ahead(self, step: int, side: int, next_side: Callable[[], int]) -> Iterator[tuple[np.ndarray, dict]]:
        """Batch after batch from this step on, the next one made while this one is in use.

        side: of the first batch's pictures. next_side(): of the one that is begun now.
        """
        coming = self._thread.submit(self.make, step, side)
        while True:
            ready, step = coming.result(), step + 1
            coming = self._thread.submit(self.make, step, next_side())
            yield ready
