"""What networks made of digits whose pixels were shuffled: stored results of scripts/measure_shuffled_digits.py."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

STORE = Path(__file__).resolve().parents[2] / "assets" / "results" / "shuffled_digits.json"
NETWORKS = ("dense", "convolutional")
ORDERS = ("straight", "shuffled")


@dataclass(frozen=True)
class Measured:
    """The accuracies of one kind of network on one picture set, one for each seed, from 0 to 1."""

    network: str  # one of NETWORKS
    straight: tuple[float, ...]
    shuffled: tuple[float, ...]

    def mean(self, order: str) -> float:
        """The average over the seeds for one of ORDERS."""
        shares = getattr(self, order)
        return sum(shares) / len(shares)

    @property
    def lost(self) -> float:
        """How much of its accuracy the network loses with the order of the pixels, on average."""
        return self.mean("straight") - self.mean("shuffled")


@dataclass(frozen=True)
class Results:
    """Everything that the script wrote down."""

    made_by: str  # the command
    date: str  # of the run, as 2026-11-23
    recipe: dict  # training_pictures, test_pictures, epochs, seeds, networks, parameters, …
    measured: dict[str, tuple[Measured, ...]]  # picture set -> one for each of NETWORKS


@cache
def stored_results() -> Results:
    """The results that came with the app."""
    kept = json.loads(STORE.read_text(encoding="utf-8"))
    sets = dict.fromkeys(row["set"] for row in kept["results"])
    measured = {
        picture_set: tuple(_measured(kept["results"], picture_set, name) for name in NETWORKS) for picture_set in sets
    }
    return Results(kept["made_by"], kept["date"], kept["recipe"], measured)


def _measured(rows: list[dict], picture_set: str, network: str) -> Measured:
    ours = [row for row in rows if (row["set"], row["network"]) == (picture_set, network)]
    return Measured(network, *(tuple(row[order] for row in ours) for order in ORDERS))
