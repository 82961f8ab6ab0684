"""A trained network, asked: the test set, wrong pictures, a filter changed. A worker module: it imports Keras.

The web process reaches it as "core.training.trained:TrainedNetwork".
"""

from typing import Any

import keras
import numpy as np
from keras import ops

from core.training.building import compiled_model, first_kernel
from core.training.fitting import JUDGED_AT_ONCE, load_weights
from core.training.judging import both_classes, judge
from core.training.pictures import OwnPictures, pictures_of, prepared
from core.training.snapshot import Snapshot, Tried
from core.training.spec import RunSpec
from core.training.watching import Inside

MOST_TRIED = 2000  # validation pictures that judge a changed filter, so that the answer comes at once


class TrainedNetwork:
    """The network of an ended run with the pictures of that run; an actor."""

    def __init__(self, spec: str, model: bytes, own: OwnPictures | None = None):
        """spec: a RunSpec as JSON. model: a .keras file of its network."""
        self.spec = RunSpec.from_json(spec)
        self.pictures = pictures_of(self.spec, own)
        trained = compiled_model(self.spec)
        load_weights(trained, model)
        self._model = keras.Model(trained.input, trained.output)
        self._answers: np.ndarray | None = None
        self._before: float | None = None
        self._inside: Inside | None = None

    def test(self) -> dict[str, Any]:
        """Loss, accuracy and confusion (C, C) on the test pictures, and how many there are."""
        said = self._probabilities(self.pictures.x_test)
        judged = judge(said, self.pictures.y_test, self.spec.label_smoothing)
        return {
            "loss": judged.loss,
            "accuracy": judged.accuracy,
            "confusion": judged.confusion,
            "pictures": len(self.pictures.y_test),
        }

    def look(self, watched: int) -> Snapshot:
        """The filters, and what the network makes of validation picture `watched`, counted round and round."""
        pictures = self.pictures
        if self._inside is None:
            self._inside = Inside(
                self._model, pictures.x_validation, pictures.y_validation, lambda x: prepared(x, self.spec.network)
            )
        return self._inside.snapshot(watched % len(pictures.x_validation), 0)

    def wrong(self, true: int, answer: int, count: int) -> list[tuple[int, np.ndarray]]:
        """Validation pictures of a class with that answer: (number, (H, W, C) uint8)."""
        if self._answers is None:
            self._answers = self._probabilities(self.pictures.x_validation).argmax(axis=1)
        found = np.flatnonzero((self.pictures.y_validation == true) & (self._answers == answer))[:count]
        return [(int(i), self.pictures.x_validation[i]) for i in found]

    def with_filter(self, place: int, kernel: np.ndarray | None, watched: int) -> Tried:
        """What the network is worth with filter `place` of the first layer replaced, or silenced where None.

        kernel: (kh, kw) or (kh, kw, C). watched: as for `look`. The network is afterwards as it was.
        """
        variable = first_kernel(self._model)
        if variable is None:
            raise ValueError("This network has no filters: it has no convolution. Received: a network without Conv2D")
        numbers = ops.convert_to_numpy(variable).copy()
        rows, columns, channels, filters = numbers.shape
        if not 0 <= place < filters:
            raise ValueError(f"The first layer has {filters} filters. Received: place={place}")
        changed = np.zeros((rows, columns, channels)) if kernel is None else np.asarray(kernel, dtype=np.float64)
        if changed.ndim == 2:
            changed = np.repeat(changed[:, :, np.newaxis], channels, axis=2)
        if changed.shape != (rows, columns, channels) or not np.isfinite(changed).all():
            raise ValueError(f"A filter here has {rows}×{columns} finite numbers. Received: shape {changed.shape}")
        if self._before is None:
            self._before = self._tried()
        bias = self._first_bias()
        edited = numbers.copy()
        edited[..., place] = changed
        try:
            variable.assign(edited)
            if kernel is None and bias is not None:
                silent = ops.convert_to_numpy(bias).copy()
                kept, silent[place] = silent.copy(), 0
                bias.assign(silent)
            return Tried(self._before, self._tried(), self.look(watched))
        finally:
            variable.assign(numbers)
            if kernel is None and bias is not None:
                bias.assign(kept)

    def kernels(self) -> np.ndarray | None:
        """The first layer's filters, (kh, kw, C, K) float32; None where there is no convolution."""
        variable = first_kernel(self._model)
        return None if variable is None else ops.convert_to_numpy(variable)

    def _first_bias(self):
        layer = next(layer for layer in self._model.layers if isinstance(layer, keras.layers.Conv2D))
        return layer.bias

    def _tried(self) -> float:
        probabilities = self._probabilities(self.pictures.x_validation[:MOST_TRIED])
        return judge(probabilities, self.pictures.y_validation[:MOST_TRIED]).accuracy

    def _probabilities(self, pictures: np.ndarray) -> np.ndarray:
        output = self._model.predict(prepared(pictures, self.spec.network), batch_size=JUDGED_AT_ONCE, verbose=0)
        return both_classes(output)
