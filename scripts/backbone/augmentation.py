"""Random crops, flips and light of training pictures."""

import numpy as np
from PIL import Image

from scripts.backbone.recipe import Recipe


def random_crop(picture: np.ndarray, side: int, recipe: Recipe, random: np.random.Generator) -> np.ndarray:
    """A random part of the picture (H, W, 3), brought to (side, side, 3) uint8."""
    height, width = picture.shape[:2]
    area = random.uniform(*recipe.crop_area) * height * width
    ratio = np.exp(random.uniform(*np.log(recipe.crop_ratio)))
    crop_width, crop_height = min(width, np.sqrt(area * ratio)), min(height, np.sqrt(area / ratio))
    left, top = random.uniform(0, width - crop_width), random.uniform(0, height - crop_height)
    box = (left, top, left + crop_width, top + crop_height)
    return np.asarray(Image.fromarray(picture).resize((side, side), Image.Resampling.BILINEAR, box=box))


def augmented(pictures: np.ndarray, side: int, recipe: Recipe, random: np.random.Generator) -> np.ndarray:
    """(N, H, W, 3) uint8 -> (N, side, side, 3) float32 from 0 to 255: cropped, half of them mirrored, light changed."""
    batch = np.stack([random_crop(picture, side, recipe, random) for picture in pictures]).astype(np.float32)
    mirrored = random.random(len(batch)) < 0.5
    batch[mirrored] = batch[mirrored, :, ::-1]
    contrast, brightness = random.uniform(-recipe.light, recipe.light, (2, len(batch), 1, 1, 1)).astype(np.float32)
    batch *= 1 + contrast
    batch += 127.5 * (brightness - contrast)
    return np.clip(batch, 0, 255, out=batch)
