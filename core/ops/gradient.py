"""How the error of a filter's outputs changes with each of its weights: the slope that gradient descent follows.

With windows x, weights w, activation f, targets y, and n output cells in all:

    loss     = 1/n · Σ (f(z) − y)²            where z = Σ w · x, the sum of a window's products
    gradient = 2/n · Σ (f(z) − y) · f′(z) · x   for each weight, x being the pixels that this weight was laid on
"""

import numpy as np

from core.ops.activation import ACTIVATIONS, SLOPES


def loss_and_gradient(seen, targets, kernel, activation) -> tuple[float, np.ndarray]:
    """The mean squared error of a filter's outputs and its gradient.

    seen: (..., kh, kw), the pixels of every window. targets: (...), what should come out of each.
    kernel: (kh, kw). activation: a name in ACTIVATIONS. returns: the loss, and the gradient (kh, kw).
    """
    sums = _sums(seen, kernel)  # (...)
    errors = ACTIVATIONS[activation](sums) - targets  # (...)
    blame = errors * SLOPES[activation](sums)  # (...): how the error of each cell changes with its sum
    gradient = 2 / errors.size * np.tensordot(blame, seen, errors.ndim)  # (kh, kw)
    return float(np.square(errors).mean()), gradient


def loss(seen, targets, kernel, activation) -> float:
    """The mean squared error alone; arguments as in `loss_and_gradient`."""
    return float(np.square(ACTIVATIONS[activation](_sums(seen, kernel)) - targets).mean())


def curvature(seen) -> float:
    """How steep the loss bends at most without an activation: the largest eigenvalue of its second derivative.

    Plain gradient descent over all of `seen` (..., kh, kw) shrinks the error in every direction at a learning rate
    below 2 / curvature, and above it overshoots by more at each step. It does not depend on targets or weights.
    """
    rows = np.reshape(seen, (-1, seen.shape[-2] * seen.shape[-1]))  # (n, kh * kw)
    return float(np.linalg.eigvalsh(2 / len(rows) * rows.T @ rows)[-1])


def _sums(seen, kernel):
    return np.tensordot(seen, kernel, 2)
