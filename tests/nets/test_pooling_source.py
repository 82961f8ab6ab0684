"""The generated lessons are run as they stand and their maps compared with plain loops and SciPy."""

import numpy as np
import pytest
from scipy.signal import correlate2d

from core.nets.pooling_source import pooling_source, sizes_source, stack_source
from core.ops.filter_bank import FILTER_BANK
from core.ops.pooling import Pooling

NUMBERS = np.array([[2.0, 7, 0, 1], [4, 3, 0, 0], [0, 1, 6, 6], [-2, 1, 8, 4]])


def run(source):
    """The variables that the source leaves behind."""
    variables = {}
    exec(compile(source, "lesson.py", "exec"), variables)
    return variables


def by_loops(image, size, stride, reduce):
    """The reference for "valid" padding."""
    starts = [range(0, n - size + 1, stride) for n in image.shape]
    return np.array([[reduce(image[r : r + size, c : c + size]) for c in starts[1]] for r in starts[0]])


@pytest.mark.parametrize(("size", "stride"), [(2, 2), (3, 1), (2, 3), (4, 4)])
def test_the_lesson_gives_both_maps(size, stride):
    """Run as it stands, the code leaves the largest numbers and the means behind."""
    left = run(pooling_source(NUMBERS, Pooling(size, stride)))
    np.testing.assert_array_equal(left["largest"], by_loops(NUMBERS, size, stride, np.max))
    np.testing.assert_allclose(left["means"], by_loops(NUMBERS, size, stride, np.mean), rtol=1e-6)


def test_same_padding_arrives_in_the_lesson():
    """At a "same" border the code's mean is that of the numbers inside."""
    left = run(pooling_source(NUMBERS[:3, :3], Pooling(2, 2, "same")))
    np.testing.assert_array_equal(left["largest"], [[7, 0], [1, 6]])
    np.testing.assert_allclose(left["means"], [[4, 0], [0.5, 6]])


def test_the_stack_goes_through_its_filters_and_is_pooled():
    """The code's stack is SciPy's correlation with each filter, ReLU, and pooled slice by slice."""
    picture = np.random.default_rng(0).integers(0, 256, (10, 12)) / 255
    filters = [FILTER_BANK[name].kernel for name in ("horizontal", "box-blur", "outline")]
    pooled = run(stack_source(picture, filters, "average", Pooling(2, 2)))["pooled"]
    assert pooled.shape == (5, 6, 3)
    for slice_, kernel in enumerate(filters):
        expected = by_loops(np.maximum(correlate2d(picture, kernel, mode="same"), 0), 2, 2, np.mean)
        np.testing.assert_allclose(pooled[:, :, slice_], expected, rtol=1e-4, atol=1e-5)


def test_the_sizes_are_those_of_keras(capsys):
    """Pooled twice, the lecture's block is printed by Keras as the stage writes it."""
    run(sizes_source((224, 224, 64), 2, "max", Pooling()))
    assert capsys.readouterr().out.split("\n")[:3] == ["(224, 224, 64)", "(112, 112, 64)", "(56, 56, 64)"]


def test_refuses_what_the_screen_refuses():
    """No lesson is written for a pool that does not fit, a map with channels, an unknown kind or mixed filters."""
    with pytest.raises(ValueError, match="must fit"):
        pooling_source(NUMBERS, Pooling(5, 1))
    with pytest.raises(ValueError, match="one map"):
        pooling_source(np.ones((4, 4, 2)), Pooling())
    with pytest.raises(ValueError, match="kind must be"):
        sizes_source((4, 4, 1), 1, "median", Pooling())
    with pytest.raises(ValueError, match="one size"):
        stack_source(NUMBERS, [np.ones((3, 3)), np.ones((2, 2))], "max", Pooling())
