"""Filters for colour pictures worth trying: each a cube of three slices, for red, green and blue.

Laid on the picture as written here. "Lights up" means a sum above zero, which is what ReLU lets through.
"""

from dataclasses import dataclass

import numpy as np

from core.ops.filter_bank import HORIZONTAL, OUTLINE, grid

VERTICAL = HORIZONTAL.T
SPOT = grid(
    (0, 1, 0),
    (1, 1, 1),
    (0, 1, 0),
)
NOTHING = np.zeros((3, 3))


@dataclass(frozen=True, eq=False)
class ColourFilter:
    """One cube of the bank."""

    name: str  # slug, as in a link
    title: str
    cube: np.ndarray  # (3, 3, 3): rows, columns, channels; read-only
    sees: str  # one sentence: what lights up, and why


def cube(red, green, blue) -> np.ndarray:
    """Three slices (kh, kw) as one read-only cube (kh, kw, 3)."""
    slices = np.stack([red, green, blue], axis=2).astype(np.float64) + 0.0
    slices.flags.writeable = False
    return slices


_FILTERS = (
    ColourFilter(
        "edge-below",
        "Lower edges",
        cube(HORIZONTAL, HORIZONTAL, HORIZONTAL),
        "Lights up where a bright row lies above a dark one, in whatever colour: all three slices are alike.",
    ),
    ColourFilter(
        "edge-right",
        "Right edges",
        cube(VERTICAL, VERTICAL, VERTICAL),
        "Lights up where bright turns to dark from left to right, in whatever colour: all three slices are alike.",
    ),
    ColourFilter(
        "red-green",
        "Red, then green",
        cube(VERTICAL, -VERTICAL, NOTHING),
        "Lights up where red on the left turns to green on the right; an edge in plain brightness cancels to 0.",
    ),
    ColourFilter(
        "yellow-blue",
        "Yellow above blue",
        cube(HORIZONTAL, HORIZONTAL, -2 * HORIZONTAL),
        "Lights up where yellow (red and green light) lies above blue; an edge in plain brightness cancels to 0.",
    ),
    ColourFilter(
        "red",
        "Red?",
        cube(2 * SPOT, -SPOT, -SPOT),
        "Lights up on red: red light counts twice, green and blue count against it, so white and grey come to 0.",
    ),
    ColourFilter(
        "green",
        "Green?",
        cube(-SPOT, 2 * SPOT, -SPOT),
        "Lights up on green: green light counts twice, red and blue count against it, so white and grey come to 0.",
    ),
    ColourFilter(
        "blue",
        "Blue?",
        cube(-SPOT, -SPOT, 2 * SPOT),
        "Lights up on blue: blue light counts twice, red and green count against it, so white and grey come to 0.",
    ),
    ColourFilter(
        "yellow",
        "Yellow?",
        cube(SPOT, SPOT, -2 * SPOT),
        "Lights up on yellow, which is red and green light together; blue counts against both, so white comes to 0.",
    ),
    ColourFilter(
        "outline",
        "Outline",
        cube(OUTLINE, OUTLINE, OUTLINE),
        "Lights up along every rim, on the brighter side; inside a patch of one colour the sum is 0.",
    ),
    ColourFilter(
        "light",
        "Light",
        cube(SPOT, SPOT, SPOT),
        "Adds up all the light around a pixel: what comes out is a soft picture in grey.",
    ),
)

COLOUR_FILTERS = {entry.name: entry for entry in _FILTERS}


def named_cube(weights) -> ColourFilter | None:
    """The filter of the bank with this shape and these numbers (to within 1e-9), or None. weights: (kh, kw, C)."""
    weights = np.asarray(weights)
    for entry in COLOUR_FILTERS.values():
        if entry.cube.shape == weights.shape and np.allclose(entry.cube, weights, rtol=0, atol=1e-9):
            return entry
    return None


def with_channels(weights, channels: int) -> np.ndarray:
    """The cube (kh, kw, C) with that many slices: the first ones, or all and the last one repeated."""
    weights = np.asarray(weights)
    missing = channels - weights.shape[2]
    return weights[:, :, :channels] if missing <= 0 else np.pad(weights, [(0, 0), (0, 0), (0, missing)], mode="edge")
