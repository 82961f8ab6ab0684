"""The trained networks that others are built on, cut before their last layer: what each is, costs and gives."""

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from core.images.catalogue import RemoteFile
from core.images.datasets import DATA_FOLDER, KERAS_CACHE, is_intact, keras_folders
from core.nets.network import Network, output_shape, total_parameters
from core.nets.presets import PRESETS

WEIGHTS_FOLDER = Path(__file__).resolve().parents[2] / "assets" / "weights"
BUILT_IN = "built in"
KERAS_MODELS = "models"  # the folder of weights in Keras's cache


@dataclass(frozen=True)
class Backbone:
    """A network without its last layer: a picture (side, side, 3) from 0 to 255 becomes maps (h, w, c)."""

    name: str  # the key in BACKBONES and in links
    title: str
    about: str
    preset: str  # its layers, a name in core.nets.presets.PRESETS
    weights: str = ""  # the built-in file in WEIGHTS_FOLDER
    remote: RemoteFile | None = None  # or the file that is downloaded into Keras's cache

    @cached_property  # asked for with every picture
    def network(self) -> Network:
        """Its layers up to its last maps."""
        whole = PRESETS[self.preset].network
        maps = tuple(layer for layer in whole.layers if type(layer).__name__ not in ("GlobalAveragePool", "Dense"))
        return Network(whole.input_shape, maps, whole.name)

    @property
    def side(self) -> int:
        """Rows and columns of the pictures that it takes."""
        return self.network.input_shape[0]

    @property
    def feature_shape(self) -> tuple[int, int, int]:
        """(h, w, c) of its last maps."""
        return output_shape(self.network)

    @property
    def parameters(self) -> int:
        """Learnt and frozen."""
        return total_parameters(self.network)


_BACKBONES = (
    Backbone(
        name="compact_resnet",
        title="Compact ResNet",
        about="Our own, trained on Tiny ImageNet (200 everyday things). Built in: no download, fast on any laptop.",
        preset="compact_resnet",
        weights="compact_resnet.npz",
    ),
    # Digest: keras/src/applications/resnet.py. Size: the file's Content-Length.
    Backbone(
        name="resnet50",
        title="ResNet50",
        about="The lecture's: trained on ImageNet (1.3 million photos of 1,000 things). Downloaded once, 95 MB.",
        preset="resnet50",
        remote=RemoteFile(
            url="https://storage.googleapis.com/tensorflow/keras-applications/resnet/"
            "resnet50_weights_tf_dim_ordering_tf_kernels_notop.h5",
            name="resnet50_weights_tf_dim_ordering_tf_kernels_notop.h5",
            size=94_765_736,
            digest="md5:4d473c1dd8becc155b73f8504c6f6626",
        ),
    ),
)
BACKBONES = {backbone.name: backbone for backbone in _BACKBONES}
DEFAULT = "compact_resnet"

# What is built in whole: a head that tells handbags from shoes, on the backbone that it was trained with.
SHIPPED_BACKBONE = "compact_resnet"
SHIPPED_HEAD = WEIGHTS_FOLDER / "handbag_shoe_head.npz"


def backbone_of(name: str) -> Backbone:
    """ValueError for a name that is not in BACKBONES."""
    if name not in BACKBONES:
        raise ValueError(f"A backbone is one of {', '.join(BACKBONES)}. Received: name={name!r}")
    return BACKBONES[name]


def weights_at(name: str) -> tuple[str, Path] | None:
    """Where the weights are now, "built in", "CONVLAB_DATA" or "Keras cache", and their file; None if not here."""
    backbone = backbone_of(name)
    if backbone.remote is None:
        return BUILT_IN, WEIGHTS_FOLDER / backbone.weights
    if chosen := os.environ.get(DATA_FOLDER):
        folder = Path(chosen).expanduser()
        for own in (folder / backbone.remote.name, folder / "weights" / backbone.remote.name):
            if is_intact(own, backbone.remote):
                return DATA_FOLDER, own
    for home in keras_folders():
        if is_intact(cached := home / KERAS_MODELS / backbone.remote.name, backbone.remote):
            return KERAS_CACHE, cached
    return None
