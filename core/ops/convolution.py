"""Convolution as deep learning means it: lay the kernel on the picture, multiply, add, add the bias, activate, move on.

The kernel is laid down as it is written (mathematics calls that cross-correlation); `flip` turns it by 180° first.
Throughout: picture (H, W, C), kernel (kh, kw, C, K), output (H', W', K) for C channels and K filters.
"""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from core.ops.activation import ACTIVATIONS
from core.ops.arrays import as_filters, as_picture, finite_array
from core.ops.sizes import border, check_padding, check_whole, span


@dataclass(frozen=True)
class Convolution:
    """How a kernel travels over a picture, and what is done with each sum.

    Raises ValueError for a stride or dilation that is no whole number of at least 1, an unknown or negative padding,
    a bias that is not finite or not a number, an unknown activation, and a flip that is neither True nor False.
    """

    stride: int = 1  # pixels from one window to the next, down and across
    padding: str | int = "valid"  # "valid", "same" as in Keras, or zeros on each side
    dilation: int = 1  # pixels from one kernel cell to the next; 1 = side by side
    bias: float | tuple[float, ...] = 0.0  # added to each sum; several numbers: one for each filter
    activation: str = "relu"  # a name in ACTIVATIONS
    flip: bool = False  # turn the kernel by 180°: the convolution of mathematics

    def __post_init__(self):
        check_whole("stride", self.stride)
        check_whole("dilation", self.dilation)
        check_padding(self.padding)
        bias = finite_array("bias", self.bias)
        if bias.ndim > 1 or bias.size == 0:
            raise ValueError(f"bias must be one number or one for each filter. Received: bias={self.bias!r}")
        object.__setattr__(self, "bias", tuple(bias.tolist()) if bias.ndim else float(bias))
        if not isinstance(self.activation, str) or self.activation not in ACTIVATIONS:
            raise ValueError(
                f"activation must be one of {', '.join(ACTIVATIONS)}. Received: activation={self.activation!r}"
            )
        if self.flip not in (True, False):
            raise ValueError(f"flip must be True or False. Received: flip={self.flip!r}")

    @property
    def geometry(self) -> dict:
        """The keyword arguments of the functions in `core.ops.sizes`."""
        return {"stride": self.stride, "padding": self.padding, "dilation": self.dilation}


def convolve(image, kernel, settings=Convolution()) -> np.ndarray:
    """The feature map: the activation of `pre_activation`, float64.

    image: (H, W) or (H, W, C), any finite numbers.
    kernel: (kh, kw) or (kh, kw, C) for one filter, (kh, kw, C, K) for K filters; 1 to 11 cells on a side.
    returns: (H', W') for one filter, (H', W', K) for K filters; H' and W' are `core.ops.sizes.output_size`.

    Raises ValueError for other shapes, NaN or infinity, channels that differ between image and kernel, a bias count
    that is not the filter count, and a kernel or stride that does not fit the padded picture.
    """
    return ACTIVATIONS[settings.activation](pre_activation(image, kernel, settings))


def pre_activation(image, kernel, settings=Convolution()) -> np.ndarray:
    """The sums with the bias added, before the activation; shapes and errors as in `convolve`."""
    picture = as_picture(image)  # (H, W, C)
    filters = laid_down(as_filters(kernel), settings)  # (kh, kw, C, K)
    check_match(picture, filters, settings)
    seen = windows(picture, filters.shape[:2], settings)  # (H', W', C, kh, kw)
    sums = np.tensordot(seen, filters, axes=((3, 4, 2), (0, 1, 2)))  # (H', W', K)
    maps = sums + np.asarray(settings.bias)  # (H', W', K)
    return maps if np.ndim(kernel) == 4 else maps[:, :, 0]


def windows(picture, kernel_size, settings) -> np.ndarray:
    """What the kernel sees at each place, borders of zeros included.

    picture: (H, W, C). kernel_size: (kh, kw). returns: (H', W', C, kh, kw).
    """
    borders = [border(n, k, **settings.geometry) for n, k in zip(picture.shape, kernel_size)]
    padded = np.pad(picture, [*borders, (0, 0)])  # (H + zeros, W + zeros, C)
    spans = [span(k, settings.dilation) for k in kernel_size]
    everywhere = sliding_window_view(padded, spans, axis=(0, 1))  # every place, every pixel of the span
    step, gap = settings.stride, settings.dilation
    return everywhere[::step, ::step, :, ::gap, ::gap]  # (H', W', C, kh, kw)


def laid_down(filters, settings) -> np.ndarray:
    """The weights as they meet the picture: turned by 180° when `flip` says so. Shape stays."""
    return filters[::-1, ::-1] if settings.flip else filters


def check_match(picture, filters, settings):
    """Raises ValueError unless picture (H, W, C), filters (kh, kw, C, K) and the biases belong together."""
    if picture.shape[2] != filters.shape[2]:
        raise ValueError(
            "A kernel has one slice for each channel of the picture. "
            f"Received: {picture.shape[2]} channels in the picture, {filters.shape[2]} in the kernel"
        )
    if isinstance(settings.bias, tuple) and len(settings.bias) != filters.shape[3]:
        raise ValueError(
            "There is one bias for all filters or one for each. "
            f"Received: {len(settings.bias)} biases, {filters.shape[3]} filters"
        )
