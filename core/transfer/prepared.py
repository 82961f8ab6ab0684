"""One visitor's pictures in the worker, as the networks take them: each is prepared once."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence

import numpy as np

MOST_BYTES = 400 << 20  # of prepared pictures; the oldest go first


class PreparedPictures:
    """JPEG bytes under their keys, and what became of them for each preparation.

    prepare(jpeg, how) -> (side, side, 3): the one preparation function of the house behind it.
    """

    def __init__(self, prepare: Callable[[bytes, str], np.ndarray], most_bytes: int = MOST_BYTES):
        self._prepare, self._most, self._bytes = prepare, most_bytes, 0
        self._jpegs: dict[str, bytes] = {}
        self._ready: OrderedDict[tuple[str, str], np.ndarray] = OrderedDict()

        self._lock = threading.Lock()  # pictures come and go while a thread works on others

    def add(self, jpegs: dict[str, bytes]) -> None:
        with self._lock:
            self._jpegs.update(jpegs)

    def missing(self, keys: Sequence[str]) -> list[str]:
        """The keys, each once, of pictures that are not here."""
        return [key for key in dict.fromkeys(keys) if key not in self._jpegs]

    def one(self, key: str, how: str) -> np.ndarray:
        """A picture as network `how` takes it. KeyError for one that is not here."""
        with self._lock:
            ready = self._ready.get((how, key))
            jpeg = self._jpegs[key]
        if ready is None:
            ready = self._prepare(jpeg, how)
            with self._lock:
                if (how, key) not in self._ready:
                    self._ready[how, key] = ready
                    self._bytes += ready.nbytes
                while self._bytes > self._most:
                    self._bytes -= self._ready.popitem(last=False)[1].nbytes
        return ready

    def many(self, keys: Sequence[str], how: str) -> np.ndarray:
        """(n, side, side, 3)."""
        return np.stack([self.one(key, how) for key in keys])

    def forget(self, keep: Sequence[str] = ()) -> None:
        """Drop all pictures but those with these keys."""
        kept = set(keep)
        with self._lock:
            self._jpegs = {key: jpeg for key, jpeg in self._jpegs.items() if key in kept}
            self._ready = OrderedDict((place, ready) for place, ready in self._ready.items() if place[1] in kept)
            self._bytes = sum(ready.nbytes for ready in self._ready.values())

    def __len__(self) -> int:
        return len(self._jpegs)
