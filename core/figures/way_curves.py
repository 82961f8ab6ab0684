"""The four ways side by side: how right each run was after so many seconds of training."""

from dataclasses import dataclass
from math import log10

import plotly.graph_objects as go

from core.figures.template import dress, look, text_size

LEAST_SECONDS = 0.05  # where the time axis may start
LABEL_GAP = 5.5  # per cent between two labels at least


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
    for way, height in _apart({way: end[1] for way, end in ends.items()}).items():
        figure.add_annotation(
            x=1.01, xref="paper", y=height, text=f"<b>{way}</b>", xanchor="left", showarrow=False,
            font={"color": colours.of_words(styles[way][0]), "size": size},
        )  # fmt: skip
    seconds = [max(LEAST_SECONDS, second) for curve in curves for second in curve.seconds] or [0.1, 100]
    shares = [100 * share for curve in curves for share in curve.accuracies] or [50]
    least, most = min(seconds), max(*seconds, 3 * min(seconds))
    figure.update_xaxes(
        type="log",
        title="seconds of training",
        range=[log10(least) - 0.08, log10(most) + 0.08],
        tickvals=_ticks(least, most),
        ticktext=[f"{tick:g}" for tick in _ticks(least, most)],
        zeroline=False,
    )
    low = max(0, 5 * (min(shares) // 5) - 5)
    figure.update_yaxes(title="validation accuracy, %", range=[low, 101.5], tick0=0, dtick=5 if low >= 60 else 10)
    figure.update_layout(height=330 if large else 280, margin={"r": (13 if large else 12) * size, "t": 10})
    return dress(figure, dark, large)


def _ticks(least: float, most: float) -> list[float]:
    """1, 2, 5, 10, … between the two."""
    steps = [first * 10.0**power for power in range(-2, 5) for first in (1, 2, 5)]
    return [step for step in steps if 0.9 * least <= step <= 1.1 * most]


def _apart(heights: dict[str, float]) -> dict[str, float]:
    """The same heights, moved down where labels would lie on each other."""
    placed: dict[str, float] = {}
    for way, height in sorted(heights.items(), key=lambda item: -item[1]):
        placed[way] = min([height, *(other - LABEL_GAP for other in placed.values())])
    return placed
