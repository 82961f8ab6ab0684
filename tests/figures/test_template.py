"""The look that all figures share."""

import json

import plotly.graph_objects as go
import pytest

from core.figures.template import CONFIG, DARK, LIGHT, dress, look, text_size


@pytest.mark.parametrize("dark", [False, True])
def test_a_dressed_figure_has_the_colours_of_the_house(dark):
    """Words in ink, hairlines, no legend, and the page's paper shining through."""
    layout = dress(go.Figure(go.Bar(x=[1], y=[2])), dark).layout.template.layout
    assert layout.font.color == look(dark).ink
    assert layout.xaxis.gridcolor == look(dark).line
    assert layout.paper_bgcolor == layout.plot_bgcolor == "rgba(0,0,0,0)"
    assert layout.showlegend is False
    assert layout.colorway[:2] == ("#E5484D", "#3E63DD")


def test_presenter_mode_has_no_word_under_18_pixels():
    """Every size that the template sets is at least 18 for a projector."""
    template = json.loads(dress(go.Figure(), dark=False, large=True).to_json())["layout"]["template"]

    def sizes(node):
        if isinstance(node, dict):
            for name, value in node.items():
                yield from [value] if name == "size" else sizes(value)

    assert min(sizes(template)) >= 18
    assert text_size(False) < text_size(True)


def test_what_a_figure_says_itself_stays():
    """The template fills in, it does not overrule."""
    figure = dress(go.Figure(go.Bar(marker={"color": "#123456"}), {"height": 77}), dark=True)
    assert figure.data[0].marker.color == "#123456"
    assert figure.layout.height == 77


def test_a_figure_is_neither_zoomed_by_accident_nor_has_a_mode_bar():
    """A page is scrolled by wheel and finger, over figures too."""
    layout = dress(go.Figure(), dark=False).layout.template.layout
    assert layout.xaxis.fixedrange and layout.yaxis.fixedrange and layout.dragmode is False
    assert CONFIG["displayModeBar"] is False


def test_dark_and_light_are_two_papers():
    """The two looks differ in all that is not a colour with a meaning."""
    for name in ("paper", "ink", "line", "faint", "raised"):
        assert getattr(DARK, name) != getattr(LIGHT, name)
    for name in ("lit", "negative", "amber"):
        assert getattr(DARK, name) == getattr(LIGHT, name)
