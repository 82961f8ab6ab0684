"""Four ways from the same pictures to a network that tells their classes apart, and how far each got."""

from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from core.images.augmentation import LECTURE, Augmentation
from core.nets.layers import (
    Dense,
    Layer,
    RandomBrightness,
    RandomFlip,
    RandomRotation,
    RandomTranslation,
    RandomZoom,
)
from core.nets.network import Network
from core.nets.presets import PRESETS
from core.transfer.backbones import backbone_of

SCRATCH_SIDE = 224  # of the pictures that the network from scratch takes
HEAD_UNITS, HEAD_DROPOUT = 256, 0.5


@dataclass(frozen=True)
class Way:
    """One way, with what it needs to be repeated."""

    name: str
    title: str
    about: str
    uses_backbone: bool
    epochs: int
    learning_rate: float  # of Adam
    batch: int = 32


_WAYS = (
    Way("scratch", "From scratch", "a small network that has never seen a picture", False, 20, 1e-3),
    Way("augmented", "From scratch, augmented", "the same, every photo changed a little each time", False, 40, 1e-3),
    Way("head", "Frozen backbone + head", "the backbone looks once, only the head learns", True, 10, 1e-3),
    Way("fine_tuned", "Fine-tuned", "from that head on, backbone and head learn together, slowly", True, 8, 1e-5),
)
WAYS = {way.name: way for way in _WAYS}


@dataclass(frozen=True)
class WayRun:
    """What one run is: together with the pictures and the seed, all that its result depends on."""

    way: str  # a name in WAYS
    seed: int
    classes: int
    backbone: str = ""  # a name in core.transfer.backbones.BACKBONES where the way uses one
    epochs: int = 0  # 0: as the way has it
    augmentation: Augmentation = LECTURE  # only "augmented" uses it

    def __post_init__(self):
        if self.way not in WAYS:
            raise ValueError(f"A way is one of {', '.join(WAYS)}. Received: way={self.way!r}")
        if self.classes < 2:
            raise ValueError(f"There are two classes at least. Received: classes={self.classes}")
        if not self.epochs:
            object.__setattr__(self, "epochs", WAYS[self.way].epochs)

    @property
    def side(self) -> int:
        """Rows and columns of the pictures that its network takes."""
        return backbone_of(self.backbone).side if self.backbone else SCRATCH_SIDE

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> "WayRun":
        return cls(**{**content, "augmentation": Augmentation.from_json(content["augmentation"])})


@dataclass(frozen=True, eq=False)
class WayResult:
    """How far one run got. The test answers are there from the start; a page shows them when it is asked to."""

    run: WayRun
    epochs: tuple[dict[str, float], ...]  # loss, accuracy, validation_loss, validation_accuracy, seconds since start
    best_epoch: int  # from 0: the one whose weights were kept
    seconds: float  # of the training, without the features
    epoch_seconds: float  # the middle one
    trained: int  # parameters
    frozen: int
    validation: np.ndarray  # (n, classes): what it says of each validation picture
    test: np.ndarray  # (m, classes)

    def accuracy(self, part: str, labels) -> float:
        """The share of a part's pictures ("validation" or "test") that it names rightly."""
        said = getattr(self, part)
        return float(np.mean(said.argmax(axis=1) == np.asarray(labels))) if len(said) else float("nan")


@dataclass(frozen=True)
class Standing:
    """One line of the table: a way over all its seeds."""

    way: Way
    runs: int
    accuracy: float | None  # the mean; None before the first run
    spread: float | None  # the standard deviation; None for fewer than two runs
    seconds: float | None
    epoch_seconds: float | None
    trained: int | None
    accuracies: tuple[float, ...] = ()

    @property
    def error_left(self) -> float | None:
        return None if self.accuracy is None else 1 - self.accuracy


def run_title(runs: list[WayRun], number: int) -> str:
    """Which of some runs one is, counting from 0: "Way 2 of 4: From scratch, augmented, run 1 of 3"."""
    run = runs[number]
    ways = list(dict.fromkeys(each.way for each in runs))
    place = f"Way {ways.index(run.way) + 1} of {len(ways)}: " if len(ways) > 1 else ""
    of_way = [at for at, each in enumerate(runs) if each.way == run.way]
    repeated = f", run {of_way.index(number) + 1} of {len(of_way)}" if len(of_way) > 1 else ""
    return f"{place}{WAYS[run.way].title}{repeated}"


def standing(way: str, results: list[WayResult], accuracies: list[float]) -> Standing:
    """The line of one way; accuracies: one for each result."""
    if not results:
        return Standing(WAYS[way], 0, None, None, None, None, None)
    return Standing(
        WAYS[way],
        len(results),
        float(np.mean(accuracies)),
        float(np.std(accuracies, ddof=1)) if len(results) > 1 else None,
        float(np.mean([result.seconds for result in results])),
        float(np.mean([result.epoch_seconds for result in results])),
        results[-1].trained,
        tuple(accuracies),
    )


def scratch_network(classes: int, augmentation: Augmentation | None = None) -> Network:
    """The lecture's network for photos, 101,345 parameters for two classes, with the changes of an augmentation."""
    lecture = PRESETS["handbag_shoe"].network
    rescaling, *blocks, _ = lecture.layers
    changes = augmentation_layers(augmentation) if augmentation else ()
    last = Dense(1, "sigmoid") if classes == 2 else Dense(classes, "softmax")
    return replace(lecture, layers=(rescaling, *changes, *blocks, last))


def augmentation_layers(augmentation: Augmentation) -> tuple[Layer, ...]:
    """The layers that make its changes, in the order of core.images.augmentation.changed; Rescaling comes before."""
    kinds = {
        "rotation": RandomRotation,
        "zoom": RandomZoom,
        "shift": RandomTranslation,
        "brightness": RandomBrightness,
    }
    flips = () if augmentation.flip == "none" else (RandomFlip(augmentation.flip),)
    shares = ((kind, getattr(augmentation, name)) for name, kind in kinds.items())
    return (*flips, *(kind(share) for kind, share in shares if share))


def head_parameters(feature_shape: tuple[int, int, int], classes: int) -> int:
    """Parameters of the lecture's head on maps of this shape: flatten, Dense(256), dropout, the answer."""
    rows, columns, depth = feature_shape
    answers = 1 if classes == 2 else classes
    return (rows * columns * depth + 1) * HEAD_UNITS + (HEAD_UNITS + 1) * answers


def as_probabilities(said: np.ndarray) -> np.ndarray:
    """(n, classes) from what a network's last layer says: a sigmoid's (n, 1) is the share of the second class."""
    said = np.asarray(said, np.float64)
    return np.concatenate([1 - said, said], axis=1) if said.shape[1] == 1 else said
