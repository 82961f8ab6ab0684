"""What a training run is, before it runs: everything that its result depends on, frozen, and as JSON both ways."""

import json
import math
from dataclasses import asdict, dataclass
from typing import Any

from core.images.augmentation import Augmentation
from core.nets.codec import from_json, to_json
from core.nets.network import Network
from core.ops.sizes import check_whole

OPTIMISERS = {"adam": "Adam", "momentum": "SGD with momentum", "sgd": "SGD"}
SCHEDULES = {"constant": "Stays", "cosine": "Falls to 0 along half a cosine"}
MOMENTUM = 0.9
MOST_EPOCHS = 500
MOST_BATCH = 4096


@dataclass(frozen=True)
class FixedFilter:
    """A filter of the first layer that was made by hand and is not trained."""

    place: int  # which filter of the layer, from 0
    kernel: tuple[tuple[float, ...], ...]  # rows; on a colour picture every channel gets these numbers


@dataclass(frozen=True)
class RunSpec:
    """A network, its pictures and how it is trained. The same spec gives the same start and the same batches.

    Raises ValueError for what no run can be made of.
    """

    network: Network
    data: str = "drawn"  # a name of core.images.training_sets, or OWN
    picture_count: int | None = None  # of the training pictures, before the split; None: all
    validation_split: float = 0.2  # the share of the training pictures that is kept for validation
    batch_size: int = 64
    epochs: int = 10
    optimiser: str = "adam"  # one of OPTIMISERS
    learning_rate: float = 0.001
    schedule: str = "constant"  # one of SCHEDULES: what becomes of the learning rate from epoch to epoch
    weight_decay: float = 0.0  # share of each weight, times the learning rate, that a step takes away
    label_smoothing: float = 0.0  # share of the wanted probability that goes to all classes alike
    seed: int = 0
    augmentation: Augmentation = Augmentation()
    fixed_filter: FixedFilter | None = None

    def __post_init__(self):
        check_whole("batch_size", self.batch_size)
        check_whole("epochs", self.epochs)
        check_whole("seed", self.seed, least=0)
        if self.batch_size > MOST_BATCH or self.epochs > MOST_EPOCHS:
            raise ValueError(
                f"A batch has at most {MOST_BATCH} pictures, a run at most {MOST_EPOCHS} epochs. "
                f"Received: batch_size={self.batch_size}, epochs={self.epochs}"
            )
        if self.picture_count is not None:
            check_whole("picture_count", self.picture_count, least=10)
        if not 0 < self.validation_split <= 0.9:
            raise ValueError(
                "validation_split must be more than 0 and at most 0.9. "
                f"Received: validation_split={self.validation_split!r}"
            )
        if self.optimiser not in OPTIMISERS:
            raise ValueError(f"optimiser must be one of {', '.join(OPTIMISERS)}. Received: {self.optimiser!r}")
        if self.schedule not in SCHEDULES:
            raise ValueError(f"schedule must be one of {', '.join(SCHEDULES)}. Received: {self.schedule!r}")
        check_learning_rate(self.learning_rate)
        for name in ("weight_decay", "label_smoothing"):
            share = getattr(self, name)
            if isinstance(share, bool) or not isinstance(share, (int, float)) or not 0 <= share < 1:
                raise ValueError(f"{name} is a share from 0 to less than 1. Received: {name}={share!r}")

    def rate_in(self, epoch: int, rate: float) -> float:
        """The learning rate of an epoch, from 0, where a person has set `rate`."""
        if self.schedule == "cosine":  # SGDR without restarts, Loshchilov & Hutter 2017, stepped once an epoch
            return rate * (1 + math.cos(math.pi * epoch / self.epochs)) / 2
        return rate

    def to_json(self) -> str:
        """As text for the store and the worker."""
        return json.dumps({**asdict(self), "network": to_json(self.network)})

    @classmethod
    def from_json(cls, text: str) -> "RunSpec":
        """The spec that wrote this text. Raises ValueError where none did."""
        try:
            content: dict[str, Any] = json.loads(text)
            fixed = content["fixed_filter"]
            content["fixed_filter"] = fixed and FixedFilter(fixed["place"], tuple(map(tuple, fixed["kernel"])))
            content["augmentation"] = Augmentation.from_json(content["augmentation"])
            content["network"] = from_json(content["network"])
            return cls(**content)
        except (KeyError, TypeError) as error:
            raise ValueError(f"A run is described by the fields of RunSpec. Received: {text[:80]!r}") from error


OWN = "own"  # the data of a run on a person's own pictures, which the desk is given


def check_learning_rate(rate: float) -> None:
    """Raises ValueError for a learning rate that is no positive number."""
    if isinstance(rate, bool) or not isinstance(rate, (int, float)) or not (0 < rate <= 100 and math.isfinite(rate)):
        raise ValueError(f"A learning rate must be more than 0 and at most 100. Received: learning_rate={rate!r}")


def batches(pictures: int, batch_size: int) -> int:
    """Batches of an epoch: pictures / batch size, rounded up."""
    return -(-pictures // batch_size)
