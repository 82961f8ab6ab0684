"""The hand that writes: how far a digit's path strays from its skeleton, and by what chance.

Every step works on a batch of n digits at once. A path is (n, SAMPLES, 2): the places (x, y) that the pen passes
through, in heights of the digit, with the digit's middle at (0, 0) and y growing down.
"""

from dataclasses import dataclass

import numpy as np

from core.images.digits.pen import SAMPLES, path_of
from core.images.digits.skeletons import WAYS

MOST_POINTS = max(sum(len(stroke) for stroke in way.strokes) for ways in WAYS.values() for way in ways)
MOST_STROKES = max(len(way.strokes) for ways in WAYS.values() for way in ways)
HABITS = ("slant", "turn", "aspect", "balance", "swing", "pen")
WAVES = 3  # cosines along each axis of a smooth field: 0, 1 and 2 half waves over the digit


@dataclass(frozen=True)
class Hand:
    """How much handwriting differs from digit to digit. A spread is a standard deviation."""

    slant: float = 0.10  # how far the top leans to the right, in heights of the digit
    slant_spread: float = 0.24
    turn_spread: float = 0.08  # radians
    aspect_spread: float = 0.22  # of the logarithm of width over height
    balance_spread: float = 0.35  # of how much the middle moves up or down, in quarters of the height
    swing: float = 0.30  # how round corners are taken: 0 as written, 1 in a swing
    swing_spread: float = 0.40
    wobble: float = 0.04  # spread of each point of a stroke, in heights of the digit
    reach: float = 0.35  # spread of how much further a stroke starts or ends, in lengths of its outermost curve
    bend: float = 0.07  # spread of the smooth deformation, in heights of the digit
    pen: float = 1.3  # half the width of the line, in pixels of the 20x20 box
    pen_spread: float = 0.28  # of its logarithm
    pressure: float = 0.10  # spread of the logarithm of the line's width along one digit


@dataclass(frozen=True)
class Throws:
    """The random numbers of n digits; the normal ones have mean 0 and standard deviation 1."""

    way: np.ndarray  # (n,), uniform in [0, 1)
    habits: dict[str, np.ndarray]  # (n,) normal for each of HABITS
    wobble: np.ndarray  # (n, MOST_POINTS, 2) normal, alike for neighbouring points
    reach: np.ndarray  # (n, 2 * MOST_STROKES) normal
    fields: np.ndarray  # (n, 3, WAVES, WAVES) normal: the smooth fields along x, along y and of the pressure


class Dice:
    """Throws for one digit after the other.

    Each kind of number comes from a stream of its own, so the numbers of the i-th digit do not depend on how many are
    thrown at once.
    """

    def __init__(self, seed: int):
        streams = np.random.SeedSequence(seed).spawn(5)
        self.way, self.habits, self.wobble, self.reach, self.fields = map(np.random.default_rng, streams)

    def throw(self, n: int) -> Throws:
        return Throws(
            way=self.way.random(n),
            habits=dict(zip(HABITS, self.habits.standard_normal((n, len(HABITS))).T, strict=True)),
            wobble=_eased(self.wobble.standard_normal((n, MOST_POINTS + 2, 2))),
            reach=self.reach.standard_normal((n, 2 * MOST_STROKES)),
            fields=self.fields.standard_normal((n, 3, WAVES, WAVES)),
        )


def _eased(normal: np.ndarray) -> np.ndarray:
    """Normal numbers that neighbours share in part, so that a wobble bends a curve and does not make it zigzag:
    (n, K + 2, 2) -> (n, K, 2).
    """
    return (normal[:, :-2] + 4 * normal[:, 1:-1] + normal[:, 2:]) / np.sqrt(18)


def write(hand: Hand, labels: np.ndarray, ways: np.ndarray, throws: Throws) -> tuple[np.ndarray, np.ndarray]:
    """Write the labels (n,) in the given ways (n,): the path (n, SAMPLES, 2) and half the line's width in pixels of
    the box (n, SAMPLES).
    """
    path = trace(hand, labels, ways, throws)
    shift_middle(path, hand.balance_spread * throws.habits["balance"])
    fields = smooth_fields(path, throws.fields)  # (n, SAMPLES, 3)
    path = lean(hand, path + hand.bend * fields[..., :2], throws.habits)
    half_width = hand.pen * np.exp(hand.pen_spread * throws.habits["pen"][:, None] + hand.pressure * fields[..., 2])
    return path, half_width


def choose_ways(labels: np.ndarray, chance: np.ndarray) -> np.ndarray:
    """Which way each digit is written: labels (n,), chance (n,) in [0, 1) -> places in WAYS[label] (n,)."""
    ways = np.zeros(len(labels), int)
    for digit, known in WAYS.items():
        here = labels == digit
        up_to = np.cumsum([way.share for way in known])
        ways[here] = np.searchsorted(up_to / up_to[-1], chance[here], side="right")
    return ways


def trace(hand: Hand, labels: np.ndarray, ways: np.ndarray, throws: Throws) -> np.ndarray:
    """The path (n, SAMPLES, 2) through wobbled points, with strokes that start and end a little early or late."""
    path = np.zeros((len(labels), SAMPLES, 2))
    swing = np.clip(hand.swing + hand.swing_spread * throws.habits["swing"], 0, 1)
    for digit, way in set(zip(labels.tolist(), ways.tolist(), strict=True)):
        here = np.flatnonzero((labels == digit) & (ways == way))  # (m,)
        pen = path_of(digit, way)
        points = pen.points + hand.wobble * throws.wobble[here, : len(pen.points)]  # (m, K, 2)
        outwards = points[:, pen.ends] - points[:, pen.beside_ends]
        points[:, pen.ends] += hand.reach * throws.reach[here, : len(pen.ends), None] * outwards
        round_off = swing[here, None, None]
        path[here] = (1 - round_off) * (pen.sharp @ points) + round_off * (pen.smooth @ points)
    return path - 0.5


def shift_middle(path: np.ndarray, balance: np.ndarray) -> None:
    """Move the middle of each digit down by balance (n,) quarters of its height, in place; top and bottom stay.

    This is what makes the upper half of an 8 small or the loop of a 6 large.
    """
    y = path[..., 1]
    y += balance[:, None] * (0.25 - y**2)


def smooth_fields(path: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Smooth random functions of the place, read off along the paths (n, SAMPLES, 2): weights (n, F, WAVES, WAVES) of
    products of cosines -> (n, SAMPLES, F). Slow waves weigh more, and the constant nothing.
    """
    k = np.arange(WAVES)
    damping = 1 / (1 + k[:, None] + k[None, :])
    damping[0, 0] = 0
    across, down = (np.cos(np.pi * k * (path[..., axis, None] + 0.5)) for axis in (0, 1))  # (n, SAMPLES, WAVES)
    products = (across[..., :, None] * down[..., None, :]).reshape(*path.shape[:2], WAVES**2)
    return products @ (weights * damping).reshape(*weights.shape[:2], WAVES**2).swapaxes(1, 2)


def lean(hand: Hand, path: np.ndarray, habits: dict[str, np.ndarray]) -> np.ndarray:
    """Widen or narrow each path (n, SAMPLES, 2), slant it and turn it."""
    aspect = np.exp(hand.aspect_spread * habits["aspect"])[:, None]
    slant = (hand.slant + hand.slant_spread * habits["slant"])[:, None]
    turn = (hand.turn_spread * habits["turn"])[:, None]
    x, y = path[..., 0] * aspect - path[..., 1] * slant, path[..., 1]
    return np.stack([np.cos(turn) * x - np.sin(turn) * y, np.sin(turn) * x + np.cos(turn) * y], axis=-1)
