"""A network as a lesson in Keras: source text that builds it, with the shape and the parameters at every line."""

from core.nets.layer import shape_text
from core.nets.layers import (
    Activation,
    AveragePool2D,
    BatchNorm,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    GlobalAveragePool,
    MaxPool2D,
    RandomBrightness,
    RandomFlip,
    RandomRotation,
    RandomTranslation,
    RandomZoom,
    Rescaling,
    Residual,
)
from core.nets.network import Network, rows, total_parameters

SEQUENTIAL = """
model = keras.Sequential([
    keras.Input({shape}),
{lines}
])
"""
FUNCTIONAL = """
def residual(maps, filters, stride=1, bottleneck=False, conv_bias=False):
    \"\"\"Convolutions whose result is added to what came in, then ReLU.\"\"\"

    def convolution(maps, filters, kernel, stride=1):
        maps = layers.Conv2D(filters, kernel, strides=stride, padding="same", use_bias=conv_bias)(maps)
        return layers.BatchNormalization(epsilon=1.001e-5 if bottleneck else 1e-3)(maps)

    short, wide = maps, 4 * filters if bottleneck else filters
    if stride > 1 or maps.shape[-1] != wide:
        short = convolution(maps, wide, 1, stride)
    maps = layers.ReLU()(convolution(maps, filters, 1 if bottleneck else 3, stride))
    maps = convolution(maps, filters, 3)
    if bottleneck:
        maps = convolution(layers.ReLU()(maps), wide, 1)
    return layers.ReLU()(layers.Add()([short, maps]))


picture = maps = keras.Input({shape})
{lines}
model = keras.Model(picture, maps)
"""


def source(network: Network) -> str:
    """Python source that leaves a Keras model in `model` and prints its table. It needs keras only.

    Raises NetworkError for layers that do not go together.
    """
    imports = "import keras\nfrom keras import layers\n"
    total = f"model.summary()  # {total_parameters(network):,} parameters in all\n"
    return "\n".join([imports, model_source(network), total])


def model_source(network: Network, constraint: str = "") -> str:
    """The lines that make `model`; they need `keras` and `layers`. Raises NetworkError as `source` does.

    constraint: of the first convolution's kernel, as source.
    """
    functional = any(isinstance(layer, Residual) for layer in network.layers)
    lines = []
    white = network.input_range
    for row in rows(network):
        *before, call = _calls(row.layer, white)
        if constraint and isinstance(row.layer, Conv2D):
            call, constraint = f"{call[:-1]}, kernel_constraint={constraint})", ""
        if isinstance(row.layer, Rescaling):
            white = white * row.layer.scale + row.layer.offset
        words = f"  # {shape_text(row.output_shape)}" + (f", {row.parameters:,} parameters" if row.parameters else "")
        lines += [_line(each, functional) for each in before] + [_line(call, functional) + words]
    shape = repr(network.input_shape)
    return (FUNCTIONAL if functional else SEQUENTIAL).lstrip().format(shape=shape, lines="\n".join(lines))


def _line(call, functional):
    if not functional:
        return f"    {call},"
    return f"maps = {call}" if call.startswith("residual(") else f"maps = {call}(maps)"


def _calls(layer, white) -> list[str]:
    """The calls that stand for one layer; a padding by a number is a layer of its own in Keras."""
    match layer:
        case Rescaling(scale, offset):
            return [f"layers.Rescaling({_fraction(scale)}{f', {offset!r}' if offset else ''})"]
        case RandomFlip(mode):
            return [f'layers.RandomFlip("{mode}")']
        case RandomRotation(factor):
            return [f'layers.RandomRotation({factor!r}, fill_mode="nearest")']
        case RandomZoom(factor):
            return [f'layers.RandomZoom({factor!r}, fill_mode="nearest")']
        case RandomTranslation(factor):
            return [f'layers.RandomTranslation({factor!r}, {factor!r}, fill_mode="nearest")']
        case RandomBrightness(factor):
            return [f"layers.RandomBrightness({factor!r}, value_range=(0.0, {white:g}))"]
        case Conv2D():
            options = [str(layer.filters), str(layer.kernel)]
            options += [f"strides={layer.stride}"] if layer.stride > 1 else []
            options += _padding(layer) + _activation(layer)
            return _zeros(layer) + [f"layers.Conv2D({', '.join(options + _bias(layer))})"]
        case MaxPool2D() | AveragePool2D():
            kind = "MaxPooling2D" if isinstance(layer, MaxPool2D) else "AveragePooling2D"
            options = [str(layer.size)] + ([f"strides={layer.steps}"] if layer.steps != layer.size else [])
            return _zeros(layer) + [f"layers.{kind}({', '.join(options + _padding(layer))})"]
        case BatchNorm():
            return ["layers.BatchNormalization()"]
        case Activation(activation):
            return [f'layers.Activation("{"linear" if activation == "none" else activation}")']
        case Dropout(rate):
            return [f"layers.Dropout({rate!r})"]
        case Flatten():
            return ["layers.Flatten()"]
        case GlobalAveragePool():
            return ["layers.GlobalAveragePooling2D()"]
        case Dense(units):
            return [f"layers.Dense({', '.join([str(units)] + _activation(layer) + _bias(layer))})"]
        case Residual(filters, stride, bottleneck, conv_bias):
            options = ["maps", str(filters)] + ([f"stride={stride}"] if stride > 1 else [])
            options += ["bottleneck=True"] if bottleneck else []
            return [f"residual({', '.join(options + (['conv_bias=True'] if conv_bias else []))})"]
    raise ValueError(f"A layer has a line of source. Received: layer={layer!r}")


def _fraction(scale):
    return "1 / 255" if scale == 1 / 255 else repr(scale)


def _padding(layer):
    return ['padding="same"'] if layer.padding == "same" else []


def _zeros(layer):
    numbered = not isinstance(layer.padding, str) and layer.padding > 0
    return [f"layers.ZeroPadding2D({layer.padding})"] if numbered else []


def _activation(layer):
    return [] if layer.activation == "none" else [f'activation="{layer.activation}"']


def _bias(layer):
    return [] if layer.bias else ["use_bias=False"]
