"""What is said of a filter holds for the way it is used."""

import numpy as np

from core.explain.filter_words import look_for
from core.ops.convolution import Convolution
from core.ops.filter_bank import FILTER_BANK

HORIZONTAL = FILTER_BANK["horizontal"]


def test_a_filter_of_the_bank_is_described_as_the_bank_does():
    """As it is, with ReLU, the bank's own sentence stands alone."""
    assert look_for(HORIZONTAL.kernel, Convolution()) == HORIZONTAL.sees


def test_a_turned_filter_is_described_as_what_it_has_become():
    """The lecture's horizontal filter, turned by 180°, is Prewitt's, which looks for dark above bright."""
    words = look_for(HORIZONTAL.kernel, Convolution(flip=True))
    assert words.startswith("True convolution lays this filter down turned by 180°.")
    assert FILTER_BANK["prewitt-horizontal"].sees in words
    assert HORIZONTAL.sees not in words


def test_turning_a_symmetric_filter_changes_nothing():
    """The Laplacian turned by 180° is the Laplacian."""
    kernel = FILTER_BANK["laplacian"].kernel
    assert look_for(kernel, Convolution(flip=True)) == FILTER_BANK["laplacian"].sees


def test_the_activation_is_taken_into_account():
    """Without ReLU blue is explained, with |x| the opposite is named; a filter without negative numbers has none."""
    assert "blue" in look_for(HORIZONTAL.kernel, Convolution(activation="none"))
    assert "|x|" in look_for(HORIZONTAL.kernel, Convolution(activation="abs"))
    assert look_for(np.ones((2, 2)), Convolution(activation="abs")) == ""
