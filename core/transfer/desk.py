"""One visitor's transfer learning as a page sees it: what was asked for, how far it is, and all that came of it.

A page calls and reads, and never waits: a thread sends the pictures to the worker, starts the job and polls it. When
the visitor's session is gone the desk is too, and with it the pictures in the worker.
"""

import threading
import time
import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import numpy as np

from core.transfer.dealing import Dealt
from core.transfer.ways import WayResult, WayRun

POLL_SECONDS = 0.25
SENT_AT_ONCE = 4 << 20  # bytes of pictures in one call
RUNNING = ("waiting", "running")


class Remote(Protocol):
    """A Workshop in a worker, as core.compute.engine gives it."""

    def call(self, method: str, *arguments: Any) -> Any: ...
    def release(self) -> None: ...


@dataclass(frozen=True, eq=False)
class Features:
    """What a backbone said of a set of pictures."""

    tag: str
    keys: tuple[str, ...]
    pooled: np.ndarray  # (n, c) float32
    samples: dict[str, np.ndarray]  # the tensors of a few, key -> (h, w, c) float16
    seconds: float = 0.0  # of the pictures that were looked at last; 0 when all had been before
    count: int = 0  # how many those were


@dataclass(frozen=True, eq=False)
class DeskView:
    """Everything at one moment."""

    state: str = "idle"  # "idle", "waiting", "running", "done", "failed", "cancelled" or "lost"
    message: str = ""  # one line for people
    done: float = 0.0
    total: float = 0.0
    unit: str = ""
    rate: float = 0.0  # units a second
    seconds_left: float | None = None
    tag: str = ""  # of the job that runs or ran last
    results: tuple[tuple[str, WayResult], ...] = ()  # (tag, result), in the order they came
    live: WayRun | None = None  # the run that is under way
    live_epochs: tuple[dict[str, float], ...] = ()
    features: dict[str, Features] = field(default_factory=dict)  # backbone -> what it said last
    # tag, run, the .keras file, its last layer with maps, and when it should say "neither" (as Novelty has it)
    kept: tuple[str, WayRun, bytes, str, dict[str, Any] | None] | None = None
    changes: int = 0  # counts what is worth drawing anew: results, features, a kept model, a new state

    @property
    def is_running(self) -> bool:
        return self.state in RUNNING

    def results_of(self, tag: str) -> tuple[WayResult, ...]:
        """The runs on these pictures; of runs that were repeated, the last."""
        latest = {}
        for of_tag, result in self.results:
            if of_tag == tag:
                latest[result.run.way, result.run.seed, result.run.backbone] = result
        return tuple(latest.values())


class TransferDesk:
    """make: gives the Workshop in a worker; called in a thread, it may take a while and may raise."""

    def __init__(self, make: Callable[[], Remote]):
        self._pilot = _Pilot(make)
        weakref.finalize(self, self._pilot.forget)

    def view(self) -> DeskView:
        """How things stand; never waits."""
        return self._pilot.view

    def bring(self, backbone: str, jpegs: dict[str, bytes]) -> None:
        """Have the pictures, and what this backbone needs, with the worker before anything is asked of it.

        To be called as often as one likes: what was brought is not brought again. Pictures that are no longer among
        them are forgotten there, unless a job is at work with them: then by the next call after it, or the next job.
        What goes wrong is said by the job.
        """
        self._pilot.bring(backbone, jpegs)

    def look(self, tag: str, backbone: str, jpegs: dict[str, bytes]) -> None:
        """Send all pictures (key -> JPEG) through a backbone once."""
        self._pilot.begin(tag, {"kind": "features", "backbone": backbone, "keys": tuple(jpegs)}, jpegs)

    def go(self, tag: str, runs: Sequence[WayRun], dealt: Dealt, jpegs: dict[str, bytes]) -> None:
        """Go some of the ways with some of the seeds, one after the other."""
        job = {"kind": "ways", "tag": tag, "runs": [run.to_json() for run in runs], "dealt": dealt}
        self._pilot.begin(tag, job, jpegs)

    def keep(self, tag: str, way: str, backbone: str, dealt: Dealt, jpegs: dict[str, bytes]) -> None:
        """Ask for the best network of a way as a file."""
        self._pilot.begin(tag, {"kind": "keep", "tag": tag, "way": way, "backbone": backbone, "dealt": dealt}, jpegs)

    def cancel(self) -> None:
        """Stop what runs."""
        self._pilot.cancel()

    def forget(self) -> None:
        """Drop everything: pictures, tensors and networks, here and in the worker."""
        self._pilot.forget()


class _Pilot:
    """The thread's half of a desk; holds no reference to the desk, so that this can go."""

    def __init__(self, make: Callable[[], Remote]):
        self._make = make
        self._lock = threading.RLock()  # a search for garbage may end the visit in a thread that holds it
        self._remote: Remote | None = None
        self._at_work: list[Remote] = []  # once for every thread that has to do with it
        self._supplying = threading.Lock()
        self._brought: tuple[str, ...] = ()  # the backbone and the keys of the pictures that were brought last
        self._visit = object()  # another one once all is forgotten, or the visitor gone
        self._stop = threading.Event()
        self.view = DeskView()

    def begin(self, tag: str, job: dict[str, Any], jpegs: dict[str, bytes]) -> None:
        with self._lock:
            if self.view.is_running:
                raise ValueError("One thing at a time: what runs now can be stopped first.")
            self._stop = threading.Event()
            self.view = replace(
                self.view,
                **{"state": "waiting", "message": "A worker is being asked.", "done": 0.0, "total": 0.0, "tag": tag},
                **{"live": None, "live_epochs": (), "seconds_left": None, "changes": self.view.changes + 1},
            )
            arguments = (tag, job, jpegs, self._stop, self._visit)
        threading.Thread(target=self._work, args=arguments, name="transfer desk", daemon=True).start()

    def bring(self, backbone: str, jpegs: dict[str, bytes]) -> None:
        wanted = (backbone, *jpegs)
        with self._lock:
            if wanted == self._brought:
                return
            self._brought = wanted
            arguments = (backbone, jpegs, wanted, self._visit)
        threading.Thread(target=self._carry, args=arguments, name="transfer bring", daemon=True).start()

    def cancel(self) -> None:
        self._stop.set()

    def forget(self) -> None:
        """End the visit, whether its visitor goes on or is gone."""
        self._stop.set()
        with self._lock:
            self.view = DeskView(changes=self.view.changes + 1)
            self._stop = threading.Event()  # a job under way is no longer heard, and lets its worker forget at its end
            self._visit, self._brought = object(), ()
            remote, self._remote = self._remote, None
            if remote not in self._at_work:
                self._let_go(remote)

    def _work(
        self, tag: str, job: dict[str, Any], jpegs: dict[str, bytes], stop: threading.Event, visit: object
    ) -> None:
        remote = None
        try:
            remote = self._supplied(jpegs, visit)
            if remote is not None and not stop.is_set():
                remote.call("start", job)
                self._follow(remote, tag, stop)
            else:
                self._end(stop, "cancelled", "Stopped.")
        except ValueError as error:
            self._end(stop, "failed", str(error))
        except Exception as error:  # the engine is away, a worker ended, no answer in time: all are said, none is fatal
            self._let_go(remote)
            self._end(stop, "lost", f"{str(error).rstrip('.') or type(error).__name__}. Try again.")
        finally:
            self._leave(remote, visit)

    def _carry(self, backbone: str, jpegs: dict[str, bytes], wanted: tuple[str, ...], visit: object) -> None:
        remote, lost = None, False
        try:
            remote = self._supplied(jpegs, visit, wanted)
            if remote is not None:
                remote.call("expect", backbone, list(jpegs))
        except Exception:  # nobody has asked for anything yet; a job will find another worker
            lost = True
        finally:
            self._leave(remote, visit, lost)

    def _supplied(
        self, jpegs: dict[str, bytes], visit: object, brought: tuple[str, ...] | None = None
    ) -> Remote | None:
        """The Workshop of this visitor, made where there is none, with just these pictures; one thread at a time.

        brought: what they are brought as; None for a job. The caller is at work with it until it calls `_leave`. None
        when all was forgotten meanwhile, or when it is this thread's turn and what it brings is no longer wanted.
        """
        with self._supplying:
            if visit is not self._visit or brought not in (None, self._brought):
                return None
            remote = self._remote or self._make()
            with self._lock:
                if visit is not self._visit:
                    self._let_go(remote)
                    return None
                self._remote = remote
                self._at_work.append(remote)
                in_use = brought is not None and self.view.is_running  # a job works, or waits for its pictures to come
                if in_use:
                    self._brought = ()  # to be brought again when it is over
            try:
                if not in_use:
                    remote.call("forget", list(jpegs))
                self._send(remote, jpegs)
            except Exception:
                self._leave(remote, visit, lost=True)
                raise
            return remote

    def _leave(self, remote: Remote | None, visit: object, lost: bool = False) -> None:
        """A thread has done with a worker, which forgets if the visit has ended or if it is lost itself; unless another
        thread is at work with it, which will see to that."""
        with self._lock:
            if remote in self._at_work:
                self._at_work.remove(remote)
            if (lost or visit is not self._visit) and remote not in self._at_work:
                self._let_go(remote)

    def _let_go(self, remote: Remote | None) -> None:
        """Let a worker forget, and have the next job find another."""
        if remote is None:
            return
        with self._lock:
            if self._remote is remote:
                self._remote = None
                self._brought = ()
        remote.release()

    def _send(self, remote: Remote, jpegs: dict[str, bytes]) -> None:
        missing = remote.call("missing", list(jpegs))
        part: dict[str, bytes] = {}
        for number, key in enumerate(missing):
            part[key] = jpegs[key]
            if sum(map(len, part.values())) > SENT_AT_ONCE or number == len(missing) - 1:
                remote.call("add", part)
                part = {}

    def _follow(self, remote: Remote, tag: str, stop: threading.Event) -> None:
        cursor, told = 0, False
        while True:
            now = remote.call("poll", cursor)
            cursor = now["cursor"]
            if stop.is_set() and not told:
                remote.call("cancel")
                told = True
            self._take_in(now, tag, stop)
            if now["state"] not in RUNNING:
                return
            time.sleep(POLL_SECONDS)

    def _take_in(self, now: dict[str, Any], tag: str, stop: threading.Event) -> None:
        with self._lock:
            if stop is not self._stop:
                return
            view = self.view
            for event in now["events"]:
                view = _with(view, tag, event)
            fresh = now["state"] != view.state or any(event["kind"] != "epoch" for event in now["events"])
            numbers = {name: now.get(name, default) for name, default in _NUMBERS.items()}
            self.view = replace(
                view, state=now["state"], message=now["message"], changes=view.changes + fresh, **numbers
            )

    def _end(self, stop: threading.Event, state: str, message: str) -> None:
        with self._lock:
            if stop is self._stop:
                self.view = replace(self.view, state=state, message=message, changes=self.view.changes + 1)


_NUMBERS = {"done": 0.0, "total": 0.0, "unit": "", "rate": 0.0, "seconds_left": None}


def _with(view: DeskView, tag: str, event: dict[str, Any]) -> DeskView:
    """The view after one event of the Workshop."""
    match event["kind"]:
        case "began":
            return replace(view, live=event["run"], live_epochs=())
        case "epoch":
            return replace(view, live_epochs=(*view.live_epochs, event["epoch"]))
        case "result":
            return replace(view, results=(*view.results, (tag, event["result"])), live=None, live_epochs=())
        case "looked":
            seen = Features(tag, (), np.zeros((0, 0)), {}, event["seconds"], event["count"])
            return replace(view, features={**view.features, event["backbone"]: seen})
        case "features":
            name = event["backbone"]
            before = view.features.get(name)
            seconds, count = (before.seconds, before.count) if before else (0.0, 0)
            seen = Features(tag, tuple(event["keys"]), event["pooled"], event["samples"], seconds, count)
            return replace(view, features={**view.features, name: seen})
        case "kept":
            return replace(view, kept=(tag, *(event[name] for name in ("run", "file", "feature_layer", "novelty"))))
    return view
