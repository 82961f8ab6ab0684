"""The whole ResNet50, with its 1,000 classes: where its files are on this machine, and how its classes are called."""

import json
import os
from pathlib import Path

from core.images.catalogue import RemoteFile
from core.images.datasets import DATA_FOLDER, KERAS_CACHE, is_intact, keras_folders
from core.transfer.backbones import KERAS_MODELS

CLASSES = 1000
# Digests: keras/src/applications/resnet.py and imagenet_utils.py. Sizes: the files' Content-Length.
WEIGHTS = RemoteFile(
    url="https://storage.googleapis.com/tensorflow/keras-applications/resnet/"
    "resnet50_weights_tf_dim_ordering_tf_kernels.h5",
    name="resnet50_weights_tf_dim_ordering_tf_kernels.h5",
    size=102_967_424,
    digest="md5:2cb95161c43110f7111970584f804107",
)
NAMES = RemoteFile(
    url="https://storage.googleapis.com/download.tensorflow.org/data/imagenet_class_index.json",
    name="imagenet_class_index.json",
    size=35_363,
    digest="md5:c2c37ea517e94d9795004a39431a14cb",
)


def found() -> tuple[str, Path, Path] | None:
    """ "CONVLAB_DATA" or "Keras cache", the file of weights and the file of names; None unless both are whole."""
    for place, folders in _places():
        weights, names = (
            next((folder / file.name for folder in folders if is_intact(folder / file.name, file)), None)
            for file in (WEIGHTS, NAMES)
        )
        if weights and names:
            return place, weights, names
    return None


def class_names(path: Path) -> tuple[str, ...]:
    """The 1,000 names in order. path: imagenet_class_index.json, {"0": ["n01440764", "tench"], …}."""
    listed = json.loads(path.read_text(encoding="utf-8"))
    return tuple(listed[str(number)][1].replace("_", " ") for number in range(CLASSES))


def _places() -> list[tuple[str, list[Path]]]:
    places = []
    if chosen := os.environ.get(DATA_FOLDER):
        folder = Path(chosen).expanduser()
        places.append((DATA_FOLDER, [folder, folder / "weights"]))
    places.append((KERAS_CACHE, [home / KERAS_MODELS for home in keras_folders()]))
    return places
