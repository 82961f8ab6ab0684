"""A trained network, asked: the test set, mistakes, and a filter that is silenced or replaced."""

import keras
import numpy as np
import pytest

from core.training.building import compiled_model, first_kernel
from core.training.fitting import model_file
from core.training.pictures import pictures_of
from core.training.trained import TrainedNetwork
from tests.training.making import small


@pytest.fixture(scope="module")
def spec():
    return small(learning_rate=0.02)


@pytest.fixture(scope="module")
def model(spec):
    """It knows most digits after some epochs."""
    made, pictures = compiled_model(spec), pictures_of(spec)
    made.fit(pictures.x_train, pictures.y_train, batch_size=32, epochs=8, verbose=0)
    for layer in made.layers:
        if isinstance(layer, keras.layers.Conv2D):
            layer.bias.assign([0.2, -0.1, 0.3, 0.1])
    return made


@pytest.fixture
def asked(spec, model):
    return TrainedNetwork(spec.to_json(), model_file(model))


def test_the_test_set_is_judged_as_keras_would(spec, model, asked):
    """Loss and accuracy on all test pictures; the confusion counts each once."""
    pictures = pictures_of(spec)
    expected = model.evaluate(pictures.x_test, pictures.y_test, verbose=0, return_dict=True)
    found = asked.test()
    assert found["accuracy"] == pytest.approx(expected["accuracy"], abs=1e-6)
    assert found["loss"] == pytest.approx(expected["loss"], rel=1e-4)
    assert found["pictures"] == found["confusion"].sum() == len(pictures.y_test)
    assert np.trace(found["confusion"]) / found["pictures"] == pytest.approx(found["accuracy"])


def test_a_filter_can_be_silenced_and_comes_back(spec, model, asked):
    """What is told is the accuracy of a network without that map; afterwards the network is as it was."""
    pictures = pictures_of(spec)
    x, y = pictures.x_validation, pictures.y_validation
    before = asked._model.get_weights()
    told = [asked.with_filter(place, None, 0) for place in range(4)]
    for ours, theirs in zip(asked._model.get_weights(), before):
        np.testing.assert_array_equal(ours, theirs)
    for place, found in enumerate(told):
        silent = compiled_model(spec)
        kernel, bias, *others = model.get_weights()
        kernel[..., place], bias[place] = 0, 0
        silent.set_weights([kernel, bias, *others])
        expected = (silent.predict(x, verbose=0).argmax(axis=1) == y).mean()
        assert found.accuracy == pytest.approx(expected)
        assert found.before == pytest.approx((model.predict(x, verbose=0).argmax(axis=1) == y).mean())
        np.testing.assert_allclose(found.snapshot.prediction, silent.predict(x[:1], verbose=0)[0], atol=1e-5)
        shown = found.snapshot.maps[0][1].max(axis=(0, 1)) > 0
        assert not shown[place] and shown.sum() >= 2  # its map goes dark, others stay
    assert min(found.accuracy for found in told) < told[0].before


def test_a_filter_replaced_by_itself_changes_nothing(asked):
    kernel = asked.kernels()
    assert kernel.shape == (3, 3, 1, 4)
    for numbers in (kernel[:, :, :, 1], kernel[:, :, 0, 1]):
        found = asked.with_filter(1, numbers, 0)
        assert found.accuracy == found.before
    changed = asked.with_filter(1, 50 * np.ones((3, 3)), 2)
    assert changed.accuracy < found.before
    assert changed.snapshot.watched == 2 and (changed.snapshot.kernels[..., 1] == 50).all()


@pytest.mark.parametrize(
    ("place", "kernel", "rule"),
    [
        (4, None, "has 4 filters"),
        (-1, None, "has 4 filters"),
        (0, np.ones((2, 2)), "3×3"),
        (0, np.full((3, 3), np.nan), "finite"),
    ],
)
def test_a_filter_that_does_not_fit_is_refused(asked, place, kernel, rule):
    with pytest.raises(ValueError, match=rule):
        asked.with_filter(place, kernel, 0)


def test_its_inside_can_be_looked_at(spec, model, asked):
    """Filters, maps and prediction for a validation picture; numbers go round and round."""
    pictures = pictures_of(spec)
    shown = asked.look(83)
    assert shown.watched == 3 and shown.label == pictures.y_validation[3]
    np.testing.assert_array_equal(shown.picture, pictures.x_validation[3])
    np.testing.assert_allclose(shown.kernels, first_kernel(model).numpy(), atol=1e-3)
    np.testing.assert_allclose(
        shown.prediction, model.predict(pictures.x_validation[3:4], verbose=0)[0], rtol=1e-3, atol=1e-6
    )
    assert [name for name, _ in shown.maps] == ["conv2d_1", "max_pool2d_1"] and shown.gradients == {}


def test_its_mistakes_are_those_of_its_answers(spec, model, asked):
    """Every wrong validation picture is found under its class and its answer, and no right one."""
    pictures = pictures_of(spec)
    answers = model.predict(pictures.x_validation, verbose=0).argmax(axis=1)
    places = np.flatnonzero(answers != pictures.y_validation)
    assert len(places)
    for place in places:
        found = asked.wrong(int(pictures.y_validation[place]), int(answers[place]), 100)
        assert place in [index for index, _ in found]
    np.testing.assert_array_equal(first_kernel(asked._model).numpy(), first_kernel(model).numpy())
