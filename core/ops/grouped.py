"""Convolutions in which a filter does not see every channel: grouped, and its extreme, depthwise.

Throughout: picture (H, W, C), output (H', W', …) as in `core.ops.convolution`.
"""

from dataclasses import replace

import numpy as np

from core.ops.activation import ACTIVATIONS
from core.ops.arrays import as_filters, as_picture
from core.ops.convolution import Convolution, convolve, laid_down, windows
from core.ops.sizes import check_whole


def grouped_convolve(image, kernel, groups, settings=Convolution()) -> np.ndarray:
    """Channels and filters split into groups in their order; each filter sees the channels of its own group.

    image: (H, W, C). kernel: (kh, kw, C / groups, K), K filters. returns: (H', W', K).
    Raises ValueError where C or K does not split evenly, for a kernel with other than C / groups slices, and as
    `core.ops.convolution.convolve` does.
    """
    picture, filters = as_picture(image), as_filters(kernel)
    check_whole("groups", groups)
    channels, count = picture.shape[2], filters.shape[3]
    if channels % groups or count % groups:
        raise ValueError(
            f"Channels and filters must split evenly into {groups} groups. "
            f"Received: {channels} channels, {count} filters"
        )
    biases = np.broadcast_to(settings.bias, count)
    maps = [
        convolve(seen, own, replace(settings, bias=tuple(own_biases)))
        for seen, own, own_biases in zip(
            np.split(picture, groups, axis=2), np.split(filters, groups, axis=3), np.split(biases, groups)
        )
    ]
    return np.concatenate(maps, axis=2)  # (H', W', K)


def depthwise_convolve(image, kernel, settings=Convolution()) -> np.ndarray:
    """Every channel is filtered for itself and nothing is added up across channels.

    image: (H, W, C). kernel: (kh, kw, C) for one slice a channel, (kh, kw, C, M) for M slices a channel.
    returns: (H', W', C) or (H', W', C·M), the M maps of the first channel before those of the second, as in Keras.
    Raises ValueError as `core.ops.convolution.convolve` does; there is one bias, or one for each map.
    """
    picture, filters = as_picture(image), as_filters(kernel)
    if picture.shape[2] != filters.shape[2]:
        raise ValueError(
            "A depthwise kernel has one slice for each channel of the picture. "
            f"Received: {picture.shape[2]} channels in the picture, {filters.shape[2]} in the kernel"
        )
    seen = windows(picture, filters.shape[:2], settings)  # (H', W', C, kh, kw)
    maps = np.einsum("rcdij,ijdm->rcdm", seen, laid_down(filters, settings))  # (H', W', C, M)
    maps = maps.reshape(*maps.shape[:2], -1)  # (H', W', C·M)
    if isinstance(settings.bias, tuple) and len(settings.bias) != maps.shape[2]:
        raise ValueError(
            "There is one bias for all maps or one for each. "
            f"Received: {len(settings.bias)} biases, {maps.shape[2]} maps"
        )
    return ACTIVATIONS[settings.activation](maps + np.asarray(settings.bias))
