"""What a cell does with its sum, and the slope of that: name -> function of an array, which keeps the array's shape."""

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


def always_one(values):
    """The slope of `none`."""
    return np.ones_like(values)


def one_above_zero(values):
    """The slope of `relu`: 1 above 0, else 0 (at 0 itself by convention, as in Keras)."""
    return (values > 0).astype(np.float64)


SLOPES = {"none": always_one, "relu": one_above_zero, "abs": np.sign}
