"""A network made to fit other pictures and other classes, and the small network that the Train page begins with."""

from dataclasses import replace

from core.nets.layers import Activation, Conv2D, Dense, Dropout, Flatten, MaxPool2D, Rescaling
from core.nets.network import Network

# Filters large enough to be looked at, few enough to train in seconds.
SMALL = Network(
    (28, 28, 1),
    (
        Rescaling(),
        *(Conv2D(12, 5), MaxPool2D(), Conv2D(32, 3), MaxPool2D()),
        *(Flatten(), Dense(64, "relu"), Dense(10, "softmax")),
    ),
    "A small CNN",
)


def adapted(network: Network, shape: tuple[int, int, int], classes: int) -> Network:
    """The same layers on pictures of this shape, with an end that tells so many classes apart.

    Only the last dense layer changes: as many units as classes and softmax; one unit stays where there are two classes,
    with sigmoid. A network without a dense end is returned as it is but for the shape.
    """
    place = _end(network)
    layers = list(network.layers)
    if place is not None:
        units = 1 if classes == 2 and layers[place].units == 1 else classes
        answer, after = "sigmoid" if units == 1 else "softmax", layers[place + 1 :]  # only activations come after it
        layers[place] = replace(layers[place], units=units, activation="none" if after else answer)
        layers[place + 1 :] = [replace(layer, activation=answer) for layer in after]
    return Network(shape, tuple(layers), network.name)


def hidden_end(network: Network) -> Dense | None:
    """The last dense layer, where it gives no answer as it was built; None where it does, or where there is none.

    An answer is a softmax, or one unit with sigmoid: several such units are a hidden layer, as in LeNet-5. Trained as
    it is, `adapted` makes the answer of it.
    """
    place = _end(network)
    if place is None:
        return None
    last, said = network.layers[place], {layer.activation for layer in network.layers[place:]}
    return None if "softmax" in said or (last.units == 1 and "sigmoid" in said) else last


def with_dropout(network: Network, rate: float) -> Network:
    """The network with a dropout before its last dense layer; as it is for rate 0 and without a dense end."""
    place = _end(network)
    if not rate or place is None:
        return network
    before = network.layers[:place]
    if before and isinstance(before[-1], Dropout):
        before = before[:-1]
    return Network(network.input_shape, (*before, Dropout(rate), *network.layers[place:]), network.name)


def _end(network: Network) -> int | None:
    """The place of the last dense layer, where only activations come after it."""
    for place in range(len(network.layers) - 1, -1, -1):
        if isinstance(network.layers[place], Dense):
            return place
        if not isinstance(network.layers[place], Activation):
            return None
    return None
