"""A trained network that only looks: each batch norm behind a convolution becomes a part of it. A worker module."""

import keras
import numpy as np
from keras.layers import BatchNormalization, Conv2D


def folded(model: keras.Model) -> keras.Model:
    """The same numbers, to rounding, for an eighth less work; not for training.

    model: Functional. What can be folded is copied, all other layers are the model's own.
    A batch norm at rest is a line through each channel, γ (x − mean) / √(variance + ε) + β, and so is a convolution:
    one behind the other is one convolution (Jacob and others, 2018, arXiv:1712.05877, section 3.2).
    """
    convolved = {}  # id of a tensor -> the tensor, its convolution, what went in

    def call(layer, *given, **options):
        if isinstance(layer, BatchNormalization) and id(given[0]) in convolved:
            _, convolution, before = convolved[id(given[0])]
            return _both(convolution, layer, before)
        said = layer(*given, **options)
        if type(layer) is Conv2D and layer.activation is keras.activations.linear:
            convolved[id(said)] = said, layer, given[0]
        return said

    return keras.models.clone_model(model, clone_function=lambda layer: layer, call_function=call)


def _both(convolution: Conv2D, norm: BatchNormalization, before):
    """What a batch norm says behind a convolution of `before`, by a convolution alone."""
    kernel, *bias = convolution.get_weights()  # (rows, columns, in, filters)
    given = {weight.name: value for weight, value in zip(norm.weights, norm.get_weights())}
    slope = given.get("gamma", 1.0) / np.sqrt(given["moving_variance"] + norm.epsilon)  # (filters,)
    lift = given.get("beta", 0.0) + slope * (sum(bias) - given["moving_mean"])
    description = convolution.get_config()
    del description["name"]
    one = Conv2D.from_config({**description, "use_bias": True})
    said = one(before)
    one.set_weights([kernel * slope, lift])
    return said
