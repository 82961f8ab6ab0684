"""Who is in which part: a person's pictures as all four ways get them, the same for the same seed."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from core.images.picture_set import PictureSet
from core.images.picture_split import SHARES, split

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


def usual_training(pictures: int) -> int:
    """How many of so many pictures are learnt from unless a person says otherwise: 98, or the lecture's share."""
    return min(TRAINING, max(LEAST_TRAINING, round(pictures * TRAINING / sum(SHARES.values()))))


def shares(pictures: int, training: int) -> dict[str, int]:
    """How many pictures each part is to have: half as many to validate as to learn from, the rest to test."""
    training = max(1, min(training, pictures - 2))
    validation = max(1, min(round(training * VALIDATION / TRAINING), pictures - training - 1))
    return {"train": training, "validation": validation, "test": pictures - training - validation}


def deal(pictures: PictureSet, training: int, seeds: Iterable[int]) -> Dealt:
    """Deal the pictures out for each seed, class by class in proportion; pictures that belong to a part stay in it.

    ValueError with the reason when there are too few, as core.images.picture_split has it.
    """
    everything = pictures.all_pictures()
    at = {picture.number: place for place, picture in enumerate(everything)}
    classes = pictures.classes
    wanted = shares(len(everything), training)
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
