"""Handwritten-looking digits that the app draws itself: no download, no licence, no end."""

from core.images.digits.drawing import DEFAULT_SEED, draw_digit, draw_digits, drawn_dataset
from core.images.digits.skeletons import WAYS_OF_WRITING

__all__ = ["DEFAULT_SEED", "WAYS_OF_WRITING", "draw_digit", "draw_digits", "drawn_dataset"]
