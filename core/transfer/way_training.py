"""Goes one of the four ways. A worker module: it imports Keras."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

import keras
import numpy as np

from core.nets.keras_model import keras_model
from core.transfer.heads import answers, build_head, compile_for, train, with_head
from core.transfer.ways import WAYS, WayResult, WayRun, as_probabilities, scratch_network

Labelled = tuple[np.ndarray, np.ndarray]  # pictures or maps (n, …) and labels (n,)


class Stopped(Exception):
    """The person stopped it."""


@dataclass(frozen=True, eq=False)
class Parts:
    """What a run learns from, is judged by, and is asked at last."""

    training: Labelled
    validation: Labelled
    test: Labelled


@dataclass(frozen=True)
class Moment:
    """How far a run is."""

    epoch: int  # from 0
    epochs: int
    batch: int  # batches done of this epoch
    batches: int
    seconds: float  # since its start
    finished: dict[str, float] | None = None  # the epoch that has just ended, as in WayResult.epochs


def new_model(run: WayRun, feature_shape: tuple[int, int, int] | None = None) -> keras.Model:
    """The model that a run from scratch, or a head on maps of this shape, starts with."""
    if run.way == "head":
        return build_head(feature_shape, run.classes, run.seed)
    return keras_model(scratch_network(run.classes, run.augmentation if run.way == "augmented" else None), run.seed)


def fine_tuning_model(backbone: keras.Model, head: keras.Model) -> keras.Model:
    """The trained head on the backbone, every weight free to move but those of the batch norms."""
    backbone.trainable = True
    return with_head(backbone, head)


def go(
    run: WayRun,
    model: keras.Model,
    parts: Parts,
    tell: Callable[[Moment], None] = lambda moment: None,
    stop: Callable[[], bool] = lambda: False,
) -> WayResult:
    """Train the model as the run says; afterwards it holds the weights of its best epoch. Raises Stopped.

    tell: after every batch and every epoch; what it takes is not counted, for it may wait there for its turn.
    """
    way = WAYS[run.way]
    compile_for(model, way.learning_rate)
    began = time.perf_counter()
    epochs: list[dict[str, float]] = []

    def say(*of_moment) -> None:
        nonlocal began
        now = time.perf_counter()
        tell(Moment(len(epochs), run.epochs, *of_moment))
        began += time.perf_counter() - now

    def after_batch(done: int, total: int) -> bool:
        say(done, total, time.perf_counter() - began)
        return stop()

    for epoch in train(
        model,
        parts.training,
        parts.validation,
        epochs=run.epochs,
        batch=way.batch,
        seed=run.seed,
        after_batch=after_batch,
    ):
        epochs.append({**vars(epoch), "seconds": time.perf_counter() - began})
        say(0, 1, epochs[-1]["seconds"], epochs[-1])
    if len(epochs) < run.epochs:
        raise Stopped
    ends = [0.0, *(epoch["seconds"] for epoch in epochs)]
    return WayResult(
        run=run,
        epochs=tuple(epochs),
        best_epoch=max(
            range(len(epochs)), key=lambda at: (epochs[at]["validation_accuracy"], -epochs[at]["validation_loss"])
        ),
        seconds=ends[-1],
        epoch_seconds=median(np.diff(ends).tolist()),
        trained=_count(model.trainable_weights),
        frozen=_count(model.non_trainable_weights),
        validation=as_probabilities(answers(model, parts.validation[0], stop=stop)),
        test=as_probabilities(answers(model, parts.test[0], stop=stop)),
    )


def _count(weights) -> int:
    return int(sum(np.prod(weight.shape) for weight in weights if "seed" not in weight.path))
