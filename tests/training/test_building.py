"""The model of a run: its start, its metric, its hand-made filter, the sizes of its gradients."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops

from core.images.augmentation import Augmentation
from core.nets.layers import BatchNorm, Conv2D, Dense, Dropout, Flatten, MaxPool2D, Rescaling, Residual
from core.nets.network import Network
from core.training.building import Correct, compiled_model, first_kernel, gradients
from core.training.judging import judge
from core.training.pictures import pictures_of
from core.training.spec import FixedFilter, RunSpec
from tests.training.making import SMALL, small

SOBEL = FixedFilter(2, ((1.0, 0.0, -1.0), (2.0, 0.0, -2.0), (1.0, 0.0, -1.0)))
RESIDUAL = Network(
    (28, 28, 1),
    (Rescaling(), Conv2D(4, 3, 2), BatchNorm(), Residual(4), Flatten(), Dropout(0.5), Dense(10, "softmax")),
)


@pytest.mark.parametrize("classes", [1, 10])
def test_correct_is_the_accuracy_of_keras(classes):
    """Over several batches of different sizes, and again after a reset."""
    random = np.random.default_rng(1)
    ours = Correct(binary=classes == 1)
    theirs = keras.metrics.BinaryAccuracy() if classes == 1 else keras.metrics.SparseCategoricalAccuracy()
    for metric in (ours, theirs):
        metric.reset_state()
    for count in (64, 64, 7):
        said, labels = random.random((count, classes)).astype("float32"), random.integers(max(classes, 2), size=count)
        ours.update_state(labels, said)
        theirs.update_state(labels[:, None], said)
    assert float(ours.result()) == pytest.approx(float(theirs.result()), abs=1e-6)
    ours.reset_state()
    assert float(ours.result()) == 0.0


def test_the_same_spec_gives_the_same_start_with_or_without_augmentation():
    """So that two runs that differ in augmentation or optimiser only can be compared; another seed gives another."""
    plain = compiled_model(small()).get_weights()
    augmented = compiled_model(small(augmentation=Augmentation("horizontal", 0.1, 0.2, 0.1, 0.1), optimiser="adam"))
    weights = [variable for variable in augmented.weights if "seed" not in variable.path]
    for ours, theirs in zip(plain, weights, strict=True):
        np.testing.assert_array_equal(ours, ops.convert_to_numpy(theirs))
    assert not np.array_equal(plain[0], compiled_model(small(seed=1)).get_weights()[0])


def test_augmentation_works_in_training_only():
    """What the network says of a picture does not depend on chance."""
    model = compiled_model(small(augmentation=Augmentation("none", 0.2, 0.2, 0.2, 0.2)))
    picture = pictures_of(small()).x_validation[:4]
    said = model.predict_on_batch(picture)
    np.testing.assert_array_equal(said, model.predict_on_batch(picture))
    assert np.ptp(ops.convert_to_numpy(model(picture, training=True)) - said) > 1e-4


def test_a_hand_made_filter_stays_as_it_is_while_the_others_learn():
    """Through batches of an optimiser with momentum."""
    spec = small(fixed_filter=SOBEL, learning_rate=0.1)
    model, pictures = compiled_model(spec), pictures_of(spec)
    before = ops.convert_to_numpy(first_kernel(model))
    model.fit(pictures.x_train, pictures.y_train, batch_size=32, verbose=0)
    after = ops.convert_to_numpy(first_kernel(model))
    np.testing.assert_allclose(before[:, :, 0, 2], SOBEL.kernel)
    np.testing.assert_allclose(after[:, :, 0, 2], SOBEL.kernel)
    assert all(np.abs(after[..., k] - before[..., k]).max() > 1e-4 for k in (0, 1, 3))


def test_on_colour_a_hand_made_filter_looks_at_every_channel_alike():
    network = Network((32, 32, 3), (Rescaling(), Conv2D(4, 3), Flatten(), Dense(10, "softmax")))
    kernel = ops.convert_to_numpy(first_kernel(compiled_model(RunSpec(network, data="cifar10", fixed_filter=SOBEL))))
    for channel in range(3):
        np.testing.assert_allclose(kernel[:, :, channel, 2], SOBEL.kernel)


def test_weight_decay_takes_its_share_of_every_weight():
    """With no slope at all, a step leaves weight × (1 - rate × decay), as decoupled decay says."""
    for optimiser in ("adam", "momentum", "sgd"):
        model = compiled_model(small(optimiser=optimiser, learning_rate=0.1, weight_decay=0.05))
        before = [ops.convert_to_numpy(variable) for variable in model.trainable_variables]
        model.optimizer.apply([ops.zeros_like(v.value) for v in model.trainable_variables], model.trainable_variables)
        for old, new in zip(before, model.trainable_variables):
            np.testing.assert_allclose(ops.convert_to_numpy(new), old * (1 - 0.1 * 0.05), rtol=1e-6)


def test_smoothed_labels_are_learnt_as_validation_counts_them():
    """The loss that training reports is the one that judges the validation pictures, smoothed or not."""
    for smoothing in (0.0, 0.1):
        spec = small(label_smoothing=smoothing)
        model, pictures = compiled_model(spec), pictures_of(spec)
        said = model.predict(pictures.x_validation, verbose=0)
        loss = model.evaluate(pictures.x_validation, pictures.y_validation, verbose=0)[0]
        assert judge(said, pictures.y_validation, smoothing).loss == pytest.approx(loss, rel=1e-4)


@pytest.mark.parametrize(
    ("fixed", "network"),
    [
        (FixedFilter(4, SOBEL.kernel), SMALL),
        (FixedFilter(0, ((1.0, 2.0), (3.0, 4.0))), SMALL),
        (SOBEL, Network((28, 28, 1), (Rescaling(), Flatten(), Dense(10, "softmax")))),
    ],
    ids=["no such place", "too small", "no convolution"],
)
def test_a_filter_that_does_not_fit_is_refused(fixed, network):
    with pytest.raises(ValueError, match="hand-made filter"):
        compiled_model(RunSpec(network, fixed_filter=fixed))


@pytest.mark.parametrize("optimiser", ["adam", "sgd", "momentum"])
def test_gradient_sizes_are_those_of_automatic_differentiation(optimiser):
    """Layer by layer, over all variables of a layer, before the optimiser makes a step of them."""
    network = Network(
        (28, 28, 1),
        (Rescaling(), Conv2D(4, 3), BatchNorm(), MaxPool2D(4), Residual(4), Flatten(), Dense(10, "softmax")),
    )
    spec = RunSpec(network, picture_count=100, optimiser=optimiser)
    model, pictures = compiled_model(spec), pictures_of(spec)
    x, y = pictures.x_train[:32], pictures.y_train[:32]
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(y, model(x, training=True)))
    expected = {}
    for variable, gradient in zip(
        model.trainable_variables, tape.gradient(loss, [v.value for v in model.trainable_variables])
    ):
        name = variable.path.split("/")[0].split("__")[0]
        expected[name] = expected.get(name, 0.0) + float(tf.reduce_sum(gradient**2))
    model.train_on_batch(x, y)
    found = gradients(model)
    assert found.keys() == expected.keys() == {"conv2d_1", "batch_norm_1", "residual_1", "dense_1"}
    for name, square in expected.items():
        assert found[name] == pytest.approx(square**0.5, rel=2e-3), name


def test_two_classes_may_end_in_one_sigmoid():
    """It learns, and its accuracy is that of the answers above one half."""
    random = np.random.default_rng(0)
    y = random.integers(2, size=256)
    x = (random.integers(0, 100, (256, 8, 8, 1)) + 100 * y[:, None, None, None]).astype(np.uint8)
    network = Network((8, 8, 1), (Rescaling(), Conv2D(4, 3), Flatten(), Dense(1, "sigmoid")))
    model = compiled_model(RunSpec(network, data="own", learning_rate=0.01))
    model.fit(x, y, epochs=6, batch_size=32, verbose=0)
    accuracy = model.evaluate(x, y, verbose=0, return_dict=True)["accuracy"]
    assert accuracy == pytest.approx(((model.predict(x, verbose=0)[:, 0] > 0.5) == y).mean())
    assert accuracy > 0.95
