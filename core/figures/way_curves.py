"""The four ways side by side: how right each run was after so many seconds of training."""

from dataclasses import dataclass
from math import log10

import plotly.graph_objects as go

from core.figures.template import dress, look, text_size

LEAST_SECONDS = 0.05  # where the time axis may start
HEIGHT, LARGE_HEIGHT = 280, 330  # pixels, of which AROUND are for the axis below and the air above
AROUND = 62
TOP = 101.5  # per cent, so that a line at 100 is whole
LABEL_LINE = 1.35  # of the type's size: from one label to the next at least


@dataclass(frozen=True)
class WayCurve:
    """One run, or what there is of it. way: the name that its runs share."""

    way: str
    seconds: tuple[float, ...]  # since the start of its training, after each epoch
    accuracies: tuple[float, ...]  # on the validation pictures, from 0 to 1
    live: bool = False


def way_curves(curves: list[WayCurve], ways: tuple[str, ...], *, dark: bool, large: bool = False) -> go.Figure:
    """ways: all names, in the order of their looks. Time is on a log scale: a blink and minutes fit on it."""
    colours, size = look(dark), text_size(large)
    styles = dict(
        zip(
            ways,
            ((colours.faint, "dot"), (colours.negative, "dash"), (colours.lit, "solid"), (colours.amber, "dashdot")),
        )
    )
    figure = go.Figure()
    ends: dict[str, tuple[float, float]] = {}
    for curve in curves:
        if not curve.seconds:
            continue
        colour, dash = styles[curve.way]
        shares = [100 * share for share in curve.accuracies]
        figure.add_trace(
            go.Scatter(
                x=[max(LEAST_SECONDS, second) for second in curve.seconds],
                y=shares,
                mode="lines+markers" if curve.live or len(shares) < 2 else "lines",
                line={"color": colour, "dash": dash, "width": 2.5},
                opacity=1 if curve.live else 0.85,
                name=curve.way,
                hovertemplate=f"{curve.way}: %{{y:.1f}} % after %{{x:.1f}} s<extra></extra>",
            )
        )
        last = ends.get(curve.way, (0.0, 0.0))
        ends[curve.way] = max(last, (curve.seconds[-1], shares[-1]))
    worst = min((100 * share for curve in curves for share in curve.accuracies), default=50)
    low = max(0, 5 * (worst // 5) - 5)
    height = LARGE_HEIGHT if large else HEIGHT
    gap = LABEL_LINE * size * (TOP - low) / (height - AROUND)
    for way, level in _apart({way: end[1] for way, end in ends.items()}, gap).items():
        figure.add_annotation(
            x=1.01, xref="paper", y=level, text=f"<b>{way}</b>", xanchor="left", showarrow=False,
            font={"color": colours.of_words(styles[way][0]), "size": size},
        )  # fmt: skip
    seconds = [max(LEAST_SECONDS, second) for curve in curves for second in curve.seconds] or [0.1, 100]
    least, most = min(seconds), max(*seconds, 3 * min(seconds))
    figure.update_xaxes(
        type="log",
        title="seconds of training, log scale",
        range=[log10(least) - 0.08, log10(most) + 0.08],
        tickvals=_ticks(least, most),
        ticktext=[f"{tick:g}" for tick in _ticks(least, most)],
        zeroline=False,
    )
    figure.update_yaxes(title="validation accuracy, %", range=[low, TOP], tick0=0, dtick=5 if low >= 60 else 10)
    figure.update_layout(height=height, margin={"r": (13 if large else 12) * size, "t": 10})
    return dress(figure, dark, large)


def _ticks(least: float, most: float) -> list[float]:
    """1, 2, 5, 10, … between the two."""
    steps = [first * 10.0**power for power in range(-2, 5) for first in (1, 2, 5)]
    return [step for step in steps if 0.9 * least <= step <= 1.1 * most]


def _apart(heights: dict[str, float], gap: float) -> dict[str, float]:
    """The same heights, moved down where labels would be less than `gap` apart."""
    placed: dict[str, float] = {}
    for way, height in sorted(heights.items(), key=lambda item: -item[1]):
        placed[way] = min([height, *(other - gap for other in placed.values())])
    return placed
