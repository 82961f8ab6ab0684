"""What goes with a kept network for people: how to ask it, and how such a one is made, as Python that runs as it is."""

import json

from core.nets.source import model_source
from core.transfer.kept_models import KeptModel
from core.transfer.ways import HEAD_DROPOUT, HEAD_UNITS, WAYS, WayRun, scratch_network

CLASSIFY = '''"""Asks the network about picture files: python classify.py photo.jpg another.png

Needs: pip install keras tensorflow pillow
"""

import base64
import json
import sys
from pathlib import Path

import keras
import numpy as np
from PIL import Image, ImageOps

HERE = Path(__file__).resolve().parent
ABOUT = json.loads((HERE / "about.json").read_text(encoding="utf-8"))
MODEL = keras.saving.load_model(HERE / "model.keras", compile=False)
KNOWN = ABOUT["novelty"]  # training pictures as directions, and how far from them is too far; null: it never says so
MAPS = keras.Model(MODEL.inputs, MODEL.get_layer(ABOUT["feature_layer"]).output) if KNOWN else None


def prepared(path):
    """The middle square, upright, in the size that the network takes: (side, side, 3) from 0 to 255."""
    side = ABOUT["preparation"]["side"]
    picture = ImageOps.exif_transpose(Image.open(path)).convert("RGB")
    edge = min(picture.size)
    left, top = (picture.width - edge) // 2, (picture.height - edge) // 2
    square = picture.crop((left, top, left + edge, top + edge))
    return np.asarray(square.resize((side, side), Image.Resampling.HAMMING), np.float32)


def probabilities(path):
    """The share of each class, in the order of its names."""
    said = MODEL.predict(prepared(path)[np.newaxis], verbose=0)[0]
    return np.array([1 - said[0], said[0]]) if ABOUT["output"] == "sigmoid" else said


def strangeness(path):
    """How far the picture is from all that was learnt from; above 1 it is none of the classes."""
    means = MAPS.predict(prepared(path)[np.newaxis], verbose=0).mean(axis=(1, 2))[0]
    directions = np.frombuffer(base64.b64decode(KNOWN["directions"]), "<f2").astype(np.float32)
    likeness = directions.reshape(-1, KNOWN["features"]) @ means / max(float(np.linalg.norm(means)), 1e-9)
    nearest = 1 - np.sort(likeness)[-KNOWN["nearest"]:]
    return float(min(nearest.mean(), KNOWN["alone"] * nearest.min()) / KNOWN["threshold"])


if __name__ == "__main__":
    if not sys.argv[1:]:
        print(__doc__)
    for path in sys.argv[1:]:
        shares = probabilities(path)
        best = int(shares.argmax())
        words = f"{ABOUT['class_names'][best]} ({shares[best]:.1%})"
        strange = strangeness(path) if KNOWN else 0.0
        print(f"{path}: {f'none of these, {strange:.2f} x the limit; of its classes ' if strange > 1 else ''}{words}")
'''
README = """{title}

model.keras     the network; load it with keras.saving.load_model
about.json      its classes, how a picture is prepared, what it reached
classify.py     python classify.py photo.jpg
notebook.ipynb  how such a network is trained, step by step

Classes: {classes}
Made with ConvLab on {made}.
"""
DATA = """import keras
import numpy as np
from keras import layers

# One folder for each class: pictures/<its name>/*.jpg
SIDE = {side}
training, validation = keras.utils.image_dataset_from_directory(
    "pictures", image_size=(SIDE, SIDE), crop_to_aspect_ratio=True, interpolation="area", batch_size=None,
    validation_split=0.33, subset="both", seed=0,
)


def arrays(dataset):
    pairs = list(dataset.as_numpy_iterator())
    return np.stack([picture for picture, _ in pairs]), np.array([label for _, label in pairs])


(x, y), (x_validation, y_validation) = arrays(training), arrays(validation)
classes = len(training.class_names)
answers, activation, loss = (1, "sigmoid", "binary_crossentropy") if classes == 2 else (
    classes, "softmax", "sparse_categorical_crossentropy")
"""
COMPACT = """
# ConvLab's compact ResNet, as it stands in the kept model up to its last maps. Of a fine-tuned one it has learnt from
# its pictures already: judge it by others.
kept = keras.saving.load_model("model.keras", compile=False)
backbone = keras.Model(kept.inputs, kept.get_layer("{feature_layer}").output)
as_it_wants = lambda pictures: pictures  # it scales its pictures itself
"""
RESNET50 = """
backbone = keras.applications.ResNet50(include_top=False, weights="imagenet", input_shape=(SIDE, SIDE, 3))
as_it_wants = keras.applications.resnet.preprocess_input
"""
HEAD = """
# Every picture once through the frozen backbone; the tensors are kept.
features = backbone.predict(as_it_wants(x))
features_validation = backbone.predict(as_it_wants(x_validation))
print(features.shape)

# Only this learns.
head = keras.Sequential([
    keras.Input(features.shape[1:]),
    layers.Flatten(),
    layers.Dense({units}, activation="relu"),
    layers.Dropout({dropout}),
    layers.Dense(answers, activation=activation),
])
head.compile(keras.optimizers.Adam({head_rate!r}), loss=loss, metrics=["accuracy"])
head.fit(features, y, validation_data=(features_validation, y_validation), epochs={head_epochs}, batch_size=32)
"""
FINE_TUNED = """
# Head and backbone as one network, from here on with a low learning rate. Batch norms stay frozen.
pictures = keras.Input((SIDE, SIDE, 3))
model = keras.Model(pictures, head(backbone(as_it_wants(pictures), training=False)))
for layer in backbone.layers:
    layer.trainable = not isinstance(layer, layers.BatchNormalization)
model.compile(keras.optimizers.Adam({rate!r}), loss=loss, metrics=["accuracy"])
model.fit(x, y, validation_data=(x_validation, y_validation), epochs={epochs}, batch_size=32)
"""
SCRATCH = """
model.compile(keras.optimizers.Adam({rate!r}), loss=loss, metrics=["accuracy"])
model.fit(x, y, validation_data=(x_validation, y_validation), epochs={epochs}, batch_size=32)
"""


def way_source(run: WayRun, side: int, feature_layer: str = "") -> str:
    """Python that goes the way of a run on a folder of pictures. side: of the pictures that its network takes.

    feature_layer: of the kept model whose backbone is used; ResNet50 comes from Keras.
    """
    return "\n".join(text for _, text in _steps(run, side, feature_layer))


def way_notebook(run: WayRun, side: int, feature_layer: str = "") -> dict:
    """The same as a Jupyter notebook (nbformat 4)."""
    cells = []
    for number, (title, text) in enumerate(_steps(run, side, feature_layer)):
        for kind, source in (("markdown", f"## {title}"), ("code", text)):
            cell = {
                "cell_type": kind,
                "id": f"{kind}-{number}",
                "metadata": {},
                "source": source.strip().splitlines(True),
            }
            cells.append(cell | ({"execution_count": None, "outputs": []} if kind == "code" else {}))
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


def texts_for(kept: KeptModel, run: WayRun, side: int) -> dict[str, str]:
    """The files for people that go into a kept model's folder, by name."""
    notebook = way_notebook(run, side, kept.feature_layer)
    return {
        "classify.py": CLASSIFY,
        "notebook.ipynb": json.dumps(notebook, indent=1),
        "README.txt": README.format(title=kept.title, classes=", ".join(kept.class_names), made=kept.made),
    }


def _steps(run: WayRun, side: int, feature_layer: str):
    way = WAYS[run.way]
    yield "Pictures", DATA.format(side=side)
    if not way.uses_backbone:
        network = scratch_network(run.classes, run.augmentation if run.way == "augmented" else None)
        yield "Network", model_source(network)
        yield "Training", SCRATCH.format(rate=way.learning_rate, epochs=run.epochs)
        return
    yield "Backbone", RESNET50 if run.backbone == "resnet50" else COMPACT.format(feature_layer=feature_layer)
    head = WAYS["head"]
    numbers = {"units": HEAD_UNITS, "dropout": HEAD_DROPOUT, "head_rate": head.learning_rate}
    yield "Features and head", HEAD.format(**numbers, head_epochs=head.epochs)
    if run.way == "fine_tuned":
        yield "Fine-tuning", FINE_TUNED.format(rate=way.learning_rate, epochs=run.epochs)
