"""Dense against convolutional: how many weights each layer has, as bars on a log scale and as squares to scale."""

import math

import plotly.graph_objects as go

from core.figures.template import MONO, dress, look, text_size

DECADES = {0: "1", 3: "1 thousand", 6: "1 million", 9: "1 billion", 12: "1 trillion"}
LAST_DECADE = 15.5  # the axis stands still while the bars move: 4,096×4,096×256 numbers into 4,096 units are 2·10¹³
RESNET50 = 25_636_712  # weights and biases of keras.applications.ResNet50
SMALLEST_SQUARE = 0.004  # of the large one's side: what can still be drawn
RING = 0.04  # radius, around a square too small to be noticed


def race_bars(dense: int, convolutional: int, *, labels: tuple[str, str], dark: bool, large: bool = False) -> go.Figure:
    """One bar for each layer on one log axis, its label behind it; a line where all of ResNet50 stands."""
    colours, size = look(dark), text_size(large)
    counts = {"Convolution": convolutional, "Dense": dense}  # from below
    figure = go.Figure(
        go.Bar(
            y=list(counts),
            x=list(counts.values()),
            orientation="h",
            width=0.56,
            marker={"color": [colours.negative, colours.lit]},
            hovertemplate="%{y}: %{x:,} weights<extra></extra>",
        )
    )
    for (name, count), label in zip(counts.items(), reversed(labels)):
        figure.add_annotation(
            x=math.log10(count),
            y=name,
            text=f"<b>{label}</b>",
            font={"family": MONO, "size": size + 2},
            xanchor="left",
            xshift=6,
            showarrow=False,
            bgcolor=colours.paper,
        )
    _mark_resnet(figure, colours.faint)
    figure.update_xaxes(
        type="log",
        tickangle=0,
        range=[0, LAST_DECADE],
        tickvals=[10**decade for decade in DECADES],
        ticktext=list(DECADES.values()),
        title={"text": "weights: each line is 1,000 times the one before", "standoff": 8},
    )
    figure.update_yaxes(showgrid=False, ticksuffix=" ", tickfont={"color": colours.ink})
    figure.update_layout(height=290 if large else 210, margin={"t": 30, "r": 0})
    return dress(figure, dark, large)


def race_squares(dense: int, convolutional: int, *, dark: bool, large: bool = False) -> go.Figure:
    """The same counts as squares side by side, their areas to scale; one that could not be seen is drawn as a speck."""
    colours = look(dark)
    most = math.sqrt(max(dense, convolutional))
    exact = [math.sqrt(count) / most for count in (dense, convolutional)]
    figure = go.Figure()
    start = 0.0
    for side, colour in zip(exact, (colours.lit, colours.negative)):
        end = start + max(side, SMALLEST_SQUARE)
        figure.add_shape(type="rect", x0=start, x1=end, y0=0, y1=end - start, fillcolor=colour, line={"width": 0})
        if side < RING:
            middle = (start + end) / 2
            ring = {"x0": middle - RING, "x1": middle + RING, "y0": side / 2 - RING, "y1": side / 2 + RING}
            figure.add_shape(type="circle", **ring, line={"color": colours.amber, "width": 2})
        start = end + 0.08
    figure.add_annotation(
        x=0,
        xref="paper",
        xanchor="left",
        y=1,
        yref="paper",
        yanchor="bottom",
        text=_ratio(dense, convolutional)
        + (", to scale, as areas" if min(exact) > SMALLEST_SQUARE else " (speck enlarged)"),
        font={"color": colours.faint},
        showarrow=False,
    )
    figure.update_xaxes(visible=False, range=[0, max(start, 1.3)], constrain="domain", constraintoward="left")
    figure.update_yaxes(
        visible=False, range=[-1.5 * RING, 1], scaleanchor="x", constrain="domain", constraintoward="bottom"
    )
    figure.update_layout(height=290 if large else 210, margin={"t": 30})
    return dress(figure, dark, large)


def _ratio(dense: int, convolutional: int) -> str:
    if dense >= convolutional:
        return f"{dense / convolutional:,.0f} : 1"
    return f"1 : {convolutional / dense:,.0f}"


def _mark_resnet(figure: go.Figure, colour: str) -> None:
    figure.add_vline(x=RESNET50, line={"color": colour, "width": 1, "dash": "dot"}, layer="below")
    figure.add_annotation(
        x=math.log10(RESNET50),
        y=1.0,
        yref="paper",
        yanchor="bottom",
        text="all 50 layers of ResNet50",
        font={"color": colour},
        showarrow=False,
    )
