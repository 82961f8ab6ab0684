"""What a run shows while it trains: points of the curves, filters, feature maps. A worker module: it imports Keras.

It is all measured in the training's own thread, between batches, and so seldom that it costs next to nothing.
"""

import time
from collections import deque
from collections.abc import Callable

import keras
import numpy as np
from keras import ops

from core.nets.keras_model import feature_model
from core.training.building import first_kernel, gradients
from core.training.judging import both_classes
from core.training.snapshot import Snapshot

POINT_SECONDS = 0.1  # between two points of the curves
SNAPSHOT_SECONDS = 0.4  # between two pictures of the inside
MOST_MAPS = 16  # of a layer
MOST_FILTERS = 64  # maps of the first layer: each stands beside its filter
MOST_LAYERS = 6  # whose maps are shown
LARGEST_MAP = 64  # rows or columns of a map that is shown
RATE_SECONDS = 5.0  # over which pictures/s are averaged


class Inside:
    """Takes snapshots of a model."""

    def __init__(self, model: keras.Model, pictures: np.ndarray, labels: np.ndarray, prepare: Callable):
        """pictures: (N, H, W, C) uint8, of which one is followed. prepare: from them to what the model takes."""
        self._model, self._pictures, self._labels, self._prepare = model, pictures, labels, prepare
        self._features = feature_model(model)
        self._shown = _shown_layers(self._features)
        outputs = {"prediction": model.output, **{name: self._features.output[name] for name in self._shown}}
        self._watching = keras.Model(model.input, outputs)
        self._number = 0

    def snapshot(self, watched: int, step: int) -> Snapshot:
        """The inside now, with the maps of validation picture `watched`."""
        picture = self._pictures[watched]
        answer = self._watching.predict_on_batch(self._prepare(picture[np.newaxis]))
        kernel = first_kernel(self._model)
        self._number += 1
        return Snapshot(
            number=self._number,
            step=step,
            kernels=None if kernel is None else _as_halves(ops.convert_to_numpy(kernel)),
            maps=tuple(
                (name, _as_levels(np.asarray(answer[name])[0], MOST_MAPS if place else MOST_FILTERS))
                for place, name in enumerate(self._shown)
            ),
            prediction=tuple(both_classes(answer["prediction"])[0].tolist()),
            watched=watched,
            picture=picture,
            label=int(self._labels[watched]),
            gradients=gradients(self._model),
        )


class Pace:
    """How many pictures are trained in a second, over the last seconds."""

    def __init__(self):
        self._marks: deque[tuple[float, int]] = deque()
        self._before = 0.0  # the pace before the last rest

    def add(self, pictures: int) -> None:
        """That many more were trained. After a pause, call `rest` first."""
        now = time.monotonic()
        self._marks.append((now, pictures))
        while self._marks and now - self._marks[0][0] > RATE_SECONDS:
            self._marks.popleft()

    def rest(self) -> None:
        """Begin anew: what comes now was not preceded by training. The pace before holds until there is another."""
        self._before = self.rate
        self._marks.clear()
        self._marks.append((time.monotonic(), 0))

    @property
    def rate(self) -> float:
        """Pictures a second; 0 before there is anything to tell."""
        if len(self._marks) < 2:
            return self._before
        seconds = self._marks[-1][0] - self._marks[0][0]
        return sum(count for _, count in list(self._marks)[1:]) / seconds if seconds else 0.0


class Watcher(keras.callbacks.Callback):
    """Between batches: a point of the curves, a snapshot, and the question whether to go on.

    steps: how many batches it lasts. point(batches_done, loss, accuracy): of the batches since the last point.
    inside(): called when a snapshot is due. interrupted(): whether the segment is to end here.
    """

    def __init__(self, steps: int, point: Callable, inside: Callable, interrupted: Callable[[], bool]):
        super().__init__()
        self._steps = steps
        self._point, self._inside, self._interrupted = point, inside, interrupted
        self._snapshot_due = time.monotonic()

    def on_train_begin(self, logs=None):
        self.batches = 0
        self._sums = np.zeros(2)  # of loss and accuracy over the batches of this segment
        self._told, self._told_sums = 0, np.zeros(2)
        self._point_due = time.monotonic() + POINT_SECONDS

    def on_train_batch_end(self, batch, logs=None):
        # Keras gives means over the segment; what a point shows is the mean since the last point.
        # With several steps per execution Keras counts a last, shorter execution as a whole one.
        self.batches = min(batch + 1, self._steps)
        self._sums = np.array([logs["loss"], logs["accuracy"]]) * self.batches
        now = time.monotonic()
        stop = self._interrupted() or not np.isfinite(logs["loss"])
        if now >= self._point_due or stop:
            self._tell()
            self._point_due = now + POINT_SECONDS
        if now >= self._snapshot_due:
            self._sync()
            self._inside()
            self._snapshot_due = time.monotonic() + SNAPSHOT_SECONDS
        if stop:
            self.model.stop_training = True

    def on_train_end(self, logs=None):
        self._tell()

    def _tell(self):
        if self.batches > self._told:
            mean = (self._sums - self._told_sums) / (self.batches - self._told)
            self._point(self.batches - self._told, float(mean[0]), float(mean[1]))
            self._told, self._told_sums = self.batches, self._sums

    def _sync(self):
        # On JAX the weights of a running fit live outside the model until they are asked for.
        if hasattr(self.model, "jax_state_sync"):
            self.model.jax_state_sync()


def _shown_layers(features: keras.Model) -> tuple[str, ...]:
    """Layers whose maps are worth a look: small enough, not mere changes of the picture, evenly through the network."""
    names = [
        name
        for name, maps in features.output.items()
        if not name.startswith(("random_", "rescaling", "dropout", "batch_norm"))
        and 1 < maps.shape[1] <= LARGEST_MAP
        and 1 < maps.shape[2] <= LARGEST_MAP
    ]
    if len(names) <= MOST_LAYERS:
        return tuple(names)
    return tuple(names[round(i)] for i in np.linspace(0, len(names) - 1, MOST_LAYERS))


def _as_halves(kernel: np.ndarray) -> np.ndarray:
    """float32 -> float16. Steps that are far too large leave numbers for which it has no room: they become infinite."""
    with np.errstate(over="ignore"):
        return kernel.astype(np.float16)


def _as_levels(maps: np.ndarray, most: int) -> np.ndarray:
    """(h, w, K) numbers -> (h, w, up to `most`) uint8, each map from its least to its most; 0 for what is no number."""
    maps = np.nan_to_num(maps[:, :, :most], posinf=0, neginf=0)
    least, most = maps.min(axis=(0, 1)), maps.max(axis=(0, 1))
    span = np.where(most > least, most - least, 1)
    return np.rint((maps - least) / span * 255).astype(np.uint8)
