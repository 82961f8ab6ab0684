"""The backbones as Keras models, and the network that is built in whole. A worker module: it imports Keras."""

import json
from pathlib import Path
from typing import Any

import keras
import numpy as np

from core.nets.keras_model import keras_model
from core.transfer.backbones import SHIPPED_BACKBONE, SHIPPED_HEAD, Backbone, backbone_of, weights_at

# Means of ImageNet's red, green and blue, which ResNet50 was trained without. keras/src/applications/imagenet_utils.py
IMAGENET_MEANS = (123.68, 116.779, 103.939)


class BackboneMissing(FileNotFoundError):
    """The weights of a backbone are not on this machine; the message says how to get them."""


def headless(name: str) -> keras.Model:
    """A trained backbone: pictures (n, side, side, 3) from 0 to 255 -> its last maps (n, h, w, c).

    A flat Functional model, so that any of its maps can be looked at. Raises ValueError for a name that is none,
    BackboneMissing when its weights were not downloaded.
    """
    backbone = backbone_of(name)
    found = weights_at(name)
    if found is None:
        raise BackboneMissing(
            f"{backbone.title} is not on this machine. Download it ({backbone.remote.size / 1e6:.0f} MB), or put "
            f"{backbone.remote.name} into the folder that CONVLAB_DATA names."
        )
    return _resnet50(found[1]) if backbone.remote else _built_in(backbone, found[1])


def shipped_model() -> tuple[keras.Model, dict[str, Any]]:
    """The built-in network that tells handbags from shoes, and what there is to know about it.

    returns: a flat model from prepared pictures (n, side, side, 3) to (n, 1), the share of the second class; and
        {"class_names", "novelty" (for core.transfer.novelty), "feature_layer", "backbone", "accuracy", …}.
    """
    model = headless(SHIPPED_BACKBONE)
    with np.load(SHIPPED_HEAD, allow_pickle=False) as arrays:
        weights, bias = arrays["weights"].astype(np.float32), arrays["bias"].astype(np.float32)
        about = json.loads(str(arrays["about"]))
    features = rooted(model)
    answer = keras.layers.Dense(1, activation="sigmoid", name="head_answer")
    whole = keras.Model(model.input, answer(features.output), name="handbag_shoe")
    answer.set_weights([weights, bias])
    return whole, {**about, "feature_layer": model.layers[-1].name}


class Root(keras.layers.Layer):
    """√max(x, FLOOR): what is strong says little more than what is there at all ("power normalisation" of features,
    Perronnin and others, 2010). Below FLOOR the root would be all slope."""

    FLOOR = 0.01

    def call(self, inputs):
        return keras.ops.sqrt(keras.ops.maximum(inputs, self.FLOOR))


def rooted(backbone: keras.Model) -> keras.Model:
    """What the built-in head looks at: the root of the largest number in each cell of 2×2 of each map, in a row.

    backbone: pictures -> maps (n, h, w, c). returns: pictures -> (n, h // 2 · w // 2 · c).
    Where something is counts: beside the mean of each map this is worth 4 of 100 handbags and shoes.
    """
    largest = keras.layers.MaxPooling2D(2, name="head_largest")(backbone.output)
    row = keras.layers.Flatten(name="head_flatten")(Root(name="head_root")(largest))
    return keras.Model(backbone.input, row, name="rooted")


def untrained(name: str, seed: int = 0) -> keras.Model:
    """The same network with random weights, to compare with."""
    backbone = backbone_of(name)
    return _resnet50(None) if backbone.remote else keras_model(backbone.network, seed)


def named_weights(model: keras.Model) -> dict[str, np.ndarray]:
    """The weights of a model under the names of layer and weight, such as "conv2d_1/kernel"."""
    return {
        f"{layer.name}/{weight.name}": np.asarray(value)
        for layer in model.layers
        for weight, value in zip(layer.weights, layer.get_weights())
    }


def set_named_weights(model: keras.Model, weights: dict[str, np.ndarray]) -> None:
    """Put named weights into a model. ValueError unless every weight finds its place and every place its weight."""
    places = named_weights(model)
    if set(places) != set(weights) or any(places[name].shape != weights[name].shape for name in places):
        raise ValueError(
            f"Weights fit the network that they are for. Received: {len(weights)} arrays for {len(places)} places, "
            f"{len(set(places) ^ set(weights))} names without a partner"
        )
    for layer in model.layers:
        layer.set_weights([weights[f"{layer.name}/{weight.name}"].astype(np.float32) for weight in layer.weights])


def _built_in(backbone: Backbone, path: Path) -> keras.Model:
    model = keras_model(backbone.network)
    with np.load(path, allow_pickle=False) as arrays:
        set_named_weights(model, dict(arrays))
    return model


def _resnet50(path: Path | None) -> keras.Model:
    """ResNet50 with its preparation as a layer of its own: red, green and blue from 0 to 255 go in."""
    pictures = keras.Input((224, 224, 3), name="picture")
    centred = keras.layers.Normalization(mean=IMAGENET_MEANS, variance=(1.0, 1.0, 1.0), name="centred")(pictures)
    weights = str(path) if path else None
    model = keras.applications.ResNet50(include_top=False, weights=weights, input_tensor=centred)
    # Its weights expect blue first. Turning the first kernel round does the same as turning every picture round.
    first = model.get_layer("conv1_conv")
    kernel, bias = first.get_weights()  # (7, 7, 3, 64)
    first.set_weights([kernel[:, :, ::-1], bias])
    return model
