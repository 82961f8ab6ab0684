"""A network survives the link and JSON, and a bad text is refused."""

import json
from urllib.parse import quote

import pytest
from hypothesis import given, settings

from core.nets import codec
from core.nets.layers import Dense, Rescaling
from core.nets.network import Network
from core.nets.presets import PRESETS
from tests.nets.making import networks


@settings(max_examples=150, deadline=None)
@given(networks())
def test_every_network_comes_back(network):
    """From the link text and from JSON, and nothing in the text needs escaping."""
    text = codec.write(network)
    assert codec.read(text) == network
    assert quote(text, safe="") == text
    assert codec.from_json(json.dumps(codec.to_json(network))) == network


@pytest.mark.parametrize("name", PRESETS)
def test_presets_come_back(name):
    """With their names where JSON carries them."""
    network = PRESETS[name].network
    assert codec.read(codec.write(network)) == network
    assert codec.from_json(codec.to_json(network)).name == network.name


def test_the_text_reads_as_the_network():
    """The lecture's network in one line."""
    assert codec.write(PRESETS["lecture"].network) == "28x28x1-rs-c32_2-m-c32_2-m-f-d256_relu-d10_softmax"


def test_numbers_keep_their_sign_and_size():
    """A minus sign, a fraction and a tiny number pass through the text."""
    network = Network((8, 8, 3), (Rescaling(1 / 127.5, -1.0), Rescaling(1e-5, 0.25)))
    assert codec.read(codec.write(network)) == network


@pytest.mark.parametrize(
    "text",
    [
        "",
        "28x28",
        "28x28x2",
        "28x28x1-",
        "28x28x1-q5",
        "28x28x1-c",
        "28x28x1-c0",
        "28x28x1-c8_3_1_full",
        "28x28x1-c8_3_1_same_relu_yes_3",
        "28x28x1-d1.5",
        "28x28x1-res16_1_2",
        "0x28x1",
        "5000x28x1",
        "28x28x1" + "-f" * 65,
        "28x28x1-" + "9" * 5000,
        "28x28x1-drop1e999",
        None,
    ],
)
def test_bad_texts_are_refused(text):
    """With a ValueError, never another exception."""
    with pytest.raises(ValueError, match="Received"):
        codec.read(text)


@pytest.mark.parametrize(
    "value",
    [
        "{",
        "[]",
        {},
        {"input_shape": [8, 8, 1], "layers": [3]},
        {"input_shape": [8, 8, 1], "layers": [{"kind": "Lambda"}]},
        {"input_shape": [8, 8, 1], "layers": [{"kind": "Dense", "units": 3, "colour": 1}]},
        {"input_shape": [8, 8, 1], "layers": [{"kind": "Dense", "units": 3, "bias": "no"}]},
    ],
)
def test_bad_json_is_refused(value):
    """With a ValueError, never another exception."""
    with pytest.raises(ValueError, match="Received"):
        codec.from_json(value)


def test_the_name_is_no_part_of_what_a_network_is():
    """Two networks with the same layers are equal and hash alike."""
    one, other = (Network((8, 8, 1), (Dense(3),), name) for name in ("one", "other"))
    assert one == other and hash(one) == hash(other)
