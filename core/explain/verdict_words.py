"""A network's answer in words: what it is, or that it is not sure, or that it is none of what the network knows."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

SURE = {2: 0.75}  # of two classes a coin already gives 50%
SURE_OF_MANY = 0.5
MOST_BARS = 5
JUST = 1.1  # strangeness up to which a picture is only a little too strange


@dataclass(frozen=True)
class Worded:
    """A verdict as a person reads it."""

    kind: str  # "sure", "unsure" or "neither"
    words: str
    below: str  # one line that says more
    bars: tuple[tuple[str, float], ...]  # (class, probability), the likeliest first where there are many


def worded(names: Sequence[str], probabilities: np.ndarray, strangeness: float | None) -> Worded:
    """probabilities: (classes,), as `names`. strangeness: above 1 the picture is like none that it learnt from."""
    order = np.argsort(-np.asarray(probabilities), kind="stable")
    first = int(order[0])
    share = float(probabilities[first])
    shown = order[:MOST_BARS] if len(names) > MOST_BARS else range(len(names))
    bars = tuple((names[i], float(probabilities[i])) for i in shown)
    if strangeness is not None and strangeness > 1:
        how = "Just beyond" if strangeness < JUST else "Unlike"
        below = f"{how} all that it learnt from ({strangeness:.2f} × the limit). Of its classes: {names[first]}."
        return Worded("neither", _neither(len(names)), below, bars)
    if share < SURE.get(len(names), SURE_OF_MANY):
        second = names[int(order[1])] if len(names) > 1 else "nothing"
        return Worded("unsure", "Not sure", f"{names[first]} or {second}? {share:.1%} is not enough to say.", bars)
    return Worded("sure", names[first], f"{share:.1%} sure." if share < 0.9995 else "More than 99.9% sure.", bars)


def _neither(classes: int) -> str:
    return "Neither" if classes == 2 else "None of these"
