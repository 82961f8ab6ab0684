"""All long work of one visitor's transfer learning, in a worker. A worker module: it imports Keras.

The calls return at once; the work runs in a thread of its own, one visitor's at a time, and tells how far it is.
"""

import contextlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np

from core.compute.turns import Turn
from core.transfer import way_training
from core.transfer.dealing import PARTS, Dealt
from core.transfer.features import BATCH, FeatureStore, extract, stand_back
from core.transfer.heads import build_head
from core.transfer.kept_keras import as_file, last_maps
from core.transfer.keras_backbones import BackboneMissing, headless
from core.transfer.looking import LOOKING, Looking
from core.transfer.novelty import fit
from core.transfer.prepared import PreparedPictures
from core.transfer.way_training import Moment, Parts, Stopped
from core.transfer.ways import WAYS, WayResult, WayRun, run_title

MOST_HEAD_BYTES = 400 << 20
MOST_BEST = 12  # networks that can be kept as files; the oldest go first
SAMPLES = 4  # tensors that are shown
STATES = ("idle", "waiting", "running", "done", "failed", "cancelled")


class Progress:
    """How far the job is, written by its thread and read by the calls."""

    def __init__(self):
        self._lock = threading.Lock()
        self._now: dict[str, Any] = {"state": "idle", "message": ""}
        self._events: list[dict[str, Any]] = []

    def tell(self, state: str, message: str, **numbers: Any) -> None:
        with self._lock:
            self._now = {"state": state, "message": message, **numbers}

    def event(self, kind: str, **content: Any) -> None:
        with self._lock:
            self._events.append({"kind": kind, **content})

    def since(self, cursor: int) -> dict[str, Any]:
        with self._lock:
            return {**self._now, "events": self._events[cursor:], "cursor": len(self._events)}

    @property
    def is_running(self) -> bool:
        with self._lock:
            return self._now["state"] in ("waiting", "running")


class Workshop:
    """Pictures, their tensors and the networks trained on them, for one visitor."""

    def __init__(self, looking: Looking = LOOKING):
        self._looking = looking
        self._pictures = PreparedPictures()
        self._features = FeatureStore()
        self._heads: OrderedDict[tuple, list[np.ndarray]] = OrderedDict()
        self._best: OrderedDict[tuple[str, str, str], tuple[float, WayRun, list[np.ndarray]]] = OrderedDict()
        self._progress = Progress()
        self._stop, self._turn = threading.Event(), Turn()
        self._expected = 0  # counts what was expected: only the last of it is got ready

    def missing(self, keys: Sequence[str]) -> list[str]:
        """Which of these pictures are not here."""
        return self._pictures.missing(keys)

    def add(self, jpegs: dict[str, bytes]) -> None:
        """Take pictures, JPEG bytes under their keys."""
        self._pictures.add(jpegs)

    def expect(self, backbone: str, keys: Sequence[str]) -> None:
        """Have a backbone and these pictures ready for it, as long as nothing is asked for; returns at once."""
        self._expected += 1
        arguments = (backbone, tuple(keys), self._expected)
        threading.Thread(target=self._get_ready, args=arguments, name="transfer ahead", daemon=True).start()

    def forget(self, keep: Sequence[str] = ()) -> None:
        """Drop all pictures and tensors but those with these keys; without any, also all that was learnt from them."""
        self._expected += 1
        self._pictures.forget(keep)
        self._features.forget(keep)
        if not keep:
            self._heads.clear()
            self._best.clear()

    def start(self, job: dict[str, Any]) -> None:
        """Begin a job: {"kind": "features" | "ways" | "keep", …}. ValueError while another one runs."""
        if self._progress.is_running:
            raise ValueError("One thing at a time: what runs now can be stopped first.")
        work = {"features": self._look, "ways": self._go, "keep": self._keep}[job["kind"]]
        self._stop, self._progress = threading.Event(), Progress()
        self._progress.tell("waiting", "Waiting for its turn.")
        threading.Thread(target=self._run, args=(work, job, self._stop), name=f"transfer {job['kind']}").start()

    def poll(self, cursor: int = 0) -> dict[str, Any]:
        """{state, message, done, total, unit, rate, seconds_left, events since the cursor, cursor}."""
        return self._progress.since(cursor)

    def cancel(self) -> None:
        """Stop what runs, after the batch that runs now."""
        self._stop.set()

    def _get_ready(self, backbone: str, keys: Sequence[str], number: int) -> None:
        with contextlib.suppress(BackboneMissing):  # the job says it, if one is begun
            side = self._looking.at(backbone).input_shape[1]
            stand_back()  # not before: threads that TensorFlow begins with a first network would stand back for good
            self._pictures.ahead(keys, side, lambda: number == self._expected and not self._progress.is_running)

    def _run(self, work: Callable, job: dict[str, Any], stop: threading.Event) -> None:
        turn = self._turn = Turn()
        try:
            self._make_way(stop)
            work(job, stop)
            self._progress.tell("done", "")
        except Stopped:
            self._progress.tell("cancelled", "Stopped. What was finished before is kept.")
        except Exception as error:  # whatever happens in a worker, the person hears of it
            self._progress.tell("failed", str(error) or type(error).__name__)
            if not isinstance(error, ValueError | BackboneMissing):
                raise
        finally:
            turn.give()  # the next job may have begun, with a place of its own

    def _make_way(self, stop: threading.Event) -> None:
        """Wait for the turn in this worker; where another training waits too, let it go first. Raises Stopped."""
        if not self._turn.take(stop.is_set):
            raise Stopped

    def _look(self, job: dict[str, Any], stop: threading.Event) -> None:
        """{"backbone", "keys"}: every picture through the backbone once."""
        self._see(job["backbone"], job["keys"], stop)

    def _see(self, backbone: str, keys: Sequence[str], stop: threading.Event) -> None:
        """Have the tensors of all these pictures: those that are not stored yet are made. Tells what there is."""
        if missing := self._features.missing(backbone, keys):
            self._extract(backbone, missing, stop)
        keys = list(dict.fromkeys(keys))
        some = [keys[place] for place in np.unique(np.linspace(0, len(keys) - 1, SAMPLES).astype(int))]
        self._progress.event(
            "features",
            backbone=backbone,
            keys=keys,
            pooled=self._features.pooled(backbone, keys),
            samples=dict(zip(some, self._features.maps(backbone, some))),
        )

    def _extract(self, backbone: str, missing: list[str], stop: threading.Event) -> None:
        self._tell_pictures(0, len(missing), time.perf_counter())
        model = self._looking.at(backbone)
        side = model.input_shape[1]
        began, done = time.perf_counter(), 0
        for maps in extract(model, len(missing), lambda place: self._pictures.one(missing[place], side), stop.is_set):
            self._features.keep(backbone, missing[done : done + len(maps)], maps)
            done += len(maps)
            self._tell_pictures(done, len(missing), began)
            waiting = time.perf_counter()
            self._make_way(stop)
            began += time.perf_counter() - waiting
        if stop.is_set():
            raise Stopped
        seconds = time.perf_counter() - began
        self._progress.event("looked", backbone=backbone, count=done, seconds=seconds, shape=model.output_shape[1:])

    def _tell_pictures(self, done: int, total: int, began: float) -> None:
        rate = done / max(1e-9, time.perf_counter() - began)
        message = "Once through the backbone" if done else "The backbone is loading"
        left = (total - done) / rate if rate else None
        self._progress.tell("running", message, done=done, total=total, unit="pictures", rate=rate, seconds_left=left)

    def _go(self, job: dict[str, Any], stop: threading.Event) -> None:
        """{"tag" of the pictures, "runs": WayRun as JSON, …, "dealt": Dealt}: the runs in turn.

        The features first, where one needs them.
        """
        dealt: Dealt = job["dealt"]
        runs = [WayRun.from_json(run) for run in job["runs"]]
        for backbone in dict.fromkeys(run.backbone for run in runs if run.backbone):
            self._see(backbone, dealt.keys, stop)
        for number, run in enumerate(runs):
            result = self._one(job["tag"], run, dealt, run_title(runs, number), stop)
            if stop.is_set():
                raise Stopped
            self._progress.event("result", result=result)

    def _one(self, tag: str, run: WayRun, dealt: Dealt, title: str, stop: threading.Event) -> WayResult:
        self._progress.event("began", run=run)

        def tell(moment: Moment) -> None:
            if moment.finished:
                self._progress.event("epoch", run=run, epoch=moment.finished)
            share = (moment.epoch + moment.batch / moment.batches) / moment.epochs
            self._progress.tell(
                "running",
                f"{title}: epoch {min(moment.epoch + 1, moment.epochs)} of {moment.epochs}",
                done=round(share * moment.epochs, 2),
                total=moment.epochs,
                unit="epochs",
                rate=share * moment.epochs / max(1e-9, moment.seconds),
                seconds_left=moment.seconds * (1 - share) / share if share else None,
            )
            self._make_way(stop)

        self._progress.tell("running", f"{title}: the network is being built")
        if run.way == "fine_tuned":
            head = self._trained_head(run, dealt, stop)
            model = way_training.fine_tuning_model(headless(run.backbone), head)
        else:
            model = way_training.new_model(run, self._feature_shape(run, dealt))
        result = way_training.go(run, model, self._parts(run, model, dealt), tell, stop.is_set)
        self._remember(tag, run, dealt, result, model)
        return result

    def _feature_shape(self, run: WayRun, dealt: Dealt):
        return self._features.maps(run.backbone, dealt.keys[:1]).shape[1:] if run.way == "head" else None

    def _trained_head(self, run: WayRun, dealt: Dealt, stop: threading.Event) -> keras.Model:
        """The head of the same backbone, pictures and seed, trained now if it was not before."""
        of_head = WayRun("head", run.seed, run.classes, run.backbone)
        head = way_training.new_model(of_head, self._feature_shape(of_head, dealt))
        weights = self._heads.get(_place(of_head, dealt))
        if weights is None:
            way_training.go(of_head, head, self._parts(of_head, head, dealt), stop=stop.is_set)
        else:
            head.set_weights(weights)
        return head

    def _parts(self, run: WayRun, model: keras.Model, dealt: Dealt) -> Parts:
        parts = []
        for part in PARTS:
            keys = dealt.part_keys(run.seed, part)
            if run.way == "head":
                x = self._features.maps(run.backbone, keys)
            else:
                x = self._pictures.many(keys, model.input_shape[1])
            parts.append((x, dealt.part_labels(run.seed, part)))
        return Parts(*parts)

    def _remember(self, tag: str, run: WayRun, dealt: Dealt, result: WayResult, model: keras.Model) -> None:
        """The best network of each way on these pictures, to be kept; and every head, to be fine-tuned from."""
        accuracy = result.accuracy("validation", dealt.part_labels(run.seed, "validation"))
        weights = model.get_weights()
        place = (tag, run.way, run.backbone)
        if place not in self._best or accuracy >= self._best[place][0]:
            self._best[place] = (accuracy, run, weights)
        self._best.move_to_end(place)
        while len(self._best) > MOST_BEST:
            self._best.popitem(last=False)
        if run.way == "head":
            self._heads[_place(run, dealt)] = weights
            while sum(array.nbytes for kept in self._heads.values() for array in kept) > MOST_HEAD_BYTES:
                self._heads.popitem(last=False)

    def _keep(self, job: dict[str, Any], stop: threading.Event) -> None:
        """{"tag" of the pictures, "way", "backbone", "dealt": Dealt}: the best network as a file, and what it knows."""
        self._progress.tell("running", "The network is being written")
        place = (job["tag"], job["way"], job["backbone"])
        if place not in self._best:
            raise ValueError(f"The worker no longer has this network: go its way again. Received: way={job['way']}")
        _, run, weights = self._best[place]
        if run.way in ("scratch", "augmented"):
            model = way_training.new_model(run)
        else:
            backbone = headless(run.backbone)
            maps = tuple(backbone.output_shape[1:])
            model = way_training.fine_tuning_model(backbone, build_head(maps, run.classes, run.seed))
        if run.way == "head":
            head = build_head(maps, run.classes, run.seed)
            head.set_weights(weights)
            model = way_training.fine_tuning_model(backbone, head)
        else:
            model.set_weights(weights)
        novelty = self._novelty(model, run, job["dealt"]) if WAYS[run.way].uses_backbone else None
        self._progress.event("kept", run=run, file=as_file(model), feature_layer=last_maps(model), novelty=novelty)

    def _novelty(self, model: keras.Model, run: WayRun, dealt: Dealt) -> dict[str, Any]:
        """When the network should say "neither": by its own last maps of what it learnt from and was validated on.

        Not for a network from scratch: its maps tell the classes apart, and little else.
        """
        maps = keras.Model(model.inputs, model.get_layer(last_maps(model)).output)
        side = model.input_shape[1]
        parts = (self._pictures.many(dealt.part_keys(run.seed, part), side) for part in ("train", "validation"))
        return fit(*(maps.predict(part, batch_size=BATCH, verbose=0).mean(axis=(1, 2)) for part in parts)).to_json()


def _place(run: WayRun, dealt: Dealt) -> tuple:
    return (
        run.backbone,
        run.classes,
        run.seed,
        run.epochs,
        hash((dealt.keys, dealt.labels, dealt.places[run.seed]["train"])),
    )
