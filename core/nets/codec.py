"""A network as a short text for links, and as JSON.

    28x28x1-rs-c32_2-m2-c32_2-m2-f-d256_relu-d10_softmax

The shape of the pictures, then the layers; a layer is its code and its settings in order, those at the end left out
where they are the default. The text needs no escaping in a link: a minus sign is written as "n".
"""

import json
import re
from dataclasses import MISSING, fields

from core.nets.layers import (
    LAYERS,
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
    settings,
)
from core.nets.network import Network

CODES = {
    "rs": Rescaling,
    "flip": RandomFlip,
    "turn": RandomRotation,
    "zoom": RandomZoom,
    "shift": RandomTranslation,
    "light": RandomBrightness,
    "c": Conv2D,
    "m": MaxPool2D,
    "a": AveragePool2D,
    "bn": BatchNorm,
    "act": Activation,
    "drop": Dropout,
    "f": Flatten,
    "gap": GlobalAveragePool,
    "d": Dense,
    "res": Residual,
}
KINDS = {kind: code for code, kind in CODES.items()}
LONGEST = 4000  # characters; 64 layers with all their settings need fewer
NUMBER = re.compile(r"n?\d+(\.\d+)?(en?\d+)?")
WORDS = {"yes": True, "no": False, "auto": None}
WORD_OF = {value: word for word, value in WORDS.items()}


def write(network: Network) -> str:
    """Short text of a network; its name is not kept."""
    return "-".join(["x".join(map(str, network.input_shape)), *map(_write_layer, network.layers)])


def read(text: str) -> Network:
    """The network of a text. Raises ValueError for a text that is none; the layers need not go together."""
    if not isinstance(text, str) or len(text) > LONGEST:
        raise ValueError(f"A network is a text of at most {LONGEST:,} characters. Received: {str(text)[:40]!r}…")
    shape, *layers = text.split("-")
    if not re.fullmatch(r"\d{1,4}x\d{1,4}x\d", shape):
        raise ValueError(f"A network begins with its picture's shape, as 28x28x1. Received: {shape[:40]!r}")
    return Network(tuple(map(int, shape.split("x"))), tuple(map(_read_layer, layers)))


def to_json(network: Network) -> dict:
    """{"name", "input_shape", "layers": [{"kind": "Conv2D", "filters": 32, …}]}: plain JSON values."""
    layers = [{"kind": type(layer).__name__, **settings(layer)} for layer in network.layers]
    return {"name": network.name, "input_shape": list(network.input_shape), "layers": layers}


def from_json(value: dict | str) -> Network:
    """The network of such a dict, or of its JSON text. Raises ValueError for anything else."""
    try:
        value = json.loads(value) if isinstance(value, str) else value
        layers = [dict(layer) for layer in value["layers"]]
        shape, name = tuple(value["input_shape"]), str(value.get("name", ""))
    except (TypeError, KeyError, AttributeError, ValueError) as error:
        raise ValueError(f"A network has an input_shape and a list of layers. Received: {str(value)[:80]}") from error
    return Network(shape, tuple(_layer(layer.pop("kind", None), layer) for layer in layers), name)


def _layer(kind, values):
    if kind not in LAYERS:
        raise ValueError(f"A layer is one of {', '.join(LAYERS)}. Received: kind={kind!r}")
    return _make(LAYERS[kind], values)


def _make(kind, values):
    for field in fields(kind):
        if field.type is bool and not isinstance(values.get(field.name, True), bool):
            raise ValueError(f"{field.name} is true or false. Received: {field.name}={values[field.name]!r}")
    try:
        return kind(**values)
    except TypeError as error:
        raise ValueError(f"{kind.title} does not have these settings. Received: {values}") from error


def _write_layer(layer):
    values = [(value, field.default) for value, field in zip(settings(layer).values(), fields(layer))]
    while values and values[-1][0] == values[-1][1]:
        values.pop()
    return KINDS[type(layer)] + "_".join(_write_value(value) for value, _ in values)


def _write_value(value):
    if isinstance(value, bool) or value is None:
        return WORD_OF[value]
    return value.replace("_", ".") if isinstance(value, str) else repr(value).replace("-", "n")


def _read_layer(text):
    code, rest = _code(text)
    kind = CODES[code]
    names = [field.name for field in fields(kind)]
    values = rest.split("_") if rest else []
    if len(values) > len(names):
        raise ValueError(f"{kind.title} has at most {len(names)} settings. Received: {text[:40]!r}")
    if not values and any(field.default is MISSING for field in fields(kind)):
        raise ValueError(f"{kind.title} needs its {names[0]}. Received: {text[:40]!r}")
    return _make(kind, dict(zip(names, map(_read_value, values))))


def _code(text):
    """(code, rest): the longest code that the text begins with; "flip" is no "f" with settings."""
    for code in sorted(CODES, key=len, reverse=True):
        if text.startswith(code):
            return code, text[len(code) :]
    raise ValueError(f"A layer begins with one of {', '.join(CODES)}. Received: {text[:40]!r}")


def _read_value(text):
    if text in WORDS:
        return WORDS[text]
    if not NUMBER.fullmatch(text):
        return text.replace(".", "_")
    number = float(text.replace("n", "-"))
    return number if "." in text or "e" in text else int(number)
