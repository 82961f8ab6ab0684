"""ResNet-18 up to the end of its third stage, with ImageNet weights: features to measure ours against. Not shipped."""

from pathlib import Path

import keras
import numpy as np
from keras import layers

WEIGHTS = "weights/resnet18_imagenet_partial.npz"
MEAN = (0.485 * 255, 0.456 * 255, 0.406 * 255)
VARIANCE = ((0.229 * 255) ** 2, (0.224 * 255) ** 2, (0.225 * 255) ** 2)


def third_stage(path: Path, side: int) -> keras.Model:
    """Pictures (N, side, side, 3) from 0 to 255 -> (N, 256). The file's batch norms are folded into its kernels."""
    with np.load(path, allow_pickle=False) as arrays:
        stored = dict(arrays)
    placed = []

    def convolution(maps, name: str, stride: int = 1):
        kernel = stored[f"{name}.weight"].transpose(2, 3, 1, 0)  # OIHW -> HWIO
        if padding := kernel.shape[0] // 2:
            maps = layers.ZeroPadding2D(padding)(maps)
        layer = layers.Conv2D(kernel.shape[3], kernel.shape[0], strides=stride)
        placed.append((layer, [kernel, stored[f"{name}.bias"]]))
        return layer(maps)

    def block(maps, name: str, stride: int):
        path = layers.ReLU()(convolution(maps, f"{name}.conv1", stride))
        path = convolution(path, f"{name}.conv2")
        if f"{name}.downsample.0.weight" in stored:
            maps = convolution(maps, f"{name}.downsample.0", stride)
        return layers.ReLU()(layers.Add()([path, maps]))

    pictures = keras.Input((side, side, 3))
    maps = layers.Normalization(mean=MEAN, variance=VARIANCE)(pictures)
    maps = layers.ReLU()(convolution(maps, "conv1", 2))
    maps = layers.MaxPooling2D(3, 2)(layers.ZeroPadding2D(1)(maps))  # behind ReLU a zero never wins wrongly
    for stage in (1, 2, 3):
        for number in (0, 1):
            maps = block(maps, f"layer{stage}.{number}", 2 if stage > 1 and number == 0 else 1)
    model = keras.Model(pictures, layers.GlobalAveragePooling2D()(maps))
    for layer, values in placed:
        layer.set_weights(values)
    return model
