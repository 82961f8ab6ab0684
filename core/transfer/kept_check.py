"""What a .keras file would do when it is opened, read from its description before Keras sees it.

Keras's own safe mode refuses Lambda layers; here the layers that are known to compute and nothing else are listed, and
every other one is refused: some read files or fetch models when they are built.
"""

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MOST_BYTES = 400 << 20  # of a file, packed and unpacked: ResNet50 with the lecture's head has 200 MB
LARGEST_CONFIG = 16 << 20
MEMBERS = {"metadata.json", "config.json", "model.weights.h5"}
MODELS = {"Functional", "Sequential", "Model"}
LAYERS = {
    "InputLayer", "Rescaling", "Normalization", "Resizing", "CenterCrop", "Conv2D", "DepthwiseConv2D",
    "SeparableConv2D", "Conv2DTranspose", "Dense", "Flatten", "Reshape", "Permute", "GlobalAveragePooling2D",
    "GlobalMaxPooling2D", "AveragePooling2D", "MaxPooling2D", "UpSampling2D", "ZeroPadding2D", "Cropping2D",
    "BatchNormalization", "LayerNormalization", "GroupNormalization", "UnitNormalization", "Activation", "ReLU",
    "LeakyReLU", "PReLU", "ELU", "Softmax", "Dropout", "SpatialDropout2D", "GaussianNoise", "Add", "Subtract",
    "Multiply", "Average", "Maximum", "Minimum", "Concatenate", "RandomFlip", "RandomRotation", "RandomZoom",
    "RandomTranslation", "RandomBrightness", "RandomContrast", "RandomCrop", "Identity",
}  # fmt: skip
# Parts of layers: how numbers are drawn, kept small and computed with.
_PARTS = ("keras.initializers", "keras.regularizers", "keras.constraints", "keras.optimizers", "keras.losses",
          "keras.metrics", "keras.dtype_policies")  # fmt: skip
_REASONS = {
    "Lambda": "a Lambda layer, which is a piece of somebody's code",
    "TFSMLayer": "a TFSMLayer, which loads another model from a file",
    "TorchModuleWrapper": "a wrapped torch module, which is a piece of somebody's code",
    "JaxLayer": "a JAX function, which is a piece of somebody's code",
    "FlaxLayer": "a Flax module, which is a piece of somebody's code",
}
REFUSED = "This model file is not opened: "
NO_KERAS_FILE = "This is not a .keras file, so it was not opened."


def check_keras_file(path: Path) -> None:
    """Raises ValueError, in plain words, unless a .keras file is made of layers in LAYERS only."""
    try:
        config = _config(path)
    except ValueError:
        raise
    except (zipfile.BadZipFile, OSError, RuntimeError, EOFError, NotImplementedError) as error:
        raise ValueError(_no_keras_file(path)) from error
    for found in _objects(config):
        _check(found)


def _config(path: Path) -> Any:
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        sizes = {info.filename: info.file_size for info in members}
        if sum(sizes.values()) > MOST_BYTES:
            raise ValueError(f"{REFUSED}it has at most {MOST_BYTES >> 20} MB unpacked. Received: more")
        strange = [name for name in sizes if name not in MEMBERS]
        if strange or len(members) != len(sizes) or not {"config.json", "model.weights.h5"} <= set(sizes):
            raise ValueError(
                f"{REFUSED}it has config.json, metadata.json and model.weights.h5 and nothing else. "
                f"Received: {', '.join(list(sizes)[:6]) or 'an empty file'}"
            )
        with archive.open("config.json") as stream:
            content = stream.read(LARGEST_CONFIG + 1)
    if len(content) > LARGEST_CONFIG:
        raise ValueError(f"{REFUSED}its description has at most {LARGEST_CONFIG >> 20} MB. Received: more")
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{REFUSED}its description cannot be read. Received: {type(error).__name__}") from error


def _objects(config: Any) -> Iterator[dict[str, Any]]:
    """Everything in the description that Keras would build, however deep."""
    waiting = [config]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            if "class_name" in part:
                yield part
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)


def _check(found: dict[str, Any]) -> None:
    kind, module = found.get("class_name"), found.get("module")
    name = str(kind)[:60]
    if kind == "__lambda__" or kind in _REASONS:
        raise ValueError(f"{REFUSED}it holds {_REASONS.get(kind, _REASONS['Lambda'])}. Received: {name}")
    if kind in ("__tensor__", "__numpy__", "__bytes__", "__keras_tensor__", "__tuple__", "__set__", "__dict__"):
        return
    if found.get("registered_name") and kind not in LAYERS | MODELS and not str(module).startswith(_PARTS):
        raise ValueError(f"{REFUSED}it needs code that is not in Keras. Received: {found['registered_name']!s:.60}")
    known = (
        (kind in LAYERS and module == "keras.layers")
        or (kind in MODELS and module in ("keras", "keras.models", "keras.src.models.functional"))
        or (kind, module) == ("DTypePolicy", "keras")
        or (isinstance(module, str) and module.startswith(_PARTS))
    )
    if not known:
        raise ValueError(f"{REFUSED}only layers that are known to compute and nothing else are. Received: {name}")


def _no_keras_file(path: Path) -> str:
    with path.open("rb") as stream:
        start = stream.read(8)
    if start.startswith(b"\x89HDF"):
        return f"{NO_KERAS_FILE} It is an old .h5 file: save the model as .keras. Received: {start!r}"
    return f"{NO_KERAS_FILE} Received: a file that begins with {start!r}"
