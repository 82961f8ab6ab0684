"""One fixed rearrangement of the pixels, the same for all pictures of a size: what a dense layer cannot notice."""

from functools import cache

import numpy as np

SEED = 7


@cache
def pixel_order(rows: int, columns: int) -> np.ndarray:
    """(rows * columns,), read-only: pixel i of a shuffled picture, counted row by row, was pixel order[i] before."""
    order = np.random.default_rng(SEED).permutation(rows * columns)
    order.setflags(write=False)
    return order


def shuffled(pictures: np.ndarray) -> np.ndarray:
    """Pictures (..., H, W) with their pixels in the new order; the same numbers, each at another place."""
    *_, rows, columns = pictures.shape
    return pictures.reshape(*pictures.shape[:-2], rows * columns)[..., pixel_order(rows, columns)].reshape(
        pictures.shape
    )


def straightened(pictures: np.ndarray) -> np.ndarray:
    """The way back: straightened(shuffled(pictures)) are the pictures (..., H, W)."""
    *_, rows, columns = pictures.shape
    back = np.argsort(pixel_order(rows, columns))
    return pictures.reshape(*pictures.shape[:-2], rows * columns)[..., back].reshape(pictures.shape)
