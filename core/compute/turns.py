"""Whose turn it is in a worker: one training at a time, in the order in which they came.

Two trainings at once would take each other's cores and a GPU's memory, and each would last longer than both in turn.
But a head that learns in a blink must not wait for a run of an hour: a training makes way after some seconds when
another one waits, and comes back behind it.
"""

import threading
import time
from collections import deque
from collections.abc import Callable

HELD_SECONDS = 5.0  # before a training makes way; what it costs to go on again is some percent of that


class Line:
    """The trainings of one worker. `LINE` is that of this process."""

    def __init__(self, held_seconds: float = HELD_SECONDS):
        self.held_seconds = held_seconds
        self.change = threading.Condition()
        self.places: deque[Turn] = deque()  # the first has its turn


class Turn:
    """The place of one training in the line; for the training's own thread."""

    def __init__(self, line: Line | None = None):
        self._line = line or LINE
        self._since = 0.0

    @property
    def is_mine(self) -> bool:
        """Whether it may train."""
        places = self._line.places
        return bool(places) and places[0] is self

    @property
    def is_due(self) -> bool:
        """Whether it has trained long enough while another one waits."""
        line = self._line
        return self.is_mine and len(line.places) > 1 and time.monotonic() - self._since >= line.held_seconds

    @property
    def is_shared(self) -> bool:
        """Whether another training has its turn or waits for it."""
        return any(place is not self for place in tuple(self._line.places))

    def take(self, interrupted: Callable[[], bool]) -> bool:
        """Have the turn, as soon as it comes; who has it and is due goes behind the others first.

        interrupted: looked at several times a second; True ends the waiting. The place in the line is kept then.
        returns: whether it is this one's turn.
        """
        line = self._line
        with line.change:
            if self.is_due:
                line.places.rotate(-1)
                line.change.notify_all()
            elif self.is_mine:
                return True
            elif self not in line.places:
                line.places.append(self)
            while not self.is_mine:
                if interrupted():
                    return False
                line.change.wait(0.2)
            self._since = time.monotonic()
            return True

    def give(self) -> None:
        """Leave the line, whether this one had its turn or waited for it."""
        line = self._line
        with line.change:
            if self in line.places:
                line.places.remove(self)
                line.change.notify_all()


LINE = Line()
