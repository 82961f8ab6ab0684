"""From the points of a stroke to the path of the pen: smooth cubic Bézier curves, as matrices.

A Bézier curve is linear in its control points, so the path of a way of writing is one matrix that depends on the way
alone: path (SAMPLES, 2) = matrix (SAMPLES, K) @ points (K, 2). Wobbling the points of a thousand digits and drawing
their paths is then one product.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from core.images.digits.skeletons import WAYS, Point

SAMPLES = 96  # places along the path of one digit, evenly spaced: about 0.6 pixels apart in a 20x20 box
STEPS = 40  # places along one curve when its length is measured


@dataclass(frozen=True)
class Path:
    """The pen's path of one way of writing; K is the number of points of all its strokes."""

    points: np.ndarray  # (K, 2)
    sharp: np.ndarray  # (SAMPLES, K), corners as written
    smooth: np.ndarray  # (SAMPLES, K), corners taken in a swing
    ends: np.ndarray  # (2 * strokes,), which points are where the pen touches down or lifts
    beside_ends: np.ndarray  # (2 * strokes,), the neighbour of each of them on its stroke


@cache
def path_of(digit: int, way: int) -> Path:
    """The path of the way-th way of writing a digit."""
    strokes = [split_corners(stroke) for stroke in WAYS[digit][way].strokes]
    sharp = [curve_matrix(len(points), corners) for points, corners in strokes]
    smooth = [curve_matrix(len(points), np.zeros_like(corners)) for points, corners in strokes]
    travelled = [distances(matrix @ points) for matrix, (points, _) in zip(sharp, strokes)]
    counts = share_out(SAMPLES, [along[-1] for along in travelled])
    kept = [evenly_spaced(along, count) for along, count in zip(travelled, counts)]
    after = np.cumsum([len(points) for points, _ in strokes])  # where the points of the next stroke begin
    first = np.concatenate([[0], after[:-1]])
    return Path(
        points=np.concatenate([points for points, _ in strokes]),
        sharp=block_diagonal([matrix[rows] for matrix, rows in zip(sharp, kept)]),
        smooth=block_diagonal([matrix[rows] for matrix, rows in zip(smooth, kept)]),
        ends=np.concatenate([first, after - 1]),
        beside_ends=np.concatenate([first + 1, after - 2]),
    )


def split_corners(stroke: list[Point]) -> tuple[np.ndarray, np.ndarray]:
    """The points of a stroke (K, 2), each once, and which of them are corners (K,)."""
    once = [point for place, point in enumerate(stroke) if place == 0 or point != stroke[place - 1]]
    twice = {point for point, after in zip(stroke, stroke[1:]) if point == after}
    return np.array(once, float), np.array([point in twice for point in once])


def curve_matrix(count: int, corners: np.ndarray) -> np.ndarray:
    """The matrix ((count - 1) * STEPS + 1, count) that turns the points of one stroke into places along its curves.

    Between two points runs one cubic Bézier curve. At a smooth point the pen's direction is that from the point before
    to the point after (Catmull and Rom's rule); at a corner it arrives and leaves straight.
    """
    points = np.eye(count)  # (count, count): each point as a mixture of the points
    steps = np.diff(points, axis=0)  # (count - 1, count)
    arriving = np.concatenate([steps[:1], steps])  # (count, count)
    leaving = np.concatenate([steps, steps[-1:]])  # (count, count)
    swing = (arriving + leaving) / 2
    bend = corners[:, None]
    arriving, leaving = np.where(bend, arriving, swing), np.where(bend, leaving, swing)
    t = np.linspace(0, 1, STEPS, endpoint=False)[None, :, None]  # (1, STEPS, 1)
    start, end = points[:-1, None], points[1:, None]  # (count - 1, 1, count)
    first, second = start + leaving[:-1, None] / 3, end - arriving[1:, None] / 3
    curves = (1 - t) ** 3 * start + 3 * (1 - t) ** 2 * t * first + 3 * (1 - t) * t**2 * second + t**3 * end
    return np.concatenate([curves.reshape(-1, count), points[-1:]])


def distances(places: np.ndarray) -> np.ndarray:
    """How far the pen has come at each of the places (S, 2) along a stroke: (S,)."""
    return np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(places, axis=0).T))])


def evenly_spaced(travelled: np.ndarray, count: int) -> np.ndarray:
    """Which places to keep, by their distance along the stroke (S,), so that they are evenly spaced: (count,)."""
    return np.searchsorted(travelled, np.linspace(0, travelled[-1], count)).clip(0, len(travelled) - 1)


def share_out(total: int, lengths: list[float]) -> list[int]:
    """Whole numbers in proportion to the lengths, that sum to the total."""
    ends = np.round(np.cumsum(lengths) / sum(lengths) * total).astype(int)
    return np.diff(ends, prepend=0).tolist()


def block_diagonal(blocks: list[np.ndarray]) -> np.ndarray:
    """The blocks (r, c) along the diagonal of one matrix (sum of r, sum of c)."""
    whole = np.zeros(np.sum([block.shape for block in blocks], axis=0))
    row = column = 0
    for block in blocks:
        height, width = block.shape
        whole[row : row + height, column : column + width] = block
        row, column = row + height, column + width
    return whole
