"""The backbones as Keras models: weights go where they belong, and what is built in does what its card says."""

import json

import keras
import numpy as np
import pytest

from core.nets.keras_model import keras_model
from core.nets.presets import PRESETS
from core.transfer.backbones import BACKBONES, WEIGHTS_FOLDER
from core.transfer.keras_backbones import (
    IMAGENET_MEANS,
    BackboneMissing,
    headless,
    named_weights,
    set_named_weights,
    shipped_model,
    untrained,
)
from core.transfer.novelty import Novelty

COMPACT = BACKBONES["compact_resnet"]


@pytest.fixture(scope="module")
def compact() -> keras.Model:
    return headless("compact_resnet")


def pictures(side: int, count: int = 2) -> np.ndarray:
    return np.random.default_rng(7).integers(0, 256, (count, side, side, 3)).astype(np.float32)


def test_the_registry_tells_the_shapes_that_keras_has(compact):
    """Input side, feature shape and parameters of the registry are those of the model."""
    for name, model in (("compact_resnet", compact), ("resnet50", untrained("resnet50"))):
        backbone = BACKBONES[name]
        assert model.input_shape == (None, backbone.side, backbone.side, 3)
        assert model.output_shape == (None, *backbone.feature_shape)
        # The layer that takes the means off is no layer of the network itself.
        centred = sum(np.prod(weight.shape) for weight in model.weights if weight.path.startswith("centred/"))
        assert model.count_params() - centred == backbone.parameters


def test_every_stored_weight_has_its_place(compact):
    """The file's names and shapes are the model's, one to one, and what the model holds is what the file holds."""
    with np.load(WEIGHTS_FOLDER / COMPACT.weights, allow_pickle=False) as arrays:
        stored = dict(arrays)
    placed = named_weights(compact)
    assert set(stored) == set(placed)
    for name, value in stored.items():
        assert value.dtype == np.float16
        np.testing.assert_array_equal(placed[name], value.astype(np.float32))


def test_the_preset_on_the_architecture_page_takes_the_same_weights(compact):
    """The preset and the backbone are one network: its pooled features are the means of the backbone's maps."""
    preset = keras_model(PRESETS["compact_resnet"].network)
    set_named_weights(preset, named_weights(compact))
    asked = pictures(COMPACT.side)
    maps = np.asarray(compact.predict_on_batch(asked))
    np.testing.assert_allclose(preset.predict_on_batch(asked), maps.mean(axis=(1, 2)), rtol=1e-4, atol=1e-5)


def test_weights_of_another_network_are_refused():
    model = keras_model(PRESETS["small_resnet"].network)
    wrong = {**named_weights(model), "more/kernel": np.zeros(3, np.float32)}
    with pytest.raises(ValueError, match="Weights fit the network that they are for. Received: "):
        set_named_weights(model, wrong)


def test_resnet50_takes_pictures_as_they_are():
    """Red, green and blue from 0 to 255 give what Keras's ResNet50 gives after its own preparation."""
    ours = untrained("resnet50")
    theirs = keras.applications.ResNet50(include_top=False, weights=None, input_shape=(224, 224, 3))
    weights = [weight for weight in ours.weights if not weight.path.startswith("centred/")]
    theirs.set_weights([np.asarray(weight) for weight in weights])
    first = theirs.get_layer("conv1_conv")
    kernel, bias = first.get_weights()
    first.set_weights([kernel[:, :, ::-1], bias])
    asked = pictures(224, 1)
    expected = theirs.predict_on_batch(keras.applications.resnet.preprocess_input(asked.copy()))
    np.testing.assert_allclose(ours.predict_on_batch(asked), expected, rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(IMAGENET_MEANS, (123.68, 116.779, 103.939))


def test_a_backbone_that_was_not_downloaded_says_how_to_get_it(monkeypatch, tmp_path):
    monkeypatch.setattr("core.transfer.keras_backbones.weights_at", lambda name: None)
    with pytest.raises(BackboneMissing, match="ResNet50 is not on this machine. Download it"):
        headless("resnet50")


def test_the_built_in_network_is_whole(compact):
    """Its answer is the head's on the roots of the largest of each cell, and it brings all that the webcam needs."""
    model, about = shipped_model()
    asked = pictures(COMPACT.side)
    maps = np.asarray(compact.predict_on_batch(asked))
    count, height, width, channels = maps.shape
    largest = maps.reshape(count, height // 2, 2, width // 2, 2, channels).max(axis=(2, 4))
    features = np.sqrt(np.maximum(largest, 0.01)).reshape(count, -1)
    with np.load(WEIGHTS_FOLDER / "handbag_shoe_head.npz", allow_pickle=False) as arrays:
        scores = features @ arrays["weights"] + arrays["bias"]
    np.testing.assert_allclose(model.predict_on_batch(asked), 1 / (1 + np.exp(-scores)), rtol=1e-3, atol=1e-4)
    assert about["class_names"] == ["handbag", "shoe"]
    assert model.get_layer(about["feature_layer"]).output.shape[1:] == COMPACT.feature_shape
    assert Novelty.from_json(about["novelty"]).distance(maps.mean(axis=(1, 2))).shape == (2,)
    assert json.dumps(about)
