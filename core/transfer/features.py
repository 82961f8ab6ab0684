"""Every picture through the backbone once; what comes out is kept. A worker module: its models are Keras'."""

import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice

import numpy as np

BATCH = 32
PREPARING = min(8, os.cpu_count() or 1)  # threads
AHEAD = PREPARING + 1  # batches that are prepared while one is in the backbone
LOWEST_PRIORITY = 19
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
        self._most, self._bytes = most_bytes, 0

    def missing(self, backbone: str, keys: Sequence[str]) -> list[str]:
        """The keys, each once, whose tensors are not here."""
        return [key for key in dict.fromkeys(keys) if (backbone, key) not in self._stored]

    def keep(self, backbone: str, keys: Sequence[str], maps: np.ndarray) -> None:
        """What a backbone says of so many pictures, maps (n, h, w, c). ValueError when there is no more room."""
        if self._bytes + maps.size * 2 > self._most:
            raise ValueError(
                f"The stored tensors of one visitor take {self._most / 1e9:.1f} GB at most; fewer pictures, or the "
                f"compact backbone, need less. Received: {len(self)} tensors and {len(keys)} more of {maps.shape[1:]}"
            )
        pooled = maps.reshape(len(maps), -1, maps.shape[-1]).mean(axis=1, dtype=np.float32)
        for key, one, mean in zip(keys, maps.astype(STORED_AS), pooled):
            self._stored[backbone, key] = Stored(one.copy(), mean.copy())  # no view: it would keep the others alive
            self._bytes += one.nbytes

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
        self._bytes = sum(stored.maps.nbytes for stored in self._stored.values())

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

    model: the headless backbone. picture(i): the i-th prepared picture (side, side, 3); it is asked for in threads of
    their own while the backbone works on earlier ones. stop(): whether to end early.
    Every batch has the same size, for another size would be compiled for; a last one that is not full is filled up
    and what was added is thrown away.
    """

    def prepare(start: int) -> np.ndarray:
        return np.stack([picture(place) for place in range(start, min(start + batch, count))])

    threads = ThreadPoolExecutor(PREPARING, "prepare pictures", initializer=stand_back)
    try:
        starts = iter(range(0, count, batch))
        coming = deque(threads.submit(prepare, start) for start in islice(starts, AHEAD))
        while coming and not stop():
            prepared = coming.popleft().result()
            coming.extend(threads.submit(prepare, start) for start in islice(starts, 1))
            short = batch - len(prepared)
            filled = np.concatenate([prepared, np.repeat(prepared[-1:], short, axis=0)]) if short else prepared
            yield np.asarray(model.predict_on_batch(filled))[: len(prepared)]
    finally:
        threads.shutdown(wait=False, cancel_futures=True)


def stand_back() -> None:
    """Let this thread, and those that it begins, work only where others leave a core idle.

    A backbone does: it waits for the slowest of its own threads.
    """
    if sys.platform == "linux":  # where a thread has a priority of its own
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), LOWEST_PRIORITY)
