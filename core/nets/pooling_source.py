"""The screen's pooling as a lesson in Keras: source text that computes the same maps."""

import numpy as np

from core.nets.keras_source import array_lines, picture_lines
from core.ops.pooling import average_pool

LAYERS = {"max": "MaxPooling2D", "average": "AveragePooling2D"}


def pooling_source(numbers, settings) -> str:
    """Python source that ends in `largest` and `means` (H', W'), the numbers of `core.ops.pooling`.

    numbers: (H, W). The source needs keras and numpy only; Keras computes in float32.
    Raises ValueError for a map with channels and for everything that pooling refuses.
    """
    if np.ndim(numbers) != 2:
        raise ValueError(f"The source shows one map (H, W). Received: numbers of shape {np.shape(numbers)}")
    shape = average_pool(numbers, settings).shape
    paragraphs = [
        ["import keras", "import numpy as np"],
        array_lines("numbers", np.asarray(numbers, dtype=np.float64)),
        [
            "# Pooling layers have no weights: there is nothing to learn in them.",
            f"max_pooling = {_layer('max', settings)}",
            f"average_pooling = {_layer('average', settings)}",
        ],
        [
            "# Keras works on a batch of maps with the channels last: (maps, rows, columns, channels).",
            'batch = numbers[np.newaxis, :, :, np.newaxis].astype("float32")',
            f"largest = keras.ops.convert_to_numpy(max_pooling(batch))[0, :, :, 0]  # {shape}",
            f"means = keras.ops.convert_to_numpy(average_pooling(batch))[0, :, :, 0]  # {shape}",
        ],
    ]
    return _text(paragraphs)


def stack_source(picture, filters, kind, settings) -> str:
    """Python source that ends in `pooled` (H', W', K): a picture through K filters with ReLU, then pooled.

    picture: (H, W). filters: K kernels (kh, kw) of one size, laid with "same" padding. kind: "max" or "average".
    Raises ValueError for an unknown kind and for filters of different sizes.
    """
    if len({np.shape(kernel) for kernel in filters}) != 1:
        raise ValueError(f"Filters of one layer have one size. Received: {[np.shape(kernel) for kernel in filters]}")
    named = [array_lines(f"filter_{number}", np.asarray(kernel)) for number, kernel in enumerate(filters, 1)]
    names = ", ".join(f"filter_{number}" for number in range(1, len(filters) + 1))
    rows, columns = np.shape(picture)
    layer = f'keras.layers.Conv2D({len(filters)}, {np.shape(filters[0])}, padding="same", activation="relu")'
    paragraphs = [
        ["import keras", "import numpy as np"],
        picture_lines(np.asarray(picture, dtype=np.float64)),
        [line for lines in named for line in lines],
        [
            f"convolution = {layer}",
            "convolution.build((None, None, None, 1))",
            f"kernels = np.stack([{names}], axis=-1)[:, :, np.newaxis, :]  # (rows, columns, channels, filters)",
            f"convolution.set_weights([kernels, np.zeros({len(filters)})])",
            f"pooling = {_layer(kind, settings)}  # no weights",
        ],
        [
            'batch = picture[np.newaxis, :, :, np.newaxis].astype("float32")',
            f"maps = convolution(batch)  # (1, {rows}, {columns}, {len(filters)})",
            "pooled = keras.ops.convert_to_numpy(pooling(maps))[0]",
            'print(maps.shape[1:], "->", pooled.shape)',
        ],
    ]
    return _text(paragraphs)


def sizes_source(block, times, kind, settings) -> str:
    """Python source that prints the shapes of a block (H, W, C) pooled so many times."""
    paragraphs = [
        ["import keras"],
        [
            f"stack = keras.Input({tuple(block)})",
            "print(stack.shape[1:])",
            f"for _ in range({times}):",
            f"    stack = {_layer(kind, settings)}(stack)",
            "    print(stack.shape[1:])",
        ],
    ]
    return _text(paragraphs)


def _layer(kind, settings):
    if kind not in LAYERS:
        raise ValueError(f"kind must be one of {', '.join(LAYERS)}. Received: kind={kind!r}")
    options = f'pool_size={settings.size}, strides={settings.stride}, padding="{settings.padding}"'
    return f"keras.layers.{LAYERS[kind]}({options})"


def _text(paragraphs):
    return "\n\n".join("\n".join(lines) for lines in paragraphs) + "\n"
