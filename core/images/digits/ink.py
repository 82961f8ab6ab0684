"""From the path of the pen to a 28x28 picture, sized and centred as MNIST was.

The line fits a 20x20 box, and the box lies in the picture so that the ink's centre of mass is in the middle. How grey a
pixel is follows from its distance to the path, so there is no drawing at a higher resolution to reduce.
"""

import numpy as np

SIDE = 28  # pixels of a picture
BOX = 20  # pixels of the box that the ink fits
EDGE = 1.1  # pixels over which the line's edge fades from ink to paper


def fit(path: np.ndarray, half_width: np.ndarray) -> np.ndarray:
    """Scale and move each path (n, S, 2) so that its line, half_width (n, S) to each side, just fits the box."""
    low, high = path.min(axis=1), path.max(axis=1)  # (n, 2)
    room = BOX - 2 * half_width.max(axis=1)  # (n,)
    scale = room / (high - low).max(axis=1)
    return (path - (low + high)[:, None] / 2) * scale[:, None, None] + BOX / 2


def ink(path: np.ndarray, half_width: np.ndarray) -> np.ndarray:
    """Ink the box along the path: (n, S, 2) and (n, S), in pixels -> (n, BOX, BOX) from 0 for paper to 1 for ink.

    The distance to the nearest place on the path is measured in half widths of the line there, so that a line may be
    thin in one part and thick in another.
    """
    centres = np.arange(BOX) + 0.5
    offsets = (centres - path[..., None]) / half_width[..., None, None]  # (n, S, 2, BOX)
    squares = np.square(offsets, dtype=np.float32)
    across, down = squares[:, :, 0, None, :], squares[:, :, 1, :, None]  # (n, S, 1, BOX), (n, S, BOX, 1)
    nearest = np.full((len(path), BOX, BOX), np.inf, np.float32)
    here = np.empty_like(nearest)
    for place in range(path.shape[1]):
        np.add(across[:, place], down[:, place], out=here)
        np.minimum(nearest, here, out=nearest)
    beyond = (np.sqrt(nearest) - 1) * half_width.mean(axis=1, dtype=np.float32)[:, None, None]  # pixels past the line
    return np.clip(0.5 - beyond / np.float32(EDGE), 0, 1)


def centre(boxes: np.ndarray) -> np.ndarray:
    """Lay each box so that its centre of mass is in the middle: (n, BOX, BOX) -> (n, SIDE, SIDE) uint8."""
    middles = np.arange(BOX) + 0.5
    mass = boxes.sum(axis=(1, 2), dtype=float)
    rows, columns = (boxes.sum(axis=axis, dtype=float) @ middles / mass for axis in (2, 1))  # (n,), (n,)
    tops, lefts = (np.rint(SIDE / 2 - mean).astype(int).clip(0, SIDE - BOX) for mean in (rows, columns))
    pictures = np.zeros((len(boxes), SIDE, SIDE), np.uint8)
    for picture, box, top, left in zip(pictures, np.rint(boxes * 255), tops, lefts, strict=True):
        picture[top : top + BOX, left : left + BOX] = box
    return pictures
