"""A place for one frame between the camera's thread and those that judge: the newest wins, older ones are dropped."""

import threading
import time
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, eq=False)
class Arrived:
    """A frame with the moment at which it came."""

    frame: Any
    at: float  # seconds of time.monotonic()
    number: int  # of all frames that came, from 1


class NewestFrame:
    """Holds at most one frame. Frames may be put and taken from any thread; each is taken once at most."""

    def __init__(self):
        self._condition = threading.Condition()
        self._waiting: Arrived | None = None
        self._closed = False
        self._came = self._dropped = 0

    def put(self, frame: Any) -> None:
        """Let this frame take the place of one that nobody has taken. Never waits; does nothing once closed."""
        with self._condition:
            if self._closed:
                return
            self._came += 1
            self._dropped += self._waiting is not None
            self._waiting = Arrived(frame, time.monotonic(), self._came)
            self._condition.notify()

    def take(self, seconds: float) -> Arrived | None:
        """The newest frame; None when none came within `seconds`, or when this is closed."""
        with self._condition:
            self._condition.wait_for(lambda: self._closed or self._waiting is not None, seconds)
            taken, self._waiting = self._waiting, None
            return taken

    def close(self) -> None:
        """Let go of the frame and of everyone who waits for one."""
        with self._condition:
            self._closed, self._waiting = True, None
            self._condition.notify_all()

    @property
    def counts(self) -> tuple[int, int]:
        """How many frames came, and how many of them nobody took before a newer one came."""
        with self._condition:
            return self._came, self._dropped
