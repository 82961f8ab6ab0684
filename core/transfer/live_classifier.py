"""Looks at a camera's frames, in a worker. A worker module: its networks are Keras', though it imports no Keras itself.

Made and asked through core.compute.engine: `engine().actor("core.transfer.live_classifier:LiveClassifier")`.
"""

import threading
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from core.transfer.recognisers import Recogniser

WARMING = 3  # looks at nothing before the first frame: a backend compiles at the first


class LiveClassifier:
    """A network that loads in a thread of its own, since all objects of a worker share one thread for their calls."""

    BESIDE = ("classify",)  # two passes at once take less of the cores than one after the other

    def __init__(self):
        self._recogniser: Recogniser | None = None
        self._trouble = ""

    def load(self, source: Mapping[str, Any]) -> None:
        """Begin to load a network, `about` says when it is there. source: as core.transfer.recognisers.load has it."""
        threading.Thread(target=self._load, args=(source,), name="load recogniser", daemon=True).start()

    def _load(self, source: Mapping[str, Any]) -> None:
        try:
            # Keras takes seconds to import: in this thread, so that no other object's call waits for it.
            from core.transfer.recognisers import load

            recogniser = load(source)
            for _ in range(WARMING):
                recogniser.look(np.zeros((32, 32, 3), np.uint8))
            self._recogniser = recogniser
        except Exception as error:  # whatever keeps a network from loading, the person hears of it
            self._trouble = str(error) or type(error).__name__

    def about(self) -> dict[str, Any]:
        """{"state": "loading", "ready" or "failed", "message"}, and once it is ready "names", the "side" of the
        pictures that it takes, and whether it has "heat" and "novelty"."""
        if self._trouble:
            return {"state": "failed", "message": self._trouble}
        if self._recogniser is None:
            return {"state": "loading", "message": "The network is being loaded."}
        found = self._recogniser
        return {
            "state": "ready",
            "message": "",
            "names": found.names,
            "side": found.side,
            "heat": found.head is not None,
            "novelty": found.novelty is not None,
        }

    def classify(self, picture: np.ndarray, why: bool = False) -> dict[str, Any]:
        """What the network says of a picture (H, W, 3) uint8. why: with a heat map.

        returns: "probabilities" (classes,); "strangeness", how far the picture is from all that the network learnt
        from, 1 where it stops to be known, or None; "milliseconds" that this took; with a heat map "heat" (h, w) from
        0 to 1 for the likeliest class, and "why_milliseconds".
        ValueError before the network is loaded, and for what is no picture.
        """
        if self._recogniser is None:
            raise ValueError(self._trouble or "The network is being loaded.")
        picture = np.asarray(picture)
        if picture.ndim != 3 or picture.shape[2] != 3 or picture.dtype != np.uint8 or min(picture.shape) < 1:
            raise ValueError(f"A picture is (H, W, 3), uint8. Received: shape={picture.shape}, dtype={picture.dtype}")
        began = time.perf_counter()
        maps, probabilities = self._recogniser.look(picture)
        strangeness = self._recogniser.strangeness(maps)
        done = time.perf_counter()
        answer = {
            "probabilities": probabilities.astype(np.float32),
            "strangeness": strangeness,
            "milliseconds": 1000 * (done - began),
            "heat": None,
            "why_milliseconds": 0.0,
        }
        if why:
            heat = self._recogniser.heat(maps, int(probabilities.argmax()))
            answer.update(heat=heat, why_milliseconds=1000 * (time.perf_counter() - done))
        return answer

    def bare_milliseconds(self, looks: int = 20) -> float:
        """The middle time of the bare forward pass of the network as it was learnt; for the benchmark."""
        network, side = self._recogniser.plain, self._recogniser.side
        batch = np.zeros((1, side, side, 3), np.uint8)
        times = []
        for _ in range(looks):
            began = time.perf_counter()
            network.predict_on_batch(batch)
            times.append(1000 * (time.perf_counter() - began))
        return float(np.median(times))
