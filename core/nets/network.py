"""A network: the shape of its pictures and its layers in order, and what every layer makes of them."""

import re
from collections import Counter
from dataclasses import dataclass, field

from core.nets.layer import Layer, Paths, Shape
from core.nets.layers import Dense, Flatten, Rescaling
from core.ops.receptive_field import Field, cells_before, field_through, whole
from core.ops.sizes import check_whole

MOST_LAYERS = 64
LARGEST_SIDE = 1024
CHANNELS = (1, 3)


class NetworkError(ValueError):
    """A network that cannot be: `place` is the index of the layer at fault."""

    def __init__(self, message: str, place: int):
        super().__init__(message)
        self.place = place


@dataclass(frozen=True)
class Network:
    """Frozen and hashable; two networks are equal when their shapes and layers are, whatever their names.

    input_shape: (rows, columns, channels) of a picture. Raises ValueError for a shape that no picture has and for
    more than MOST_LAYERS layers; whether the layers go together is told by `rows` and `fault`.
    """

    input_shape: tuple[int, int, int]
    layers: tuple[Layer, ...] = ()
    name: str = field(default="", compare=False)

    def __post_init__(self):
        object.__setattr__(self, "input_shape", tuple(self.input_shape))
        object.__setattr__(self, "layers", tuple(self.layers))
        if len(self.input_shape) != 3:
            raise ValueError(f"input_shape is (rows, columns, channels). Received: input_shape={self.input_shape}")
        for name, size in zip(("rows", "columns"), self.input_shape):
            check_whole(name, size)
            if size > LARGEST_SIDE:
                raise ValueError(f"{name} must be at most {LARGEST_SIDE}. Received: {name}={size}")
        if self.input_shape[2] not in CHANNELS:
            raise ValueError(f"A picture is grey (1) or coloured (3). Received: channels={self.input_shape[2]}")
        if len(self.layers) > MOST_LAYERS:
            raise ValueError(f"A network has at most {MOST_LAYERS} layers. Received: {len(self.layers)} layers")

    @property
    def input_range(self) -> float:
        """What white is in the pictures that it takes: 255 where it rescales them itself, otherwise 1."""
        return 255.0 if any(isinstance(layer, Rescaling) for layer in self.layers) else 1.0


@dataclass(frozen=True)
class LayerRow:
    """What one layer makes of what comes in."""

    layer: Layer
    name: str  # its name in the Keras model
    input_shape: Shape
    output_shape: Shape
    parameters: int  # learnt and frozen
    trainable: int
    formula: str
    receptive_field: tuple[Field, Field]  # along rows, along columns
    multiply_adds: int
    paths: tuple[Paths, Paths]  # to the cells before, along rows, along columns


@dataclass(frozen=True)
class Reading:
    """The rows of a network as far as it holds together, and the first fault."""

    rows: tuple[LayerRow, ...]
    fault: NetworkError | None = None


def rows(network: Network) -> tuple[LayerRow, ...]:
    """One row for each layer. Raises NetworkError for the first layer that cannot work on what comes in."""
    read = reading(network)
    if read.fault:
        raise read.fault
    return read.rows


def reading(network: Network) -> Reading:
    """The rows up to the first layer that cannot work on what comes in, and what is wrong there."""
    shape, cells = network.input_shape, network.input_shape[:2]
    fields = (Field(), Field())
    found = []
    for place, (layer, name) in enumerate(zip(network.layers, layer_names(network))):
        try:
            output = layer.output_shape(shape)
            paths = _dense_paths(cells) if isinstance(layer, Dense) else layer.paths(shape)
            learnt, frozen = layer.parameters(shape)
        except ValueError as error:
            return Reading(tuple(found), NetworkError(str(error), place))
        fields = tuple(field_through(field, path) for field, path in zip(fields, paths))
        found.append(
            LayerRow(
                layer=layer,
                name=name,
                input_shape=shape,
                output_shape=output,
                parameters=learnt + frozen,
                trainable=learnt,
                formula=layer.formula(shape),
                receptive_field=fields,
                multiply_adds=layer.multiply_adds(shape),
                paths=paths,
            )
        )
        shape = output
        if len(output) == 3:
            cells = output[:2]
        elif not isinstance(layer, Flatten) and any(path != ((),) for path in paths):
            cells = (1, 1)
    return Reading(tuple(found))


def _dense_paths(cells):
    return tuple(((whole(size),),) for size in cells)


def reach(read_rows: tuple[LayerRow, ...], place: int, row: int, column: int) -> tuple[frozenset[int], frozenset[int]]:
    """(rows, columns) of the picture that cell (row, column) of the map after layer `place` depends on, exactly.

    A window with a stride wider than itself leaves gaps, and a cell that looks at nothing but padding depends on no
    pixel. After a Flatten cells are still those of the maps; after a dense layer there is one cell, (0, 0).
    """
    reached = []
    for axis, cell in enumerate((row, column)):
        cells = frozenset({cell})
        for layer_row in reversed(read_rows[: place + 1]):
            cells = cells_before(cells, layer_row.paths[axis])
        reached.append(cells)
    return tuple(reached) if all(reached) else (frozenset(), frozenset())


def layer_names(network: Network) -> tuple[str, ...]:
    """The Keras name of each layer: its kind and which of its kind it is, "conv2d_1", "max_pool2d_1", "conv2d_2"."""
    seen = Counter()
    names = []
    for layer in network.layers:
        kind = re.sub(r"(?<=[a-z])([A-Z])", r"_\1", type(layer).__name__).lower()
        seen[kind] += 1
        names.append(f"{kind}_{seen[kind]}")
    return tuple(names)


def output_shape(network: Network) -> Shape:
    """The shape that comes out. Raises NetworkError as `rows` does."""
    found = rows(network)
    return found[-1].output_shape if found else network.input_shape


def total_parameters(network: Network) -> int:
    """Learnt and frozen. Raises NetworkError as `rows` does."""
    return sum(row.parameters for row in rows(network))


def trainable_parameters(network: Network) -> int:
    """Raises NetworkError as `rows` does."""
    return sum(row.trainable for row in rows(network))


def multiply_adds(network: Network) -> int:
    """Of one picture. Raises NetworkError as `rows` does."""
    return sum(row.multiply_adds for row in rows(network))
