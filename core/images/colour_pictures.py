"""Colour pictures drawn by code: each a function of the place in a unit square, averaged over every cell."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

SIDES = (6, 12, 28)  # cells a side that are offered; 7 is the lecture's grey picture
SMALLEST, LARGEST = 4, 64
FINE = 8  # places looked at along a cell

BLACK, WHITE = (0.04, 0.05, 0.07), (0.96, 0.95, 0.92)
RED, GREEN, BLUE, YELLOW = (0.86, 0.13, 0.12), (0.20, 0.63, 0.24), (0.16, 0.36, 0.80), (0.97, 0.79, 0.14)
# For experiments in which numbers must come out even: pure light.
PURE_RED, PURE_GREEN, PURE_YELLOW, NIGHT = (0.8, 0, 0), (0, 0.8, 0), (1, 1, 0), (0, 0, 0)


@dataclass(frozen=True)
class ColourPicture:
    """One drawing. paint(x, y) gives (n, n, 3) from 0 to 1; x runs right and y down, both from 0 to 1."""

    name: str
    title: str
    paint: Callable[[np.ndarray, np.ndarray], np.ndarray]
    grey: bool = False


class Canvas:
    """Colour laid over colour, in the order of the calls."""

    def __init__(self, x, y, ground):
        self.x, self.y = x, y
        self.light = np.broadcast_to(np.array(ground, dtype=float), (*x.shape, 3)).copy()

    def fill(self, where, colour):
        self.light[where] = colour

    def disc(self, x, y, radius, colour, stretch=1.0):
        self.fill((self.x - x) ** 2 + ((self.y - y) / stretch) ** 2 < radius**2, colour)

    def box(self, left, top, right, bottom, colour):
        self.fill((self.x >= left) & (self.x < right) & (self.y >= top) & (self.y < bottom), colour)


def _apple(x, y):
    canvas = Canvas(x, y, WHITE)
    canvas.box(0.47, 0.10, 0.53, 0.36, (0.38, 0.24, 0.12))
    leaf = ((x - 0.66) + (y - 0.17)) ** 2 / 0.008 + ((x - 0.66) - (y - 0.17)) ** 2 / 0.07 < 1
    canvas.fill(leaf, GREEN)
    canvas.disc(0.36, 0.56, 0.25, RED, 1.12)
    canvas.disc(0.64, 0.56, 0.25, RED, 1.12)
    canvas.disc(0.50, 0.64, 0.26, RED, 1.05)
    canvas.disc(0.30, 0.45, 0.065, (1.0, 0.72, 0.66), 1.3)
    return canvas.light


def _traffic_light(x, y):
    canvas = Canvas(x, y, (0.62, 0.80, 0.94))
    canvas.box(0.45, 0.80, 0.55, 1.0, (0.35, 0.36, 0.38))
    canvas.box(0.29, 0.05, 0.71, 0.86, (0.12, 0.13, 0.15))
    for height, colour in ((0.19, RED), (0.455, YELLOW), (0.72, (0.16, 0.74, 0.36))):
        canvas.disc(0.5, height, 0.115, colour)
    return canvas.light


def _flower(x, y):
    canvas = Canvas(x, y, (0.53, 0.76, 0.42))
    for angle in np.arange(6) * np.pi / 3 + np.pi / 6:
        canvas.disc(0.5 + 0.25 * np.cos(angle), 0.5 + 0.25 * np.sin(angle), 0.165, (0.42, 0.24, 0.76))
    canvas.disc(0.5, 0.5, 0.15, YELLOW)
    return canvas.light


def _flag(x, y):
    canvas = Canvas(x, y, WHITE)
    canvas.box(0, 0, 1, 1 / 3, RED)
    canvas.box(0, 1 / 3, 1, 2 / 3, YELLOW)
    canvas.box(0, 2 / 3, 1, 1, BLUE)
    return canvas.light


def _bars(x, y):
    canvas = Canvas(x, y, NIGHT)
    for left, colour in ((1 / 12, (1, 0, 0)), (5 / 12, PURE_YELLOW), (9 / 12, (0, 1, 0))):
        canvas.box(left, 1 / 12, left + 2 / 12, 11 / 12, colour)
    return canvas.light


def _halves(x, y):
    canvas = Canvas(x, y, PURE_RED)
    canvas.box(0.5, 0, 1, 1, PURE_GREEN)
    return canvas.light


def _seven(x, y):
    canvas = Canvas(x, y, NIGHT)
    canvas.box(1 / 7, 1 / 7, 6 / 7, 2 / 7, (1, 1, 1))
    for row, column in ((2, 4.6), (3, 3.9), (4, 3.2), (5, 2.5)):
        canvas.box(column / 7, row / 7, (column + 1) / 7, (row + 1) / 7, (1, 1, 1))
    return canvas.light


_PICTURES = (
    ColourPicture("apple", "Apple", _apple),
    ColourPicture("lights", "Traffic light", _traffic_light),
    ColourPicture("flower", "Flower", _flower),
    ColourPicture("flag", "Striped flag", _flag),
    ColourPicture("bars", "A red, a yellow and a green bar", _bars),
    ColourPicture("halves", "Red beside green", _halves),
    ColourPicture("seven", "A seven in grey", _seven, grey=True),
)
COLOUR_PICTURES = {entry.name: entry for entry in _PICTURES}


def draw_colour(name: str, side: int) -> np.ndarray:
    """The picture of that name, (side, side, 3) uint8; of a grey one (side, side, 1). side: 4 to 64 cells.

    Raises ValueError for another name or side.
    """
    if name not in COLOUR_PICTURES:
        raise ValueError(f"A drawn picture is one of {', '.join(COLOUR_PICTURES)}. Received: name={name!r}")
    if isinstance(side, bool) or not isinstance(side, int) or not SMALLEST <= side <= LARGEST:
        raise ValueError(f"A picture has {SMALLEST} to {LARGEST} cells a side. Received: side={side!r}")
    entry = COLOUR_PICTURES[name]
    along = (np.arange(side * FINE) + 0.5) / (side * FINE)
    fine = entry.paint(*np.meshgrid(along, along))  # (side · FINE, side · FINE, 3)
    cells = fine.reshape(side, FINE, side, FINE, 3).mean(axis=(1, 3))  # (side, side, 3)
    picture = np.rint(cells * 255).astype(np.uint8)
    return picture[:, :, :1] if entry.grey else picture


def with_brightness(picture: np.ndarray) -> np.ndarray:
    """The picture (H, W, 3) with a fourth channel (H, W, 4): the mean of the three."""
    mean = np.rint(picture.astype(np.float64).mean(axis=2, keepdims=True)).astype(np.uint8)
    return np.concatenate([picture, mean], axis=2)
