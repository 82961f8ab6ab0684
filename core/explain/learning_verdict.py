"""How a run of gradient descent ended and why: one line for the stage, and what that means."""

import numpy as np

from core.explain.filter_learning import Learning, Run
from core.ops.optimisers import MOMENTUM

FOUND = 0.05  # off by no more than this, every weight looks right in its first decimal
ALIKE = 1e-3  # of the loss at the start: the outputs look alike
NO_SLOPE = 1e-9  # a gradient below it moves nothing
BY_NOISE = 1.2  # times the noise's own square: what is left of the loss is the noise
OPTIMISER_TITLES = {"plain": "Plain", "momentum": "Momentum", "adam": "Adam"}


def verdict(run: Run, hidden, settings: Learning) -> tuple[str, str]:
    """(one line, what it means) for a run that looked for `hidden` (kh, kw); no hidden number is given away."""
    steps = len(run.kernels) - 1
    off = np.abs(run.kernels - hidden).max(axis=(1, 2))  # (T + 1,)
    if run.diverged:
        return f"Diverged at step {steps}: each step overshoots by more. {_limit(run, settings)}", _DIVERGED
    if off[-1] <= FOUND:
        first = int(np.flatnonzero(off > FOUND)[-1]) + 1 if (off > FOUND).any() else 0
        return f"Found: from step {first} on, every number is within {FOUND} of the hidden one.", _FOUND
    if run.losses[-1] > 0 and np.abs(run.gradients[-1]).max() < NO_SLOPE:
        return "Dead: all its sums are below 0, so ReLU gives 0 and the slope is 0. Try another start.", _DEAD
    if run.losses[-1] >= run.losses[0] > 0:
        return f"Restless: after {steps} steps no better than at the start. {_limit(run, settings)}", _RESTLESS
    if settings.noise and run.losses[-1] < BY_NOISE * settings.noise**2:
        noise = f"{settings.noise:g}² = {settings.noise**2:.2g}"
        return f"As good as the noise allows ({noise}). The farthest number is {off[-1]:.2f} off.", _NOISE
    if run.losses[-1] <= ALIKE * run.losses[0]:
        return f"The outputs look alike, yet one number is still {off[-1]:.2f} off. {_advice(settings)}", _ALIKE
    return f"Not there after {steps} steps: one number is still {off[-1]:.2f} off. {_advice(settings)}", _UNDER_WAY


def largest_rate(run: Run, settings: Learning) -> float | None:
    """The learning rate from which on this run diverges without an activation; None for Adam, which has none.

    A step multiplies the error along the steepest direction by the roots of z² − (1 + β − rate · curvature) z + β,
    β being the momentum's share; both are smaller than 1 below 2 (1 + β) / curvature.
    """
    if settings.optimiser == "adam":
        return None
    return 2 * (1 + (MOMENTUM if settings.optimiser == "momentum" else 0)) / run.curvature


def _limit(run, settings) -> str:
    most = largest_rate(run, settings)
    if most is None or settings.rate < most:
        return "Take a smaller learning rate."
    return f"Here the learning rate must stay below {most:.2g}."


def _advice(settings) -> str:
    return "Try momentum." if settings.optimiser == "plain" else "Try another rate."


_DIVERGED = """The loss is a valley. A step goes downhill, as far as slope times learning rate. If that is more than
twice the way to the bottom, it lands **higher** on the other side, where the slope is steeper still, and the next step
is longer. ConvLab stops when the error is a million times what it was at the start."""
_FOUND = """The learner never saw the hidden numbers, only pictures and outputs. Every cell of an output is one equation
about the same few unknowns; there are thousands of them, and following the slope downhill solves them all."""
_DEAD = """Where a sum is below 0, ReLU gives 0 and its slope is 0: a small change of the weights changes nothing. If
that happens at every place of every picture, no weight hears anything any more: a **dead filter**. In a network with
many filters the others carry on; smaller learning rates make it rarer."""
_RESTLESS = """The steps are so long that the learner jumps about the valley and does not come down. With few pictures a
step, each step follows a slope of its own, and a smaller learning rate averages them."""
_NOISE = """The targets themselves are off by the noise, and no filter can predict noise: the error stops at its square.
The more pictures, the better the noise averages out, and the nearer the numbers come."""
_ALIKE = """Neighbouring pixels are nearly alike, so shifting weight from one number to its neighbour hardly changes an
output: the valley is steep across and almost flat along. Plain descent creeps along it; momentum gathers speed, and
Adam gives each number a step size of its own."""
_UNDER_WAY = """Downhill all the way, but not at the bottom: too small a learning rate, too few steps for the way from
this start, or, with ReLU, a filter that answers at too few places to hear about all of its numbers."""
