"""How many numbers a layer has to learn, and what they cost: a dense layer on all pixels against a convolution."""

from dataclasses import dataclass

from core.ops.sizes import check_whole, output_size

BYTES = 4  # of a float32
LAYER_SOURCE = """
import keras
from keras import layers

{dense}

convolutional = keras.Sequential([
    keras.Input(({side}, {side}, {channels})),
    layers.Conv2D({filters}, ({kernel}, {kernel})),
])
print(f"convolutional: {{convolutional.count_params():,}}")  # {convolutional_total:,}
"""
DENSE_SOURCE = """
dense = keras.Sequential([
    keras.Input(({side}, {side}, {channels})),
    layers.Flatten(),
    layers.Dense({units}),
])
print(f"dense: {{dense.count_params():,}}")  # {dense_total:,}
"""
TOO_LARGE_SOURCE = """
# Keras makes all weights before it counts them, and these fill {gigabytes:,.1f} GB. So here is its sum instead:
pixels, units = {side} * {side} * {channels}, {units}
print(f"dense: {{pixels * units + units:,}}")  # {dense_total:,}
"""
MOST_MEGABYTES = 1000  # of a dense layer that the source makes


@dataclass(frozen=True)
class Parameters:
    """The numbers that one layer learns."""

    weights: int
    biases: int

    @property
    def total(self) -> int:
        return self.weights + self.biases

    @property
    def megabytes(self) -> float:
        """Their size as float32, in millions of bytes."""
        return self.total * BYTES / 1e6


def dense_parameters(side: int, channels: int, units: int) -> Parameters:
    """A dense layer on a flattened picture (side, side, channels): every unit has a weight for every number of it."""
    _check(side=side, channels=channels, units=units)
    return Parameters(side * side * channels * units, units)


def convolution_parameters(channels: int, filters: int, kernel: int) -> Parameters:
    """A convolution with filters (kernel, kernel, channels), on a picture of any size."""
    _check(channels=channels, filters=filters, kernel=kernel)
    return Parameters(kernel * kernel * channels * filters, filters)


def convolution_products(side: int, channels: int, filters: int, kernel: int) -> int:
    """How many products that convolution computes for one picture (side, side, channels), without padding."""
    _check(channels=channels, filters=filters)
    return output_size(side, kernel) ** 2 * convolution_parameters(channels, filters, kernel).weights


def layers_source(side: int, channels: int, units: int, filters: int, kernel: int) -> str:
    """Python source that lets Keras count both layers; the numbers that it prints stand in it as comments."""
    dense = dense_parameters(side, channels, units)
    numbers = {
        "side": side,
        "channels": channels,
        "units": units,
        "filters": filters,
        "kernel": kernel,
        "gigabytes": dense.megabytes / 1000,
        "dense_total": dense.total,
        "convolutional_total": convolution_parameters(channels, filters, kernel).total,
    }
    counted = DENSE_SOURCE if dense.megabytes <= MOST_MEGABYTES else TOO_LARGE_SOURCE
    return LAYER_SOURCE.format(dense=counted.format(**numbers).strip(), **numbers).lstrip()


def _check(**sizes: int) -> None:
    for name, value in sizes.items():
        check_whole(name, value)
