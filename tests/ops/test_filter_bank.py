"""What each filter of the bank lights, judged on small pictures with SciPy's correlation."""

import numpy as np
import pytest
from scipy.signal import convolve2d, correlate2d

from core.ops.filter_bank import FILTER_BANK, named, resize_kernel

ORDER = [
    "horizontal",
    "vertical",
    "diagonal-falling",
    "diagonal-rising",
    "sobel-horizontal",
    "sobel-vertical",
    "scharr-horizontal",
    "scharr-vertical",
    "prewitt-horizontal",
    "prewitt-vertical",
    "laplacian",
    "outline",
    "sharpen",
    "box-blur",
    "gaussian-blur",
    "gaussian-blur-5",
    "emboss",
    "identity",
    "circle",
    "corner-top-left",
    "corner-bottom-right",
]
KEEP_BRIGHTNESS = ["sharpen", "box-blur", "gaussian-blur", "gaussian-blur-5", "emboss", "identity"]
ZERO_SUM = [name for name in ORDER if name not in KEEP_BRIGHTNESS]
N = 21
ROW, COLUMN = np.mgrid[:N, :N]
MIDDLE = N // 2

BRIGHT_ABOVE = (ROW <= MIDDLE).astype(float)
BRIGHT_LEFT = (COLUMN <= MIDDLE).astype(float)
FALLING_BRIGHT_ABOVE = (COLUMN >= ROW).astype(float)
RISING_BRIGHT_ABOVE = (ROW + COLUMN < N).astype(float)
SQUARE = ((abs(ROW - MIDDLE) <= 4) & (abs(COLUMN - MIDDLE) <= 4)).astype(float)


def seen(name, picture):
    """The sums of the filter at each place where it lies inside the picture, indexed by its centre."""
    kernel = FILTER_BANK[name].kernel
    sums = correlate2d(picture, kernel, mode="same")
    margin = kernel.shape[0] // 2
    return sums[margin : N - margin, margin : N - margin]


def lit(name, picture):
    """Where the filter's sum is above zero, up to rounding."""
    return seen(name, picture) > 1e-9


def brightest(name, picture):
    """(row, column) in the picture under the filter's centre where its sum is largest."""
    sums = seen(name, picture)
    margin = FILTER_BANK[name].kernel.shape[0] // 2
    row, column = np.unravel_index(sums.argmax(), sums.shape)
    return row + margin, column + margin


def test_the_bank_is_in_the_order_of_the_lesson():
    """The lecture's two filters come first."""
    assert list(FILTER_BANK) == ORDER


def test_the_filters_of_the_lecture():
    """Horizontal is (1,1,1), (0,0,0), (-1,-1,-1), vertical its transpose."""
    np.testing.assert_array_equal(FILTER_BANK["horizontal"].kernel, [[1, 1, 1], [0, 0, 0], [-1, -1, -1]])
    np.testing.assert_array_equal(FILTER_BANK["vertical"].kernel, [[1, 0, -1]] * 3)


@pytest.mark.parametrize("name", ORDER)
def test_every_filter_introduces_itself(name):
    """Slug, title, one sentence and source are there; the kernel is a finite square grid that cannot be written to."""
    entry = FILTER_BANK[name]
    assert entry.name == name
    assert entry.title
    assert entry.source
    assert entry.sees.endswith(".")
    assert entry.sees.count(". ") == 0
    assert entry.kernel.dtype == np.float64
    assert entry.kernel.shape in [(3, 3), (5, 5)]
    with pytest.raises(ValueError, match="read-only"):
        entry.kernel[0, 0] = 7


def test_titles_are_told_apart():
    """No two filters have one title."""
    assert len({entry.title for entry in FILTER_BANK.values()}) == len(ORDER)


@pytest.mark.parametrize("name", ZERO_SUM)
def test_zero_sum_filters_are_dark_on_a_flat_picture(name):
    """Where all pixels are alike, what the positive weights collect the negative ones take away."""
    assert not lit(name, np.full((N, N), 0.7)).any()


@pytest.mark.parametrize("name", KEEP_BRIGHTNESS)
def test_filters_that_keep_brightness_leave_a_flat_picture_as_it_is(name):
    """Weights that add up to one change nothing where all pixels are alike."""
    np.testing.assert_allclose(seen(name, np.full((N, N), 0.7)), 0.7)


@pytest.mark.parametrize("name", ["horizontal", "sobel-horizontal", "scharr-horizontal"])
def test_horizontal_filters_light_only_where_bright_lies_above_dark(name):
    """Lit in the two rows at the edge and nowhere else; dark for the opposite edge and for vertical edges."""
    rows = np.unique(np.nonzero(lit(name, BRIGHT_ABOVE))[0]) + 1
    assert rows.tolist() == [MIDDLE, MIDDLE + 1]
    assert not lit(name, 1 - BRIGHT_ABOVE).any()
    assert not lit(name, BRIGHT_LEFT).any()
    assert not lit(name, 1 - BRIGHT_LEFT).any()


@pytest.mark.parametrize("name", ["vertical", "sobel-vertical", "scharr-vertical"])
def test_vertical_filters_light_only_where_bright_lies_left_of_dark(name):
    """Lit in the two columns at the edge and nowhere else; dark for the opposite edge and for horizontal edges."""
    columns = np.unique(np.nonzero(lit(name, BRIGHT_LEFT))[1]) + 1
    assert columns.tolist() == [MIDDLE, MIDDLE + 1]
    assert not lit(name, 1 - BRIGHT_LEFT).any()
    assert not lit(name, BRIGHT_ABOVE).any()
    assert not lit(name, 1 - BRIGHT_ABOVE).any()


@pytest.mark.parametrize("direction", ["horizontal", "vertical"])
def test_prewitt_is_the_filter_of_the_lecture_with_signs_turned_round(direction):
    """Prewitt lights from dark to bright, exactly where the lecture's filter would be negative."""
    picture = np.random.default_rng(0).random((N, N))
    np.testing.assert_allclose(seen(f"prewitt-{direction}", picture), -seen(direction, picture))
    edge = BRIGHT_ABOVE if direction == "horizontal" else BRIGHT_LEFT
    assert lit(f"prewitt-{direction}", 1 - edge).any()
    assert not lit(f"prewitt-{direction}", edge).any()


@pytest.mark.parametrize(
    ("name", "own", "opposite"),
    [
        ("diagonal-falling", FALLING_BRIGHT_ABOVE, FALLING_BRIGHT_ABOVE.T),
        ("diagonal-rising", RISING_BRIGHT_ABOVE, RISING_BRIGHT_ABOVE[::-1, ::-1]),
    ],
)
def test_diagonal_filters_light_most_along_their_own_diagonal(name, own, opposite):
    """Their own edge gives more than any straight one; the same edge with dark and bright exchanged gives nothing."""
    straight = max(seen(name, edge).max() for edge in (BRIGHT_ABOVE, BRIGHT_LEFT, 1 - BRIGHT_ABOVE, 1 - BRIGHT_LEFT))
    assert 0 < straight < seen(name, own).max()
    assert not lit(name, opposite).any()


def test_a_diagonal_filter_is_dark_on_the_other_diagonal():
    """What one of them is made for leaves the other at zero."""
    assert seen("diagonal-falling", RISING_BRIGHT_ABOVE).max() <= 1
    assert seen("diagonal-rising", FALLING_BRIGHT_ABOVE).max() <= 1


def test_laplacian_lights_just_outside_a_bright_area():
    """Lit are exactly the dark pixels that touch the square with a side."""
    touching = correlate2d(SQUARE, [[0, 1, 0], [1, 0, 1], [0, 1, 0]], mode="same")
    expected = (SQUARE == 0) & (touching > 0)
    np.testing.assert_array_equal(lit("laplacian", SQUARE), expected[1:-1, 1:-1])


def test_laplacian_is_dark_on_an_even_slope():
    """A ramp has no second derivative."""
    np.testing.assert_allclose(seen("laplacian", 2.0 * ROW + 3.0 * COLUMN), 0, atol=1e-9)


def test_outline_lights_the_inside_rim_of_a_bright_area():
    """Lit are exactly the bright pixels of the square that have a dark neighbour."""
    inner = (abs(ROW - MIDDLE) <= 3) & (abs(COLUMN - MIDDLE) <= 3)
    np.testing.assert_array_equal(lit("outline", SQUARE), ((SQUARE == 1) & ~inner)[1:-1, 1:-1])


def test_sharpen_exaggerates_an_edge():
    """On the bright side it gets brighter than the picture was, on the dark side darker."""
    sums = seen("sharpen", BRIGHT_ABOVE)
    assert sums.max() > 1
    assert sums.min() < 0


def test_sharpen_is_the_picture_minus_its_laplacian():
    """The two parts that it is said to be built from give it."""
    expected = FILTER_BANK["identity"].kernel - FILTER_BANK["laplacian"].kernel
    np.testing.assert_array_equal(FILTER_BANK["sharpen"].kernel, expected)


@pytest.mark.parametrize("name", ["box-blur", "gaussian-blur", "gaussian-blur-5"])
def test_blurs_soften_noise_and_invent_nothing(name):
    """Noise varies less afterwards, and no cell leaves the range of the picture."""
    noise = np.random.default_rng(1).random((N, N))
    sums = seen(name, noise)
    assert sums.std() < 0.5 * noise.std()
    assert noise.min() <= sums.min()
    assert sums.max() <= noise.max()


def test_gaussian_blurs_are_binomial():
    """Two small box-like steps (1, 1), repeated, make the bell: twice for 3×3, four times for 5×5."""
    pair = np.ones((2, 2)) / 4
    three = convolve2d(pair, pair)
    np.testing.assert_allclose(FILTER_BANK["gaussian-blur"].kernel, three)
    np.testing.assert_allclose(FILTER_BANK["gaussian-blur-5"].kernel, convolve2d(three, three))


def test_emboss_lights_slopes_towards_the_bottom_right():
    """A slope that grows brighter to the bottom right ends above its own brightness, the opposite one below."""
    slope = 0.01 * (ROW + COLUMN)
    assert (seen("emboss", slope) > slope[1:-1, 1:-1]).all()
    assert (seen("emboss", slope[::-1, ::-1]) < slope[::-1, ::-1][1:-1, 1:-1]).all()


def test_identity_shows_the_picture():
    """What comes out is what went in."""
    noise = np.random.default_rng(2).random((N, N))
    np.testing.assert_allclose(seen("identity", noise), noise[1:-1, 1:-1])


@pytest.mark.parametrize(("row", "column"), [(10, 10), (6, 13), (14, 5)])
def test_circle_is_brightest_in_the_middle_of_a_ring(row, column):
    """Of a whole picture with a ring and a straight stroke, the ring's centre is the brightest place."""
    picture = np.zeros((N, N))
    picture[2] = 1
    distance = np.hypot(ROW - row, COLUMN - column)
    picture[(distance > 1.5) & (distance < 2.5)] = 1
    assert brightest("circle", picture) == (row, column)


def test_circle_prefers_a_ring_to_a_disc():
    """A filled disc gives less than half of what its rim alone gives."""
    distance = np.hypot(ROW - MIDDLE, COLUMN - MIDDLE)
    ring = ((distance > 1.5) & (distance < 2.5)).astype(float)
    disc = (distance < 2.5).astype(float)
    assert seen("circle", disc).max() < 0.5 * seen("circle", ring).max()


def corner(row_side, column_side):
    """Two strokes that meet in the middle and run in the given directions (-1 or 1)."""
    along_row = (ROW == MIDDLE) & ((COLUMN - MIDDLE) * column_side >= 0)
    along_column = (COLUMN == MIDDLE) & ((ROW - MIDDLE) * row_side >= 0)
    return (along_row | along_column).astype(float)


@pytest.mark.parametrize(("name", "side"), [("corner-top-left", 1), ("corner-bottom-right", -1)])
def test_corner_filters_light_most_at_their_own_corner(name, side):
    """Their corner beats, by two to one, straight strokes, crossings and the three other corners at that place."""
    assert brightest(name, corner(side, side)) == (MIDDLE, MIDDLE)
    own = seen(name, corner(side, side)).max()
    horizontal, vertical = (ROW == MIDDLE).astype(float), (COLUMN == MIDDLE).astype(float)
    for stroke in (horizontal, vertical):
        assert seen(name, stroke).max() <= own / 2
    for other in (corner(-side, side), corner(side, -side), corner(-side, -side), np.maximum(horizontal, vertical)):
        assert seen(name, other)[MIDDLE - 2, MIDDLE - 2] <= own / 2


@pytest.mark.parametrize("name", ORDER)
def test_named_finds_every_filter_by_its_numbers(name):
    """A copy of the numbers, even as lists, has the filter's name: no two entries are alike."""
    assert named(FILTER_BANK[name].kernel.tolist()) is FILTER_BANK[name]


def test_named_knows_only_the_bank():
    """A changed number, another size or a number that is none gives no name."""
    kernel = FILTER_BANK["horizontal"].kernel.copy()
    kernel[0, 0] = 1.01
    assert named(kernel) is None
    assert named(np.zeros((5, 5))) is None
    assert named([[1]]) is None
    assert named(np.full((3, 3), np.nan)) is None


@pytest.mark.parametrize("height", range(1, 12))
@pytest.mark.parametrize("width", [1, 2, 3, 4, 11])
def test_resize_keeps_the_centre_in_the_centre(height, width):
    """The cell that "same" padding lays on the pixel keeps its number, so a resized kernel shifts no picture."""
    kernel = np.arange(1.0, 26).reshape(5, 5)
    resized = resize_kernel(kernel, height, width)
    assert resized.shape == (height, width)
    assert resized[(height - 1) // 2, (width - 1) // 2] == 13


def test_resize_pads_with_zeros_all_round():
    """From 3×3 to 5×5 the old kernel lies in the middle."""
    kernel = np.arange(1.0, 10).reshape(3, 3)
    np.testing.assert_array_equal(resize_kernel(kernel, 5, 5), np.pad(kernel, 1))


def test_resize_crops_the_middle():
    """From 5×5 to 3×3 the rim goes, from 3 rows to 1 the middle row stays."""
    kernel = np.arange(25.0).reshape(5, 5)
    np.testing.assert_array_equal(resize_kernel(kernel, 3, 3), kernel[1:4, 1:4])
    np.testing.assert_array_equal(resize_kernel(kernel, 1, 5), kernel[2:3])


@pytest.mark.parametrize("height", range(3, 12))
@pytest.mark.parametrize("width", range(3, 12))
def test_resize_there_and_back_gives_the_kernel_back(height, width):
    """Growing loses nothing, whether the new side is odd or even."""
    kernel = np.arange(1.0, 10).reshape(3, 3)
    np.testing.assert_array_equal(resize_kernel(resize_kernel(kernel, height, width), 3, 3), kernel)


def test_resize_leaves_channels_and_filters_alone():
    """Only the first two axes change."""
    kernel = np.random.default_rng(3).random((3, 3, 2, 4))
    resized = resize_kernel(kernel, 5, 1)
    assert resized.shape == (5, 1, 2, 4)
    np.testing.assert_array_equal(resized[1:4], kernel[:, 1:2])


@pytest.mark.parametrize(("height", "width"), [(0, 3), (3, 12), (3.0, 3), (-1, 3)])
def test_resize_refuses_sides_that_no_kernel_has(height, width):
    """A kernel has 1 to 11 cells on a side."""
    with pytest.raises(ValueError, match="Received: (height|width)="):
        resize_kernel(np.ones((3, 3)), height, width)
