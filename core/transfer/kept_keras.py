"""Kept networks and Keras. A worker module: it imports Keras."""

import tempfile
from pathlib import Path

import keras

from core.transfer.kept_check import check_keras_file
from core.transfer.preparation import LARGEST_SIDE


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
        return keras.saving.load_model(path, compile=False, safe_mode=True)
    except Exception as error:  # Keras raises many kinds on a broken file
        raise ValueError(f"Keras cannot read this model file. Received: {str(error)[:200]}") from error


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
