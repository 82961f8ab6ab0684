"""The networks of ended runs in workers, where they answer questions."""

import threading
from collections import OrderedDict

from core.compute.engine import Engine, RemoteObject, WorkerLost
from core.training.live_run import LiveRun

MOST_OPENED = 2  # networks that stay in a worker
ANSWER_SECONDS = 180.0  # for the test set on a slow machine
TRAINED = "core.training.trained:TrainedNetwork"


class OpenedNetworks:
    """Opens the network of a run when it is first asked, and keeps the last few."""

    def __init__(self, work: Engine):
        self._engine = work
        self._lock = threading.Lock()
        self._opened: OrderedDict[str, RemoteObject] = OrderedDict()

    def of(self, run: LiveRun, model: bytes | None) -> RemoteObject:
        """The network of an ended run. model: its .keras file; None where no epoch has ended.

        Raises ValueError where there is nothing to ask, EngineMissing, WorkerLost or TimeoutError where nobody can.
        """
        with self._lock:
            run.check_pictures()
            if known := self._opened.get(run.id):
                try:
                    known.call("kernels", timeout=ANSWER_SECONDS)
                    self._opened.move_to_end(run.id)
                    return known
                except WorkerLost:
                    del self._opened[run.id]
            if not model:
                raise ValueError("No epoch of this run has ended: there is no model yet. Received: no model")
            opened = self._engine.actor(TRAINED, run.stored_run.spec, model, run.own, role="serve")
            self._opened[run.id] = opened
            while len(self._opened) > MOST_OPENED:
                self._opened.popitem(last=False)[1].release()
            return opened

    def close(self, run_id: str) -> None:
        """Let the worker forget a run's network and pictures."""
        with self._lock:
            opened = self._opened.pop(run_id, None)
        if opened is not None:
            opened.release()
