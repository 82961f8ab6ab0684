"""Why: which places of a network's last maps speak for a class (Grad-CAM, Selvaraju and others, 2017).

    last maps (H, W, C) ── head: flatten or pool, dense, dense … ──> score of the class, before sigmoid or softmax
    weight[c] = mean over (y, x) of d score / d maps[y, x, c]
    heat (H, W) = ReLU(sum over c of weight[c] · maps[:, :, c])

A head is a chain of a few kinds of layers, so that the gradient is a short walk back through it in plain arrays: the
numbers that a backend's automatic differentiation gives, with any backend of Keras, and with none. The score is taken
before the sigmoid or the softmax: behind it the gradient of a sure verdict is all but zero.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

# Layers that change nothing once a network is trained.
IDLE = ("Dropout", "SpatialDropout2D", "GaussianNoise", "GaussianDropout", "ActivityRegularization", "InputLayer")


@dataclass(frozen=True)
class Flat:
    """(H, W, C) laid out as one row of H · W · C numbers."""


@dataclass(frozen=True)
class Average:
    """The mean of each map: (H, W, C) -> (C,)."""


@dataclass(frozen=True)
class Largest:
    """The largest number of each map: (H, W, C) -> (C,)."""


@dataclass(frozen=True)
class LargestOfCells:
    """The largest number in each cell of side × side of each map: (H, W, C) -> (H // side, W // side, C)."""

    side: int


@dataclass(frozen=True)
class Root:
    """√max(x, floor), number by number."""

    floor: float


@dataclass(frozen=True, eq=False)
class Line:
    """x · weights + bias; weights (n, m), or (n,) for one factor per number, as a batch normalisation has."""

    weights: np.ndarray
    bias: np.ndarray


@dataclass(frozen=True)
class Bend:
    """ReLU: what is below zero becomes zero."""


@dataclass(frozen=True)
class End:
    """The sigmoid or softmax at the end, which turns scores into probabilities."""


Step = Flat | Average | Largest | LargestOfCells | Root | Line | Bend


def head_of(layers: Sequence[Any]) -> tuple[Step, ...]:
    """The steps from a network's last maps to its scores, without the sigmoid or softmax at the end.

    layers: the Keras layers behind the last maps, in order.
    Raises ValueError for a layer that is none of a head's usual kinds.
    """
    steps = [step for layer in layers for step in _steps(layer)]
    if steps and isinstance(steps[-1], End):
        steps.pop()
    if End() in steps:
        raise ValueError("A head has its sigmoid or softmax at the end. Received: one before the last dense layer")
    return tuple(steps)


def scores(maps: np.ndarray, head: Sequence[Step]) -> np.ndarray:
    """The scores (classes,) that a head gives for maps (H, W, C)."""
    return _forward(maps, head)[-1]


def gradient(maps: np.ndarray, head: Sequence[Step], label: int) -> np.ndarray:
    """d score of the class / d maps, (H, W, C).

    label: the class, from 0. With a single score, class 1 is what it speaks for and class 0 what it speaks against.
    """
    values = _forward(maps, head)
    count = len(values[-1])
    if not 0 <= label < max(count, 2):
        raise ValueError(f"A class is 0 to {max(count, 2) - 1} here. Received: label={label}")
    back = np.eye(count, dtype=np.float32)[label] if count > 1 else np.array([1.0 if label else -1.0], np.float32)
    for step, value in zip(reversed(head), reversed(values[:-1])):
        back = _backward(step, value, back)
    return back


def heat(maps: np.ndarray, slopes: np.ndarray) -> np.ndarray:
    """Where the maps speak for the class: (H, W), 0 to 1, 1 at the strongest place; all 0 where nothing does.

    maps, slopes: (H, W, C), the last maps and the gradient of the class's score by them.
    """
    weights = slopes.mean(axis=(0, 1))  # (C,)
    signed = np.maximum(maps @ weights, 0)  # (H, W)
    largest = signed.max(initial=0.0)
    return (signed / largest if largest > 0 else np.zeros_like(signed)).astype(np.float32)


def grad_cam(maps: np.ndarray, head: Sequence[Step], label: int) -> np.ndarray:
    """The heat map (H, W), 0 to 1, of one class for the last maps (H, W, C) of one picture."""
    maps = np.asarray(maps, np.float32)
    if maps.ndim != 3:
        raise ValueError(f"The maps of one picture are (H, W, C). Received: shape={maps.shape}")
    return heat(maps, gradient(maps, head, label))


def _steps(layer: Any) -> list[Step | End]:
    kind = type(layer).__name__
    if kind in IDLE:
        return []
    if kind == "Flatten":
        return [Flat()]
    if kind == "GlobalAveragePooling2D":
        return [Average()]
    if kind == "GlobalMaxPooling2D":
        return [Largest()]
    if kind == "MaxPooling2D":
        return [_cells(layer)]
    if kind == "Root":  # of the built-in head
        return [Root(layer.FLOOR)]
    if kind in ("ReLU", "Activation"):
        return _bend("relu" if kind == "ReLU" else layer.get_config()["activation"])
    if kind == "BatchNormalization":
        return [_normalisation(layer)]
    if kind == "Dense":
        weights, *rest = layer.get_weights()
        bias = rest[0] if rest else np.zeros(weights.shape[1], np.float32)
        return [Line(weights.astype(np.float32), bias.astype(np.float32)), *_bend(layer.get_config()["activation"])]
    raise ValueError(
        f"No heat map can be had through a layer of this kind behind the last maps. Received: layer={kind}"
    )


def _bend(activation: Any) -> list[Step | End]:
    known = {"relu": [Bend()], "linear": [], "sigmoid": [End()], "softmax": [End()]}
    if activation in known:
        return known[activation]
    raise ValueError(f"A head's activations are relu, linear, sigmoid and softmax. Received: activation={activation!r}")


def _cells(layer: Any) -> LargestOfCells:
    pool, strides, padding = (layer.get_config()[name] for name in ("pool_size", "strides", "padding"))
    if len({*pool, *strides}) > 1 or padding != "valid":
        raise ValueError(f"A head's cells are squares beside each other. Received: pool={pool}, strides={strides}")
    return LargestOfCells(pool[0])


def _normalisation(layer: Any) -> Line:
    config, values = layer.get_config(), [value.astype(np.float32) for value in layer.get_weights()]
    gain = values.pop(0) if config["scale"] else np.float32(1)
    shift = values.pop(0) if config["center"] else np.float32(0)
    mean, variance = values
    factor = gain / np.sqrt(variance + config["epsilon"])
    return Line(factor, shift - mean * factor)


def _forward(maps: np.ndarray, head: Sequence[Step]) -> list[np.ndarray]:
    """What goes into each step, and the scores at the end."""
    values = [np.asarray(maps, np.float32)]
    for step in head:
        values.append(_apply(step, values[-1]))
    return values


def _apply(step: Step, value: np.ndarray) -> np.ndarray:
    match step:
        case Flat():
            return value.reshape(-1)
        case Average():
            return value.mean(axis=(0, 1))
        case Largest():
            return value.max(axis=(0, 1))
        case LargestOfCells():
            return _in_cells(value, step.side).max(axis=(1, 3))
        case Root():
            return np.sqrt(np.maximum(value, step.floor))
        case Line():
            return value @ step.weights + step.bias if step.weights.ndim == 2 else value * step.weights + step.bias
        case Bend():
            return np.maximum(value, 0)


def _backward(step: Step, value: np.ndarray, back: np.ndarray) -> np.ndarray:
    """The gradient by what went into a step, from the gradient by what came out of it."""
    match step:
        case Flat():
            return back.reshape(value.shape)
        case Average():
            return np.broadcast_to(back / (value.shape[0] * value.shape[1]), value.shape)
        case Largest():
            winners = value == value.max(axis=(0, 1))  # (H, W, C)
            return winners * (back / winners.sum(axis=(0, 1)))
        case LargestOfCells():
            cells = _in_cells(value, step.side)
            winners = cells == cells.max(axis=(1, 3), keepdims=True)
            shares = winners * (back[:, None, :, None] / winners.sum(axis=(1, 3), keepdims=True))
            rows, columns = back.shape[0] * step.side, back.shape[1] * step.side
            slopes = np.zeros_like(value)  # what is left over at the edges is in no cell
            slopes[:rows, :columns] = shares.reshape(rows, columns, -1)
            return slopes
        case Root():
            return np.where(value > step.floor, back / (2 * np.sqrt(np.maximum(value, step.floor))), 0)
        case Line():
            return step.weights @ back if step.weights.ndim == 2 else step.weights * back
        case Bend():
            return back * (value > 0)


def _in_cells(maps: np.ndarray, side: int) -> np.ndarray:
    """(rows, side, columns, side, C): maps (H, W, C) by cells, without what is left over at the edges."""
    rows, columns = maps.shape[0] // side, maps.shape[1] // side
    return maps[: rows * side, : columns * side].reshape(rows, side, columns, side, -1)
