"""Where runs are asked for: they wait in a fair queue, are trained one at a time in each worker, and are written down.

A thread of the web process asks the workers several times a second what happened; pages read only what it has learnt,
so that neither a slow browser nor a closed tab matters to a run.
"""

import contextlib
import secrets
import threading
from collections import OrderedDict
from concurrent.futures import CancelledError
from typing import Any

import numpy as np

from core.compute.engine import Engine, EngineMissing, RemoteObject, WorkerLost, engine
from core.training.live_run import LiveRun, is_better
from core.training.opened import ANSWER_SECONDS, OpenedNetworks
from core.training.pictures import OwnPictures, check_run
from core.training.run_keeper import RunKeeper
from core.training.run_queue import RunQueue
from core.training.snapshot import Snapshot, Tried
from core.training.spec import OWN, RunSpec, check_learning_rate
from core.training.store import Store, StoredRun, new_run
from core.training.view import RunSummary, RunView, history_csv

POLL_SECONDS = 0.25
MOST_UNFINISHED = 4  # runs of one visitor that wait or train
MOST_REMEMBERED = 50  # ended runs kept in memory; the others are read from the store
MOST_OWN = 3  # ended runs whose own pictures are kept: 1,000 pictures of 128×128 are 49 MB
MOST_LAUNCHES = 10  # attempts to give a run to a worker, where workers go away before they have it
LAUNCH_PAUSE = 2.0  # seconds between two of them
GONE = (WorkerLost, EngineMissing, OSError, CancelledError)  # what a launch raises while a cluster goes away
RUN = "core.training.fitting:TrainingRun"
COMMANDS = ("pause", "resume", "step_batch", "step_epoch", "stop")


class RunDesk:
    """The runs of one web process. `desk()` gives the process's own; methods may be called from any thread."""

    def __init__(self, work: Engine, store: Store):
        self._engine, self._store, self._keeper = work, store, RunKeeper(store)
        self._lock = threading.RLock()
        self._runs: OrderedDict[str, LiveRun] = OrderedDict()
        self._queue = RunQueue()
        self._opened = OpenedNetworks(work)
        self._closed = threading.Event()
        for stored in store.unfinished():
            if lost := self._read(stored):
                lost.end("lost", "ConvLab was ended while this run trained. It can go on from its last epoch.")
                self._keeper.write(lost)
        threading.Thread(target=self._keep, name="run desk", daemon=True).start()

    def start(self, spec: RunSpec, visitor: str, title: str, own: OwnPictures | None = None) -> str:
        """Put a run into the queue; returns its name.

        own: the pictures of a run whose data is OWN; they are kept in memory only. Raises ValueError where network and
        pictures do not go together, and where the visitor has too many runs that have not ended.
        """
        check_run(spec, own)
        run = LiveRun(new_run(secrets.token_hex(6), visitor, title, spec.to_json()), spec, own)
        with self._lock:
            mine = sum(run.visitor == visitor and not run.has_ended for run in self._runs.values())
            if mine >= MOST_UNFINISHED:
                raise ValueError(
                    f"At most {MOST_UNFINISHED} runs of one person wait or train at a time: stop one, or let one end. "
                    f"Received: {mine + 1} runs"
                )
            self._runs[run.id] = run
            self._queue.add(run)
            self._forget()
        self._engine.warm("train")
        self._keeper.write(run)
        return run.id

    def again(self, run_id: str, visitor: str) -> str:
        """The same run anew: the same network, start and pictures; returns its name. Raises ValueError as `start`."""
        run = self._known(run_id)
        run.check_pictures()
        return self.start(run.spec, visitor, run.stored_run.title, run.own)

    def resume_lost(self, run_id: str) -> None:
        """Let a run whose worker ended go on from its last epoch, or from its start where none was completed."""
        run = self._known(run_id)
        run.check_pictures()
        with self._lock:
            if run.state != "lost":
                raise ValueError(f"Only a run whose worker ended can be resumed. Received: state={run.state}")
            run.go_on(self._store.checkpoint(run.id), has_best=self._store.model(run.id, "best") is not None)
            self._queue.add(run)
        self._engine.warm("train")
        self._keeper.write(run)

    def command(self, run_id: str, name: str) -> None:
        """pause, resume, step_batch, step_epoch or stop; takes hold after the batches that are under way."""
        if name not in COMMANDS:
            raise ValueError(f"A command is one of {', '.join(COMMANDS)}. Received: {name!r}")
        with self._lock:
            run = self._known(run_id)
            if name == "stop" and run in self._queue:
                self._queue.remove(run)
                run.end("stopped", "Stopped before it began.")
                self._keeper.write(run)
                return
        self._send(run, name)

    def set_learning_rate(self, run_id: str, rate: float) -> None:
        """From the next batches on. Raises ValueError for a rate that is none."""
        check_learning_rate(rate)
        self._send(self._known(run_id), "learning_rate", rate)

    def watch(self, run_id: str, index: int) -> None:
        """Follow another validation picture."""
        self._send(self._known(run_id), "watch", int(index))

    def view(self, run_id: str) -> RunView | None:
        """The run now; None where nobody knows it."""
        with self._lock:
            run = self._find(run_id)
            return run and run.view(self._queue.ahead(run))

    def runs(self, limit: int = 50) -> list[RunSummary]:
        """The runs of this installation, the newest first."""
        with self._lock:
            live = {run.id: run for run in self._runs.values()}
        listed = {stored.id: stored for stored in self._store.runs(limit)}
        read = [live.get(name) or self._read(stored) for name, stored in listed.items()]
        read += [run for name, run in live.items() if name not in listed]
        return sorted((run.summary() for run in read if run), key=lambda run: -run.created)[:limit]

    def wrong(self, run_id: str, true: int, answer: int, count: int = 24) -> list[tuple[int, np.ndarray]]:
        """Validation pictures of a class with that answer: (number, (H, W, C) uint8).

        The first question about an ended run takes some seconds: its network is loaded into a worker.
        Raises EngineMissing, WorkerLost or TimeoutError where nobody can answer.
        """
        run = self._known(run_id)
        actor = run.actor or self._open(run)
        return actor.call("wrong", true, answer, count, timeout=ANSWER_SECONDS)

    def try_filter(self, run_id: str, place: int, kernel: np.ndarray | None, watched: int = 0) -> Tried:
        """An ended run's best epoch with a filter of the first layer replaced or silenced (None), as by `look`.

        Raises ValueError for a filter that does not fit, and as `wrong` does.
        """
        return self._open(self._ended(run_id)).call("with_filter", place, kernel, watched, timeout=ANSWER_SECONDS)

    def look(self, run_id: str, watched: int = 0) -> Snapshot:
        """Filters and maps of an ended run's best epoch, on one of its validation pictures. Raises as `wrong` does."""
        return self._open(self._ended(run_id)).call("look", watched, timeout=ANSWER_SECONDS)

    def kernels(self, run_id: str) -> np.ndarray | None:
        """The first layer's filters of the best epoch, (kh, kw, C, K). Raises as `wrong` does."""
        return self._open(self._ended(run_id)).call("kernels", timeout=ANSWER_SECONDS)

    def evaluate(self, run_id: str) -> None:
        """Judge the best epoch on the test pictures, once, in the background; the view tells when it is done."""
        run = self._ended(run_id)
        if run.test is not None or run.testing:
            return
        run.testing, run.test_message = True, ""
        threading.Thread(target=self._evaluate, args=(run,), name="evaluation", daemon=True).start()

    def forget_pictures(self, visitor: str) -> None:
        """Stop this visitor's runs on own pictures, and let go of the pictures; what was learnt stays."""
        with self._lock:
            mine = [run for run in self._runs.values() if run.visitor == visitor and run.spec.data == OWN]
        for run in mine:
            if not run.has_ended:
                with contextlib.suppress(ValueError, EngineMissing, WorkerLost, TimeoutError):
                    self.command(run.id, "stop")
            run.own = None
            self._opened.close(run.id)

    def delete(self, run_id: str) -> None:
        """Stop and forget a run."""
        run = self._known(run_id)
        if not run.has_ended:
            with contextlib.suppress(ValueError, EngineMissing, WorkerLost, TimeoutError):
                self.command(run_id, "stop")
        with self._lock:
            self._runs.pop(run_id, None)
            self._release(run)
            run.is_deleted = True
        with run.writing:
            self._store.delete(run_id)

    def model_file(self, run_id: str, which: str = "best") -> bytes | None:
        """The .keras file of the "best" or the "last" epoch; None before the first one has ended."""
        run = self._known(run_id)
        kept = run.kept.get(which)
        return kept["model"] if kept and kept["model"] else self._store.model(run_id, which)

    def history_csv(self, run_id: str) -> str:
        """One line for each epoch."""
        return history_csv(self._known(run_id).view(0).epochs)

    def close(self) -> None:
        """End the desk's thread."""
        self._closed.set()

    # The desk's thread.

    def _keep(self) -> None:
        while not self._closed.wait(POLL_SECONDS):
            with self._lock:
                active = [run for run in self._runs.values() if run.actor is not None]
            for run in active:
                try:
                    self._poll(run)
                except Exception as error:  # the trouble of one run must not end the desk's thread
                    self._lose(run, f"ConvLab lost sight of this run ({type(error).__name__}). {run.goes_on_from}")
            with contextlib.suppress(Exception):  # a cluster that goes away here is told by the next poll
                self._dispatch()
            with self._lock:
                unkept = [run for run in self._runs.values() if run.storage_message]
            with contextlib.suppress(Exception):  # as above: the thread is for all runs
                self._keeper.write_again(unkept)

    def _dispatch(self) -> None:
        """Give every free worker the next run."""
        for address in self._engine.workers("train"):
            with self._lock:
                run = self._queue.next_for(address)
                if run is None:
                    continue
                run.state = "preparing"
            threading.Thread(target=self._launch, args=(run, address), name="launch", daemon=True).start()

    def _launch(self, run: LiveRun, address: str) -> None:
        try:
            actor = self._engine.actor(RUN, run.stored_run.spec, run.own, run.checkpoint, role="train", worker=address)
            with self._lock:
                run.cursor = run.snapshot_number = 0
                if run.is_deleted or ("stop", None) in run.early:
                    actor.release()
                    run.end("stopped", "Stopped before it began.")
                    self._release(run)
                else:
                    run.actor = actor
            if run.actor:
                for command in run.early:
                    actor.call("command", *command)
                actor.call("start")
            self._keeper.write(run)
        except Exception as error:  # the run must not stand in the queue for ever, whatever it was
            gone = isinstance(error, GONE) and not isinstance(error, TimeoutError)
            if gone and run.actor is None and run.launches < MOST_LAUNCHES:
                self._give_back(run)
            else:
                reason = str(error).partition("\n")[0].rstrip(".") or type(error).__name__
                self._lose(run, f"No worker took this run ({reason}). It can be started again.")

    def _give_back(self, run: LiveRun) -> None:
        """Into the queue again, at its head: the worker went away before it had the run."""
        self._closed.wait(LAUNCH_PAUSE)  # until the engine has noticed and lists the next worker
        with self._lock:
            run.state, run.launches = "queued", run.launches + 1
            self._release(run)
            self._queue.add(run, first=True)

    def _poll(self, run: LiveRun) -> None:
        actor = run.actor
        if actor is None:
            return
        try:
            news = actor.call("poll", run.cursor, run.snapshot_number, timeout=20)
            if any(event["kind"] in ("epoch", "end") for event in news["events"]):
                self._fetch(run, actor)  # first: who sees that the run has ended may ask for its model
            ended_epoch = run.take(news)
        except (WorkerLost, EngineMissing):
            self._lose(run, f"The worker that trained this run has ended. {run.goes_on_from}")
            return
        except TimeoutError:
            return  # a worker that compiles or swaps is slow, not gone
        if ended_epoch or run.has_ended:
            self._keeper.write(run)
        if run.has_ended:
            with self._lock:
                self._release(run)

    def _fetch(self, run: LiveRun, actor: RemoteObject) -> None:
        """Bring the models of the last and of the best epoch here, and to the disk."""
        known = {which: kept["epoch"] for which, kept in run.kept.items()}
        last = actor.call("checkpoint", "last", [known.get("last")], timeout=60)
        if last:
            run.kept["last"] = run.checkpoint = last
            known["last"] = last["epoch"]
        for found in (last, actor.call("checkpoint", "best", list(known.values()), timeout=60)):
            if found and is_better(found, run.kept.get("best")):
                run.kept["best"] = found
        self._keeper.write_models(run)
        if not run.storage_message:  # it goes on from what is on disk
            run.checkpoint = None

    def _lose(self, run: LiveRun, message: str) -> None:
        with self._lock:
            run.end("lost", message)
            self._release(run)
        self._keeper.write(run)

    def _release(self, run: LiveRun) -> None:
        if run.actor:
            run.actor.release()
        run.actor = None
        self._queue.remove(run)

    def _evaluate(self, run: LiveRun) -> None:
        try:
            found = self._open(run).call("test", timeout=ANSWER_SECONDS)
            run.test = {**found, "confusion": np.asarray(found["confusion"]).tolist()}
        except (EngineMissing, WorkerLost, TimeoutError, ValueError, OSError) as error:
            run.test_message = f"The test set could not be asked. {error}"
        finally:
            run.testing = False
            self._keeper.write(run)

    def _open(self, run: LiveRun) -> RemoteObject:
        """The network of an ended run in a worker."""
        return self._opened.of(run, self.model_file(run.id, "best"))

    def _send(self, run: LiveRun, name: str, value: Any = None) -> None:
        with self._lock:
            actor = run.actor
            if actor is None and run.state == "preparing":
                run.early.append((name, value))
                return
        if actor is None:
            what = "has not begun" if run.state == "queued" else "has ended"
            raise ValueError(f"This run {what}. Received: {name.replace('_', ' ')}")
        with contextlib.suppress(WorkerLost):  # the next poll tells it
            actor.call("command", name, value, timeout=10)

    def _read(self, stored: StoredRun) -> LiveRun | None:
        """A stored run; None where its network or its settings are of a version that this one cannot read."""
        with contextlib.suppress(ValueError, TypeError, KeyError):
            return LiveRun.stored(stored, self._store.epochs(stored.id))

    def _find(self, run_id: str) -> LiveRun | None:
        with self._lock:
            if run_id in self._runs:
                return self._runs[run_id]
            if not run_id.isalnum():
                return None
            stored = self._store.run(run_id)
            run = stored and self._read(stored)
            if run:
                self._runs[run_id] = run
                self._forget()
            return run

    def _known(self, run_id: str) -> LiveRun:
        run = self._find(run_id)
        if run is None:
            raise ValueError(f"There is no such run. Received: run={run_id[:40]!r}")
        return run

    def _ended(self, run_id: str) -> LiveRun:
        run = self._known(run_id)
        if not run.has_ended:
            raise ValueError(f"That can be asked once the run has ended. Received: state={run.state}")
        return run

    def _forget(self) -> None:
        """Let go of ended runs that the store has, the oldest first, and of own pictures but the newest."""
        ended = [r for r in self._runs.values() if r.has_ended and not r.storage_message and not r.testing]
        for run in [r for r in ended if r.own is not None][:-MOST_OWN]:
            run.own = None
        for run in ended[: max(len(self._runs) - MOST_REMEMBERED, 0)]:
            del self._runs[run.id]


_desk: RunDesk | None = None
_desk_lock = threading.Lock()


def desk() -> RunDesk:
    """The desk of this process."""
    global _desk
    with _desk_lock:
        if _desk is None:
            _desk = RunDesk(engine(), Store())
        return _desk
