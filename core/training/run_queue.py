"""The runs that wait for a worker and those that have one: who is next, and for whom a worker is free."""

from collections import Counter

from core.training.fair_queue import fair_order
from core.training.live_run import LiveRun

MOST_IN_WORKER = 3  # runs with their pictures in its memory: one that trains, the others paused


class RunQueue:
    """Not safe by itself: the desk calls it under its lock."""

    def __init__(self):
        self._waiting: list[LiveRun] = []
        self._places: dict[str, tuple[LiveRun, str]] = {}  # a run's name -> it, and its worker's address
        self._served: dict[str, int] = {}  # visitor -> when a run of theirs last got a worker

    def __contains__(self, run: LiveRun) -> bool:
        """Whether it waits."""
        return run in self._waiting

    def add(self, run: LiveRun, first: bool = False) -> None:
        """Let it wait behind those of the same visitor; first: before them."""
        self._waiting.insert(0 if first else len(self._waiting), run)

    def remove(self, run: LiveRun) -> None:
        """It waits no longer, and has no worker any more."""
        if run in self._waiting:
            self._waiting.remove(run)
        self._places.pop(run.id, None)

    def next_for(self, address: str) -> LiveRun | None:
        """The run that this worker is to train now, no longer waiting; None where none waits or the worker is busy."""
        if not self._waiting or address in self._busy().values():
            return None
        run = self._order()[0]
        self._waiting.remove(run)
        self._places[run.id] = (run, address)
        self._served[run.visitor] = max(self._served.values(), default=0) + 1
        return run

    def ahead(self, run: LiveRun) -> int:
        """How many runs come before one that waits."""
        return self._order().index(run) + len(self._busy()) if run in self._waiting else 0

    def _order(self) -> list[LiveRun]:
        runs = {run.id: run for run in self._waiting}
        waiting = ((run.id, run.visitor) for run in self._waiting)
        training = (self._places[name][0].visitor for name in self._busy())
        return [runs[name] for name in fair_order(waiting, training, self._served)]

    def _busy(self) -> dict[str, str]:
        """The runs that keep others waiting, with their workers: a paused one does not, unless there are many."""
        at_places = Counter(address for _, address in self._places.values())
        return {
            name: address
            for name, (run, address) in self._places.items()
            if run.state != "paused" or at_places[address] >= MOST_IN_WORKER
        }
