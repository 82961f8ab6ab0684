"""Kept networks and Keras. A worker module: it imports Keras."""

import json
import math
import tempfile
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import keras

from core.transfer.kept_check import MOST_BYTES, REFUSED, check_keras_file
from core.transfer.preparation import LARGEST_SIDE

MOST_WEIGHTS = MOST_BYTES // 4  # numbers of four bytes
LARGEST_OUTPUT = 1 << 25  # numbers that one layer gives for one picture: ResNet50's largest has 0.8 million


def as_file(model: keras.Model) -> bytes:
    """The network as a .keras file, without what only its training needed."""
    bare = keras.Model(model.inputs, model.outputs, name=model.name)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.keras"
        bare.save(path)
        return path.read_bytes()


def load_file(path: Path) -> keras.Model:
    """The network in a .keras file, in Keras's safe mode; its layers are checked before. ValueError in plain words."""
    check_keras_file(path)
    try:
        # In a thread that ends with it: Keras would fill what was only described here at the thread's next network.
        with ThreadPoolExecutor(1) as thread:
            weights, largest = thread.submit(_sizes, path).result()
    except Exception as error:  # Keras raises many kinds on a description that makes no network
        raise ValueError(f"Keras cannot read this model file. Received: {str(error)[:200]}") from error
    if weights > MOST_WEIGHTS or largest > LARGEST_OUTPUT:
        raise ValueError(
            f"{REFUSED}it may have {MOST_WEIGHTS / 1e6:.0f} million weights, and layers that give "
            f"{LARGEST_OUTPUT / 1e6:.0f} million numbers. Received: {weights:,} and {largest:,}"
        )
    try:
        return keras.saving.load_model(path, compile=False, safe_mode=True)
    except Exception as error:  # Keras raises many kinds on a broken file
        raise ValueError(f"Keras cannot read this model file. Received: {str(error)[:200]}") from error


def _sizes(path: Path) -> tuple[int, int]:
    """How many weights the network would have, and the most numbers that one of its layers gives for a picture.

    Told by its description before anything is filled with numbers, whatever its weights file holds.
    """
    with zipfile.ZipFile(path) as archive:
        description = json.loads(archive.read("config.json"))
    description.pop("compile_config", None)
    with keras.StatelessScope(initialize_variables=False):
        model = keras.saving.deserialize_keras_object(description, safe_mode=True)
        weights = sum(math.prod(variable.shape) for variable in model.variables)
        outputs = [tensor.shape for layer in model.layers for tensor in keras.tree.flatten(layer.output)]
    return weights, max(math.prod(side or 1 for side in shape[1:]) for shape in outputs)


def load_bytes(content: bytes) -> keras.Model:
    """As `load_file`, from the file's bytes: the worker may be another machine than the web process."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.keras"
        path.write_bytes(content)
        return load_file(path)


def last_maps(model: keras.Model) -> str:
    """The name of the last layer that gives maps (h, w, c): what Grad-CAM looks at."""
    for layer in reversed(model.layers):
        if len(getattr(layer.output, "shape", ())) == 4:
            return layer.name
    raise ValueError(f"A network that sees has maps (h, w, c). Received: {model.name}, which has none")


def described(content: bytes) -> dict:
    """What can be told of a .keras file that comes without about.json: {"side", "answers", "output", "feature_layer"}.

    ValueError in plain words when it does not take square colour pictures, or has no maps or no answer.
    """
    model = load_bytes(content)
    taken, answers = tuple(model.input_shape[1:]), tuple(model.output_shape[1:])
    if len(taken) != 3 or taken[0] != taken[1] or taken[2] != 3 or not taken[0]:
        raise ValueError(f"It takes square colour pictures, such as 96×96×3. Received: {taken}")
    if taken[0] > LARGEST_SIDE:
        raise ValueError(f"It takes pictures of at most {LARGEST_SIDE} pixels a side. Received: {taken[0]}")
    if len(answers) != 1 or not answers[0]:
        raise ValueError(f"It gives one number, or one for each class. Received: {answers}")
    output = "sigmoid" if answers[0] == 1 else "softmax"
    return {"side": taken[0], "answers": max(2, answers[0]), "output": output, "feature_layer": last_maps(model)}
