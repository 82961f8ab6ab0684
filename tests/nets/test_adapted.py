"""Networks made to fit other pictures and classes."""

import pytest

from core.nets.adapted import SMALL, adapted, hidden_end, with_dropout
from core.nets.layers import Activation, Dense, Dropout, Flatten, MaxPool2D
from core.nets.network import Network, output_shape, total_parameters
from core.nets.presets import PRESETS

TRAINED = [preset.network for preset in PRESETS.values() if isinstance(preset.network.layers[-1], Dense)]


def test_the_small_network_counts_up():
    """(5·5+1)·12 + (3·3·12+1)·32 + (5·5·32+1)·64 + (64+1)·10, by hand."""
    assert total_parameters(SMALL) == 312 + 3488 + 51_264 + 650


@pytest.mark.parametrize("network", [SMALL, *TRAINED], ids=lambda network: network.name)
@pytest.mark.parametrize("shape, classes", [((28, 28, 1), 10), ((32, 32, 3), 10), ((64, 64, 3), 3)])
def test_every_network_goes_onto_every_set(network, shape, classes):
    """Its pictures have the shape of the set, its answers are as many as the classes, its middle is the same."""
    fitted = adapted(network, shape, classes)
    assert fitted.input_shape == shape
    assert output_shape(fitted) == (classes,)
    assert fitted.layers[-1].activation == "softmax"
    assert fitted.layers[:-1] == network.layers[:-1]


def test_what_fits_is_left_alone():
    """The same shape and as many classes: the same network."""
    assert adapted(SMALL, (28, 28, 1), 10) == SMALL
    two = PRESETS["handbag_shoe"].network
    assert adapted(two, two.input_shape, 2) == two, "one sigmoid unit is enough for two classes"


def test_one_unit_for_two_classes_gives_a_share():
    """Whatever it gave before: a loss for shares is laid on it."""
    for end in ((Dense(1, "relu"),), (Dense(1), Activation("relu"))):
        fitted = adapted(Network((8, 8, 1), (Flatten(), *end)), (8, 8, 1), 2)
        assert fitted.layers[1].units == 1 and fitted.layers[-1].activation == "sigmoid"


def test_an_end_that_says_softmax_in_a_layer_of_its_own():
    """Dense without activation, then Activation: the units change, the softmax stays where it is."""
    network = Network((8, 8, 1), (Flatten(), Dense(4), Activation("softmax")))
    assert adapted(network, (8, 8, 1), 7).layers == (Flatten(), Dense(7), Activation("softmax"))


def test_without_a_dense_end_only_the_shape_changes():
    """What is wrong with such a network is said where it is trained."""
    network = Network((8, 8, 1), (MaxPool2D(),))
    assert adapted(network, (16, 16, 3), 5) == Network((16, 16, 3), (MaxPool2D(),))


def test_a_hidden_layer_at_the_end_is_known():
    """Where the answer was taken away, the layer before it would become one; softmax or sigmoid is an answer."""
    cut = Network(SMALL.input_shape, SMALL.layers[:-1])
    assert hidden_end(cut) == Dense(64, "relu")
    lenet = PRESETS["lenet5"].network
    assert hidden_end(Network(lenet.input_shape, lenet.layers[:-1])) == Dense(84, "sigmoid")
    for layers in ((Flatten(), Dense(4), Activation("softmax")), SMALL.layers, (Flatten(), Dense(1, "sigmoid"))):
        assert hidden_end(Network((28, 28, 1), layers)) is None
    assert hidden_end(Network((8, 8, 1), (MaxPool2D(),))) is None


def test_dropout_stands_before_the_last_layer_once():
    """A second wish replaces the first; rate 0 is no dropout."""
    once = with_dropout(SMALL, 0.3)
    assert once.layers == (*SMALL.layers[:-1], Dropout(0.3), SMALL.layers[-1])
    assert with_dropout(once, 0.5).layers == (*SMALL.layers[:-1], Dropout(0.5), SMALL.layers[-1])
    assert with_dropout(SMALL, 0) == SMALL
