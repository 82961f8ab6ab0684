"""What all layers of a network have in common: what a shape is, and the sums and checks that several of them need.

A shape is (rows, columns, channels) for maps and (numbers,) for a flat list. Multiply-adds are those of convolutions
and dense layers, as the field counts them: biases, batch norms, pools and activations are left out.
"""

from dataclasses import dataclass
from typing import ClassVar

from core.ops.receptive_field import Window, size_through
from core.ops.sizes import check_padding, check_whole, span

LARGEST_WINDOW = 64

Shape = tuple[int, ...]
Paths = tuple[tuple[Window, ...], ...]


class Layer:
    """One layer; the subclasses are frozen dataclasses whose fields are what a person can set.

    Methods take the shape that comes in and raise ValueError where the layer cannot work on it.
    """

    title: ClassVar[str]
    is_augmentation: ClassVar[bool] = False
    needs_maps: ClassVar[bool] = False

    def output_shape(self, input_shape: Shape) -> Shape:
        self.check_input(input_shape)
        return tuple(input_shape)

    def check_input(self, input_shape: Shape) -> None:
        if self.needs_maps and len(input_shape) != 3:
            raise ValueError(
                f"{self.title} works on maps, and here only a flat list of numbers is left: it belongs before the "
                f"Flatten. Received: input of shape {shape_text(input_shape)}"
            )

    def parameters(self, input_shape: Shape) -> tuple[int, int]:
        """(learnt, frozen) numbers; frozen ones are the running means and variances of a batch norm."""
        self.check_input(input_shape)
        return sum(part.learnt for part in self.parts(input_shape)), sum(
            part.frozen for part in self.parts(input_shape)
        )

    def parts(self, input_shape: Shape) -> tuple["Part", ...]:
        """The sums that its parameters are made of."""
        return ()

    def formula(self, input_shape: Shape) -> str:
        """Its parameters with the numbers put in, such as "(3·3·32 + 1)·64 = 18,496"; "0" where there are none."""
        parts = self.parts(input_shape)
        total = sum(part.learnt + part.frozen for part in parts)
        return f"{' + '.join(part.text for part in parts)} = {total:,}" if parts else "0"

    def multiply_adds(self, input_shape: Shape) -> int:
        """Of one picture."""
        self.check_input(input_shape)
        return 0

    def paths(self, input_shape: Shape) -> tuple[Paths, Paths]:
        """How its cells look at the cells before, along rows and along columns; more than one path are added up."""
        return ((),), ((),)


@dataclass(frozen=True)
class Part:
    """One sum of a layer's parameters."""

    text: str
    learnt: int
    frozen: int = 0


def shape_text(shape: Shape) -> str:
    """(24, 24, 32) as "24×24×32", (1152,) as "1,152"."""
    return "×".join(map(str, shape)) if len(shape) > 1 else f"{shape[0]:,}"


def convolution_part(kernel: int, channels: int, filters: int, bias: bool) -> Part:
    """The sum of one convolution."""
    weights = f"{kernel}·{kernel}·{channels}"
    inside = f"({weights} + 1)" if bias else weights
    return Part(f"{inside}·{filters}", (kernel * kernel * channels + bias) * filters)


def norm_part(channels: int) -> Part:
    """The sum of one batch norm: scale and shift are learnt, mean and variance are not."""
    return Part(f"4·{channels}", 2 * channels, 2 * channels)


def map_size(shape: Shape, path: list) -> tuple[int, int]:
    """Rows and columns after a chain of (kernel, stride, padding); ValueError where a window does not fit."""
    for kernel, stride, padding in path:
        zeros = 2 * padding if not isinstance(padding, str) else 0
        if padding != "same" and span(kernel) > min(shape[:2]) + zeros:
            raise ValueError(
                f"Nothing would be left: a {kernel}×{kernel} window does not fit on maps of {shape[0]}×{shape[1]}. "
                f"Received: kernel={kernel}, stride={stride}, padding={padding!r}"
            )
    return tuple(size_through(size, path)[0] for size in shape[:2])


def window_paths(shape: Shape, chains: list) -> tuple[Paths, Paths]:
    """The windows of chains of (kernel, stride, padding) that are added up, along rows and along columns."""
    return tuple(tuple(size_through(size, chain)[1] for chain in chains) for size in shape[:2])


def check_count(name: str, value, most: int) -> None:
    """Raises ValueError unless value is a whole number from 1 to most."""
    check_whole(name, value)
    if value > most:
        raise ValueError(f"{name} must be at most {most:,}. Received: {name}={value}")


def check_window(kernel, stride, padding) -> None:
    """Raises ValueError for a kernel, stride or padding that no layer has."""
    check_count("kernel", kernel, LARGEST_WINDOW)
    check_count("stride", stride, LARGEST_WINDOW)
    check_padding(padding)
    if not isinstance(padding, str) and padding > LARGEST_WINDOW:
        raise ValueError(f"padding must be at most {LARGEST_WINDOW}. Received: padding={padding}")


def check_choice(name: str, value, choices: tuple) -> None:
    """Raises ValueError unless value is one of the choices."""
    if value not in choices:
        raise ValueError(f"{name} must be one of {', '.join(choices)}. Received: {name}={value!r}")


def check_number(name: str, value, least: float, most: float) -> None:
    """Raises ValueError unless value is a number from least to most."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        raise ValueError(f"{name} must be a number from {least} to {most}. Received: {name}={value!r}")
