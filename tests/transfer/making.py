"""Pictures for these tests: two classes that a small network tells apart in a moment."""

import io

import keras
import numpy as np
from PIL import Image

from core.images.picture_set import PictureSet

SIDE = 24


def striped(label: int, seed: int, side: int = SIDE) -> np.ndarray:
    """(side, side, 3) uint8: upright stripes for class 0, level ones for class 1, each in its own colours."""
    random = np.random.default_rng([label, seed])
    stripes = (np.arange(side) // 3 % 2)[:, None] * np.ones(side)
    grey = stripes.T if label == 0 else stripes
    light, dark = random.uniform(140, 255, 3), random.uniform(0, 90, 3)
    noise = random.normal(0, 6, (side, side, 3))
    return (dark + (light - dark) * grey[..., None] + noise).clip(0, 255).astype(np.uint8)


def jpeg(picture: np.ndarray) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(picture).save(stream, "JPEG", quality=95)
    return stream.getvalue()


def stripes(count: int = 12) -> PictureSet:
    """A set of two classes with that many pictures each."""
    pictures = PictureSet()
    for label, name in enumerate(("upright", "level")):
        pictures.add_files(name, [(f"{seed}.jpg", jpeg(striped(label, seed))) for seed in range(count)])
    return pictures


def tiny_backbone(name: str = "tiny") -> keras.Model:
    """Pictures (n, 24, 24, 3) -> maps (n, 6, 6, 8); a batch norm in it. The same weights every time."""
    keras.utils.set_random_seed(7)
    pictures = keras.Input((SIDE, SIDE, 3), name="picture")
    maps = keras.layers.Rescaling(1 / 127.5, -1)(pictures)
    maps = keras.layers.Conv2D(8, 3, strides=2, padding="same", use_bias=False)(maps)
    maps = keras.layers.BatchNormalization(name="norm")(maps)
    maps = keras.layers.Conv2D(8, 3, strides=2, padding="same", activation="relu", name="last_maps")(maps)
    return keras.Model(pictures, maps, name=name)
