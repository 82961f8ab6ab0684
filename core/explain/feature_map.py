"""What a feature map shows, in a sentence that is computed from its numbers."""

import numpy as np

LIT = 0.25  # of the largest response: from here on a cell looks lit on the stage


def describe(feature_map: np.ndarray, activation: str) -> str:
    """One or two sentences on how much is lit and where the filter answers most.

    feature_map: (H, W), after the activation. activation: its name in core.ops.activation.
    """
    strongest = float(np.abs(feature_map).max())
    if strongest == 0:
        if activation == "relu":
            return "Nothing lights up: no sum is above 0, and ReLU turns the rest to 0."
        return "Nothing lights up: every sum is 0."
    lit = float((feature_map > LIT * strongest).mean())
    below = float((feature_map < 0).mean())
    row, column = np.unravel_index(np.abs(feature_map).argmax(), feature_map.shape)
    value = feature_map[row, column]
    place = f"The strongest answer, {_number(value)}, is in row {row + 1}, column {column + 1}"
    share = f"{_percent(lit)} of the cells are lit"
    negative = f", {_percent(below).lower()} are below 0 (blue)" if below else ""
    return f"{share}{negative}. {place}, {_region(row, column, feature_map.shape)}."


def _region(row: int, column: int, shape: tuple[int, ...]) -> str:
    """Where a cell lies, in thirds of the map: "top left", "in the middle", …"""
    down = ("top", "", "bottom")[_third(row, shape[0])]
    across = ("left", "", "right")[_third(column, shape[1])]
    words = " ".join(word for word in (down, across) if word)
    return f"at the {words}" if words else "in the middle"


def _third(position: int, size: int) -> int:
    """The third, 0 to 2, in which the middle of a cell lies; of a side with one cell it is the one in the middle."""
    return 3 * (2 * int(position) + 1) // (2 * size)


def _percent(share: float) -> str:
    """Whole per cent, but neither "0%" where there is some nor "100%" where some is missing."""
    if 0 < share < 0.005:
        return "Under 1%"
    if 0.995 <= share < 1:
        return "Over 99%"
    return f"{share:.0%}"


def _number(value: float) -> str:
    """Two decimals, or two digits where these would be zeros."""
    return (f"{value:.2f}" if abs(value) >= 0.005 else f"{value:.2g}").replace("-", "−")
