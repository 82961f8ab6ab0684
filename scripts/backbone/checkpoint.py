"""A training run on disk: one .npz file that is either the old state or the new one, never half of each."""

import json
from pathlib import Path

import keras
import numpy as np

WEIGHT, AVERAGE, OPTIMISER = "weight:", "average:", "optimiser:"


def save(path: Path, model: keras.Model, average: list[np.ndarray], state: dict) -> None:
    """Weights, optimiser, averaged weights (in the order of model.weights) and a dict of plain numbers."""
    arrays = {WEIGHT + name: value for name, value in zip(_names(model), model.get_weights(), strict=True)}
    arrays |= {AVERAGE + name: value for name, value in zip(_names(model), average, strict=True)}
    arrays |= {OPTIMISER + _own(kept.path): np.asarray(kept) for kept in model.optimizer.variables}
    partial = path.with_suffix(".partial")
    with partial.open("wb") as stream:
        np.savez(stream, state=np.array(json.dumps(state)), **arrays)
    partial.replace(path)


def load(path: Path, model: keras.Model) -> tuple[list[np.ndarray], dict]:
    """Puts weights and optimiser back into a built model of the same shape; returns averaged weights and state."""
    with np.load(path, allow_pickle=False) as arrays:
        model.set_weights([arrays[WEIGHT + name] for name in _names(model)])
        for variable in model.optimizer.variables:
            variable.assign(arrays[OPTIMISER + _own(variable.path)])
        return [arrays[AVERAGE + name] for name in _names(model)], json.loads(str(arrays["state"]))


def averaged_weights(path: Path) -> tuple[dict[str, np.ndarray], dict]:
    """The averaged weights of a run under their names, such as "conv2d_1/kernel", and its state. Needs no model."""
    with np.load(path, allow_pickle=False) as arrays:
        averaged = {key.removeprefix(AVERAGE): arrays[key] for key in arrays.files if key.startswith(AVERAGE)}
        return averaged, json.loads(str(arrays["state"]))


def _names(model: keras.Model) -> list[str]:
    """The name of each weight, unique within the model: that of its layer and its own."""
    return [weight.path for weight in model.weights]


def _own(path: str) -> str:
    """An optimiser variable's path without the optimiser's name, which counts the optimisers of a process."""
    return path.partition("/")[2]
