"""Which pictures are learnt from, which steer and which judge: as in the lecture, class by class."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from core.images.kept_picture import PARTS, Picture
from core.images.picture_set import PictureSet

SHARES = {"train": 98, "validation": 49, "test": 38}  # the lecture's handbags and shoes: 53, 26 and 21 %
FEWEST = len(PARTS)  # pictures of a class: one for each part
REST = "rest"  # in shares: pictures that are in no part


@dataclass(frozen=True)
class Part:
    """Pictures and what they are."""

    pictures: tuple[Picture, ...]
    labels: np.ndarray  # (N,) int64, read-only: the place of each picture's class in Split.classes

    def __len__(self) -> int:
        return len(self.pictures)


@dataclass(frozen=True)
class Split:
    """A picture set in three parts that have no picture in common."""

    classes: tuple[str, ...]
    train: Part
    validation: Part
    test: Part

    @property
    def text(self) -> str:
        """How many pictures the parts have: "98 / 49 / 38"."""
        return " / ".join(f"{len(part):,}" for part in (self.train, self.validation, self.test))


def shortage(pictures: PictureSet, shares: dict[str, int] = SHARES) -> str | None:
    """Why nothing can be learnt from these pictures yet, in a sentence; None when it can."""
    counts = pictures.counts
    if len(counts) < 2:
        return f"Two classes at least are needed. There {'is one' if counts else 'are none'} so far."
    few = {name: count for name, count in counts.items() if count < FEWEST}
    if few:
        listed = ", ".join(f"{name} has {count or 'none'}" for name, count in few.items())
        return f"Each class needs {FEWEST} pictures: one to learn from, one to validate and one to test. {listed}."
    divided = _divided(pictures, 0, shares)
    for part in PARTS:
        there = Counter(picture.class_name for picture in divided[part])
        absent = [name for name in counts if not there[name]]
        if absent:
            return f"Each class needs a picture in each part. In {part} there is none of {', '.join(absent)}."
    return None


def split(pictures: PictureSet, seed: int = 0, shares: dict[str, int] = SHARES) -> Split:
    """Divide each class in the lecture's shares: 98 to learn from, 49 to validate and 38 to test of 185.

    shares: others, for all of PARTS and perhaps REST, which comes last. Where they add up to the pictures that belong
    to no part, they are their numbers: train 98, validation 49 and test 214 of 361.

    Pictures that belong to a part by the person's own layout stay there. A part that nothing belongs to gets its share
    of those that belong to no part, and of the training pictures where there are more of them than the share for
    training; with all parts there, what belongs to none is trained on.
    The same set and seed give the same split. ValueError with the reason that `shortage` gives, when it cannot be done.
    """
    reason = shortage(pictures, shares)
    if reason:
        raise ValueError(f"{reason} Received: {', '.join(f'{name} {n}' for name, n in pictures.counts.items()) or '-'}")
    divided, classes = _divided(pictures, seed, shares), pictures.classes
    return Split(classes, *(_part(divided[part], classes, seed) for part in PARTS))


def _divided(pictures: PictureSet, seed: int, shares: dict[str, int]) -> dict[str, list[Picture]]:
    """The pictures of each part, class after class."""
    everything, classes = pictures.all_pictures(), pictures.classes
    fixed = {picture.part for picture in everything}
    open_shares = {part: share for part, share in shares.items() if part == "train" or part not in fixed}
    divided: dict[str, list[Picture]] = {part: [] for part in (*PARTS, REST)}
    free: dict[str, list[Picture]] = {name: [] for name in classes}
    for picture in everything:
        (free[picture.class_name] if picture.part in (None, "train") else divided[picture.part]).append(picture)
    random = np.random.default_rng(seed)
    counts = _counts([len(own) for own in free.values()], open_shares)
    for own, of_class in zip(free.values(), counts):
        mixed = [own[place] for place in random.permutation(len(own))]
        mixed.sort(key=lambda picture: picture.part != "train")  # training comes first: what is meant for it gets there
        for part, count in of_class.items():
            divided[part] += mixed[:count]
            mixed = mixed[count:]
    return divided


def _counts(sizes: list[int], shares: dict[str, int]) -> list[dict[str, int]]:
    """How many pictures of each class each part gets.

    sizes: of the classes. Each part has its share of all pictures to the picture, and each class its share of the part
    to less than one; but every part has one of every class where it can be.
    """
    parts = list(shares)
    wanted = _apportioned(sum(sizes), list(shares.values()))
    needed = [sum(part != REST for part in parts[:size]) for size in sizes]  # a small class fills the first parts
    left, counts = list(sizes), [{} for _ in sizes]
    for place, part in enumerate(parts):
        least = [int(part != REST and need > place) for need in needed]
        most = [there - max(0, need - place - 1) for there, need in zip(left, needed)]
        # The last part takes what is left.
        total = min(max(wanted[place], sum(least)), sum(most)) if place < len(parts) - 1 else sum(left)
        for number, count in enumerate(_apportioned(total, left, least, most)):
            counts[number][part] = count
            left[number] -= count
    return counts


def _apportioned(
    total: int, weights: list[int], least: list[int] | None = None, most: list[int] | None = None
) -> list[int]:
    """`total` in whole numbers in proportion to the weights: where the remainders are largest, they are rounded up.

    least, most: bounds of each number that `total` can keep.
    """
    whole = max(1, sum(weights))
    least, most = least or [0] * len(weights), most or [total] * len(weights)
    given = [min(max(total * weight // whole, low), high) for weight, low, high in zip(weights, least, most)]
    while (short := total - sum(given)) != 0:
        step = 1 if short > 0 else -1
        movable = [i for i, count in enumerate(given) if least[i] <= count + step <= most[i]]
        given[max(movable, key=lambda i: step * (total * weights[i] - given[i] * whole))] += step
    return given


def _part(pictures: list[Picture], classes: tuple[str, ...], seed: int) -> Part:
    """The pictures in mixed order, so that a batch has of all classes."""
    order = np.random.default_rng(seed).permutation(len(pictures))
    mixed = tuple(pictures[place] for place in order)
    labels = np.array([classes.index(picture.class_name) for picture in mixed], np.int64)
    labels.setflags(write=False)
    return Part(mixed, labels)
