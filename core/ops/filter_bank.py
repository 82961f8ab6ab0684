"""The filter bank: hand-made kernels worth trying, each with what it sees and where its numbers come from.

Kernels are laid on the picture as they are written here (cross-correlation). "Lights up" means a sum above zero,
which is what ReLU lets through.
"""

from dataclasses import dataclass

import numpy as np

from core.ops.arrays import check_side


@dataclass(frozen=True, eq=False)
class Filter:
    """One kernel of the bank. Filters are compared by identity, because arrays have no single truth value."""

    name: str  # slug, as in a link
    title: str
    kernel: np.ndarray  # (kh, kw) float64, read-only
    sees: str  # one sentence: what lights up, and why
    source: str  # where the numbers come from


def grid(*rows, over=1) -> np.ndarray:
    """rows of numbers divided by `over`, as a read-only float64 array (kh, kw)."""
    kernel = np.array(rows, dtype=np.float64) / over
    kernel.flags.writeable = False
    return kernel


HORIZONTAL = grid(
    (1, 1, 1),
    (0, 0, 0),
    (-1, -1, -1),
)
DIAGONAL_FALLING = grid(
    (0, 1, 1),
    (-1, 0, 1),
    (-1, -1, 0),
)
DIAGONAL_RISING = grid(
    (1, 1, 0),
    (1, 0, -1),
    (0, -1, -1),
)
SOBEL_HORIZONTAL = grid(
    (1, 2, 1),
    (0, 0, 0),
    (-1, -2, -1),
)
SCHARR_HORIZONTAL = grid(
    (3, 10, 3),
    (0, 0, 0),
    (-3, -10, -3),
)
PREWITT_HORIZONTAL = grid(
    (-1, -1, -1),
    (0, 0, 0),
    (1, 1, 1),
)
LAPLACIAN = grid(
    (0, 1, 0),
    (1, -4, 1),
    (0, 1, 0),
)
OUTLINE = grid(
    (-1, -1, -1),
    (-1, 8, -1),
    (-1, -1, -1),
)
SHARPEN = grid(
    (0, -1, 0),
    (-1, 5, -1),
    (0, -1, 0),
)
BOX_BLUR = grid(
    (1, 1, 1),
    (1, 1, 1),
    (1, 1, 1),
    over=9,
)
GAUSSIAN_3 = grid(
    (1, 2, 1),
    (2, 4, 2),
    (1, 2, 1),
    over=16,
)
GAUSSIAN_5 = grid(
    (1, 4, 6, 4, 1),
    (4, 16, 24, 16, 4),
    (6, 24, 36, 24, 6),
    (4, 16, 24, 16, 4),
    (1, 4, 6, 4, 1),
    over=256,
)
EMBOSS = grid(
    (-2, -1, 0),
    (-1, 1, 1),
    (0, 1, 2),
)
IDENTITY = grid(
    (0, 0, 0),
    (0, 1, 0),
    (0, 0, 0),
)
CIRCLE = grid(
    (-1, 1, 1, 1, -1),
    (1, -1, -1, -1, 1),
    (1, -1, 0, -1, 1),
    (1, -1, -1, -1, 1),
    (-1, 1, 1, 1, -1),
)
CORNER_TOP_LEFT = grid(
    (0, 0, -3, -1, -1),
    (0, 0, -3, -1, -1),
    (-3, -3, 4, 4, 4),
    (-1, -1, 4, 0, 0),
    (-1, -1, 4, 0, 0),
)

_LECTURE = "The first filter of many lectures on CNNs; Prewitt's kernel of 1970 with its sign turned round"
_SOBEL = "I. Sobel and G. Feldman, An isotropic 3×3 image gradient operator (talk, Stanford 1968)"
_SCHARR = "H. Scharr, Optimale Operatoren in der Digitalen Bildverarbeitung (thesis, Heidelberg 2000), times 32"
_PREWITT = (
    "J. M. S. Prewitt, Object enhancement and extraction (1970), unscaled, signed as a derivative; "
    "the lecture's own filter is the same kernel with the opposite sign"
)
_BINOMIAL = "Binomial coefficients, the usual small stand-in for a Gaussian bell: "

_FILTERS = (
    Filter(
        "horizontal",
        "Horizontal edge",
        HORIZONTAL,
        "Lights up where a bright row lies above a dark one, so along the lower rim of every horizontal stroke, "
        "because only there does the row of ones collect more than the row of minus ones takes away.",
        _LECTURE,
    ),
    Filter(
        "vertical",
        "Vertical edge",
        HORIZONTAL.T,
        "Lights up where a bright column lies left of a dark one, so along the right rim of every vertical stroke: it "
        "is the horizontal filter with rows and columns exchanged.",
        _LECTURE,
    ),
    Filter(
        "diagonal-falling",
        "Diagonal edge ╲",
        DIAGONAL_FALLING,
        "Lights up most along edges that fall from the top left to the bottom right with the bright side above them, "
        "and more weakly along edges that are bright above or bright on the right.",
        "The lecture's horizontal filter turned by 45° clockwise",
    ),
    Filter(
        "diagonal-rising",
        "Diagonal edge ╱",
        DIAGONAL_RISING,
        "Lights up most along edges that rise from the bottom left to the top right with the bright side above them, "
        "and more weakly along edges that are bright above or bright on the left.",
        "The lecture's horizontal filter turned by 45° anticlockwise",
    ),
    Filter(
        "sobel-horizontal",
        "Sobel, horizontal",
        SOBEL_HORIZONTAL,
        "Lights up where it is bright above and dark below, like the first filter, but the column in the middle "
        "counts double, so an edge right under the centre weighs more than its neighbours.",
        _SOBEL,
    ),
    Filter(
        "sobel-vertical",
        "Sobel, vertical",
        SOBEL_HORIZONTAL.T,
        "Lights up where it is bright on the left and dark on the right, and the row in the middle counts double, so "
        "an edge right at the centre weighs more than its neighbours.",
        _SOBEL,
    ),
    Filter(
        "scharr-horizontal",
        "Scharr, horizontal",
        SCHARR_HORIZONTAL,
        "Lights up where it is bright above and dark below; its weights 3, 10, 3 were computed so that, together with "
        "its vertical partner, it tells the direction of an edge more truly than Sobel's.",
        _SCHARR,
    ),
    Filter(
        "scharr-vertical",
        "Scharr, vertical",
        SCHARR_HORIZONTAL.T,
        "Lights up where it is bright on the left and dark on the right; its weights 3, 10, 3 were computed so that, "
        "together with its horizontal partner, it tells the direction of an edge more truly than Sobel's.",
        _SCHARR,
    ),
    Filter(
        "prewitt-horizontal",
        "Prewitt, dark to bright ↓",
        PREWITT_HORIZONTAL,
        "Lights up where brightness grows downwards, so along the upper rim of a horizontal stroke: it is the "
        "lecture's horizontal filter with every sign turned round.",
        _PREWITT,
    ),
    Filter(
        "prewitt-vertical",
        "Prewitt, dark to bright →",
        PREWITT_HORIZONTAL.T,
        "Lights up where brightness grows to the right, so along the left rim of a vertical stroke: it is the "
        "lecture's vertical filter with every sign turned round.",
        _PREWITT,
    ),
    Filter(
        "laplacian",
        "Laplacian",
        LAPLACIAN,
        "Lights up where a pixel is darker than the average of its four neighbours, so in a thin line just outside a "
        "bright stroke, and stays dark on flat areas and even slopes.",
        "The second derivatives down and across, added and written as differences of neighbours",
    ),
    Filter(
        "outline",
        "Outline",
        OUTLINE,
        "Lights up where a pixel is brighter than the average of its eight neighbours, so along the inside rim of a "
        "stroke, because inside a flat area the eight neighbours cancel the centre exactly.",
        "The Laplacian with all eight neighbours, signs turned round",
    ),
    Filter(
        "sharpen",
        "Sharpen",
        SHARPEN,
        "Shows the picture itself with its edges exaggerated: each pixel is pushed further away from its four "
        "neighbours, and where they are all alike it stays as it is.",
        "The identity minus the Laplacian",
    ),
    Filter(
        "box-blur",
        "Box blur",
        BOX_BLUR,
        "Shows the picture softened: each cell is the plain average of the nine pixels under it, so fine detail melts "
        "into its surroundings and flat areas stay as they are.",
        "The mean of nine numbers",
    ),
    Filter(
        "gaussian-blur",
        "Gaussian blur",
        GAUSSIAN_3,
        "Shows the picture softened more gently than the box does, because near pixels count for more than far ones: "
        "the centre 4 parts in 16, a corner 1.",
        _BINOMIAL + "(1, 2, 1) down times (1, 2, 1) across",
    ),
    Filter(
        "gaussian-blur-5",
        "Gaussian blur 5×5",
        GAUSSIAN_5,
        "Shows the picture softened over a wider neighbourhood, with weights that fade from the centre like a bell, "
        "so noise goes and the large shapes stay.",
        _BINOMIAL + "(1, 4, 6, 4, 1) down times (1, 4, 6, 4, 1) across",
    ),
    Filter(
        "emboss",
        "Emboss",
        EMBOSS,
        "Shows the picture as a relief: slopes that grow brighter towards the bottom right light up, slopes that grow "
        "darker that way sink, and flat areas keep their brightness.",
        "A common kernel of image editors",
    ),
    Filter(
        "identity",
        "Identity",
        IDENTITY,
        "Shows the picture itself: one times the pixel in the middle and zero times all others.",
        "Own construction: a single one",
    ),
    Filter(
        "circle",
        "Circle 5×5",
        CIRCLE,
        "Lights up most in the middle of a small bright ring with a dark hole, such as a small loop of a handwritten "
        "8 or 9, because its ones are drawn as such a ring and bright pixels inside it or at its corners count "
        "against it.",
        "Own construction: a ring of ones, balanced to a sum of zero",
    ),
    Filter(
        "corner-top-left",
        "Corner, top left",
        CORNER_TOP_LEFT,
        "Lights up most where two bright strokes meet like ┌, because a stroke that runs straight on past the centre "
        "meets the −3s and loses half of what it had gained.",
        "Own construction: the shape of the corner in fours, balanced to a sum of zero",
    ),
    Filter(
        "corner-bottom-right",
        "Corner, bottom right",
        CORNER_TOP_LEFT[::-1, ::-1],
        "Lights up most where two bright strokes meet like ┘: it is the top-left corner turned by 180°, so a stroke "
        "that runs straight on meets the −3s and loses half of what it had gained.",
        "Own construction: the top-left corner turned by 180°",
    ),
)

FILTER_BANK = {entry.name: entry for entry in _FILTERS}


def named(kernel) -> Filter | None:
    """The filter of the bank with this kernel's shape and numbers (to within 1e-9), or None. kernel: (kh, kw)."""
    kernel = np.asarray(kernel)
    for entry in FILTER_BANK.values():
        if entry.kernel.shape == kernel.shape and np.allclose(entry.kernel, kernel, rtol=0, atol=1e-9):
            return entry
    return None


def resize_kernel(kernel, height, width) -> np.ndarray:
    """kernel (kh, kw, ...) cropped or padded with zeros to (height, width, ...), its centre kept in the centre.

    The centre of k cells is number (k - 1) // 2, counted from 0: of an even side the earlier of the two in the middle,
    which is the cell that "same" padding lays on the pixel. So a resized kernel does not shift the picture.
    Raises ValueError for a height or width that is no whole number from 1 to 11.
    """
    check_side("height", height)
    check_side("width", width)
    kernel = np.asarray(kernel)
    resized = np.zeros((height, width, *kernel.shape[2:]))
    old_rows, new_rows = _overlap(kernel.shape[0], height)
    old_columns, new_columns = _overlap(kernel.shape[1], width)
    resized[new_rows, new_columns] = kernel[old_rows, old_columns]
    return resized  # (height, width, ...)


def _overlap(old, new) -> tuple[slice, slice]:
    """Where a side of `old` cells and one of `new` cells cover each other when their centres coincide."""
    shift = (new - 1) // 2 - (old - 1) // 2
    first, end = max(0, -shift), min(old, new - shift)
    return slice(first, end), slice(first + shift, end + shift)
