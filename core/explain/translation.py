"""A digit that moves, and what a dense unit and a convolution make of it; in the browser, assets/stage/translation.js.

The digit stands in the middle of a larger field and may be moved as far as its ink stays inside. Both detectors are
made from the digit at its start: the dense unit has one weight for each pixel of the field, the filter is one piece of
the digit. Both are scaled to answer 1 at the start, and neither can answer more.
"""

import numpy as np

from core.ops.convolution import Convolution, convolve

PIECE = 7  # rows and columns of the filter, as in assets/stage/translation.js
LEAST_MARGIN = 6  # cells around the digit
SETTINGS = Convolution(padding="same", activation="relu")


def field_of(picture: np.ndarray, move: tuple[int, int] = (0, 0)) -> np.ndarray:
    """The field with the digit `move` cells down and right of its middle.

    picture: (H, W) uint8. returns: (H + 2m, W + 2m) uint8 with m = max(6, 3/7 of the longer side).
    Raises ValueError for a move that takes ink out of the field.
    """
    start = np.pad(picture, max(3 * max(picture.shape) // 7, LEAST_MARGIN))
    if tuple(move) != _nearest(start, move):
        raise ValueError(f"The digit must stay inside the field. Received: move={move}")
    return np.roll(start, move, axis=(0, 1))  # only zeros go round


def clamped(picture: np.ndarray, move: tuple[int, int]) -> tuple[int, int]:
    """The allowed move that is nearest: the ink and the piece that is the filter stay inside the field."""
    return _nearest(field_of(picture), move)


def piece_place(start: np.ndarray) -> tuple[int, int]:
    """(row, column) of the 7×7 window of the field with the most contrast; the first of equals in reading order."""
    seen = np.lib.stride_tricks.sliding_window_view(start.astype(np.int64), (PIECE, PIECE))
    contrast = PIECE**2 * (seen**2).sum(axis=(2, 3)) - seen.sum(axis=(2, 3)) ** 2
    row, column = np.unravel_index(contrast.argmax(), contrast.shape)
    return int(row), int(column)


def piece_filter(start: np.ndarray) -> np.ndarray:
    """(7, 7): that window less its mean, scaled so that its own place answers 1.

    Of all windows it has the largest norm, so that no other place can answer more (Cauchy and Schwarz).
    """
    row, column = piece_place(start)
    piece = start[row : row + PIECE, column : column + PIECE] / 255
    centred = piece - piece.mean()
    return centred / max((centred**2).sum(), np.finfo(float).tiny)


def template(start: np.ndarray) -> np.ndarray:
    """(H', W'): the weights of the dense unit, one for each pixel of the field."""
    lit = start / 255
    return lit / max((lit**2).sum(), np.finfo(float).tiny)


def dense_answer(picture: np.ndarray, move: tuple[int, int]) -> float:
    """What the dense unit answers; also the cosine between the field now and at the start."""
    return float((template(field_of(picture)) * (field_of(picture, move) / 255)).sum())


def convolution_answer(picture: np.ndarray, move: tuple[int, int]) -> np.ndarray:
    """The feature map of the filter, as large as the field, after ReLU."""
    return convolve(field_of(picture, move) / 255, piece_filter(field_of(picture)), SETTINGS)


def _nearest(start: np.ndarray, move: tuple[int, int]) -> tuple[int, int]:
    row, column = piece_place(start)
    kept = start > 0
    kept[row : row + PIECE, column : column + PIECE] = True
    nearest = []
    for axis, wanted in enumerate(move):
        lines = np.flatnonzero(kept.any(axis=1 - axis))
        nearest.append(int(np.clip(wanted, -lines[0], start.shape[axis] - 1 - lines[-1])))
    return nearest[0], nearest[1]
