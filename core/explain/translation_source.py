"""The translation scene as a lesson in Keras: a filter and a dense unit look at a digit that was moved."""

import numpy as np

from core.explain.translation import SETTINGS, field_of, piece_filter
from core.nets.keras_source import convolution_source

DENSE = """
# The dense unit: one weight for each pixel, the digit as it stood at its start.
start = np.roll(picture, {back}, axis=(0, 1))
dense = keras.layers.Dense(units=1, use_bias=False)
dense.build((None, start.size))
dense.set_weights([(start / (start**2).sum()).reshape(-1, 1)])

print("best match in the feature map:", feature_map.max())
print("dense unit:", float(dense(picture.reshape(1, -1).astype("float32"))[0, 0]))
"""


def translation_source(picture: np.ndarray, move: tuple[int, int]) -> str:
    """Python source that prints both answers of the stage. picture: (H, W) uint8; move: cells down and right."""
    kernel = piece_filter(field_of(picture))
    source = convolution_source(field_of(picture, move) / 255, kernel, SETTINGS)
    return source + DENSE.format(back=tuple(-cells for cells in move))
