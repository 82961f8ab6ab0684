"""A layer over several channels as a lesson in Keras: source text that computes the maps on the screen."""

from collections.abc import Sequence

import numpy as np

from core.ops.convolution import Convolution
from core.ops.layers import APART, GROUPED, GROUPS, SUMMED, TRANSPOSED, in_groups, layer_maps
from core.ops.sizes import border, span

ACTIVATIONS = {"none": "None", "relu": '"relu"', "abs": "keras.ops.abs"}
LAYERS = {SUMMED: "Conv2D", GROUPED: "Conv2D", APART: "DepthwiseConv2D", TRANSPOSED: "Conv2DTranspose"}
ORDERS = {
    SUMMED: "(rows, columns, channels, filters)",
    GROUPED: "(rows, columns, channels of a group, filters)",
    APART: "(rows, columns, channels, filters)",
    TRANSPOSED: "(rows, columns, filters, channels)",
}


def layer_source(
    levels: np.ndarray, cubes: Sequence[np.ndarray], biases: Sequence[float], kind: str, settings: Convolution
) -> str:
    """Python source whose last line gives `feature_maps` (H', W', maps), the numbers of `core.ops.layers.layer_maps`.

    levels: (H, W, C) uint8; the picture is levels / 255. The source needs keras and numpy only.
    Raises ValueError as `layer_maps` does.
    """
    shape = layer_maps(levels / 255, cubes, biases, kind, settings).shape
    filters = np.stack(cubes, axis=3)  # (kh, kw, C, K)
    if kind == GROUPED:
        filters = in_groups(filters)
    by_hand = settings.dilation > 1 and (settings.stride > 1 or kind == TRANSPOSED)
    paragraphs = [
        ["import keras", "import numpy as np"],
        _filter_lines(filters, biases, kind),
        _spread_lines(filters.shape, settings.dilation) if by_hand else [],
        _layer_lines(filters, levels.shape[2], kind, settings, by_hand),
        _picture_lines(levels),
        _result_lines(levels.shape, filters.shape, shape, kind, settings),
    ]
    return "\n\n".join("\n".join(lines) for lines in paragraphs if lines) + "\n"


def _filter_lines(filters, biases, kind):
    order = (0, 1, 3, 2) if kind == TRANSPOSED else (0, 1, 2, 3)
    places = [("rows", "columns", "channels", "filters").index(name) for name in ("filters", "channels")]
    on_screen = np.moveaxis(filters, places, (0, 1))  # (K, C, kh, kw)
    axes = tuple((2, 3, 1, 0)[axis] for axis in order)
    lines = ["# The filters as on the screen: (filters, channels, rows, columns).", "filters = np.array(["]
    for number, cube in enumerate(on_screen, 1):
        lines.append(f"    [  # filter {number}")
        lines += [f"        {_nested(slice_)}," for slice_ in cube]
        lines.append("    ],")
    return [
        *lines,
        "])",
        f"kernel = filters.transpose{axes}  # Keras wants {ORDERS[kind]}",
        f"bias = np.array({_nested(np.asarray(biases, dtype=float))})",
    ]


def _spread_lines(shape, dilation):
    rows, columns = (span(cells, dilation) for cells in shape[:2])
    return [
        "# Keras does not dilate here: so the zeros between the filter's cells are written into it.",
        f"wide = np.zeros(({rows}, {columns}, *kernel.shape[2:]))",
        f"wide[::{dilation}, ::{dilation}] = kernel",
        "kernel = wide",
    ]


def _layer_lines(filters, channels, kind, settings, by_hand):
    rows, columns, _, count = filters.shape
    size = tuple(span(cells, settings.dilation) for cells in (rows, columns)) if by_hand else (rows, columns)
    named = settings.padding if isinstance(settings.padding, str) else "valid"
    options = [f"depth_multiplier={count}" if kind == APART else f"filters={count}", f"kernel_size={size}"]
    options += [f"strides={settings.stride}", f'padding="{named}"']
    if kind == GROUPED:
        options.append(f"groups={GROUPS}")
    if settings.dilation > 1 and not by_hand:
        options.append(f"dilation_rate={settings.dilation}")
    options.append(f"activation={ACTIVATIONS[settings.activation]}")
    biases = f"np.tile(bias, {channels})" if kind == APART else "bias"
    counted = f"filters.size + {biases}.size" if by_hand else "layer.count_params()"
    return [
        f"layer = keras.layers.{LAYERS[kind]}(",
        *(f"    {option}," for option in options),
        ")",
        f"layer.build((None, None, None, {channels}))  # any number of pictures of any size, {channels} channels",
        f"layer.set_weights([kernel, {biases}])",
        f'print(f"{{{counted}:,}} parameters")' + ("  # the zeros between the cells are not learnt" if by_hand else ""),
    ]


def _picture_lines(levels):
    lines = ["# The light of each channel, 0 to 255, scaled to 0 to 1, then the channels last.", "picture = np.array(["]
    for plane in np.moveaxis(levels, 2, 0):
        lines += [
            "    [",
            *(f"        [{', '.join(str(level).rjust(3) for level in row)}]," for row in plane),
            "    ],",
        ]
    return [*lines, "]).transpose(1, 2, 0) / 255"]


def _result_lines(picture, kernel, maps, kind, settings):
    lines = ['batch = picture[np.newaxis].astype("float32")  # (pictures, rows, columns, channels)']
    numbered = isinstance(settings.padding, int) and settings.padding > 0
    if numbered and kind != TRANSPOSED:
        borders = tuple(border(n, k, **settings.geometry) for n, k in zip(picture[:2], kernel[:2]))
        lines.append(f"batch = keras.layers.ZeroPadding2D({borders})(batch)  # ((top, bottom), (left, right))")
    lines.append("feature_maps = keras.ops.convert_to_numpy(layer(batch))[0]")
    if isinstance(settings.padding, int) and kind == TRANSPOSED:
        p = settings.padding
        lines.append(f"feature_maps = feature_maps[{p}:{p + maps[0]}, {p}:{p + maps[1]}]  # the padding is cut off")
    if kind == APART and kernel[3] > 1:
        rows, columns, depth = maps
        split = f"({rows}, {columns}, {picture[2]}, {kernel[3]})"
        lines.append("# Keras orders them channel by channel; the screen, filter by filter.")
        lines.append(f"feature_maps = feature_maps.reshape{split}.transpose(0, 1, 3, 2).reshape{maps}")
    lines.append(f"print(feature_maps.shape)  # {maps}")
    return lines


def _nested(values) -> str:
    if values.ndim == 0:
        return f"{float(values):.9g}"
    return f"[{', '.join(map(_nested, values))}]"
