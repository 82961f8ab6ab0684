"""A filter that learns: gradient descent finds a hidden filter from pictures and from what the filter made of them.

Everything in a run follows from its settings: the seed gives the random weights at the start, the noise and the order
of the pictures, drawn one after the other from `numpy.random.default_rng(seed)`.
"""

from dataclasses import dataclass

import numpy as np

from core.ops.activation import ACTIVATIONS
from core.ops.convolution import Convolution, windows
from core.ops.gradient import curvature, loss, loss_and_gradient
from core.ops.optimisers import OPTIMISERS

START_SPREAD = 0.5  # standard deviation of the weights at the start
DIVERGED = 1e6  # times the loss at the start: from here on nothing comes back


@dataclass(frozen=True)
class Learning:
    """How the learner goes about it. Raises ValueError for an optimiser, a rate, a batch or a noise that cannot be."""

    optimiser: str = "momentum"  # a name in OPTIMISERS
    rate: float = 0.5  # learning rate: 0.001 to 10
    batch: int = 10  # pictures that each step looks at; less than there are: their order is shuffled for each round
    noise: float = 0.0  # standard deviation of what is added to each target; a fully lit pixel is 1
    seed: int = 0
    activation: str = "none"  # of the hidden filter and of the learner
    steps: int = 200

    def __post_init__(self):
        if self.optimiser not in OPTIMISERS:
            raise ValueError(
                f"optimiser must be one of {', '.join(OPTIMISERS)}. Received: optimiser={self.optimiser!r}"
            )
        if self.activation not in ACTIVATIONS:
            raise ValueError(
                f"activation must be one of {', '.join(ACTIVATIONS)}. Received: activation={self.activation!r}"
            )
        if not 0 < self.rate < np.inf:
            raise ValueError(f"A learning rate is a number above 0. Received: rate={self.rate}")
        if not 0 <= self.noise < np.inf:
            raise ValueError(f"noise must be a number of at least 0. Received: noise={self.noise}")
        if self.batch < 1 or self.steps < 1:
            raise ValueError(f"batch and steps must be at least 1. Received: batch={self.batch}, steps={self.steps}")


@dataclass(frozen=True, eq=False)
class Run:
    """A run of gradient descent, from its random start to its end. T steps lead to T + 1 filters."""

    targets: np.ndarray  # (N, H', W'), what the hidden filter makes of each picture, noise included
    kernels: np.ndarray  # (T + 1, kh, kw)
    losses: np.ndarray  # (T + 1,), mean squared error over all pictures
    gradients: np.ndarray  # (T + 1, kh, kw), over the pictures of the step that follows; the last over all pictures
    batches: np.ndarray  # (T, batch), which pictures each step looked at
    curvature: float  # see core.ops.gradient.curvature, over all pictures
    diverged: bool  # the run ended early, because its loss had grown beyond all measure


def learn(pictures, hidden, settings: Learning) -> Run:
    """The run that looks for `hidden`, as far as it goes.

    pictures: (N, H, W), 0 to 1. hidden: (kh, kw), laid down without padding, stride 1, no bias.
    Raises ValueError as `core.ops.convolution.convolve` does and for a batch of more than N pictures.
    """
    pictures = np.asarray(pictures, dtype=np.float64)
    hidden = np.asarray(hidden, dtype=np.float64)
    if settings.batch > len(pictures):
        raise ValueError(f"A batch has at most all {len(pictures)} pictures. Received: batch={settings.batch}")
    chance = np.random.default_rng(settings.seed)
    kernel = start_of(hidden.shape, chance)
    seen = _seen(pictures, hidden.shape)  # (N, H', W', kh, kw)
    clean = ACTIVATIONS[settings.activation](np.tensordot(seen, hidden, 2))  # (N, H', W')
    targets = clean + settings.noise * chance.standard_normal(clean.shape)

    order = _order(len(pictures), settings, chance)
    rule = OPTIMISERS[settings.optimiser](settings.rate)
    kernels, gradients = [kernel], []
    losses = [loss(seen, targets, kernel, settings.activation)]
    bound = DIVERGED * max(losses[0], 1e-6)
    for batch in order:
        _, gradient = loss_and_gradient(seen[batch], targets[batch], kernel, settings.activation)
        kernel = kernel + rule.move(gradient)
        gradients.append(gradient)
        kernels.append(kernel)
        losses.append(loss(seen, targets, kernel, settings.activation))
        if losses[-1] > bound:
            break
    gradients.append(loss_and_gradient(seen, targets, kernel, settings.activation)[1])
    return Run(
        targets=targets,
        kernels=np.array(kernels),
        losses=np.array(losses),
        gradients=np.array(gradients),
        batches=order[: len(kernels) - 1],
        curvature=curvature(seen),
        diverged=losses[-1] > bound,
    )


def start_of(shape, chance) -> np.ndarray:
    """The first draw of a run's chance: random weights, in hundredths so that they can be checked by hand."""
    return np.round(chance.normal(0, START_SPREAD, shape), 2)


def _seen(pictures, kernel_shape) -> np.ndarray:
    """What the filter sees at each place of each picture: (N, H', W', kh, kw)."""
    stack = np.moveaxis(pictures, 0, 2)  # (H, W, N): one channel a picture
    return np.ascontiguousarray(np.moveaxis(windows(stack, kernel_shape, Convolution()), 2, 0))


def _order(count, settings, chance) -> np.ndarray:
    """The pictures of each step (steps, batch): shuffled anew for each round; a rest too small for a batch is left."""
    each_round = count // settings.batch
    rounds = -(-settings.steps // each_round)
    shuffled = [chance.permutation(count)[: each_round * settings.batch] for _ in range(rounds)]
    return np.concatenate(shuffled).reshape(-1, settings.batch)[: settings.steps]
