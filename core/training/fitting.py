"""A training run inside a worker: it trains in a thread of its own, obeys commands between batches, tells what it sees.

A worker module: it imports Keras. The web process reaches it as "core.training.fitting:TrainingRun".
"""

import math
import tempfile
import threading
import time
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import ops

from core.compute.devices import warm
from core.compute.turns import Turn
from core.images.datasets import DatasetMissing
from core.training.building import compiled_model, gradients
from core.training.judging import both_classes, judge
from core.training.pictures import OwnPictures, RunPictures, pictures_of, prepared
from core.training.snapshot import Snapshot
from core.training.spec import RunSpec, batches
from core.training.watching import Inside, Pace, Watcher

STEPS = 10  # batches between two looks at the commands; one where a run has few
FEW_BATCHES = 60
JUDGED_AT_ONCE = 256  # pictures


class Stopped(Exception):
    """Somebody stopped the run."""


class TrainingRun:
    """One run, an actor. `start` returns at once; `poll` gives what happened since it was last asked."""

    def __init__(self, spec: str, own: OwnPictures | None = None, checkpoint: dict[str, Any] | None = None):
        """spec: a RunSpec as JSON. checkpoint: what `checkpoint` gave, of a run that is to go on from there."""
        self.spec = RunSpec.from_json(spec)
        self._own, self._resumed = own, checkpoint
        self._change = threading.Condition()
        self._turn, self._shares = Turn(), False
        self._commands: list[tuple[str, Any]] = []
        self._paused, self._allowance = False, 0.0  # batches that a paused run may still do; inf: to the epoch's end
        self._events: list[dict[str, Any]] = []
        self._snapshot: Snapshot | None = None
        self._watched = 0
        self._kept: dict[str, dict[str, Any]] = {}
        self._step = self._epoch = self._done = 0  # batches over all epochs, epochs, batches of this epoch
        self._rate = self.spec.learning_rate
        self._seconds = 0.0
        self.pictures: RunPictures | None = None
        self._answers: np.ndarray | None = None

    # What the web side calls; each returns at once.

    def start(self) -> None:
        """Begin, in a thread."""
        threading.Thread(target=self._run, name="training", daemon=True).start()

    def command(self, name: str, value: Any = None) -> None:
        """pause, resume, step_batch, step_epoch, learning_rate (a number), stop, or watch (a validation picture)."""
        with self._change:
            self._commands.append((name, value))
            self._change.notify_all()

    def poll(self, cursor: int, snapshot: int = 0) -> dict[str, Any]:
        """Events from number `cursor` on, the next cursor, and the snapshot where it is newer than that number."""
        with self._change:
            events = self._events[cursor:]
            newest = self._snapshot if self._snapshot and self._snapshot.number > snapshot else None
            return {"events": events, "cursor": cursor + len(events), "snapshot": newest}

    def checkpoint(self, which: str, known: Collection[int] = ()) -> dict[str, Any] | None:
        """What is kept of the "last" or the "best" epoch: its number, the model as .keras, the optimiser's numbers.

        None before the first epoch has ended, and for an epoch among the known ones: it need not travel again.
        """
        kept = self._kept.get(which)
        return kept if kept and kept["epoch"] not in known else None

    def wrong(self, true: int, answer: int, count: int) -> list[tuple[int, np.ndarray]]:
        """Validation pictures of a class with that answer in the last epoch: (number, (H, W, C) uint8)."""
        if self.pictures is None or self._answers is None:
            return []
        found = np.flatnonzero((self.pictures.y_validation == true) & (self._answers == answer))[:count]
        return [(int(i), self.pictures.x_validation[i]) for i in found]

    # The training's thread.

    def _run(self) -> None:
        try:
            self._tell("state", state="preparing")
            if not self._has_turn(lambda: any(name == "stop" for name, _ in self._commands)):
                raise Stopped
            self._train()
        except Stopped:
            kept = "The best epoch is kept." if self._kept else "No epoch had been completed."
            self._end("stopped", f"Stopped. {kept}")
        except FloatingPointError:
            self._end(
                "failed",
                f"The loss became infinite or no number at batch {self._step:,}: the steps are too large. "
                f"Try a learning rate below {self._rate:g}. The epochs before are kept.",
            )
        except Exception as error:  # whatever it was, the person gets to read it
            in_words = isinstance(error, ValueError | DatasetMissing)
            self._end("failed", str(error) if in_words else f"{type(error).__name__}: {error}")
        finally:
            self._turn.give()

    def _train(self) -> None:
        hardware = warm()
        self.pictures = pictures_of(self.spec, self._own)
        self._x = prepared(self.pictures.x_train, self.spec.network)
        self._x_validation = prepared(self.pictures.x_validation, self.spec.network)
        self._batches = batches(len(self._x), self.spec.batch_size)
        self._model = compiled_model(self.spec)
        # Of the same layers, but without the several steps per execution, which predict does not always take.
        self._judging = keras.Model(self._model.input, self._model.output)
        self._functions: dict[int, Any] = {}
        self._inside = Inside(
            self._model,
            self.pictures.x_validation,
            self.pictures.y_validation,
            lambda pictures: prepared(pictures, self.spec.network),
        )
        self._pace = Pace()
        if self._resumed:
            self._restore(self._resumed)
        self._tell(
            "start",
            device=hardware.name,
            training=len(self._x),
            validation=len(self._x_validation),
            test=len(self.pictures.x_test),
            batches=self._batches,
            classes=self.pictures.classes,
            shape=self.pictures.x_train.shape[1:],
            epoch=self._epoch,
        )
        self._look_inside()
        self._tell("state", state="running")
        try:
            while self._epoch < self.spec.epochs:
                self._train_epoch()
                self._epoch += 1
                if math.isinf(self._allowance):
                    self._allowance = 0.0
        except Stopped:
            if self._done:  # what the unfinished epoch learnt counts too
                self._judge(share=self._done / self._batches)
            self._show_the_best()
            raise
        self._show_the_best()
        self._end("finished", "")

    def _show_the_best(self) -> None:
        """After the end the kept network is looked at, not the one of the last batch."""
        best = self._kept.get("best")
        if best is not None and best is not self._kept["last"]:
            load_weights(self._model, best["model"])
            self._look_inside()

    def _train_epoch(self) -> None:
        order = np.random.default_rng([self.spec.seed, 1, self._epoch]).permutation(len(self._x))
        x, y = self._x[order], self.pictures.y_train[order]
        size = self.spec.batch_size
        self._done, self._sums, self._began = 0, np.zeros(2), time.monotonic()
        self._tell("schedule", value=self._set_rate())
        while self._done < self._batches:
            self._obey()
            steps = (
                int(min(self._allowance, self._batches - self._done)) if self._paused else self._batches - self._done
            )
            first, last = self._done * size, (self._done + steps) * size
            self._segment(x[first:last], y[first:last], steps)
        self._judge()

    def _segment(self, x: np.ndarray, y: np.ndarray, steps: int) -> None:
        """Train on these batches, or on as many as there are until a command comes."""
        several = steps >= FEW_BATCHES and keras.backend.backend() != "torch"  # there Keras takes one at a time
        self._use_steps(STEPS if several else 1)
        watcher = Watcher(steps, self._point, self._look_inside, lambda: bool(self._commands) or self._turn.is_due)
        self._pace.rest()
        began = time.monotonic()
        self._model.fit(x, y, batch_size=self.spec.batch_size, epochs=1, shuffle=False, verbose=0, callbacks=[watcher])
        self._seconds += time.monotonic() - began
        if self._paused:
            self._allowance = max(self._allowance - watcher.batches, 0)
            self._look_inside()

    def _use_steps(self, steps: int) -> None:
        """Let the model look up after so many batches; what was compiled for either is kept."""
        model = self._model
        if model.steps_per_execution != steps or steps not in self._functions:
            model.steps_per_execution = steps
            model.train_function = self._functions.get(steps)
            model.make_train_function()
            self._functions[steps] = model.train_function

    def _obey(self) -> None:
        """Take in the commands; while paused, wait for more, and for its turn before it goes on. Raises Stopped."""
        while True:
            waiting = time.monotonic()
            if self._paused and not self._allowance:
                self._turn.give()
                with self._change:
                    self._change.wait_for(lambda: self._commands)
            else:
                self._has_turn(lambda: bool(self._commands))
            self._began += time.monotonic() - waiting  # waiting is no part of an epoch's time
            with self._change:
                commands, self._commands = self._commands, []
            for name, value in commands:
                self._take(name, value)
            if self._turn.is_mine and (not self._paused or self._allowance):
                return

    def _has_turn(self, interrupted: Callable[[], bool]) -> bool:
        """Wait for its turn in this worker, unless that is interrupted; tell where another training shares it."""
        if self._turn.is_shared != self._shares:
            self._shares = not self._shares
            self._tell("turn", shares=self._shares)
        return self._turn.take(interrupted)

    def _take(self, name: str, value: Any) -> None:
        if name == "stop":
            raise Stopped
        if name == "learning_rate":
            self._rate = float(value)
            self._tell("learning_rate", step=self._step, value=self._set_rate())
        elif name == "watch":
            self._watched = int(value) % len(self.pictures.x_validation)
            self._look_inside()
        else:
            paused = name != "resume"
            self._allowance = {"step_batch": 1.0, "step_epoch": math.inf}.get(name, 0.0)
            if paused != self._paused:
                self._paused = paused
                self._tell("state", state="paused" if paused else "running")

    def _set_rate(self) -> float:
        """Give the optimiser the learning rate of this epoch; returns it."""
        rate = self.spec.rate_in(self._epoch, self._rate)
        self._model.optimizer.learning_rate = rate
        return rate

    def _point(self, count: int, loss: float, accuracy: float) -> None:
        if not math.isfinite(loss):
            raise FloatingPointError
        self._done += count
        self._step += count
        self._sums += np.array([loss, accuracy]) * count
        if not self._paused or self._allowance != 1:  # a batch by itself says nothing of the pace
            self._pace.add(count * self.spec.batch_size)
        rate = self._pace.rate
        left = (self._batches * (self.spec.epochs - self._epoch) - self._done) * self.spec.batch_size
        self._tell(
            "point",
            step=self._step,
            epoch=self._epoch,
            batch=self._done,
            loss=loss,
            accuracy=accuracy,
            rate=rate,
            left=left / rate if rate else None,
            seconds=self._seconds,
        )

    def _look_inside(self) -> None:
        snapshot = self._inside.snapshot(self._watched, self._step)
        with self._change:
            self._snapshot = snapshot

    def _judge(self, share: float = 1.0) -> None:
        """End an epoch: validate, and keep the model where it is the best so far. share: of the epoch that was done."""
        output = self._judging.predict(self._x_validation, batch_size=JUDGED_AT_ONCE, verbose=0)
        if not np.isfinite(output).all():
            raise FloatingPointError
        judged = judge(both_classes(output), self.pictures.y_validation, self.spec.label_smoothing)
        self._answers = judged.answers
        loss, accuracy = self._sums / max(self._done, 1)
        best = self._kept.get("best")
        self._keep("last", judged)
        if best is None or (judged.accuracy, -judged.loss) > (best["accuracy"], -best["loss"]):
            self._kept["best"] = self._kept["last"]
        self._tell(
            "epoch",
            epoch=self._epoch,
            share=share,
            step=self._step,
            loss=float(loss),
            accuracy=float(accuracy),
            validation_loss=judged.loss,
            validation_accuracy=judged.accuracy,
            confusion=judged.confusion,
            learning_rate=self.spec.rate_in(self._epoch, self._rate),
            seconds=time.monotonic() - self._began,
            gradients=gradients(self._model),
        )

    def _keep(self, which: str, judged) -> None:
        numbers = [ops.convert_to_numpy(variable) for variable in self._model.optimizer.variables]
        self._kept[which] = {
            "epoch": self._epoch,
            "step": self._step,
            "learning_rate": self._rate,
            "accuracy": judged.accuracy,
            "loss": judged.loss,
            "seconds": self._seconds,
            "model": model_file(self._model),
            "optimiser": numbers,
        }

    def _restore(self, checkpoint: dict[str, Any]) -> None:
        load_weights(self._model, checkpoint["model"])
        optimiser = self._model.optimizer
        optimiser.build(self._model.trainable_variables)
        for variable, number in zip(optimiser.variables, checkpoint["optimiser"]):
            variable.assign(number)
        self._epoch, self._step = checkpoint["epoch"] + 1, checkpoint["step"]
        self._seconds, self._rate = checkpoint["seconds"], checkpoint["learning_rate"]
        self._kept["last"] = self._kept["best"] = checkpoint

    def _tell(self, kind: str, **content: Any) -> None:
        with self._change:
            self._events.append({"kind": kind, **content})

    def _end(self, state: str, message: str) -> None:
        self._tell("end", state=state, message=message, seconds=self._seconds)


def model_file(model: keras.Model) -> bytes:
    """A model as the bytes of a .keras file that Keras opens without ConvLab: without optimiser, loss and metric."""
    plain = keras.Model(model.input, model.output, name=model.name)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.keras"
        plain.save(path)
        return path.read_bytes()


def load_weights(model: keras.Model, content: bytes) -> None:
    """Give a model the weights of a .keras file of the same network."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.keras"
        path.write_bytes(content)
        keras.Model(model.input, model.output).load_weights(path)  # of the same layers; the file has no optimiser
