"""A convolutional layer as blocks in space: the picture, the filter cubes and the stack of maps, with their sizes."""

from dataclasses import dataclass
from math import cos, pi, sin

import numpy as np
import plotly.graph_objects as go

from core.figures.template import dress, look, text_size

LIGHTS = ("#E5484D", "#46A758", "#3E63DD", "#8B939B")  # red, green, blue, brightness
GREYS = ("#8B939B",)
SHEET = 0.8  # of a channel's share of depth; the rest is air between sheets
TURN = 72  # pictures of one turn of the camera
HEIGHT, FAR = 0.5, 2.1  # where the camera stands, in sizes of the scene
# The corners of a box, each bit of the number one axis, and its twelve triangles.
_CORNERS = np.array([[(i >> axis) & 1 for axis in range(3)] for i in range(8)], dtype=float)
_FACES = np.array(
    [(0, 1, 3), (0, 3, 2), (4, 6, 7), (4, 7, 5), (0, 4, 5), (0, 5, 1)]
    + [(2, 3, 7), (2, 7, 6), (0, 2, 6), (0, 6, 4), (1, 5, 7), (1, 7, 3)]
)
_EDGES = [(i, i | (1 << axis)) for i in range(8) for axis in range(3) if not i & (1 << axis)]


@dataclass(frozen=True)
class Blocks:
    """What a layer takes and gives."""

    picture: tuple[int, int, int]  # rows, columns, channels
    kernel: tuple[int, int, int]  # rows, columns and slices of one filter
    filters: int
    output: tuple[int, int, int]  # rows, columns, maps


def layer_blocks(blocks: Blocks, dark: bool, large: bool = False) -> go.Figure:
    """The picture on the left, the filters in the middle, one above the other, the maps on the right.

    Rows run down, columns towards the right, channels to the back; one cell is as long in all blocks, but the depth of
    a stack is drawn so that every sheet can be told apart. The button turns the view once around; a hand turns it
    freely.
    """
    colours = look(dark)
    rows, columns, channels = blocks.picture
    unit = max(rows, columns, blocks.output[0], blocks.output[1])
    thick = unit / 9  # of one sheet
    figure = go.Figure()
    texts = []

    def stack(left, middle, size, paints, thick=thick) -> float:
        """Sheets one behind the other, centred on height `middle`; returns where they end on the right."""
        high, wide, deep = size
        for sheet in range(deep):
            front = (sheet - deep / 2) * thick
            low = np.array([left, front, middle - high / 2])
            _add_box(figure, low, np.array([wide, thick * SHEET, high]), paints[sheet % len(paints)], colours.ink)
        return left + wide

    paints = LIGHTS[:channels] if channels > 1 else GREYS
    gap = unit * 0.45
    end = stack(0, 0, blocks.picture, paints)
    texts.append((end / 2, rows / 2, _size(blocks.picture), "picture"))

    high = max(blocks.kernel[0] * 1.5, unit * 0.16)
    per_column = max(1, int(unit * 1.15 // high))
    start = end + gap
    thin = min(thick, blocks.kernel[1] / 2)
    seen = paints if blocks.kernel[2] == len(paints) or channels == 1 else ("#FFB224",)
    for number in range(blocks.filters):
        column, row = divmod(number, per_column)
        in_column = min(per_column, blocks.filters - column * per_column)
        middle = ((in_column - 1) / 2 - row) * high
        end = stack(start + column * (blocks.kernel[1] + unit * 0.2), middle, blocks.kernel, seen, thin)
    tallest = min(per_column, blocks.filters) * high / 2
    words = f"{blocks.filters} filter{'s' if blocks.filters > 1 else ''}"
    texts.append(((start + end) / 2, tallest, _size(blocks.kernel), words))

    start = end + gap
    end = stack(start, 0, blocks.output, ("#FFB224", "#E9A23B"))
    texts.append(
        (
            (start + end) / 2,
            blocks.output[0] / 2,
            _size(blocks.output),
            f"feature map{'s' if blocks.output[2] > 1 else ''}",
        )
    )
    _add_texts(figure, texts, unit, colours.ink, text_size(large))
    return _framed(figure, dark, large)


def _add_box(figure, low, size, paint, ink):
    x, y, z = (low + _CORNERS * size).T
    i, j, k = _FACES.T
    figure.add_mesh3d(
        x=x, y=y, z=z, i=i, j=j, k=k, color=paint, opacity=1, flatshading=True, hoverinfo="skip",
        lighting={"ambient": 0.92, "diffuse": 0.25, "specular": 0, "fresnel": 0},
    )  # fmt: skip
    ends = np.array([[corners[a], corners[b], [None] * 3] for corners in [np.stack([x, y, z], 1)] for a, b in _EDGES])
    lines = ends.reshape(-1, 3).T
    figure.add_scatter3d(
        x=lines[0], y=lines[1], z=lines[2], mode="lines", line={"color": ink, "width": 1.5}, hoverinfo="skip"
    )


def _add_texts(figure, texts, unit, ink, size):
    for x, top, what, name in texts:
        figure.add_scatter3d(
            x=[x],
            y=[0],
            z=[top + unit * 0.12],
            textposition="top center",
            mode="text",
            text=[f"<b>{what}</b><br>{name}"],
            textfont={"size": size, "color": ink},
            hoverinfo="skip",
        )


def _framed(figure, dark, large):
    def camera(turn):
        angle = -pi / 2 + 0.5 + turn * 2 * pi
        return {
            "eye": {"x": FAR * cos(angle), "y": FAR * sin(angle), "z": HEIGHT},
            "center": {"x": 0, "y": 0, "z": 0},
            "projection": {"type": "orthographic"},
        }

    hidden = {"visible": False}
    figure.frames = [go.Frame(layout={"scene": {"camera": camera(i / TURN)}}, name=str(i)) for i in range(1, TURN + 1)]
    button = {
        "label": "Turn it",
        "method": "animate",
        "args": [None, {"frame": {"duration": 60}, "transition": {"duration": 0}, "mode": "immediate"}],
    }
    colours = look(dark)
    figure.update_layout(
        scene={
            "xaxis": hidden,
            "yaxis": hidden,
            "zaxis": hidden,
            "aspectmode": "data",
            "camera": camera(0),
            "dragmode": "turntable",
        },
        updatemenus=[
            {
                "type": "buttons",
                "buttons": [button],
                "x": 0,
                "y": 0.02,
                "xanchor": "left",
                "yanchor": "bottom",
                "showactive": False,
                "bgcolor": colours.paper,
                "bordercolor": colours.line,
                "font": {"color": colours.ink, "size": text_size(large)},
            }
        ],
        height=420 if large else 360,
        margin={"l": 0, "r": 0, "t": 0, "b": 6},
    )
    return dress(figure, dark, large)


def _size(shape: tuple[int, ...]) -> str:
    return "×".join(map(str, shape))
