"""Challenges for a hand-made filter, judged on digits that the person has not seen.

Each check draws hidden digits once, lets the person's filter run over them and measures where the light falls. Light is
what is above 0 after the activation: blue cells count as dark. The figure in a verdict is the one that was measured.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from core.explain.feature_map import LIT
from core.explain.hidden_digits import (
    BRIGHT_SIDES,
    HIDDEN_SEED,
    edge_directions,
    hidden_digits,
    seen_at,
    stroke_directions,
)
from core.ops.activation import ACTIVATIONS
from core.ops.convolution import Convolution, convolve, pre_activation
from core.ops.trace import trace_output

SOME_LIGHT = 1e-9  # of the kernel's weight: what is below is the rounding of a sum that should be 0

# The thresholds lie in the gaps that were measured over the filter bank, for ReLU and |x|, on 31 sets of hidden digits.
VERTICAL_LIGHT = 0.65  # share of the light; the vertical filters of the bank reach 71% or more, no other one over 58%
ANY_LIGHT = 0.5  # share of the light that a filter without a direction leaves on vertical strokes; it counts as no step
VERTICAL_REACHED = 0.5  # share of the vertical ink; the bank's vertical filters reach 80%, one with a strong bias less
BESIDE = 2  # pixels to either side of a stroke's ink in which its rims light up

COPIED = 0.95  # share of the cells with ink; a copy reaches 100%, the other 5% leave room for hundredths beside its 1
SAME_NUMBER = 0.05  # difference that no one sees in the colours of the stage
COPY = 0.98  # correlation from which a result is one moved picture; the weakest blur of the bank stays at 97%

DIRECTION_LIT = 0.48  # of the brightest direction's light; in the darkest, circle keeps 52%, a corner with |x| 46%
FLAT_LIGHT = 0.1  # of the edges' light; filters that sum to 0 leave 0 to 7%, emboss 18%, sharpen 30%, identity 53%

RUNS = ("vertical", "rising", "horizontal", "falling")  # how an edge runs whose bright side is the i-th or (i + 4)-th


@dataclass(frozen=True)
class Verdict:
    """What a check found. It is passed where the score is 1."""

    passed: bool
    score: float  # 0 to 1, how near: of several demands the one that is farthest from being met
    words: str  # one sentence to the person, with the measured figure


@dataclass(frozen=True, eq=False)
class Challenge:
    """A task for the person's filter. Like filters of the bank, challenges are compared by identity."""

    name: str  # slug, as in a link
    title: str
    task: str  # one sentence
    hint: str  # one sentence
    check: Callable[..., Verdict]  # (kernel, settings) -> Verdict


def check_vertical_strokes(kernel, settings: Convolution, seed: int = HIDDEN_SEED) -> Verdict:
    """Does the light fall on vertical strokes, and on most of them?

    kernel: (kh, kw). settings: its bias, activation, dilation and flip count; the stride is taken as 1 and the padding
    as "same", so that cell (r, c) of the result belongs to pixel (r, c).
    Raises ValueError as `core.ops.convolution.convolve` does.
    """
    settings = cell_for_pixel(settings)
    digits, strokes = hidden_digits(seed), stroke_directions(seed)
    light = light_on(digits, kernel, settings)  # (N, 28, 28)
    if (nothing := nothing_to_see(kernel, light)) is not None:
        return nothing

    lit = light > LIT * light.max()
    total = light[lit].sum()
    vertical, horizontal = (
        float(light[lit & places].sum() / total) for places in (strokes.vertical, strokes.horizontal)
    )
    ink = strokes.vertical & (digits > 0.5)
    reached = float(sideways(lit, BESIDE)[ink].mean())
    return Verdict(
        passed=vertical >= VERTICAL_LIGHT and reached >= VERTICAL_REACHED,
        score=min(1.0, max(0.0, vertical - ANY_LIGHT) / (VERTICAL_LIGHT - ANY_LIGHT), reached / VERTICAL_REACHED),
        words=_vertical_words(vertical, horizontal, reached),
    )


def check_one_step_left(kernel, settings: Convolution, seed: int = HIDDEN_SEED) -> Verdict:
    """Does each cell show its right neighbour, number for number?

    kernel: (kh, kw). settings: its bias, activation, dilation and flip count; the stride is taken as 1 and the padding
    as "same", so that cell (r, c) of the result belongs to pixel (r, c).
    Raises ValueError as `core.ops.convolution.convolve` does.
    """
    settings = cell_for_pixel(settings)
    digits = hidden_digits(seed)
    maps = np.stack([convolve(digit, kernel, settings) for digit in digits])  # (N, 28, 28)
    if (nothing := nothing_to_see(kernel, np.abs(maps))) is not None:
        return nothing

    asked = seen_at(digits, 0, 1)
    drawn = (asked > SAME_NUMBER) | (np.abs(maps) > SAME_NUMBER)
    copied = float((np.abs(maps - asked) <= SAME_NUMBER)[drawn].mean()) if drawn.any() else 0.0
    return Verdict(
        passed=copied >= COPIED,
        score=min(1.0, copied / COPIED),
        words=_shift_words(maps, digits, strongest_look(kernel, settings), copied, settings),
    )


def check_every_edge(kernel, settings: Convolution, seed: int = HIDDEN_SEED) -> Verdict:
    """Do edges of all eight directions light up while flat places, dark and bright ones, stay dark?

    Judged on the hidden digits and on their negatives, whose paper is bright. An edge's light is the strongest of the
    three cells across it, because a filter may light its inner or its outer side.

    kernel: (kh, kw). settings: its bias, activation, dilation and flip count; the stride is taken as 1 and the padding
    as "same", so that cell (r, c) of the result belongs to pixel (r, c).
    Raises ValueError as `core.ops.convolution.convolve` does.
    """
    settings = cell_for_pixel(settings)
    edges = edge_directions(seed)
    light = light_on_both_papers(hidden_digits(seed), kernel, settings)  # (2, N, 28, 28)
    if (nothing := nothing_to_see(kernel, light)) is not None:
        return nothing

    by_direction = np.array([light.ravel()[cells].max(axis=0).mean() for cells in edges.across])  # (8,)
    if not by_direction.any():
        return Verdict(False, 0.0, "The light falls on flat places only: no edge lights up yet.")
    dark = np.flatnonzero(by_direction < DIRECTION_LIT * by_direction.max()).tolist()
    flat_light = light[:, edges.flat].mean(axis=1)  # (2,), on dark and on bright paper
    flat = float(flat_light.mean() / by_direction.mean())
    return Verdict(
        passed=not dark and flat <= FLAT_LIGHT,
        score=min(1 - len(dark) / 8, FLAT_LIGHT / max(flat, FLAT_LIGHT)),
        words=_edge_words(dark, flat, _flat_fault(kernel, settings, flat_light)),
    )


def cell_for_pixel(settings: Convolution) -> Convolution:
    """The settings with one output cell for each pixel."""
    return replace(settings, stride=1, padding="same")


def light_on(digits, kernel, settings) -> np.ndarray:
    """What is above 0 in the feature maps: digits (N, 28, 28) -> (N, 28, 28)."""
    return _above_zero(np.stack([convolve(digit, kernel, settings) for digit in digits]), kernel)


def light_on_both_papers(digits, kernel, settings) -> np.ndarray:
    """As `light_on`, for the digits and for their negatives on endless bright paper: (N, 28, 28) -> (2, N, 28, 28).

    A sum over 1 - digit is the kernel's own sum less that over the digit. So the frame of a picture, beyond which
    the padding's zeros would stand like an edge, plays no part.
    """
    bias = np.asarray(settings.bias)
    sums = np.stack([pre_activation(digit, kernel, settings) for digit in digits])  # (N, 28, 28)
    both = np.stack([sums, np.sum(kernel) + 2 * bias - sums])  # (2, N, 28, 28)
    return _above_zero(ACTIVATIONS[settings.activation](both), kernel)


def _above_zero(maps, kernel) -> np.ndarray:
    """maps with all that is 0 or below, or 0 but for rounding, as 0. Shape stays."""
    return np.where(maps > SOME_LIGHT * np.abs(kernel).sum(), maps, 0.0)


def nothing_to_see(kernel, light) -> Verdict | None:
    """The verdict on a filter that shows nothing at all, or None. light: any shape, at least 0."""
    if not light.any():
        empty = not np.any(kernel)
        why = "every number of the filter is 0" if empty else "no cell of the result is above 0"
        return Verdict(False, 0.0, f"Nothing lights up yet: {why}.")
    if not np.any(kernel):
        return Verdict(False, 0.0, "Every number of the filter is 0, so all cells show the bias and no picture.")
    return None


def sideways(cells, reach) -> np.ndarray:
    """The cells and those up to `reach` to their left and right: (N, H, W) bool -> (N, H, W) bool."""
    return np.any([seen_at(cells, 0, column) for column in range(-reach, reach + 1)], axis=0)


def strongest_look(kernel, settings) -> tuple[int, int]:
    """Where the kernel's strongest number looks: (rows down, columns to the right) of the cell it writes to."""
    cell = 14
    trace = trace_output(np.zeros((28, 28)), kernel, settings, cell, cell)
    row, column = np.unravel_index(np.abs(trace.weights).argmax(), trace.weights.shape)[:2]
    return trace.rows[row] - cell, trace.columns[column] - cell


def _vertical_words(vertical, horizontal, reached) -> str:
    measured = f"{_percent(vertical, VERTICAL_LIGHT)} of the light falls on vertical strokes"
    if vertical < VERTICAL_LIGHT:
        paper = 1 - vertical - horizontal
        rest = f"{horizontal:.0%} is on horizontal ones" if horizontal >= paper else f"{paper:.0%} is on empty paper"
        return f"{measured}, {VERTICAL_LIGHT:.0%} is asked: {rest}."
    if reached < VERTICAL_REACHED:
        part = _percent(reached, VERTICAL_REACHED)
        return f"{measured}, as asked, and it reaches {part} of their ink so far, {VERTICAL_REACHED:.0%} is asked."
    return f"{measured}, {VERTICAL_LIGHT:.0%} was asked: done."


def _shift_words(maps, digits, look, copied, settings) -> str:
    """maps, digits: (N, 28, 28). look: (rows, columns) to where the filter's strongest number looks."""
    share = f"{_percent(copied, COPIED)} of the cells with ink show their right neighbour"
    if copied >= COPIED:
        return f"{share}, {COPIED:.0%} was asked: done."
    moved = seen_at(digits, *look)
    likeness = _correlation(maps, moved)
    if look == (0, 1) and abs(likeness) >= COPY:
        return f"The picture moved one step to the left, as asked, but {_changed(maps, moved, share, settings)}."
    if likeness < COPY:
        return f"{share}, {COPIED:.0%} is asked: each cell still mixes several neighbours or changes them."
    if look == (0, 0):
        return "The picture stayed in place: each cell shows itself, and its right neighbour is asked."
    there, back = _way(*look), _way(-look[0], -look[1])
    turned = "; true convolution turns the filter by 180° first" if settings.flip else ""
    return f"The picture moved {back}: each cell shows what lies {there}, and its right neighbour is asked{turned}."


def _changed(maps, moved, share, settings) -> str:
    """Why maps are not yet the numbers of moved, (N, 28, 28) each."""
    bias = float(np.sum(settings.bias))
    gain = (maps * moved).sum() / (moved**2).sum()
    if bias:
        return f"the bias adds {_number(bias)} to every cell"
    if abs(gain - 1) > SAME_NUMBER:
        return f"its numbers came out {_number(gain)} times as large and should stay as they are"
    return f"only {share}, {COPIED:.0%} is asked"


def _edge_words(dark, flat, fault) -> str:
    """dark: places in BRIGHT_SIDES. flat: as a share of the edges' light. fault: what lights flat places."""
    lit = f"Edges light up in {8 - len(dark)} of 8 directions"
    if not dark and flat <= FLAT_LIGHT:
        return f"{lit} and flat places keep {flat:.0%} of that light, {FLAT_LIGHT:.0%} was allowed: done."
    missing = f"{_edge_names(dark)} stay dark" if dark else ""
    if flat <= FLAT_LIGHT:
        return f"{lit} and flat places are dark, but {missing}."
    too_lit = f"flat places keep {_percent(flat, FLAT_LIGHT)} of that light, {FLAT_LIGHT:.0%} is allowed"
    return f"{lit}{missing and f' ({missing})'}, but {too_lit}: {fault}."


def _flat_fault(kernel, settings, flat_light) -> str:
    """What lights flat places. flat_light: (2,), on dark and on bright paper."""
    bias = float(np.sum(settings.bias))
    total = float(np.sum(kernel)) + bias
    if np.argmax(flat_light) == 0:
        return f"on dark ones the bias is all there is, {_number(bias)}"
    return f"on bright ones the filter's numbers and the bias add up to {_number(total)}"


def _edge_names(sides) -> str:
    """Edges by how they run where both ways round are meant, else by their bright side. sides: from 0 to 7."""
    both = [way for way in range(4) if way in sides and way + 4 in sides]
    names = [RUNS[way] for way in both]
    single = [tuple(BRIGHT_SIDES)[side] for side in sides if side % 4 not in both]
    parts = [f"{_listed(names)} edges"] if names else []
    parts += [f"edges that are bright on the {_listed(single)}"] if single else []
    return " and ".join(parts)


def _listed(words) -> str:
    """["a", "b", "c"] -> "a, b and c"."""
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _way(rows, columns) -> str:
    """(2, -1) -> "2 steps down and 1 step to the left"."""
    down = f"{_steps(rows)} {'down' if rows > 0 else 'up'}" if rows else ""
    right = f"{_steps(columns)} to the {'right' if columns > 0 else 'left'}" if columns else ""
    return " and ".join(filter(None, (down, right)))


def _steps(count) -> str:
    return "one step" if abs(count) == 1 else f"{abs(count)} steps"


def _percent(share, asked) -> str:
    """A share in per cent, with decimals where rounding would hide on which side of what is asked it lies."""
    for decimals in (0, 1, 2):
        rounded = round(share, decimals + 2)
        if (rounded < asked) == (share < asked) and (rounded > asked) == (share > asked):
            break
    return f"{share:.{decimals}%}"


def _number(value) -> str:
    return f"{value:.2f}".replace("-", "−")


def _correlation(one, other) -> float:
    """Of all their numbers, from -1 to 1; 0 where those of one are all alike."""
    one, other = one - one.mean(), other - other.mean()
    size = np.sqrt((one**2).sum() * (other**2).sum())
    return float((one * other).sum() / size) if size > 0 else 0.0


_CHALLENGES = (
    Challenge(
        "vertical-strokes",
        "Only the vertical strokes",
        "Light only the vertical strokes.",
        "A vertical stroke is bright on one side of its rim and dark on the other: give the two sides opposite signs.",
        check_vertical_strokes,
    ),
    Challenge(
        "one-step-left",
        "One step to the left",
        "Move the picture one step to the left.",
        "Each cell has to show the number of its right neighbour: which cell of the filter looks there?",
        check_one_step_left,
    ),
    Challenge(
        "every-edge",
        "Every edge",
        "Light every edge, whatever its direction, and keep flat places dark.",
        "Set the middle against all that surrounds it, and let the numbers of the filter sum to 0.",
        check_every_edge,
    ),
)

CHALLENGES = {challenge.name: challenge for challenge in _CHALLENGES}
