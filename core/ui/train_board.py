"""From a run to what the live board shows."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from core.nets.network import Network, rows
from core.stage.live_board import Board, Curves, Inside, Invitation, LayerMaps, Mixups, Shown, Surgery
from core.training.pictures import with_augmentation
from core.ui import train_texts
from core.ui.train_fields import RATES

ENDED = ("finished", "stopped")
ACTIVE = ("queued", "preparing", "running", "paused")
BUTTONS = {
    "queued": ("leave",),
    "preparing": ("stop",),
    "running": ("pause", "rate", "stop"),
    "paused": ("resume", "batch", "epoch", "rate", "stop"),
    "finished": ("again", "test"),
    "stopped": ("again", "test"),
    "failed": ("again",),
    "lost": ("lost", "again"),
}
LIKELIEST = 3  # classes that are named with their shares


@dataclass(frozen=True)
class Looked:
    """What a person looks at on the board of one run; it is kept for the visit."""

    mixup: tuple[int, int] | None = None  # a cell of the confusion matrix: true class, said class
    wrong: tuple[Shown, ...] = ()  # pictures of that cell
    note: str = ""  # in place of the pictures
    surgery: Surgery | None = field(default=None)
    inside: Any = None  # a Snapshot that was asked for after the end
    operated: Any = None  # a Snapshot with the change of the surgery


def idle_board(
    network: Network | None, training: int, batch_size: int, epochs: int, samples: tuple, invitation: Invitation
) -> Board:
    """Before a run: what would be trained on what. network: None where the settings give none."""
    facts = ()
    remark = ""
    if network is not None:
        parameters = sum(row.parameters for row in rows(network))
        facts = (f"{network.name}, {parameters:,} parameters", f"{training:,} training pictures")
        remark = train_texts.batches_line(training, batch_size)
    none = np.zeros(0)
    names = ("loss", "accuracy", "validation_loss", "validation_accuracy")
    curves = Curves(epochs, 1, none, none, none, {name: [] for name in names})
    headline = "Ready" if network is not None else "Not ready"
    return Board(
        "idle", headline, facts, remark=remark, curves=curves, samples=samples, invitation=invitation, rates=RATES
    )


def board_of(view, looked: Looked, samples: tuple = ("", ()), warm: bool = True) -> Board:
    """What there is to see of a run (a RunView). samples: beside the charts until there is more.

    warm: whether the workers have TensorFlow ready.
    """
    if (looked.operated or looked.inside) is not None and view.state not in ACTIVE:
        view = replace(view, snapshot=looked.operated or looked.inside)
    remark, alarm = train_texts.remark(view)
    waiting = view.state in ("queued", "preparing") and not view.points
    return Board(
        state=view.state,
        headline=train_texts.headline(view),
        facts=train_texts.facts(view),
        share=_share(view),
        remark=remark,
        alarm=alarm,
        buttons=_buttons(view),
        rate=view.learning_rate,
        rates=tuple(sorted({*RATES, view.learning_rate}, reverse=True)),
        curves=curves_of(view),
        inside=inside_of(view),
        gradients=_gradients(view),
        mixups=None
        if view.confusion is None
        else Mixups(tuple(view.classes), np.asarray(view.confusion), looked.mixup),
        wrong=_wrong(view, looked),
        samples=samples,
        invitation=Invitation("", train_texts.waiting(view, warm)) if waiting else None,
        surgery=looked.surgery,
    )


def curves_of(view) -> Curves:
    """Loss and accuracy so far; where validation turned stands the end of that epoch."""
    steps, loss, accuracy = np.array(view.points, dtype=np.float64).reshape(-1, 3).T
    names = ("loss", "accuracy", "validation_loss", "validation_accuracy")
    epochs = {name: [getattr(result, name) for result in view.epochs] for name in names}
    turn = None if view.turned_at is None else view.turned_at + 1
    kept = None if view.best_epoch is None else view.best_epoch + 1
    share = view.epochs[-1].share if view.epochs else 1.0
    return Curves(view.spec.epochs, max(view.batches, 1), steps, loss, accuracy, epochs, turn, kept, share)


def inside_of(view) -> Inside | None:
    """The network as it was last seen."""
    snapshot = view.snapshot
    if snapshot is None:
        return None
    # With weights that are no numbers it says nothing: a browser takes no message with a NaN in it.
    says = enumerate(snapshot.prediction) if np.isfinite(snapshot.prediction).all() else ()
    likeliest = sorted(says, key=lambda one: -one[1])[:LIKELIEST]
    fixed = view.spec.fixed_filter
    return Inside(
        number=snapshot.number,
        kernels=None if snapshot.kernels is None else np.asarray(snapshot.kernels, dtype=np.float32),
        layers=_titled(view, snapshot.maps),
        picture=snapshot.picture,
        truth=view.classes[snapshot.label],
        verdict=tuple((view.classes[place], float(share)) for place, share in likeliest),
        frozen=(fixed.place,) if fixed else (),
        operable=view.state in ENDED,
    )


def _titled(view, maps) -> tuple[LayerMaps, ...]:
    """The maps with the size of the layer that they come from, of which they may be a part."""
    shapes = {row.name: row.output_shape for row in rows(with_augmentation(view.spec.network, view.spec))}
    titled = []
    for name, levels in maps:
        shape = shapes.get(name, levels.shape)
        title = f"{name}: {'×'.join(map(str, shape))}"
        titled.append(LayerMaps(title, shape[-1], np.ascontiguousarray(levels, dtype=np.uint8)))
    return tuple(titled)


def _share(view) -> float:
    if view.state == "finished":
        return 1.0
    whole = max(view.spec.epochs * max(view.batches, 1), 1)
    return min((view.epoch * max(view.batches, 1) + view.batch) / whole, 1.0)


def _buttons(view) -> tuple[str, ...]:
    buttons = BUTTONS.get(view.state, ())
    if view.testing or view.test or not view.epochs:
        buttons = tuple(name for name in buttons if name != "test")
    return buttons


def _gradients(view) -> tuple[tuple[str, float], ...]:
    if view.snapshot and view.snapshot.gradients:
        return tuple(view.snapshot.gradients.items())
    return tuple(view.epochs[-1].gradients.items()) if view.epochs else ()


def _wrong(view, looked: Looked) -> tuple[str, tuple[Shown, ...]]:
    if looked.mixup is None:
        return ("", ())
    truth, said = (view.classes[place] for place in looked.mixup)
    words = f"{truth}, read rightly" if truth == said else f"{truth}, taken for {said}"
    if not looked.wrong:
        return (looked.note or f"{words}: none", ())
    count = 0 if view.confusion is None else int(np.asarray(view.confusion)[looked.mixup])
    more = f": {len(looked.wrong)} of {count:,}" if count > len(looked.wrong) else ""
    return (f"{words}{more}", looked.wrong)
