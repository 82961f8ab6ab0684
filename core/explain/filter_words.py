"""What a filter looks for, in words that hold for the way it is laid down and for its activation."""

import numpy as np

from core.ops.convolution import Convolution
from core.ops.filter_bank import named

_OPPOSITE = {
    "relu": "",
    "none": "Below 0, in blue: the exact opposite.",
    "abs": "|x| lights the exact opposite up as well.",
}


def look_for(kernel: np.ndarray, settings: Convolution) -> str:
    """One to three sentences; "" for a filter that is not in the bank, activated by ReLU.

    kernel: (kh, kw). Of the settings, flip and activation count: a turned filter may look for something else.
    """
    kernel = np.asarray(kernel)
    laid = kernel[::-1, ::-1] if settings.flip else kernel
    turned = "" if np.array_equal(laid, kernel) else "True convolution lays this filter down turned by 180°."
    known = named(laid)
    words = (turned, known.sees if known else "", _OPPOSITE[settings.activation] if laid.min() < 0 else "")
    return " ".join(word for word in words if word)
