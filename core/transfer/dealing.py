"""Who is in which part: a person's pictures as all four ways get them, the same for the same seed."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np

from core.images.picture_set import PictureSet
from core.images.picture_split import REST, SHARES, split

PARTS = ("train", "validation", "test")
# With many pictures the lecture's numbers, not its shares: that a hundred are enough is what is shown.
TRAINING, VALIDATION = SHARES["train"], SHARES["validation"]
LEAST_TRAINING, MOST_TRAINING = 2, 400


@dataclass(frozen=True)
class Dealt:
    """Pictures, their labels, and the places of those in each part, for each seed."""

    keys: tuple[str, ...]
    labels: tuple[int, ...]
    places: dict[int, dict[str, tuple[int, ...]]]  # seed -> part -> places in keys

    def part_keys(self, seed: int, part: str) -> list[str]:
        return [self.keys[place] for place in self.places[seed][part]]

    def part_labels(self, seed: int, part: str) -> np.ndarray:
        """(n,) in the order of `part_keys`."""
        return np.array(self.labels)[list(self.places[seed][part])]


def usual_training(pictures: PictureSet) -> int:
    """How many pictures are learnt from unless a person says otherwise: 98, or of fewer the lecture's share."""
    free, fixed = _free(pictures)
    divided = sum(share for part, share in SHARES.items() if part not in fixed)
    return possible_training(pictures, min(TRAINING, round(free * SHARES["train"] / divided)))


def possible_training(pictures: PictureSet, wanted: int) -> int:
    """The number closest to `wanted` that can be learnt from, see `bounds`."""
    least, most = bounds(pictures)
    return max(least, min(wanted, most))


def bounds(pictures: PictureSet) -> tuple[int, int]:
    """How many pictures can be learnt from: one of each class at least, and one of each is left for each other part."""
    free, fixed = _free(pictures)
    classes = len(pictures.classes)
    least = max(LEAST_TRAINING, classes)
    return least, max(least, min(MOST_TRAINING, free - classes * (len(PARTS) - 1 - len(fixed))))


def shares(free: int, training: int, fixed: Collection[str] = ()) -> dict[str, int]:
    """How many of so many pictures each part is to have: half as many to validate as to learn from, the rest to test.

    fixed: parts that others make up already; with the test among them, the rest is in no part.
    """
    rest = REST if "test" in fixed else "test"
    training = max(1, min(training, free - (len(PARTS) - 1 - len(fixed))))
    counts = {"train": training}
    if "validation" not in fixed:
        most = free - training - (rest == "test")
        counts["validation"] = max(1, min(round(training * VALIDATION / TRAINING), most))
    return {**counts, rest: free - sum(counts.values())}


def deal(pictures: PictureSet, training: int, seeds: Iterable[int]) -> Dealt:
    """Deal the pictures out for each seed, each class in proportion; what belongs to validation or test stays there.

    training: how many are learnt from, within `bounds`. Where the test is the person's own, some may be in no part.

    ValueError with the reason when there are too few, as core.images.picture_split has it.
    """
    everything = pictures.all_pictures()
    free, fixed = _free(pictures)
    at = {picture.number: place for place, picture in enumerate(everything)}
    classes = pictures.classes
    wanted = shares(free, training, fixed)
    places = {}
    for seed in seeds:
        divided = split(pictures, seed, wanted)
        places[seed] = {
            part: tuple(at[picture.number] for picture in getattr(divided, part).pictures) for part in PARTS
        }
    return Dealt(
        tuple(picture.key for picture in everything),
        tuple(classes.index(picture.class_name) for picture in everything),
        places,
    )


def _free(pictures: PictureSet) -> tuple[int, frozenset[str]]:
    """How many pictures can be dealt out, and which parts are made up by the person's own layout."""
    parts = [picture.part for picture in pictures.all_pictures()]
    fixed = frozenset(part for part in parts if part in ("validation", "test"))
    return sum(part not in fixed for part in parts), fixed
