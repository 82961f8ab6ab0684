"""Several training runs on one chart: validation accuracy over the epochs, each named at the end of its line."""

from dataclasses import dataclass

import plotly.graph_objects as go

from core.figures.template import dress, look, text_size

DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
LABEL_SHARE = 0.075  # of the axis: the room that a label needs


@dataclass(frozen=True)
class RunCurve:
    """One run. Accuracies from 0 to 1, one an epoch. kept: the epoch, from 1, whose network is kept.

    worth: the validation accuracy of that epoch as it is written elsewhere on the page.
    """

    name: str
    training: tuple[float, ...]
    validation: tuple[float, ...]
    kept: int
    worth: str

    @property
    def best(self) -> float:
        """Validation accuracy of the kept epoch, in per cent."""
        return 100 * self.validation[self.kept - 1]


def run_curves(runs: list[RunCurve], *, dark: bool, large: bool = False) -> go.Figure:
    """Validation as thick lines that also differ in their dashes, training as thin ones of the same colour.

    The kept epoch of each has a ring; its accuracy stands at the end of the line.
    """
    colours, size = look(dark), text_size(large)
    shades = (colours.lit, colours.negative, colours.ink, colours.amber, colours.green, colours.violet)
    figure = go.Figure()
    for run, shade, dash in zip(runs, shades, DASHES):
        for kind, values, width in (("training", run.training, 1), ("validation", run.validation, 3)):
            figure.add_trace(
                go.Scatter(
                    x=list(range(1, len(values) + 1)),
                    y=[100 * value for value in values],
                    mode="lines+markers" if len(values) < 2 else "lines",
                    name=f"{run.name}, {kind}",
                    line={"color": shade, "width": width, "dash": dash if kind == "validation" else "dot"},
                    opacity=1 if kind == "validation" else 0.6,
                    hovertemplate=f"{run.name}, {kind}, epoch %{{x}}: %{{y:.2f}} %<extra></extra>",
                )
            )
        if run.validation:
            figure.add_trace(
                go.Scatter(
                    x=[run.kept],
                    y=[run.best],
                    mode="markers",
                    name=f"{run.name}, kept",
                    cliponaxis=False,  # it may be the last epoch
                    marker={"size": 13, "symbol": "circle-open", "color": shade, "line": {"width": 2.5}},
                    hovertemplate=f"{run.name}, kept: epoch %{{x}}, %{{y:.2f}} %<extra></extra>",
                )
            )
    low = _floor(runs)
    epochs = max((len(run.validation) for run in runs), default=1)
    heights = _apart([run.best for run in runs if run.validation], (100 - low) * LABEL_SHARE)
    for run, shade, height in zip([run for run in runs if run.validation], shades, heights):
        figure.add_annotation(
            x=epochs,
            y=height,
            text=f"<b>{run.worth}</b> {run.name}",
            font={"color": colours.of_words(shade), "size": size},
            xanchor="left",
            xshift=14,
            showarrow=False,
        )
    figure.update_xaxes(title="epoch", range=[min(1, epochs - 0.5), epochs], dtick=max(round(epochs / 10), 1))
    figure.update_yaxes(title="validation accuracy, %", range=[low, 100.5])
    figure.update_layout(height=380 if large else 320, margin={"r": 16 * size, "t": 14})
    return dress(figure, dark, large)


def _floor(runs: list[RunCurve]) -> float:
    """Where the axis starts: below what the runs reach in their later epochs, so that the lines part."""
    later = [100 * value for run in runs for value in run.validation[len(run.validation) // 3 :]]
    least = min(later, default=0.0)
    return max(5 * ((least - 0.35 * (100 - least)) // 5), 0)


def _apart(heights: list[float], gap: float) -> list[float]:
    """The same heights, moved so far that none is nearer than gap to the next; their order is kept."""
    order = sorted(range(len(heights)), key=lambda place: -heights[place])
    placed: dict[int, float] = {}
    for place in order:
        above = min(placed.values(), default=float("inf"))
        placed[place] = min(heights[place], above - gap)
    return [placed[place] for place in range(len(heights))]
