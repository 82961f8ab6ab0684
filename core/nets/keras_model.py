"""The Keras model of a network. A worker module: it imports Keras, so the web process never imports it."""

import keras
import numpy as np
from keras import layers as kl

from core.nets import layers
from core.nets.layers import Conv2D, Dense, Rescaling, Residual, _Pool
from core.nets.network import Network, layer_names, rows

INNER = "__"  # stands in the names of Keras layers that are only a part of one layer of ours
RESNET_EPSILON = 1.001e-5  # of the batch norms in keras.applications.ResNet50


def keras_model(network: Network, seed: int = 0) -> keras.Model:
    """A Functional model (N, rows, columns, channels) -> what the last layer says.

    Layer i's output is that of the Keras layer named `layer_names(network)[i]`. The same seed gives the same weights
    on every backend: Glorot's uniform distribution, Keras's default, drawn by NumPy; biases are 0.
    Call it with training=False outside of fit: Keras's augmentation layers change pictures unless they are told not to.
    Raises NetworkError for layers that do not go together.
    """
    rows(network)
    inputs = keras.Input(network.input_shape, name="picture")
    maps, white = inputs, network.input_range
    for place, (layer, name) in enumerate(zip(network.layers, layer_names(network))):
        maps = _apply(layer, name, maps, white=white, seed=_layer_seed(seed, place))
        if isinstance(layer, Rescaling):
            white = white * layer.scale + layer.offset
    model = keras.Model(inputs, maps, name="network")
    _draw_weights(model, seed)
    return model


def feature_model(model: keras.Model) -> keras.Model:
    """The same network with all its maps as outputs: {layer name: (N, rows, columns, channels)}."""
    shown = {
        layer.name: layer.output
        for layer in model.layers
        if not isinstance(layer, kl.InputLayer) and INNER not in layer.name and len(layer.output.shape) == 4
    }
    return keras.Model(model.input, shown, name="feature_maps")


def _apply(layer, name, maps, *, white, seed):
    if isinstance(layer, Residual):
        return _residual(layer, name, maps)
    if isinstance(layer, Conv2D):
        maps, padding = _padded(layer.padding, name, maps)
        options = {"strides": layer.stride, "padding": padding, "use_bias": layer.bias}
        return kl.Conv2D(layer.filters, layer.kernel, activation=_activation(layer), name=name, **options)(maps)
    if isinstance(layer, _Pool):
        maps, padding = _padded(layer.padding, name, maps)
        kind = kl.MaxPooling2D if isinstance(layer, layers.MaxPool2D) else kl.AveragePooling2D
        return kind(layer.size, layer.steps, padding=padding, name=name)(maps)
    if isinstance(layer, Dense):
        return kl.Dense(layer.units, activation=_activation(layer), use_bias=layer.bias, name=name)(maps)
    return _simple(layer, name, white, seed)(maps)


def _simple(layer, name, white, seed):
    """The Keras layer of a layer that is one call with its own settings."""
    match layer:
        case layers.Rescaling(scale, offset):
            return kl.Rescaling(scale, offset, name=name)
        case layers.RandomFlip(mode):
            return kl.RandomFlip(mode, seed=seed, name=name)
        case layers.RandomRotation(factor):
            return kl.RandomRotation(factor, fill_mode="nearest", seed=seed, name=name)
        case layers.RandomZoom(factor):
            return kl.RandomZoom(factor, fill_mode="nearest", seed=seed, name=name)
        case layers.RandomTranslation(factor):
            return kl.RandomTranslation(factor, factor, fill_mode="nearest", seed=seed, name=name)
        case layers.RandomBrightness(factor):
            return kl.RandomBrightness(factor, value_range=(0.0, white), seed=seed, name=name)
        case layers.BatchNorm():
            return kl.BatchNormalization(name=name)
        case layers.Activation():
            return kl.Activation(_activation(layer) or "linear", name=name)
        case layers.Dropout(rate):
            return kl.Dropout(rate, seed=seed, name=name)
        case layers.Flatten():
            return kl.Flatten(name=name)
        case layers.GlobalAveragePool():
            return kl.GlobalAveragePooling2D(name=name)
    raise ValueError(f"A layer has a Keras layer. Received: layer={layer!r}")


def _residual(layer, name, maps):
    def convolution(maps, filters, kernel, stride, part):
        maps = kl.Conv2D(
            filters,
            kernel,
            stride,
            padding="same",
            use_bias=layer.conv_bias,
            name=f"{name}{INNER}conv_{part}",
        )(maps)
        epsilon = RESNET_EPSILON if layer.bottleneck else 1e-3
        return kl.BatchNormalization(epsilon=epsilon, name=f"{name}{INNER}norm_{part}")(maps)

    short = maps
    if layer.has_projection(tuple(maps.shape[1:])):
        short = convolution(maps, layer.channels, 1, layer.stride, "short")
    for number, (filters, kernel, stride) in enumerate(layer.convolutions, 1):
        if number > 1:
            maps = kl.Activation("relu", name=f"{name}{INNER}relu_{number - 1}")(maps)
        maps = convolution(maps, filters, kernel, stride, number)
    maps = kl.Add(name=f"{name}{INNER}add")([short, maps])
    return kl.Activation("relu", name=name)(maps)


def _padded(padding, name, maps):
    """(maps, Keras's padding): Keras knows no padding by a number."""
    if isinstance(padding, str):
        return maps, padding
    return (kl.ZeroPadding2D(padding, name=f"{name}{INNER}zeros")(maps) if padding else maps), "valid"


def _activation(layer):
    return None if layer.activation == "none" else layer.activation


def _layer_seed(seed, place):
    """A seed for what is random in one layer, 0 to 2³¹ - 1."""
    return int(np.random.SeedSequence([seed, place]).generate_state(1)[0] >> 1)


def _draw_weights(model, seed):
    weighted = [layer for layer in model.layers if isinstance(layer, kl.Conv2D | kl.Dense)]
    for place, layer in enumerate(weighted):
        kernel, *biases = layer.get_weights()
        fans = kernel.shape[-2:] if kernel.ndim == 2 else np.prod(kernel.shape[:2]) * np.array(kernel.shape[2:])
        limit = np.sqrt(6 / sum(fans))
        # The place among the layers with weights keeps a layer's weights its own: augmentation before it and layers
        # added at the end leave them as they were.
        numbers = np.random.default_rng([seed, place]).uniform(-limit, limit, kernel.shape)
        layer.set_weights([numbers.astype("float32"), *biases])
