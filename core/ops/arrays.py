"""Pictures and kernels as every operation wants them: checked once, in one shape, float64."""

import numpy as np

from core.ops.sizes import check_whole

LARGEST_KERNEL = 11  # cells on a side


def finite_array(name, values) -> np.ndarray:
    """values as a float64 array of the same shape. Raises ValueError for what is no number, NaN and infinity."""
    try:
        array = np.asarray(values)
    except ValueError:
        raise ValueError(f"{name} must have rows of equal length. Received: {name}={values!r}") from None
    if array.dtype.kind not in "buif":
        raise ValueError(f"{name} must hold numbers only. Received: {name}={values!r}")
    array = array.astype(np.float64)
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must hold finite numbers only. Received: NaN or infinity in {name}")
    return array


def as_picture(image) -> np.ndarray:
    """image (H, W) or (H, W, C) as float64 (H, W, C). Raises ValueError for other shapes, NaN and infinity."""
    picture = finite_array("image", image)
    if picture.ndim not in (2, 3) or picture.size == 0:
        raise ValueError(f"A picture has the shape (H, W) or (H, W, C). Received: image of shape {picture.shape}")
    return picture if picture.ndim == 3 else picture[:, :, np.newaxis]  # (H, W, C)


def as_filters(kernel) -> np.ndarray:
    """kernel (kh, kw), (kh, kw, C) or (kh, kw, C, K) as float64 (kh, kw, C, K).

    Raises ValueError for other shapes, an empty kernel, more than 11 cells on a side, NaN and infinity.
    """
    filters = finite_array("kernel", kernel)
    if filters.ndim not in (2, 3, 4):
        raise ValueError(
            f"A kernel has the shape (kh, kw), (kh, kw, C) or (kh, kw, C, K). Received: kernel of shape {filters.shape}"
        )
    if filters.size == 0:
        raise ValueError(f"A kernel has at least one cell. Received: kernel of shape {filters.shape}")
    check_side("kernel height", filters.shape[0])
    check_side("kernel width", filters.shape[1])
    return filters.reshape(*filters.shape, *[1] * (4 - filters.ndim))  # (kh, kw, C, K)


def check_side(name, cells):
    """Raises ValueError unless a kernel may have this many cells on a side: a whole number from 1 to 11."""
    check_whole(name, cells)
    if cells > LARGEST_KERNEL:
        raise ValueError(f"A kernel has at most {LARGEST_KERNEL} cells on a side. Received: {name}={cells}")
