"""Networks that tell what is before a camera, each with all it needs to be asked. A worker module: it imports Keras."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import keras
import numpy as np

from core.explain.grad_cam import Step, grad_cam, head_of
from core.transfer import imagenet
from core.transfer.folded import folded
from core.transfer.kept_keras import last_maps, load_bytes
from core.transfer.keras_backbones import IMAGENET_MEANS
from core.transfer.novelty import Novelty
from core.transfer.preparation import prepared

KINDS = ("shipped", "kept", "imagenet")


@dataclass(frozen=True, eq=False)
class Recogniser:
    """A network and how it is asked."""

    names: tuple[str, ...]  # of its classes
    network: keras.Model  # prepared pictures (1, side, side, 3) -> [last maps (1, h, w, c), answer (1, n)]
    plain: keras.Model  # the same before it was folded: what the benchmark holds it against
    side: int  # rows and columns of the pictures that it takes
    head: tuple[Step, ...] | None  # from the last maps to the scores; None: no heat map can be had
    novelty: Novelty | None  # tells pictures that are like none it learnt from; None: it cannot

    def look(self, picture: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(last maps (h, w, c), probabilities (classes,)) of a picture (H, W, 3) uint8."""
        maps, said = self.network.predict_on_batch(prepared(picture, self.side)[np.newaxis])
        said = np.asarray(said)[0]
        return np.asarray(maps)[0], np.array([1 - said[0], said[0]]) if len(said) == 1 else said

    def strangeness(self, maps: np.ndarray) -> float | None:
        """How far a picture is from all it learnt from, as a share of the farthest that still counts as known."""
        if self.novelty is None:
            return None
        return float(self.novelty.distance(maps.mean(axis=(0, 1)))[0] / self.novelty.threshold)

    def heat(self, maps: np.ndarray, label: int) -> np.ndarray | None:
        """Where the picture speaks for a class: (h, w), 0 to 1."""
        return None if self.head is None else grad_cam(maps, self.head, label)


def recogniser(
    model: keras.Model, names: tuple[str, ...], novelty: Novelty | None = None, feature_layer: str = ""
) -> Recogniser:
    """From a whole network, prepared picture to answer. feature_layer: gives its last maps; else it is looked for."""
    answers = int(model.output_shape[-1])
    if len(names) != max(answers, 2):
        raise ValueError(
            f"A network has a name for each of its {max(answers, 2)} answers. Received: {len(names)} names"
        )
    layers = [layer.name for layer in model.layers]
    last = feature_layer if feature_layer in layers else last_maps(model)
    try:
        head = head_of(model.layers[layers.index(last) + 1 :])
    except ValueError:
        head = None
    plain = keras.Model(model.inputs, [model.get_layer(last).output, model.outputs[0]])
    network = folded(plain)
    for each in (plain, network):
        # XLA takes longer to compile than it saves: 7.9 against 11.9 ms a picture were measured with a compact ResNet.
        each.compile(jit_compile=False if keras.backend.backend() == "tensorflow" else "auto")
    return Recogniser(tuple(names), network, plain, int(model.input_shape[1]), head, novelty)


def load(source: Mapping[str, Any]) -> Recogniser:
    """The recogniser that a source names: {"kind": one of KINDS}, and for "kept" its "file" and "about".

    file: the bytes of a .keras file. about: as KeptModel.about() gives it. ValueError, in plain words, when it cannot
    be had.
    """
    kind = source.get("kind")
    if kind == "kept":
        return _kept(source["file"], source["about"])
    if kind == "shipped":
        return _shipped()
    if kind == "imagenet":
        return _imagenet()
    raise ValueError(f"A source's kind is one of {', '.join(KINDS)}. Received: kind={kind!r}")


def _kept(file: bytes, about: Mapping[str, Any]) -> Recogniser:
    novelty = about.get("novelty")
    return recogniser(
        load_bytes(file),
        tuple(about["class_names"]),
        None if novelty is None else Novelty.from_json(novelty),
        about.get("feature_layer", ""),
    )


@lru_cache(maxsize=1)
def _shipped() -> Recogniser:
    """One for all visitors."""
    from core.transfer.keras_backbones import shipped_model

    model, about = shipped_model()
    return recogniser(
        model, tuple(about["class_names"]), Novelty.from_json(about["novelty"]), about.get("feature_layer", "")
    )


@lru_cache(maxsize=1)
def _imagenet() -> Recogniser:
    """One for all visitors."""
    places = imagenet.found()
    if places is None:
        raise ValueError(
            f"The whole ResNet50 is not on this machine: {imagenet.WEIGHTS.name} and {imagenet.NAMES.name} belong into "
            "the folder that CONVLAB_DATA names, or into Keras's cache."
        )
    _, weights, names = places
    return recogniser(whole_resnet50(weights), imagenet.class_names(names))


def whole_resnet50(weights: Path | None) -> keras.Model:
    """ResNet50 with its 1,000 classes: red, green and blue from 0 to 255, (n, 224, 224, 3), -> (n, 1000).

    weights: the file; None draws them at random.
    """
    pictures = keras.Input((224, 224, 3), name="picture")
    centred = keras.layers.Normalization(mean=IMAGENET_MEANS, variance=(1.0, 1.0, 1.0), name="centred")(pictures)
    model = keras.applications.ResNet50(weights=str(weights) if weights else None, input_tensor=centred)
    # Its weights expect blue first. Turning the first kernel round does the same as turning every picture round.
    first = model.get_layer("conv1_conv")
    kernel, bias = first.get_weights()  # (7, 7, 3, 64)
    first.set_weights([kernel[:, :, ::-1], bias])
    return model
