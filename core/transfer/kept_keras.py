"""Kept networks and Keras. A worker module: it imports Keras."""

import tempfile
from pathlib import Path

import keras

from core.transfer.kept_check import check_keras_file


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
    return next(layer.name for layer in reversed(model.layers) if len(getattr(layer.output, "shape", ())) == 4)


def check_answers(content: bytes, classes: int, side: int) -> str:
    """The kind of answer of a network, "sigmoid" or "softmax". ValueError when it is none for so many classes."""
    model = load_bytes(content)
    if model.input_shape[1:] not in ((side, side, 3), (None, None, 3)):
        raise ValueError(f"It takes pictures of {side}×{side}×3. Received: {model.input_shape[1:]}")
    answers = model.output_shape[-1]
    if (classes, answers) == (2, 1):
        return "sigmoid"
    if answers == classes:
        return "softmax"
    raise ValueError(f"It has an answer for each of its {classes} classes. Received: {answers} answers")
