"""The Architecture page: the network in its link, the code, the notebook, the way to the training."""

import json
from urllib.parse import parse_qs

import pytest

from core.nets import codec
from core.nets.layers import Conv2D, Dense, Flatten
from core.nets.network import Network
from core.nets.presets import PRESETS
from core.ui.lessons import HOUSE
from tests.pages.reading import words

BROKEN = codec.write(Network((28, 28, 1), (Conv2D(8), Dense(10), Flatten())))


def sent(app):
    """What the stage was given."""
    return json.loads(app.get("bidi_component")[0].proto.json)


def ways(app):
    """The page's links: label -> proto."""
    return {way.proto.label: way.proto for way in app.get("page_link")}


def test_without_a_link_the_lecture_s_network_stands_there(open_page):
    """And all presets are offered."""
    data = sent(open_page())
    assert codec.from_json(data["content"]["network"]) == PRESETS["lecture"].network
    assert [preset["name"] for preset in data["presets"]] == list(PRESETS)


@pytest.mark.parametrize("name", PRESETS)
def test_a_network_is_opened_from_its_link(open_page, name):
    """With the layer and the cell that were looked at."""
    app = open_page(net=codec.write(PRESETS[name].network), layer="1", row="2", column="3")
    content = sent(app)["content"]
    assert codec.from_json(content["network"]) == PRESETS[name].network
    assert (content["chosen"], content["cell"]) == (1, [2, 3])
    assert not app.warning


def test_a_link_that_cannot_be_read_says_so(open_page):
    """The usual network stands in, and one line says it."""
    app = open_page(net="28x28x1-q9")
    assert codec.from_json(sent(app)["content"]["network"]) == PRESETS["lecture"].network
    assert "could not be read" in app.warning[0].value


def test_a_network_at_fault_stays_and_is_not_handed_on(open_page):
    """Nothing is lost; there is no code, no notebook and no way to the training until it is mended."""
    app = open_page(net=BROKEN)
    assert codec.write(codec.from_json(sent(app)["content"]["network"])) == BROKEN
    assert "One block does not fit" in words(app)
    assert not app.code and not app.get("download_button") and "**Train this**" not in ways(app)


def test_the_code_on_the_page_builds_the_network(open_page):
    """The source is run; its model has the network's parameters."""
    app = open_page(net=codec.write(PRESETS["small_vgg"].network))
    variables = {}
    exec(compile(app.code[0].value, "lesson.py", "exec"), variables)
    assert variables["model"].count_params() == 218_490


def test_train_this_carries_the_network_over(open_page):
    """The way to the Train page holds the network as the link does."""
    text = codec.write(PRESETS["lenet5"].network)
    way = ways(open_page(net=text))["**Train this**"]
    assert (HOUSE / "pages" / "train.py").exists() and way.page == "train"
    assert parse_qs(way.query_string) == {"net": [text]}


def test_a_network_that_ends_in_maps_is_told_what_is_missing(open_page):
    """ResNet50 without its last layer can be looked at, not trained."""
    app = open_page(net=codec.write(PRESETS["resnet50"].network))
    assert "7×7×2048" in words(app) and "**Train this**" not in ways(app)
    assert not app.get("download_button")


def test_presenter_mode_keeps_the_stage_and_the_way_on(open_page):
    """No code and no explanations on the projector."""
    app = open_page(present="1")
    assert sent(app)["presenting"] is True
    assert not app.expander and "**Train this**" in ways(app)


def test_a_network_without_an_answer_says_what_training_would_make_of_it(open_page):
    """The hidden layer at the end would be taken for the answer; with an answer behind it nothing is said."""
    network = PRESETS["lecture"].network
    cut = Network(network.input_shape, network.layers[:-1])
    told = "training would make one of the last layer, Dense 256"
    assert told in words(open_page(net=codec.write(cut)))
    assert "No answer yet" not in words(open_page(net=codec.write(network)))
