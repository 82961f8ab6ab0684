"""What the desk knows of one run: what the worker told so far, and what of it is not yet written down."""

import json
import threading
from dataclasses import replace
from typing import Any

import numpy as np

from core.compute.engine import RemoteObject
from core.training.pictures import OwnPictures
from core.training.spec import OWN, RunSpec
from core.training.store import ENDED, StoredRun
from core.training.view import Curve, EpochResult, RunSummary, RunView, best_of

Kept = dict[str, Any]  # what TrainingRun.checkpoint gave
FACTS = ("batches", "training_count", "validation_count", "test_count", "seconds", "step", "epoch", "learning_rate")


class LiveRun:
    """A run in the desk's memory; changed by the desk's threads only."""

    def __init__(self, stored: StoredRun, spec: RunSpec, own: OwnPictures | None = None):
        self.stored_run, self.spec, self.own = stored, spec, own
        self.id, self.visitor = stored.id, stored.visitor
        self.state, self.message, self.device, self.test = stored.state, stored.message, stored.device, stored.test
        self.storage_message, self.test_message, self.testing = "", "", False
        self.actor: RemoteObject | None = None
        self.cursor = self.snapshot_number = 0
        self.launches = 0  # attempts to give it to a worker that went away
        self.early: list[tuple[str, Any]] = []  # commands that came while a worker was being prepared
        self.checkpoint: Kept | None = None  # to go on from
        self.kept: dict[str, Kept] = {}  # "last", "best"; without the models where those are on disk
        self.is_deleted = False
        self.writing = threading.RLock()  # held while the store is written, so that nothing deleted is written anew
        self.numbers: dict[str, Any] = dict.fromkeys(FACTS, 0) | {"learning_rate": spec.learning_rate}
        self.classes: tuple[str, ...] = ()
        self.shape: tuple[int, ...] = ()
        self.fingerprint = own.fingerprint if own else ""
        self.batch, self.rate, self.left, self.shares = 0, 0.0, None, False
        self.curve, self.rates = Curve(), []
        self.epochs: dict[int, EpochResult] = {}
        self.confusions: dict[int, np.ndarray] = {}  # of each epoch
        self.snapshot = None
        self._unwritten: dict[int, dict[str, Any]] = {}
        self._lock = threading.RLock()

    @classmethod
    def stored(cls, stored: StoredRun, epochs: list[dict[str, Any]]) -> "LiveRun":
        """The run as the store has it."""
        run = cls(stored, RunSpec.from_json(stored.spec))
        facts = stored.facts
        run.numbers.update({name: facts[name] for name in FACTS if name in facts})
        run.classes, run.shape = tuple(facts.get("classes", ())), tuple(facts.get("shape", ()))
        run.fingerprint = facts.get("fingerprint", "")
        for point in facts.get("points", ()):
            run.curve.add(*point)
        run.rates = [tuple(change) for change in facts.get("rates", ())]
        for content in epochs:
            content = dict(content)
            confusion = np.array(content.pop("confusion"))
            result = EpochResult(**content)
            run.epochs[result.epoch], run.confusions[result.epoch] = result, confusion
        return run

    @property
    def has_ended(self) -> bool:
        return self.state in ENDED or self.state == "lost"

    def check_pictures(self) -> None:
        """Raises ValueError for a run on own pictures, which are kept in memory only, when they are gone."""
        if self.spec.data == OWN and self.own is None:
            raise ValueError("A run on pictures of one's own needs them, and these are no longer kept. Received: none")

    def take(self, news: dict[str, Any]) -> bool:
        """What a poll brought; whether an epoch ended in it."""
        with self._lock:
            self.cursor = news["cursor"]
            if news["snapshot"] is not None:
                self.snapshot, self.snapshot_number = news["snapshot"], news["snapshot"].number
            for event in news["events"]:
                getattr(self, f"_on_{event['kind']}")(event)
            return any(event["kind"] == "epoch" for event in news["events"])

    @property
    def goes_on_from(self) -> str:
        """Where a lost run can go on, in words."""
        last = self.kept.get("last")
        return f"It can go on from epoch {last['epoch'] + 2 if last else 1}."

    def go_on(self, stored: Kept | None, has_best: bool) -> None:
        """Back into the queue, with what was learnt.

        stored: the checkpoint on disk, which may be older than the one in memory, where the disk was full.
        has_best: whether the best epoch's model is on disk.
        """
        with self._lock:
            known = [kept for kept in (stored, self.checkpoint) if kept]
            self.checkpoint = max(known, key=lambda kept: kept["epoch"], default=None)
            if self.checkpoint:
                self.kept.setdefault("last", without_model(self.checkpoint))
            if has_best and "best" not in self.kept and self.epochs:
                best = best_of(self.epochs.values())
                scores = {"accuracy": best.validation_accuracy, "loss": best.validation_loss}
                self.kept["best"] = without_model({"epoch": best.epoch, **scores})
            self.state, self.message, self.launches, self.early = "queued", "", 0, []

    def end(self, state: str, message: str) -> None:
        with self._lock:
            self.state, self.message, self.rate, self.left, self.shares = state, message, 0.0, None, False

    def view(self, ahead: int) -> RunView:
        """All that a page may see."""
        with self._lock:
            numbers = self.numbers
            return RunView(
                id=self.id,
                title=self.stored_run.title,
                visitor=self.visitor,
                created=self.stored_run.created,
                spec=self.spec,
                state=self.state,
                message=self.message,
                storage_message=self.storage_message,
                test_message=self.test_message,
                ahead=ahead,
                shares=self.shares,
                device=self.device,
                batch=self.batch,
                classes=self.classes,
                picture_shape=self.shape,
                fingerprint=self.fingerprint,
                pictures_per_second=self.rate,
                seconds_left=self.left,
                points=tuple(self.curve.points),
                epochs=tuple(self.epochs[epoch] for epoch in sorted(self.epochs)),
                snapshot=self.snapshot,
                confusion=self._confusion(),
                rates=tuple(self.rates),
                test=self.test,
                testing=self.testing,
                **numbers,
            )

    def _confusion(self) -> np.ndarray | None:
        """Of the last epoch; after the end of the best, whose network is kept and answers what is asked."""
        if not self.confusions:
            return None
        return self.confusions[best_of(self.epochs.values()).epoch if self.has_ended else max(self.confusions)]

    def summary(self) -> RunSummary:
        """The run in a list."""
        view = self.view(0)
        tested = self.test["accuracy"] if self.test else None
        return RunSummary(
            view.id,
            view.title,
            view.visitor,
            view.created,
            view.spec,
            view.state,
            len(view.epochs),
            view.best_accuracy,
            tested,
            view.seconds,
        )

    def to_store(self) -> StoredRun:
        """The run as the store keeps it."""
        with self._lock:
            facts = {
                **self.numbers,
                "classes": self.classes,
                "shape": self.shape,
                "fingerprint": self.fingerprint,
                "points": self.curve.points,
                "rates": self.rates,
            }
            return replace(
                self.stored_run,
                state=self.state,
                message=self.message,
                device=self.device,
                facts=json.loads(json.dumps(facts)),
                test=self.test,
            )

    def unwritten(self) -> list[tuple[int, dict[str, Any]]]:
        """Epochs that the store does not have yet, in order."""
        with self._lock:
            return sorted(self._unwritten.items())

    def is_written(self, epoch: int) -> None:
        """The store has this epoch now."""
        with self._lock:
            self._unwritten.pop(epoch, None)

    def _on_state(self, event) -> None:
        self.state = event["state"]

    def _on_turn(self, event) -> None:
        self.shares = event["shares"]

    def _on_start(self, event) -> None:
        self.device, self.classes, self.shape = event["device"], tuple(event["classes"]), tuple(event["shape"])
        counts = {f"{part}_count": event[part] for part in ("training", "validation", "test")}
        self.numbers.update(batches=event["batches"], epoch=event["epoch"], **counts)
        # Of an epoch that a lost worker left in the middle, the points are trained again.
        self.curve.cut(event["epoch"] * event["batches"])

    def _on_point(self, event) -> None:
        self.curve.add(event["step"], event["loss"], event["accuracy"])
        self.batch, self.rate, self.left = event["batch"], event["rate"], event["left"]
        self.numbers.update(step=event["step"], epoch=event["epoch"], seconds=event["seconds"])

    def _on_learning_rate(self, event) -> None:
        self.numbers["learning_rate"] = event["value"]
        self.rates.append((event["step"], event["value"]))

    def _on_schedule(self, event) -> None:
        self.numbers["learning_rate"] = event["value"]

    def _on_epoch(self, event) -> None:
        content = {name: value for name, value in event.items() if name not in ("kind", "confusion")}
        self.epochs[event["epoch"]] = EpochResult(**content)
        self.confusions[event["epoch"]] = np.asarray(event["confusion"])
        self._unwritten[event["epoch"]] = {**content, "confusion": self.confusions[event["epoch"]].tolist()}

    def _on_end(self, event) -> None:
        self.numbers["seconds"] = event["seconds"]
        self.end(event["state"], event["message"])


def is_better(kept: Kept, than: Kept | None) -> bool:
    """Whether an epoch did better on the validation pictures: by accuracy, then by loss."""
    return than is None or (kept["accuracy"], -kept["loss"]) > (than["accuracy"], -than["loss"])


def without_model(kept: Kept) -> Kept:
    """What is known of an epoch whose model is on disk."""
    return {**kept, "model": b"", "optimiser": []}
