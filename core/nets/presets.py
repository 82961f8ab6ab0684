"""Networks to start from. Those that are for training take pictures of 0 to 255 and rescale them themselves."""

from dataclasses import dataclass

from core.nets.layers import (
    Activation,
    AveragePool2D,
    BatchNorm,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    GlobalAveragePool,
    MaxPool2D,
    RandomFlip,
    Rescaling,
    Residual,
)
from core.nets.network import Network

GREY = (28, 28, 1)


@dataclass(frozen=True)
class Preset:
    """A network with a title and one or two sentences about it."""

    name: str
    title: str
    about: str
    network: Network


def _convolution(filters: int, kernel: int = 3, stride: int = 1, padding="same") -> tuple:
    """A convolution whose bias the batch norm behind it makes needless."""
    return (
        Conv2D(filters, kernel, stride, padding, activation="none", bias=False),
        BatchNorm(),
        Activation("relu"),
    )


def _resnet50() -> Network:
    stem = (
        Conv2D(64, kernel=7, stride=2, padding=3, activation="none"),
        BatchNorm(),
        Activation("relu"),
        MaxPool2D(3, stride=2, padding=1),
    )
    stages = tuple(
        Residual(filters, stride if block == 0 else 1, bottleneck=True, conv_bias=True)
        for filters, blocks, stride in ((64, 3, 1), (128, 4, 2), (256, 6, 2), (512, 3, 2))
        for block in range(blocks)
    )
    return Network((224, 224, 3), stem + stages)


def _compact_resnet() -> Network:
    stages = tuple(
        Residual(filters, stride if block == 0 else 1)
        for filters, blocks, stride in ((32, 1, 1), (64, 1, 2), (128, 2, 2), (256, 2, 2))
        for block in range(blocks)
    )
    return Network((96, 96, 3), (Rescaling(1 / 127.5, -1.0), *_convolution(32, stride=2), *stages, GlobalAveragePool()))


def _presets():
    yield (
        "dense",
        "Dense baseline",
        "No convolution at all: every pixel has its own weight to every unit. What a network must beat.",
        Network(GREY, (Rescaling(), Flatten(), Dense(256, "relu"), Dense(10, "softmax"))),
    )
    yield (
        "lecture",
        "The lecture's network",
        "Two convolutions, two pools, one hidden layer: 302,026 parameters, most of them in the hidden layer.",
        Network(
            GREY,
            (
                Rescaling(),
                *(Conv2D(32, 2), MaxPool2D(), Conv2D(32, 2), MaxPool2D()),
                *(Flatten(), Dense(256, "relu"), Dense(10, "softmax")),
            ),
        ),
    )
    yield (
        "handbag_shoe",
        "Handbag or shoe",
        "The same two blocks on colour photos, and one sigmoid for the two classes: 101,345 parameters.",
        Network(
            (224, 224, 3),
            (
                Rescaling(),
                *(Conv2D(32, 2), MaxPool2D(), Conv2D(32, 2), MaxPool2D()),
                *(Flatten(), Dense(1, "sigmoid")),
            ),
        ),
    )
    yield (
        "lenet5",
        "LeNet-5",
        "LeCun et al. 1998, for handwritten digits: average pools and sigmoids then, small and still good.",
        Network(
            GREY,
            (
                Rescaling(),
                *(Conv2D(6, 5, padding="same", activation="sigmoid"), AveragePool2D()),
                *(Conv2D(16, 5, activation="sigmoid"), AveragePool2D()),
                *(Flatten(), Dense(120, "sigmoid"), Dense(84, "sigmoid"), Dense(10, "softmax")),
            ),
        ),
    )
    yield (
        "small_vgg",
        "A small VGG",
        "After Simonyan & Zisserman 2014: pairs of 3×3 convolutions, then a pool; half the size, twice the maps.",
        Network(
            GREY,
            (
                Rescaling(),
                *(Conv2D(16, padding="same"), Conv2D(16, padding="same"), MaxPool2D()),
                *(Conv2D(32, padding="same"), Conv2D(32, padding="same"), MaxPool2D()),
                *(Flatten(), Dropout(0.3), Dense(128, "relu"), Dropout(0.3), Dense(10, "softmax")),
            ),
        ),
    )
    yield (
        "small_resnet",
        "A small ResNet",
        "After He et al. 2015: every block adds its result to what came in, so that the gradient has a short way.",
        Network(
            GREY,
            (
                Rescaling(),
                *_convolution(16),
                *(Residual(16), Residual(32, 2), Residual(64, 2)),
                *(GlobalAveragePool(), Dense(10, "softmax")),
            ),
        ),
    )
    yield (
        "best_fashion",
        "Our best for Fashion-MNIST",
        "Batch norms, residual blocks, dropout, and pictures that are flipped half of the time in training.",
        Network(
            GREY,
            (
                *(Rescaling(), RandomFlip()),
                *(Conv2D(32, padding="same", activation="none", bias=False), MaxPool2D()),
                *(BatchNorm(), Activation("relu")),
                *(Residual(32), Residual(96, 2), Residual(192, 2)),
                *(GlobalAveragePool(), Dropout(0.2), Dense(10, "softmax")),
            ),
        ),
    )
    yield (
        "compact_resnet",
        "Our compact ResNet",
        "The backbone that is built in, without its last layer: 96×96×3 becomes 256 features of a photo.",
        _compact_resnet(),
    )
    yield (
        "resnet50",
        "ResNet50",
        "He et al. 2015, without its last layer: 224×224×3 becomes 7×7×2048. For looking, not for training.",
        _resnet50(),
    )


PRESETS = {
    name: Preset(name, title, about, Network(network.input_shape, network.layers, title))
    for name, title, about, network in _presets()
}
DEFAULT = "lecture"
