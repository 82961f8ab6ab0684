"""What can be set before a training run, how it stands in the link, and the run that it makes."""

import re
from dataclasses import replace

import numpy as np

from core.images.augmentation import FLIPS, Augmentation
from core.images.training_sets import MOST_DRAWN, TRAINING_SETS
from core.nets.adapted import SMALL, adapted, with_dropout
from core.nets.codec import read
from core.nets.layers import Conv2D
from core.nets.network import Network
from core.nets.presets import PRESETS
from core.ops.filter_bank import resize_kernel
from core.stage.live_board import TABS
from core.training.pictures import check_fit
from core.training.spec import OPTIMISERS, OWN, SCHEDULES, FixedFilter, RunSpec
from core.ui import fields, links
from core.ui.links import Field

USUAL = "usual"
USUAL_DRAWN = 10_000  # drawn in two seconds
COUNTS = (USUAL, 500, 1_000, 2_000, 5_000, 20_000, 60_000)
SPLITS = (0.1, 0.2, 0.3, 0.4, 0.5)
BATCHES = (8, 16, 32, 64, 128, 256, 512)
RATES = (10.0, 3.0, 1.0, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001, 0.0003, 0.0001, 0.00001)
USUAL_RATES = {"adam": 0.001, "momentum": 0.03, "sgd": 0.1}
SHARES = (0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5)
DROPOUTS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5)
DECAYS = (0.0, 0.0001, 0.0005, 0.005, 0.05)
SMOOTHINGS = (0.0, 0.05, 0.1, 0.2)
SIDES = (32, 64, 96, 128)  # pixels a side, of own pictures
MOST_EPOCHS = 100
MOST_COMPARED = 6
NETWORKS = {
    "small": SMALL,
    **{name: preset.network for name, preset in PRESETS.items() if name != "resnet50"},  # that one is for looking
}
DATA = (*TRAINING_SETS, OWN)


def network_text(default: str) -> Field:
    """The name of a network in NETWORKS, or the text of one that was built."""

    def check(text: str) -> str:
        if text not in NETWORKS:
            read(text)
        return text

    return Field(default, check)


def _run_name(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]{0,40}", text, re.ASCII):
        raise ValueError(f"must be a run of this installation. Received: {text[:40]!r}")
    return text


def run_id() -> Field:
    """A run's name in the store; "" for none."""
    return Field("", _run_name)


def cell() -> Field:
    """A cell of the confusion matrix, "4_9": which class is taken for which, counted from 0; None for none."""

    def read(text: str) -> tuple[int, int]:
        match = re.fullmatch(r"(\d{1,3})_(\d{1,3})", text, re.ASCII)
        if not match:
            raise ValueError(f"must be two classes such as 4_9. Received: {text[:40]!r}")
        return int(match[1]), int(match[2])

    return Field(None, read, lambda pair: f"{pair[0]}_{pair[1]}")


def run_ids() -> Field:
    """Names of runs that are compared, parted by dots."""

    def several(text: str) -> tuple[str, ...]:
        names = tuple(dict.fromkeys(_run_name(name) for name in text.split(".")))
        return names[:MOST_COMPARED]

    return Field((), several, ".".join)


FIELDS = {
    "data": links.choice("drawn", DATA),
    "net": network_text("small"),
    "count": links.choice(USUAL, COUNTS),
    "side": links.choice(64, SIDES),
    "split": links.choice(0.2, SPLITS),
    "batch": links.choice(64, BATCHES),
    "epochs": links.whole(10, 1, MOST_EPOCHS),
    "optimiser": links.choice("adam", tuple(OPTIMISERS)),
    "rate": links.choice(0.001, RATES),
    "schedule": links.choice("constant", tuple(SCHEDULES)),
    "decay": links.choice(0.0, DECAYS),
    "smooth": links.choice(0.0, SMOOTHINGS),
    "seed": links.whole(0, 0, 999_999),
    "flip": links.choice("none", FLIPS),
    "turn": links.choice(0.0, SHARES),
    "zoom": links.choice(0.0, SHARES),
    "shift": links.choice(0.0, SHARES),
    "light": links.choice(0.0, SHARES),
    "drop": links.choice(0.0, DROPOUTS),
    "filter": fields.kernel(None),
    "place": links.whole(0, 0, 511),
    "run": run_id(),
    "tab": links.choice(TABS[0], TABS),
    "cell": cell(),
    "watch": links.whole(0, 0, 99_999),
    "compare": run_ids(),
    "palette": links.choice("red-blue", ("red-blue", "orange-blue")),
}
OF_BOARD = ("run", "tab", "cell", "watch", "compare")  # what is looked at, not what is trained
# The recipe of scripts/measure_fashion, whose result is in assets/results/fashion_mnist.json, as the page sets it.
BEST_ON_FASHION = {
    **{name: field.default for name, field in FIELDS.items() if name not in (*OF_BOARD, "palette", "side")},
    **{"data": "fashion_mnist", "net": "best_fashion", "split": 0.1, "batch": 128, "epochs": 27},
    **{"optimiser": "momentum", "rate": 0.1, "schedule": "cosine", "decay": 0.005, "smooth": 0.1},
}


def turn_to(link: links.PageLink, run: str) -> None:
    """Have another run on the board, or none ("")."""
    link.set("run", run)
    for name in ("cell", "watch"):  # they are of the run before
        link.set(name, FIELDS[name].default)


def picture_count(data: str, count: str | int) -> int | None:
    """How many training pictures a run takes; None: all."""
    if data == OWN:
        return None
    if count == USUAL:
        return USUAL_DRAWN if data == "drawn" else None
    there = MOST_DRAWN if data == "drawn" else TRAINING_SETS[data].train_count
    return min(count, there)


def training_pictures(data: str, count: str | int, own: int = 0) -> int:
    """How many pictures there are before the split. own: how many of the person's own there are to train on."""
    if data == OWN:
        return own
    return picture_count(data, count) or TRAINING_SETS[data].train_count


def chosen_network(text: str) -> Network:
    """The network that the field `net` names, as it was built."""
    return NETWORKS[text] if text in NETWORKS else replace(read(text), name="Your network")


def first_convolution(network: Network) -> Conv2D | None:
    """The layer whose filters the board shows."""
    return next((layer for layer in network.layers if isinstance(layer, Conv2D)), None)


def fixed_filter(network: Network, kernel: tuple | None, place: int) -> FixedFilter | None:
    """A hand-made filter in the size of the network's first layer: cut, or with zeros around it, where it has another.

    Raises ValueError where the network has no convolution, or fewer filters than `place` says.
    """
    if kernel is None:
        return None
    layer = first_convolution(network)
    if layer is None:
        raise ValueError("A network without a convolution has no place for your filter. Received: no Conv2D")
    if place >= layer.filters:
        raise ValueError(f"The first layer has {layer.filters} filters. Received: filter {place + 1}")
    if (len(kernel), len(kernel[0])) != (layer.kernel, layer.kernel):
        kernel = fields.as_rows(resize_kernel(np.array(kernel), layer.kernel, layer.kernel))
    return FixedFilter(place, kernel)


def spec_of(link: links.PageLink, shape: tuple[int, int, int], classes: int) -> RunSpec:
    """The run that the link describes, on pictures of this shape. Raises ValueError for one that cannot be."""
    network = with_dropout(adapted(chosen_network(link.get("net")), shape, classes), link.get("drop"))
    check_fit(network, shape, classes)
    return RunSpec(
        network=network,
        data=link.get("data"),
        picture_count=picture_count(link.get("data"), link.get("count")),
        validation_split=link.get("split"),
        batch_size=link.get("batch"),
        epochs=link.get("epochs"),
        optimiser=link.get("optimiser"),
        learning_rate=link.get("rate"),
        schedule=link.get("schedule"),
        weight_decay=link.get("decay"),
        label_smoothing=link.get("smooth"),
        seed=link.get("seed"),
        augmentation=augmentation_of(link),
        fixed_filter=fixed_filter(network, link.get("filter"), link.get("place")),
    )


def augmentation_of(link: links.PageLink) -> Augmentation:
    """What is changed at random in each training picture."""
    return Augmentation(
        flip=link.get("flip"),
        rotation=link.get("turn"),
        zoom=link.get("zoom"),
        shift=link.get("shift"),
        brightness=link.get("light"),
    )
