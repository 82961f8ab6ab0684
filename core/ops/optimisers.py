"""What a step of gradient descent does with the gradient: name -> rule, each with the formula that Keras uses.

A rule is made for one run, remembers what it needs from step to step, and `move(gradient)` is what it adds to the
weights. Gradients and moves are arrays of the weights' shape.
"""

import numpy as np

MOMENTUM = 0.9  # share of the last move that stays
FIRST, SECOND = 0.9, 0.999  # share that stays in Adam's averages of the gradient and of its square
TINY = 1e-7  # keeps Adam from dividing by zero; Keras's epsilon


class Plain:
    """move = −rate · gradient."""

    def __init__(self, rate):
        self.rate = rate

    def move(self, gradient):
        return -self.rate * gradient


class Momentum:
    """move = 0.9 · last move − rate · gradient: a ball that keeps rolling."""

    def __init__(self, rate):
        self.rate = rate
        self.last = 0.0

    def move(self, gradient):
        self.last = MOMENTUM * self.last - self.rate * gradient
        return self.last


class Adam:
    """move = −rate · m / √v: the gradient's running mean over its running size, so each weight moves about `rate`.

    Both averages start at 0; dividing by 1 − share^step makes up for that. As in Keras, TINY is added before that.
    """

    def __init__(self, rate):
        self.rate = rate
        self.steps = 0
        self.mean = self.square = 0.0

    def move(self, gradient):
        self.steps += 1
        self.mean = FIRST * self.mean + (1 - FIRST) * gradient
        self.square = SECOND * self.square + (1 - SECOND) * gradient**2
        started = np.sqrt(1 - SECOND**self.steps) / (1 - FIRST**self.steps)
        return -self.rate * started * self.mean / (np.sqrt(self.square) + TINY)


OPTIMISERS = {"plain": Plain, "momentum": Momentum, "adam": Adam}
