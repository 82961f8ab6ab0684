"""A worker that only plays: for the tests of the desk's own part."""

import threading

import numpy as np

from core.compute.engine import WorkerLost
from tests.compute.waiting import wait_until
from tests.training.making import small

WORKER = "tcp://played"


class Played:
    """A worker's run that does what the test says."""

    def __init__(self, checkpoint):
        self.resumed = checkpoint
        self.commands, self.events, self.kept = [], [], {}
        self.started = self.released = self.lost = False

    def call(self, method, *arguments, timeout=0):
        if self.lost:
            raise WorkerLost("gone")
        return getattr(self, f"_{method}")(*arguments)

    def release(self):
        self.released = True

    def epoch(self, number, accuracy):
        """An epoch ends with that validation accuracy."""
        kept = {
            **{"epoch": number, "step": 10 * (number + 1), "learning_rate": 0.01, "seconds": 1.0},
            **{"accuracy": accuracy, "loss": 1 - accuracy, "model": b"model %d" % number},
            "optimiser": [np.float32([number])],
        }
        self.kept["last"] = kept
        if "best" not in self.kept or accuracy > self.kept["best"]["accuracy"]:
            self.kept["best"] = kept
        told = {"loss": 1.0, "accuracy": 0.5, "validation_loss": 1 - accuracy, "validation_accuracy": accuracy}
        told |= {"confusion": (number + 1) * np.eye(10), "learning_rate": 0.01, "seconds": 1.0, "gradients": {}}
        self.events.append({"kind": "epoch", "epoch": number, "step": kept["step"], "share": 1.0, **told})

    def end(self, state="finished", message=""):
        self.events.append({"kind": "end", "state": state, "message": message, "seconds": 2.0})

    def _start(self):
        self.started = True

    def _poll(self, cursor, snapshot):
        return {"events": self.events[cursor:], "cursor": len(self.events), "snapshot": None}

    def _command(self, name, value=None):
        self.commands.append((name, value))
        if name == "stop":
            self.end("stopped")

    def _checkpoint(self, which, known=()):
        kept = self.kept.get(which)
        return kept if kept and kept["epoch"] not in known else None


class PlayedEngine:
    """One worker that trains; `gate` holds back the making of a run."""

    def __init__(self):
        self.runs, self.gate = [], threading.Event()
        self.gate.set()

    def workers(self, role):
        return (WORKER,)

    def warm(self, role):
        pass

    def actor(self, path, spec, own, checkpoint, role, worker):
        assert self.gate.wait(30)
        self.runs.append(Played(checkpoint))
        return self.runs[-1]


def trained(desk, work, **changes):
    """A run that a worker has begun, and the worker's side of it."""
    name = desk.start(small(**changes), "ann", "a run")
    wait_until(lambda: work.runs and work.runs[-1].started)
    return name, work.runs[-1]
