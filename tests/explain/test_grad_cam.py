"""The heat map that says why, against automatic differentiation."""

import keras
import numpy as np
import pytest
import tensorflow

from core.explain.grad_cam import Average, Flat, Line, grad_cam, gradient, head_of, heat, scores
from core.transfer.keras_backbones import Root

MAPS = (5, 4, 6)
HEADS = {
    "average and softmax": lambda: [keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(3, "softmax")],
    "flat and one sigmoid": lambda: [keras.layers.Flatten(), keras.layers.Dense(1, "sigmoid")],
    "the lecture's head": lambda: [
        keras.layers.Flatten(),
        keras.layers.Dense(16, "relu"),
        keras.layers.Dropout(0.5),
        keras.layers.Dense(1, "sigmoid"),
    ],
    "normalised, three layers": lambda: [
        keras.layers.GlobalMaxPooling2D(),
        keras.layers.BatchNormalization(),
        keras.layers.Dense(12, use_bias=False),
        keras.layers.ReLU(),
        keras.layers.Dense(4),
        keras.layers.Activation("softmax"),
    ],
    "the built-in head, one sigmoid": lambda: [
        keras.layers.MaxPooling2D(2),
        Root(),
        keras.layers.Flatten(),
        keras.layers.Dense(1, "sigmoid"),
    ],
    "normalised maps": lambda: [keras.layers.BatchNormalization(), keras.layers.Flatten(), keras.layers.Dense(2)],
}


def network(name):
    """A head on its own, its numbers drawn at random: a Keras model from maps to what its last layer says."""
    keras.utils.set_random_seed(3)
    model = keras.Sequential([keras.Input(MAPS), *HEADS[name]()])
    random = np.random.default_rng(5)
    for layer in model.layers:
        layer.set_weights([random.uniform(0.1, 1.0, w.shape) - (w.ndim == 2) * 0.5 for w in layer.get_weights()])
    return model


def taped(model, maps, label):
    """d score / d maps by TensorFlow's automatic differentiation."""
    layers = [layer for layer in model.layers if not (isinstance(layer, keras.layers.Activation))]
    if isinstance(layers[-1], keras.layers.Dense):
        layers[-1].activation = keras.activations.linear
    value = tensorflow.constant(maps[np.newaxis])
    with tensorflow.GradientTape() as tape:
        tape.watch(value)
        out = value
        for layer in layers:
            out = layer(out, training=False) if not isinstance(layer, keras.layers.Dense) else layer(out)
        score = out[0, label] if out.shape[1] > 1 else (1 if label else -1) * out[0, 0]
    return tape.gradient(score, value).numpy()[0]


@pytest.mark.parametrize("name", HEADS)
def test_the_walk_back_gives_what_automatic_differentiation_gives(name):
    """For each kind of head and each class the gradient by the maps is TensorFlow's."""
    model = network(name)
    maps = np.random.default_rng(7).normal(size=MAPS).astype(np.float32)
    head = head_of(model.layers)
    for label in range(max(model.output_shape[1], 2)):
        np.testing.assert_allclose(gradient(maps, head, label), taped(model, maps, label), rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("name", HEADS)
def test_the_scores_are_the_networks_before_its_last_activation(name):
    """Sigmoid or softmax of the scores is what the Keras model says."""
    model = network(name)
    maps = np.random.default_rng(8).normal(size=MAPS).astype(np.float32)
    said = scores(maps, head_of(model.layers))
    if "sigmoid" in name or "lecture" in name:
        said = 1 / (1 + np.exp(-said))
    elif "maps" not in name:
        said = np.exp(said - said.max()) / np.exp(said - said.max()).sum()
    np.testing.assert_allclose(said, model.predict_on_batch(maps[np.newaxis])[0], rtol=1e-4, atol=1e-6)


def test_a_sure_verdict_still_has_its_heat_map():
    """At a score of 60 a float32 sigmoid has no slope left; the heat map is there all the same, in the right place."""
    maps = np.zeros((3, 3, 1), np.float32)
    maps[2, 0] = 60
    found = grad_cam(maps, (Flat(), Line(np.ones((9, 1), np.float32), np.zeros(1, np.float32))), 1)
    assert found[2, 0] == 1
    assert found.sum() == 1


def test_with_an_average_the_heat_is_the_class_activation_map():
    """With average and dense, Grad-CAM is the maps weighed by the class's own weights (Zhou and others, 2016)."""
    random = np.random.default_rng(1)
    maps, weights = random.normal(size=MAPS).astype(np.float32), random.normal(size=(6, 3)).astype(np.float32)
    plain = np.maximum(np.einsum("yxc,c->yx", maps, weights[:, 2]), 0)
    found = grad_cam(maps, (Average(), Line(weights, np.zeros(3, np.float32))), 2)
    np.testing.assert_allclose(found, plain / plain.max(), rtol=1e-5, atol=1e-6)


def test_what_speaks_against_a_class_is_cold():
    """Places with a negative say are 0, and a picture in which nothing speaks for the class is 0 all over."""
    maps = np.ones((2, 2, 1), np.float32)
    assert heat(maps, -np.ones_like(maps)).tolist() == [[0, 0], [0, 0]]


def test_one_score_speaks_for_class_1_and_against_class_0():
    """With a single sigmoid the two classes' gradients are each other's opposite."""
    model = network("flat and one sigmoid")
    maps = np.ones(MAPS, np.float32)
    head = head_of(model.layers)
    np.testing.assert_array_equal(gradient(maps, head, 0), -gradient(maps, head, 1))


def test_a_layer_of_another_kind_is_refused_by_name():
    """An attention layer behind the maps: the refusal names it."""
    with pytest.raises(ValueError, match="LayerNormalization"):
        head_of([keras.layers.LayerNormalization()])


def test_cells_that_overlap_are_refused():
    """Only cells beside each other are walked back through; a pooling of another kind says so."""
    with pytest.raises(ValueError, match="A head's cells are squares beside each other. Received: pool="):
        head_of([keras.layers.MaxPooling2D(3, strides=2)])


def test_a_sigmoid_in_the_middle_is_refused():
    """A sigmoid before the last dense layer is no end of a head, and is not passed over as one."""
    layers = [keras.layers.Activation("sigmoid"), keras.layers.ReLU()]
    with pytest.raises(ValueError, match="at the end"):
        head_of(layers)


def test_a_class_that_is_not_there_is_refused():
    """A head with three scores has classes 0 to 2."""
    with pytest.raises(ValueError, match="0 to 2 here"):
        gradient(np.ones(MAPS, np.float32), head_of(network("average and softmax").layers), 3)
