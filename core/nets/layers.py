"""The layers a network is built from: what each does to a shape, what it learns and what it costs."""

from dataclasses import dataclass, fields
from math import prod
from typing import ClassVar

from core.nets.layer import (
    Layer,
    Part,
    Shape,
    check_choice,
    check_count,
    check_number,
    check_window,
    convolution_part,
    map_size,
    norm_part,
    shape_text,
    window_paths,
)
from core.ops.receptive_field import whole

ACTIVATIONS = ("none", "relu", "sigmoid", "softmax")
FLIPS = ("horizontal", "vertical", "horizontal_and_vertical")
MOST_FILTERS = 4096
MOST_UNITS = 10_000


@dataclass(frozen=True)
class Rescaling(Layer):
    """number × scale + offset."""

    title: ClassVar[str] = "Rescaling"
    scale: float = 1 / 255
    offset: float = 0.0

    def __post_init__(self):
        check_number("scale", self.scale, -1000, 1000)
        check_number("offset", self.offset, -1000, 1000)


@dataclass(frozen=True)
class RandomFlip(Layer):
    """In training only: mirrored or not."""

    title: ClassVar[str] = "Random flip"
    is_augmentation: ClassVar[bool] = True
    needs_maps: ClassVar[bool] = True
    mode: str = "horizontal"

    def __post_init__(self):
        check_choice("mode", self.mode, FLIPS)


@dataclass(frozen=True)
class _RandomAmount(Layer):
    """In training only: changed by a random amount of up to ± factor."""

    is_augmentation: ClassVar[bool] = True
    needs_maps: ClassVar[bool] = True
    factor: float = 0.1

    def __post_init__(self):
        check_number("factor", self.factor, 0, 1)


@dataclass(frozen=True)
class RandomRotation(_RandomAmount):
    """factor: part of a full turn, so 0.1 is up to ±36°."""

    title: ClassVar[str] = "Random rotation"


@dataclass(frozen=True)
class RandomZoom(_RandomAmount):
    """factor: part of the size."""

    title: ClassVar[str] = "Random zoom"


@dataclass(frozen=True)
class RandomTranslation(_RandomAmount):
    """factor: part of the rows and of the columns."""

    title: ClassVar[str] = "Random shift"


@dataclass(frozen=True)
class RandomBrightness(_RandomAmount):
    """factor: part of the range from black to white."""

    title: ClassVar[str] = "Random brightness"


@dataclass(frozen=True)
class Conv2D(Layer):
    """Filters of kernel × kernel × channels; padding: "valid", "same", or that many zeros on each side."""

    title: ClassVar[str] = "Conv2D"
    needs_maps: ClassVar[bool] = True
    filters: int
    kernel: int = 3
    stride: int = 1
    padding: str | int = "valid"
    activation: str = "relu"
    bias: bool = True

    def __post_init__(self):
        check_count("filters", self.filters, MOST_FILTERS)
        check_window(self.kernel, self.stride, self.padding)
        check_choice("activation", self.activation, ACTIVATIONS)

    def output_shape(self, input_shape):
        self.check_input(input_shape)
        return (*map_size(input_shape, [(self.kernel, self.stride, self.padding)]), self.filters)

    def parts(self, input_shape):
        return (convolution_part(self.kernel, input_shape[2], self.filters, self.bias),)

    def multiply_adds(self, input_shape):
        return prod(self.output_shape(input_shape)) * self.kernel**2 * input_shape[2]

    def paths(self, input_shape):
        return window_paths(input_shape, [[(self.kernel, self.stride, self.padding)]])


@dataclass(frozen=True)
class _Pool(Layer):
    """One number for each window of size × size, without weights; stride None is the size."""

    needs_maps: ClassVar[bool] = True
    size: int = 2
    stride: int | None = None
    padding: str | int = "valid"

    def __post_init__(self):
        check_window(self.size, self.steps, self.padding)

    @property
    def steps(self) -> int:
        return self.size if self.stride is None else self.stride

    def output_shape(self, input_shape):
        self.check_input(input_shape)
        return (*map_size(input_shape, [(self.size, self.steps, self.padding)]), input_shape[2])

    def paths(self, input_shape):
        return window_paths(input_shape, [[(self.size, self.steps, self.padding)]])


@dataclass(frozen=True)
class MaxPool2D(_Pool):
    """The largest number of each window; a padding by a number adds zeros, "same" adds nothing that could win."""

    title: ClassVar[str] = "Max pool"


@dataclass(frozen=True)
class AveragePool2D(_Pool):
    """The mean of each window; "same" leaves the padding out of it, a padding by a number counts its zeros."""

    title: ClassVar[str] = "Average pool"


@dataclass(frozen=True)
class BatchNorm(Layer):
    """Each channel to mean 0 and spread 1 over the batch, then scaled and shifted by two learnt numbers."""

    title: ClassVar[str] = "Batch norm"

    def parts(self, input_shape):
        return (norm_part(input_shape[-1]),)


@dataclass(frozen=True)
class Activation(Layer):
    """ReLU, sigmoid or softmax of what comes in; softmax goes over the channels."""

    title: ClassVar[str] = "Activation"
    activation: str = "relu"

    def __post_init__(self):
        check_choice("activation", self.activation, ACTIVATIONS)


@dataclass(frozen=True)
class Dropout(Layer):
    """In training only: each number becomes 0 with probability `rate`."""

    title: ClassVar[str] = "Dropout"
    rate: float = 0.5

    def __post_init__(self):
        check_number("rate", self.rate, 0, 0.95)


@dataclass(frozen=True)
class Flatten(Layer):
    """All numbers of the maps in one list."""

    title: ClassVar[str] = "Flatten"

    def output_shape(self, input_shape):
        return (prod(input_shape),)


@dataclass(frozen=True)
class GlobalAveragePool(Layer):
    """One number for each map: its mean."""

    title: ClassVar[str] = "Global average pool"
    needs_maps: ClassVar[bool] = True

    def output_shape(self, input_shape):
        self.check_input(input_shape)
        return (input_shape[2],)

    def paths(self, input_shape):
        return ((whole(input_shape[0]),),), ((whole(input_shape[1]),),)


@dataclass(frozen=True)
class Dense(Layer):
    """Every unit has a weight for every number that comes in."""

    title: ClassVar[str] = "Dense"
    units: int
    activation: str = "none"
    bias: bool = True

    def __post_init__(self):
        check_count("units", self.units, MOST_UNITS)
        check_choice("activation", self.activation, ACTIVATIONS)

    def output_shape(self, input_shape):
        self.check_input(input_shape)
        return (self.units,)

    def check_input(self, input_shape):
        if len(input_shape) != 1:
            raise ValueError(
                "Dense takes a flat list of numbers, and here there are still maps: put a Flatten or a Global average "
                f"pool before it. Received: input of shape {shape_text(input_shape)}"
            )

    def parts(self, input_shape):
        count = (input_shape[0] + self.bias) * self.units
        inside = f"({input_shape[0]:,} + 1)" if self.bias else f"{input_shape[0]:,}"
        return (Part(f"{inside}·{self.units}", count),)

    def multiply_adds(self, input_shape):
        self.check_input(input_shape)
        return input_shape[0] * self.units


@dataclass(frozen=True)
class Residual(Layer):
    """Convolutions whose result is added to what came in, then ReLU (He et al. 2015; version 1, as Keras builds it).

    Basic: 3×3 (stride), batch norm, ReLU, 3×3, batch norm. Bottleneck: 1×1 (stride), batch norm, ReLU, 3×3, batch
    norm, ReLU, 1×1 with 4 · filters, batch norm. Where the shape changes, what came in goes through a 1×1 convolution
    (stride) and a batch norm.
    """

    title: ClassVar[str] = "Residual block"
    needs_maps: ClassVar[bool] = True
    filters: int
    stride: int = 1
    bottleneck: bool = False
    conv_bias: bool = False

    def __post_init__(self):
        check_count("filters", self.filters, MOST_FILTERS)
        check_window(1, self.stride, "same")

    @property
    def channels(self) -> int:
        """How many maps come out."""
        return 4 * self.filters if self.bottleneck else self.filters

    @property
    def convolutions(self) -> tuple[tuple[int, int, int], ...]:
        """(filters, kernel, stride) of the convolutions on the long way."""
        if self.bottleneck:
            return (self.filters, 1, self.stride), (self.filters, 3, 1), (self.channels, 1, 1)
        return (self.filters, 3, self.stride), (self.filters, 3, 1)

    def has_projection(self, input_shape: Shape) -> bool:
        """Whether the short way needs a convolution of its own."""
        return self.stride > 1 or input_shape[2] != self.channels

    def all_convolutions(self, input_shape: Shape) -> tuple[tuple[int, int, int, Shape], ...]:
        """(filters, kernel, stride, shape that comes in) of all convolutions, the short way's last."""
        found, shape = [], input_shape
        for filters, kernel, stride in self.convolutions:
            found.append((filters, kernel, stride, shape))
            shape = (*map_size(shape, [(kernel, stride, "same")]), filters)
        if self.has_projection(input_shape):
            found.append((self.channels, 1, self.stride, input_shape))
        return tuple(found)

    def output_shape(self, input_shape):
        self.check_input(input_shape)
        return (*map_size(input_shape, [(1, self.stride, "same")]), self.channels)

    def parts(self, input_shape):
        return tuple(
            part
            for filters, kernel, _, shape in self.all_convolutions(input_shape)
            for part in (convolution_part(kernel, shape[2], filters, self.conv_bias), norm_part(filters))
        )

    def multiply_adds(self, input_shape):
        self.check_input(input_shape)
        return sum(
            Conv2D(filters, kernel, stride, "same").multiply_adds(shape)
            for filters, kernel, stride, shape in self.all_convolutions(input_shape)
        )

    def paths(self, input_shape):
        long = [(kernel, stride, "same") for _, kernel, stride in self.convolutions]
        return window_paths(input_shape, [long, [(1, self.stride, "same")] if self.stride > 1 else []])


LAYERS = {
    kind.__name__: kind
    for kind in (
        Rescaling,
        RandomFlip,
        RandomRotation,
        RandomZoom,
        RandomTranslation,
        RandomBrightness,
        Conv2D,
        MaxPool2D,
        AveragePool2D,
        BatchNorm,
        Activation,
        Dropout,
        Flatten,
        GlobalAveragePool,
        Dense,
        Residual,
    )
}


def settings(layer: Layer) -> dict:
    """field name -> value, in the order in which the layer names them."""
    return {field.name: getattr(layer, field.name) for field in fields(layer)}
