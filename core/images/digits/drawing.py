"""Handwritten-looking digits from labels and a seed.

Each digit is written in one of the ways people write it (skeletons), by a hand that differs from digit to digit (hand),
along smooth curves (pen), and inked into 28x28 pixels (ink).

How honest they are: the lecture's network, trained on 20,000 of them alone, reads 94.6% of the 10,000 MNIST test digits
(mean of three seeds: 95.7, 94.3 and 93.7%), best the 4 (99.0%) and worst the 8 (86.5%). `make measure-digits` measures
it again. The settings of the hand were chosen on MNIST's training digits; the skeletons were not traced from any.
"""

import numpy as np

from core.images.digits.hand import Dice, Hand, choose_ways, write
from core.images.digits.ink import SIDE, centre, fit, ink
from core.images.digits.skeletons import WAYS_OF_WRITING

DEFAULT_SEED = 7883  # chosen by eye: draw_digit(digit, DEFAULT_SEED) is clean and typical for all ten digits
HAND = Hand()
BATCH = 64  # digits inked at once: small enough that a batch of boxes stays in a core's cache


def draw_digits(labels, seed: int, *, hand: Hand = HAND) -> np.ndarray:
    """Draw one digit for every label.

    Args:
        labels: (N,) whole numbers from 0 to 9.
        seed: a whole number, 0 or more.
        hand: how much the digits differ from each other.

    Returns:
        (N, 28, 28) uint8, 0 is paper and 255 is ink. Picture i depends on labels[i], the seed and i alone: a longer
        list of labels begins with the same pictures.
    """
    labels = _checked_labels(labels)
    dice = Dice(_checked_whole("seed", seed))
    pictures = np.empty((len(labels), SIDE, SIDE), np.uint8)
    for start in range(0, len(labels), BATCH):
        batch = labels[start : start + BATCH]
        throws = dice.throw(len(batch))
        pictures[start : start + BATCH] = _draw(hand, batch, choose_ways(batch, throws.way), throws)
    return pictures


def draw_digit(label: int, seed: int, *, way: str | None = None) -> np.ndarray:
    """Draw one digit: (28, 28) uint8, picture 0 of `draw_digits([label], seed)`.

    A way, one of WAYS_OF_WRITING[label], says how it is to be written; else chance does.
    """
    if way is None:
        return draw_digits([label], seed)[0]
    labels = _checked_labels([label])
    known = WAYS_OF_WRITING[label]
    if way not in known:
        raise ValueError(f"The way of writing {label} must be one of {', '.join(known)}. Received: way={way!r}")
    throws = Dice(_checked_whole("seed", seed)).throw(1)
    return _draw(HAND, labels, np.array([known.index(way)]), throws)[0]


def drawn_dataset(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw `count` digits, as many of each to within one, in random order.

    Returns:
        The pictures (count, 28, 28) uint8 and the labels (count,) uint8.
    """
    evenly = np.arange(_checked_whole("count", count)) % 10
    labels = np.random.default_rng(_checked_whole("seed", seed)).permutation(evenly).astype(np.uint8)
    return draw_digits(labels, seed), labels


def _draw(hand, labels, ways, throws) -> np.ndarray:
    path, half_width = write(hand, labels, ways, throws)
    return centre(ink(fit(path, half_width), half_width))


def _checked_labels(labels) -> np.ndarray:
    given = np.asarray(labels)
    whole = given.size == 0 or given.dtype.kind in "iu"
    if given.ndim != 1 or not whole or np.any((given < 0) | (given > 9)):
        raise ValueError(f"Labels must be a list of whole numbers from 0 to 9. Received: labels={labels!r}")
    return given.astype(int)


def _checked_whole(name: str, value) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < 0:
        raise ValueError(f"A {name} must be a whole number, 0 or more. Received: {name}={value!r}")
    return int(value)
