"""Small strokes on an empty 12×12 map, to be moved about: name -> picture."""

import numpy as np

KIND = "stroke"  # names are KIND.<stroke>
SIDE = 12  # cells; pools of 2, 3 and 4 fit without a rest
HOME = 4  # row and column of a stroke's top left; a window of 2 and of 4 begins there

_DRAWN = {
    "hook": (
        "#..",
        "#..",
        "###",
    ),
    "line": ("###",),
    "dot": ("#",),
    "falling": (
        "#..",
        ".#.",
        "..#",
    ),
    "cross": (
        ".#.",
        "###",
        ".#.",
    ),
    "block": (
        "###",
        "###",
        "###",
    ),
}


def _on_map(rows: tuple[str, ...]) -> np.ndarray:
    ink = np.array([[cell == "#" for cell in row] for row in rows])
    picture = np.zeros((SIDE, SIDE), np.uint8)
    picture[HOME : HOME + ink.shape[0], HOME : HOME + ink.shape[1]] = 255 * ink
    picture.flags.writeable = False
    return picture


STROKES = {f"{KIND}.{name}": _on_map(rows) for name, rows in _DRAWN.items()}
TITLES = {name: name.removeprefix(f"{KIND}.").capitalize() for name in STROKES}
