"""What is left of a stroke's place after pooling: move it by pixels and see which places give the same pooled map."""

from dataclasses import dataclass

import numpy as np

from core.ops.convolution import Convolution, convolve
from core.ops.pooling import POOLS, Pooling

REACH = 6  # pixels to each side that a picture is moved at most
SAME = 1e-9  # largest difference of two numbers that count as the same


@dataclass(frozen=True)
class Alike:
    """In how many places a picture gives the pooled maps that it gives where it stands now."""

    places: int  # all that were tried
    max: int  # those with the same max-pooled map, this place among them
    average: int


def moved(picture: np.ndarray, down: int, right: int) -> np.ndarray:
    """The picture (H, W) moved by whole pixels; what leaves it is gone, and 0 comes in."""
    result = np.zeros_like(picture)
    rows, columns = picture.shape
    down, right = int(np.clip(down, -rows, rows)), int(np.clip(right, -columns, columns))
    result[max(down, 0) : rows + min(down, 0), max(right, 0) : columns + min(right, 0)] = picture[
        max(-down, 0) : rows + min(-down, 0), max(-right, 0) : columns + min(-right, 0)
    ]
    return result


def room(picture: np.ndarray) -> tuple[range, range]:
    """How far the picture (H, W) can be moved down and right with all its ink still on it, at most REACH either way."""
    if not picture.any():
        return range(1), range(1)
    sides = []
    for axis in (1, 0):
        inked = np.flatnonzero(picture.any(axis=axis))
        sides.append(range(-min(inked[0], REACH), min(picture.shape[1 - axis] - 1 - inked[-1], REACH) + 1))
    return sides[0], sides[1]


def feature_map(picture: np.ndarray, kernel: np.ndarray | None, settings: Convolution) -> np.ndarray:
    """What is pooled: the picture's feature map, or the picture itself where there is no kernel."""
    return picture if kernel is None else convolve(picture, kernel, settings)


def count_alike(
    picture: np.ndarray,
    kernel: np.ndarray | None,
    settings: Convolution,
    pooling: Pooling,
    place: tuple[int, int] = (0, 0),
) -> Alike:
    """How many places, of all that the picture has room for, give the same pooled maps as `place` (down, right)."""
    downs, rights = room(picture)

    def pooled(down: int, right: int) -> list[np.ndarray]:
        seen = feature_map(moved(picture, down, right), kernel, settings)
        return [pool(seen, pooling) for pool in POOLS.values()]

    now = pooled(*place)
    everywhere = [pooled(down, right) for down in downs for right in rights]
    same = [sum(bool(np.abs(maps[i] - now[i]).max() < SAME) for maps in everywhere) for i in range(len(POOLS))]
    return Alike(len(everywhere), *same)
