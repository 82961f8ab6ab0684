"""One visitor's pictures in the worker, as the networks take them: each is prepared once."""

import contextlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence

import numpy as np

from core.transfer.preparation import prepared_file

MOST_BYTES = 400 << 20  # of prepared pictures; the oldest go first


class PreparedPictures:
    """JPEG bytes under their keys, and what became of them in each size.

    prepare(jpeg, side) -> (side, side, 3) uint8: the one preparation of the house.
    """

    def __init__(self, prepare: Callable[[bytes, int], np.ndarray] = prepared_file, most_bytes: int = MOST_BYTES):
        self._prepare, self._most, self._bytes = prepare, most_bytes, 0
        self._jpegs: dict[str, bytes] = {}
        self._ready: OrderedDict[tuple[int, str], np.ndarray] = OrderedDict()
        self._lock = threading.Lock()  # pictures come and go while a thread works on others

    def add(self, jpegs: dict[str, bytes]) -> None:
        with self._lock:
            self._jpegs.update(jpegs)

    def missing(self, keys: Sequence[str]) -> list[str]:
        """The keys, each once, of pictures that are not here."""
        return [key for key in dict.fromkeys(keys) if key not in self._jpegs]

    def one(self, key: str, side: int) -> np.ndarray:
        """A picture in the size that a network takes. KeyError for one that is not here."""
        with self._lock:
            ready = self._ready.get((side, key))
            jpeg = self._jpegs[key]
        if ready is None:
            ready = self._prepare(jpeg, side)
            with self._lock:
                if (side, key) not in self._ready:
                    self._ready[side, key] = ready
                    self._bytes += ready.nbytes
                while self._bytes > self._most:
                    self._bytes -= self._ready.popitem(last=False)[1].nbytes
        return ready

    def many(self, keys: Sequence[str], side: int) -> np.ndarray:
        """(n, side, side, 3)."""
        return np.stack([self.one(key, side) for key in keys])

    def ahead(self, keys: Sequence[str], side: int, goes_on: Callable[[], bool]) -> None:
        """Prepare these pictures before they are wanted, as far as there is room for more and `goes_on()` says so.

        Pictures that were forgotten meanwhile are passed over.
        """
        for key in keys:
            if not goes_on() or self._bytes + 3 * side**2 > self._most:
                return
            with contextlib.suppress(KeyError):
                self.one(key, side)

    def forget(self, keep: Sequence[str] = ()) -> None:
        """Drop all pictures but those with these keys."""
        kept = set(keep)
        with self._lock:
            self._jpegs = {key: jpeg for key, jpeg in self._jpegs.items() if key in kept}
            self._ready = OrderedDict((place, ready) for place, ready in self._ready.items() if place[1] in kept)
            self._bytes = sum(ready.nbytes for ready in self._ready.values())

    def __len__(self) -> int:
        return len(self._jpegs)
