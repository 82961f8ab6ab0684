"""Shapes, parameters and refusals of single layers, with numbers worked out by hand or printed in papers."""

import pytest

from core.nets.layers import (
    BatchNorm,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    GlobalAveragePool,
    MaxPool2D,
    RandomFlip,
    Residual,
)


def test_a_convolution_counts_as_the_lecture_does():
    """Thirty-two 3×3×3 filters on a colour picture have 896 parameters."""
    layer = Conv2D(32)
    assert layer.output_shape((224, 224, 3)) == (222, 222, 32)
    assert layer.parameters((224, 224, 3)) == (896, 0)
    assert layer.formula((224, 224, 3)) == "(3·3·3 + 1)·32 = 896"


def test_the_formula_has_the_numbers_put_in():
    """The numbers of a formula give the total at its end."""
    assert Conv2D(64).formula((10, 10, 32)) == "(3·3·32 + 1)·64 = 18,496"
    assert Dense(256).formula((1152,)) == "(1,152 + 1)·256 = 295,168"
    assert BatchNorm().formula((7, 7, 64)) == "4·64 = 256"
    assert MaxPool2D().formula((7, 7, 64)) == "0"


def test_a_batch_norm_learns_half_of_its_numbers():
    """Scale and shift are learnt, the running mean and variance are not."""
    assert BatchNorm().parameters((7, 7, 64)) == (128, 128)


def test_a_residual_block_projects_only_where_the_shape_changes():
    """Two 3×3 convolutions and two norms; with twice the filters or a stride, a 1×1 convolution and a norm more."""
    kept, changed = 2 * (9 * 16 * 16) + 2 * 64, 9 * 16 * 32 + 9 * 32 * 32 + 16 * 32 + 3 * 128
    assert sum(Residual(16).parameters((8, 8, 16))) == kept
    assert sum(Residual(32, stride=2).parameters((8, 8, 16))) == changed
    assert Residual(32, stride=2).output_shape((8, 8, 16)) == (4, 4, 32)
    assert Residual(32, bottleneck=True).output_shape((8, 8, 16)) == (8, 8, 128)


def test_what_passes_through():
    """Dropout, flips and norms keep the shape; Flatten keeps the numbers; global pooling keeps the channels."""
    for layer in (Dropout(0.3), RandomFlip(), BatchNorm()):
        assert layer.output_shape((5, 6, 7)) == (5, 6, 7)
    assert Flatten().output_shape((5, 6, 7)) == (210,)
    assert GlobalAveragePool().output_shape((5, 6, 7)) == (7,)


def test_dense_before_flatten_is_refused():
    """Maps are no list of numbers."""
    with pytest.raises(ValueError, match="put a Flatten"):
        Dense(10).output_shape((5, 5, 8))


def test_a_map_layer_after_flatten_is_refused():
    """A list of numbers has no rows and columns."""
    for layer in (Conv2D(8), MaxPool2D(), GlobalAveragePool(), Residual(8), RandomFlip()):
        with pytest.raises(ValueError, match="belongs before the Flatten"):
            layer.output_shape((200,))


def test_a_window_that_leaves_nothing_is_refused():
    """A 2×2 pool on maps of 1×1, a 5×5 filter on maps of 4×4."""
    with pytest.raises(ValueError, match="Nothing would be left: a 2×2 window does not fit on maps of 1×1"):
        MaxPool2D().output_shape((1, 1, 8))
    with pytest.raises(ValueError, match="Nothing would be left: a 5×5 window does not fit on maps of 4×9"):
        Conv2D(8, 5).output_shape((4, 9, 8))


@pytest.mark.parametrize(
    "make",
    [
        lambda: Conv2D(0),
        lambda: Conv2D(5000),
        lambda: Conv2D(8, kernel=0),
        lambda: Conv2D(8, padding="full"),
        lambda: Conv2D(8, activation="tanh"),
        lambda: Dense(True),
        lambda: Dropout(1.0),
        lambda: Dropout(float("nan")),
        lambda: RandomFlip("diagonal"),
        lambda: MaxPool2D(2, stride=0),
    ],
)
def test_settings_out_of_range_are_refused(make):
    """The message says the rule and what came."""
    with pytest.raises(ValueError, match="Received"):
        make()
