"""What a filter is judged on: digits that the person has not seen, with their strokes, edges and flat places."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from core.images.digits import draw_digits
from core.ops.convolution import Convolution, convolve
from core.ops.filter_bank import GAUSSIAN_5, SOBEL_HORIZONTAL

HIDDEN_SEED = 9107  # no person's link is likely to show these digits
OF_EACH = 6  # hidden digits of each kind: with three, the same filter's figures moved by 8% from seed to seed
STROKE = 1e-3  # mean squared slope from which a place has a direction at all; the fringe of a stroke has this much
SLOPE = 0.2  # of the way from paper to ink per pixel: the steep places of a stroke's rim, one or two pixels wide
NARROW = 11.25  # degrees that an edge may be off its direction: half way to where the next one would claim it
FLAT_REACH = 2  # pixels to each side that must be alike in a flat place: the window of a 5×5 filter

BRIGHT_SIDES = {  # where an edge is bright -> (row, column) of the next pixel there; in steps of 45°, clockwise
    "right": (0, 1),
    "bottom right": (1, 1),
    "bottom": (1, 0),
    "bottom left": (1, -1),
    "left": (0, -1),
    "top left": (-1, -1),
    "top": (-1, 0),
    "top right": (-1, 1),
}


@lru_cache(maxsize=4)
def hidden_digits(seed: int) -> np.ndarray:
    """(N, 28, 28) from 0 for paper to 1 for ink, each digit as often as the others; read-only."""
    digits = draw_digits(np.tile(np.arange(10), OF_EACH), seed) / 255
    digits.flags.writeable = False
    return digits


@dataclass(frozen=True, eq=False)
class Strokes:
    """Where strokes stand upright and where they lie, (N, 28, 28) bool each; paper is in neither."""

    vertical: np.ndarray  # nearer to the vertical than to the horizontal
    horizontal: np.ndarray


@lru_cache(maxsize=4)
def stroke_directions(seed: int) -> Strokes:
    """The direction of the hidden digits' strokes at each pixel, from the slopes around it (a structure tensor).

    Across an upright stroke brightness changes, along it hardly: the squared slopes across, averaged over the
    neighbourhood, are then larger than those down.
    """
    squares = (np.square(slope) for slope in slopes(hidden_digits(seed)))
    across, down = (convolved(convolved(square, GAUSSIAN_5), GAUSSIAN_5) for square in squares)  # (N, 28, 28)
    stroke = across + down > STROKE
    return Strokes(vertical=stroke & (across > down), horizontal=stroke & (across <= down))


@dataclass(frozen=True, eq=False)
class Edges:
    """Where the hidden digits and their negatives have edges, and where the paper is empty.

    A cell is its place in the numbers of (2, N, 28, 28) read row by row: the digits, then their negatives.
    """

    across: tuple[np.ndarray, ...]  # for each of BRIGHT_SIDES (3, M): M edge cells and their neighbours across the edge
    flat: np.ndarray  # (N, 28, 28) bool


@lru_cache(maxsize=4)
def edge_directions(seed: int) -> Edges:
    """The edges of the hidden digits by the side on which they are bright, and the flat places."""
    digits = hidden_digits(seed)
    across, down = slopes(digits)  # (N, 28, 28)
    turn = np.degrees(np.arctan2(down, across))
    nearest = np.rint(turn / 45).astype(int)
    is_edge = (np.hypot(across, down) >= SLOPE) & (np.abs(turn - 45 * nearest) <= NARROW)
    is_edge[:, [0, -1]] = is_edge[:, :, [0, -1]] = False  # a cell at the frame has no neighbours all around
    side = np.where(is_edge, nearest % 8, -1)
    opposite = np.where(is_edge, (nearest + 4) % 8, -1)  # a negative is bright where the digit was dark
    sides = np.stack([side, opposite]).ravel()  # (2 * N * 28 * 28,)
    reach = range(-FLAT_REACH, FLAT_REACH + 1)
    around = [seen_at(digits, row, column) for row in reach for column in reach]  # 25 of (N, 28, 28)
    return Edges(
        across=tuple(
            np.flatnonzero(sides == place) + np.array([[-1], [0], [1]]) * (row * digits.shape[2] + column)
            for place, (row, column) in enumerate(BRIGHT_SIDES.values())
        ),
        flat=np.max(around, axis=0) == 0,
    )


def slopes(digits) -> tuple[np.ndarray, np.ndarray]:
    """How much brighter a digit gets per pixel to the right and per pixel down: (N, 28, 28) -> two of (N, 28, 28)."""
    down = -SOBEL_HORIZONTAL / 8  # bright below less bright above, two pixels apart, with 1 + 2 + 1 in each row
    return convolved(digits, down.T), convolved(digits, down)


def convolved(pictures, kernel) -> np.ndarray:
    """(N, H, W) -> (N, H, W), the plain sums."""
    plain = Convolution(padding="same", activation="none")
    return np.stack([convolve(picture, kernel, plain) for picture in pictures])


def seen_at(pictures, row, column) -> np.ndarray:
    """What lies (row, column) away from each cell, 0 beyond the frame: (N, H, W) -> (N, H, W)."""
    height, width = pictures.shape[1:]
    down, right = min(abs(row), height), min(abs(column), width)
    padded = np.pad(pictures, ((0, 0), (down, down), (right, right)))
    top, left = down + max(min(row, height), -height), right + max(min(column, width), -width)
    return padded[:, top : top + height, left : left + width]
