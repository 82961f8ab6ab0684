"""What a cell does with its sum: name -> function, each from an array of any shape to one of the same shape."""

import numpy as np


def none(values):
    """values, as they are."""
    return values


def relu(values):
    """max(0, value): what is negative goes dark."""
    return np.maximum(values, 0.0)


def absolute(values):
    """|value|: a match and its exact opposite light up alike."""
    return np.abs(values)


ACTIVATIONS = {"none": none, "relu": relu, "abs": absolute}
