"""A backbone as a row of blocks, from the picture to its last maps, with the last layer cut off."""

from math import log2

import plotly.graph_objects as go

from core.figures.template import MONO, dress, look, text_size

CUT = 0.9  # of a step: how far behind the last block the cut stands
HEAD_GAP = 0.45  # from the cut to the head: the words below it, which are wider, stay clear of the cut on a tablet


def headless(
    shapes: tuple[tuple[int, int, int], ...], parameters: int, head: int, *, dark: bool, large: bool = False
) -> go.Figure:
    """shapes: (rows, columns, channels) of the picture and after each stage. parameters: of the backbone, frozen.

    head: parameters that learn. A block is as high as its maps and as wide as there are many, both on a log scale.
    """
    colours, size = look(dark), text_size(large)
    figure = go.Figure()
    left, ends = 0.0, []
    for place, (rows, _, channels) in enumerate(shapes):
        high, wide = log2(rows + 1) / 8, 0.10 + log2(channels) / 22
        paint = colours.raised if place else colours.paper
        figure.add_shape(
            type="rect", x0=left, x1=left + wide, y0=0.5 - high / 2, y1=0.5 + high / 2,
            line={"color": colours.ink, "width": 1.5}, fillcolor=paint,
        )  # fmt: skip
        for sheet in range(1, min(5, place + 1)):
            x = left + wide * sheet / min(5, place + 1)
            figure.add_shape(
                type="line",
                x0=x,
                x1=x,
                y0=0.5 - high / 2,
                y1=0.5 + high / 2,
                line={"color": colours.line, "width": 1.5},
            )
        ends.append((left, left + wide, high))
        left += wide + 0.42
    for (_, right, _), (start, _, _) in zip(ends, ends[1:]):
        _arrow(figure, right + 0.04, start - 0.04, colours.faint)
    for place, ((start, end, high), shape) in enumerate(zip(ends, shapes)):
        strong = place in (0, len(shapes) - 1)
        text = "×".join(map(str, shape))
        _write(
            figure, (start + end) / 2, 0.5 - high / 2 - 0.02, f"<b>{text}</b>" if strong else text, "top", size, MONO
        )
    cut = ends[-1][1] + CUT * 0.42
    figure.add_shape(
        type="line", x0=cut, x1=cut, y0=-0.05, y1=1.0, line={"color": colours.lit, "width": 2.5, "dash": "dash"}
    )
    _write(figure, cut, 1.02, "cut here", "bottom", size, color=colours.lit)
    start = cut + HEAD_GAP
    figure.add_shape(type="rect", x0=start, x1=start + 0.5, y0=0.3, y1=0.7, line={"color": colours.amber, "width": 3})
    _arrow(figure, cut + 0.04, start - 0.03, colours.faint)
    _write(figure, start + 0.25, 0.5, "<b>head</b>", "middle", size)
    _write(figure, start + 0.25, 0.27, f"learns<br>{head:,}", "top", size, MONO)
    middle = (ends[1][0] + ends[-1][1]) / 2
    _write(figure, middle, 1.02, f"<b>frozen: {parameters:,} parameters</b>", "bottom", size)
    figure.add_shape(
        type="line", x0=ends[1][0], x1=ends[-1][1], y0=1.0, y1=1.0, line={"color": colours.ink, "width": 1.5}
    )
    figure.update_xaxes(visible=False, range=[-0.45, start + 0.95])
    figure.update_yaxes(visible=False, range=[-0.22, 1.16])
    figure.update_layout(height=330 if large else 270, margin={"l": 0, "r": 0, "t": 0, "b": 0})
    return dress(figure, dark, large)


def _arrow(figure, start, end, colour):
    figure.add_annotation(
        x=end, ax=start, y=0.5, ay=0.5, xref="x", yref="y", axref="x", ayref="y",
        arrowhead=2, arrowwidth=1.5, arrowcolor=colour, showarrow=True, text="",
    )  # fmt: skip


def _write(figure, x, y, text, anchor, size, family=None, color=None):
    font = {"size": size} | ({"family": family} if family else {}) | ({"color": color} if color else {})
    figure.add_annotation(x=x, y=y, text=text, showarrow=False, yanchor=anchor, font=font)
