"""Every picture through the backbone once; what comes out is kept. A worker module: its models are Keras'."""

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

BATCH = 32
AHEAD = 2  # batches that are prepared while one is in the backbone
MOST_BYTES = 1 << 30  # of all tensors that one visitor has stored
STORED_AS = np.float16  # to three digits: half the memory, and a head cannot tell


@dataclass(frozen=True, eq=False)
class Stored:
    """What a backbone says about one picture."""

    maps: np.ndarray  # (h, w, c) float16
    pooled: np.ndarray  # (c,) float32: the mean of every map


class FeatureStore:
    """The tensors of one visitor's pictures, under the picture's key and the backbone's name."""

    def __init__(self, most_bytes: int = MOST_BYTES):
        self._stored: dict[tuple[str, str], Stored] = {}
        self._most = most_bytes

    def missing(self, backbone: str, keys: Sequence[str]) -> list[str]:
        """The keys, each once, whose tensors are not here."""
        return [key for key in dict.fromkeys(keys) if (backbone, key) not in self._stored]

    def keep(self, backbone: str, key: str, maps: np.ndarray) -> None:
        """maps: (h, w, c). ValueError when there is no more room."""
        if self.bytes + maps.size * 2 > self._most:
            raise ValueError(
                f"The stored tensors of one visitor take {self._most / 1e9:.1f} GB at most; fewer pictures, or the "
                f"compact backbone, need less. Received: {len(self._stored)} tensors and one more of {maps.shape}"
            )
        pooled = maps.reshape(-1, maps.shape[-1]).mean(axis=0, dtype=np.float32)
        self._stored[backbone, key] = Stored(maps.astype(STORED_AS), pooled)

    def maps(self, backbone: str, keys: Sequence[str]) -> np.ndarray:
        """(n, h, w, c) float16. KeyError for a picture that was not looked at."""
        return np.stack([self._stored[backbone, key].maps for key in keys])

    def pooled(self, backbone: str, keys: Sequence[str]) -> np.ndarray:
        """(n, c) float32."""
        return np.stack([self._stored[backbone, key].pooled for key in keys])

    def forget(self, keep: Sequence[str] = ()) -> None:
        """Drop all tensors but those of the pictures with these keys."""
        kept = set(keep)
        self._stored = {place: stored for place, stored in self._stored.items() if place[1] in kept}

    @property
    def bytes(self) -> int:
        return sum(stored.maps.nbytes for stored in self._stored.values())

    def __len__(self) -> int:
        return len(self._stored)


def extract(
    model,
    count: int,
    picture: Callable[[int], np.ndarray],
    stop: Callable[[], bool] = lambda: False,
    batch: int = BATCH,
) -> Iterator[np.ndarray]:
    """What the backbone says about pictures 0 … count − 1, in turn, as batches of maps (b, h, w, c).

    model: the headless backbone. picture(i): the i-th prepared picture (side, side, 3); it is asked for in a thread of
    its own while the backbone works on earlier ones. stop(): whether to end early.
    Every batch has the same size, for another size would be compiled for; a last one that is not full is filled up
    and what was added is thrown away.
    """
    waiting: queue.Queue = queue.Queue(AHEAD)
    ended = threading.Event()

    def give(thing) -> None:
        while not ended.is_set():
            try:
                return waiting.put(thing, timeout=0.1)
            except queue.Full:
                continue

    def prepare() -> None:
        try:
            for start in range(0, count, batch):
                prepared = np.stack([picture(place) for place in range(start, min(start + batch, count))])
                give(np.asarray(prepared, np.float32))
            give(None)
        except Exception as error:  # raised again in the thread that waits for the pictures
            give(error)

    threading.Thread(target=prepare, name="prepare pictures", daemon=True).start()
    try:
        while not stop():
            prepared = waiting.get()
            if prepared is None:
                return
            if isinstance(prepared, Exception):
                raise prepared
            short = batch - len(prepared)
            filled = np.concatenate([prepared, np.repeat(prepared[-1:], short, axis=0)]) if short else prepared
            yield np.asarray(model.predict_on_batch(filled))[: len(prepared)]
    finally:
        ended.set()
