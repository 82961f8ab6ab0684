"""What the rows of a network say, against slow obvious counts and against what a Keras model really depends on."""

import keras
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.nets.keras_model import keras_model
from core.nets.layers import (
    AveragePool2D,
    BatchNorm,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    GlobalAveragePool,
    MaxPool2D,
    Residual,
)
from core.nets.network import Network, NetworkError, multiply_adds, reach, reading, rows, total_parameters
from core.nets.presets import PRESETS
from core.ops.sizes import border, output_size
from tests.nets.making import PADDINGS, networks

# Layers whose every number depends on every number it looks at, so that a gradient shows all pixels.
LINEAR = st.one_of(
    st.builds(
        Conv2D,
        st.integers(1, 3),
        kernel=st.integers(1, 4),
        stride=st.integers(1, 3),
        padding=PADDINGS,
        activation=st.just("none"),
    ),
    st.builds(AveragePool2D, size=st.integers(1, 3), stride=st.integers(1, 3), padding=PADDINGS),
    st.just(BatchNorm()),
)
AT_THE_END = st.one_of(st.builds(Dense, st.integers(1, 3)), st.just(Dropout(0.2)))


def touched(network, place, row, column):
    """Pixels that change cell (row, column) after layer `place`: seen by changing each pixel in turn."""
    model = keras_model(network, seed=2)
    name = rows(network)[place].name
    model = keras.Model(model.input, model.get_layer(name).output)
    height, width, channels = network.input_shape
    # Positive weights and a bright picture keep every ReLU open and every sum growing.
    model.set_weights([np.abs(weights) + 0.01 for weights in model.get_weights()])
    base = np.ones((1, height, width, channels), "float64")
    changed = np.repeat(base, height * width + 1, axis=0)
    for pixel in range(height * width):
        changed[pixel + 1, pixel // width, pixel % width] += 1e3
    answers = keras.ops.convert_to_numpy(model(changed.astype("float32"), training=False))
    answers = answers[:, row, column] if answers.ndim == 4 else answers
    moved = np.abs(answers[1:] - answers[0]).max(axis=1) > 1e-6 * np.abs(answers[0]).max()
    rows_moved, columns_moved = np.nonzero(moved.reshape(height, width))
    return frozenset(rows_moved.tolist()), frozenset(columns_moved.tolist()), int(moved.sum())


def assert_reaches_what_it_touches(network, place, row, column):
    found_rows, found_columns = reach(rows(network), place, row, column)
    assert (found_rows, found_columns, len(found_rows) * len(found_columns)) == touched(network, place, row, column)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(networks(front=None, maps=LINEAR, flat=AT_THE_END), st.data())
def test_a_cell_reaches_exactly_the_pixels_that_move_it(network, data):
    """Through stride, padding and the picture's edges; a flat layer is asked as one cell."""
    keras.backend.clear_session()
    table = rows(network)
    flattened = next((i for i, row in enumerate(table) if isinstance(row.layer, Flatten)), len(table))
    place = data.draw(st.integers(0, len(table) - 1).filter(lambda place: place < flattened or _gathered(table, place)))
    shape = table[place].output_shape
    cell = (0, 0) if len(shape) == 1 else tuple(data.draw(st.integers(0, size - 1)) for size in shape[:2])
    assert_reaches_what_it_touches(network, place, *cell)


def _gathered(table, place):
    return any(isinstance(row.layer, Dense | GlobalAveragePool) for row in table[: place + 1])


@pytest.mark.parametrize(
    ("layers", "place", "cell"),
    [
        ((Conv2D(3), MaxPool2D(), Conv2D(3)), 2, (1, 2)),
        ((Conv2D(3, 5, 2, "same"), Conv2D(3, padding="same")), 1, (0, 3)),
        ((Residual(2), Residual(3, 2)), 1, (0, 2)),
        ((Residual(2, 2), Residual(2)), 1, (3, 1)),
        ((Residual(2, 2, bottleneck=True),), 0, (2, 3)),
        ((Conv2D(2, 3, 1, 3),), 0, (0, 0)),
    ],
)
def test_blocks_reach_the_pixels_that_move_them(layers, place, cell):
    """Pools, residual blocks with both ways, and a cell that sees nothing but padding."""
    assert_reaches_what_it_touches(Network((13, 14, 1), layers), place, *cell)


def test_a_dense_layer_after_a_pool_that_leaves_a_row_out_does_not_see_it():
    """A 2×2 pool on 7 columns never looks at the last one."""
    table = rows(Network((6, 7, 1), (MaxPool2D(), Flatten(), Dense(3))))
    assert reach(table, 2, 0, 0) == (frozenset(range(6)), frozenset(range(6)))
    assert [field.size for field in table[2].receptive_field] == [6, 6]


@given(networks())
@settings(max_examples=40, deadline=None)
def test_every_reach_lies_in_the_field_of_the_table(network):
    """The exact pixels of a cell are among those that size, step and start give."""
    table = rows(network)
    for place, row in enumerate(table):
        cells = row.output_shape[:2] if len(row.output_shape) == 3 else (1, 1)
        reached = reach(table, place, cells[0] - 1, cells[1] - 1)
        for field, cell, pixels in zip(row.receptive_field, cells, reached):
            first, last = field.span(cell - 1)
            assert all(first <= pixel <= last for pixel in pixels)


def counted(layer, shape):
    """Multiply-adds of one layer, one window after the other."""
    if isinstance(layer, Dense):
        return sum(1 for _ in range(layer.units) for _ in range(shape[0]))
    if isinstance(layer, Residual):
        maps, total = shape, 0
        for filters, kernel, stride in layer.convolutions:
            convolution = Conv2D(filters, kernel, stride, "same")
            total += counted(convolution, maps)
            maps = tuple(output_size(n, kernel, stride=stride, padding="same") for n in maps[:2]) + (filters,)
        if layer.stride > 1 or shape[2] != maps[2]:
            total += counted(Conv2D(maps[2], 1, layer.stride, "same"), shape)
        return total
    if not isinstance(layer, Conv2D):
        return 0
    total = 0
    ends = [sum(border(n, layer.kernel, stride=layer.stride, padding=layer.padding)) + n for n in shape[:2]]
    for top in range(0, ends[0] - layer.kernel + 1, layer.stride):
        for left in range(0, ends[1] - layer.kernel + 1, layer.stride):
            window = (top + layer.kernel - top) * (left + layer.kernel - left) * shape[2]
            total += window * layer.filters
    return total


@given(networks())
@settings(max_examples=60, deadline=None)
def test_multiply_adds_are_those_of_every_window(network):
    """Zeros of the border are multiplied like pixels; pools, norms and biases are not counted."""
    for row in rows(network):
        assert row.multiply_adds == counted(row.layer, row.input_shape)
    assert multiply_adds(network) == sum(row.multiply_adds for row in rows(network))


def test_resnet50_costs_what_the_paper_says():
    """He et al. 2015, table 1: 3.8 · 10⁹ multiply-adds."""
    assert round(multiply_adds(PRESETS["resnet50"].network) / 1e9, 1) in (3.8, 3.9)


def test_the_lecture_s_networks():
    """302,026 = 160 + 4,128 + 295,168 + 2,570 and 101,345."""
    assert [row.parameters for row in rows(PRESETS["lecture"].network) if row.parameters] == [160, 4128, 295168, 2570]
    assert total_parameters(PRESETS["lecture"].network) == 302_026
    assert total_parameters(PRESETS["handbag_shoe"].network) == 101_345


def test_lenet5_has_the_parameters_of_its_layers():
    """Convolutions of 6·(5·5 + 1) and 16·(5·5·6 + 1), then 400 → 120 → 84 → 10."""
    numbers = [row.parameters for row in rows(PRESETS["lenet5"].network) if row.parameters]
    assert numbers == [156, 2416, 48120, 10164, 850]


def test_our_best_network_is_cheap_enough_to_train_on_two_cores():
    """At most 18 million multiply-adds a picture."""
    assert multiply_adds(PRESETS["best_fashion"].network) <= 18_000_000


def test_a_fault_names_its_place_and_keeps_the_rows_before():
    """Dense before Flatten; and what stands before it is still in the table."""
    network = Network((28, 28, 1), (Conv2D(8), Dense(10), Flatten()))
    with pytest.raises(NetworkError, match="put a Flatten") as caught:
        rows(network)
    assert caught.value.place == 1
    assert [row.output_shape for row in reading(network).rows] == [(26, 26, 8)]


@pytest.mark.parametrize(
    ("shape", "layers"),
    [
        ((28, 28), ()),
        ((28, 28, 2), ()),
        ((0, 28, 1), ()),
        ((28, 4096, 1), ()),
        ((28, 28, 1), (BatchNorm(),) * 65),
    ],
)
def test_pictures_and_lengths_that_no_network_has_are_refused(shape, layers):
    """With the rule and what came."""
    with pytest.raises(ValueError, match="Received"):
        Network(shape, layers)
