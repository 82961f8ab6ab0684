"""The backbones that only look, one of each for all visitors of a worker. A worker module: it imports Keras."""

import threading
from collections.abc import Callable

import keras
import numpy as np

from core.transfer.features import BATCH
from core.transfer.folded import folded
from core.transfer.keras_backbones import headless


class Looking:
    """make: gives a trained backbone by its name."""

    def __init__(self, make: Callable[[str], keras.Model] = headless):
        self._make = make
        self._models: dict[str, keras.Model] = {}
        self._lock = threading.Lock()

    def at(self, name: str) -> keras.Model:
        """That backbone, folded, which has looked at a batch: pictures (n, side, side, 3) -> maps (n, h, w, c).

        Waits while it is built, the first time. Raises what `make` raises.
        """
        with self._lock:
            if name not in self._models:
                model = folded(self._make(name))
                model.predict_on_batch(np.zeros((BATCH, *model.input_shape[1:]), np.uint8))  # what it compiles for
                self._models[name] = model
            return self._models[name]


LOOKING = Looking()
