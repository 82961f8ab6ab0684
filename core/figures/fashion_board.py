"""How far this installation has come on Fashion-MNIST: each run's test accuracy on one line from 86 to 98 per cent."""

import plotly.graph_objects as go

from core.figures.template import dress, look, text_size

LEAST, MOST = 86.0, 98.0
MARKS = {88.0: "dense baseline", 90.5: "the lecture", 95.0: "the goal", 97.0: "about the<br>best known"}


def fashion_board(entries: list[tuple[str, float]], *, dark: bool, large: bool = False) -> go.Figure:
    """entries: title and test accuracy from 0 to 1, the best first."""
    colours, size = look(dark), text_size(large)
    places = list(range(len(entries), 0, -1))
    figure = go.Figure(
        go.Scatter(
            x=[max(100 * accuracy, LEAST) for _, accuracy in entries],
            y=places,
            mode="markers",
            marker={"size": 15, "color": colours.lit, "line": {"width": 1.5, "color": colours.ink}},
            customdata=[[title, 100 * accuracy] for title, accuracy in entries],
            hovertemplate="%{customdata[0]}: %{customdata[1]:.2f} %<extra></extra>",
        )
    )
    for (title, accuracy), place in zip(entries, places):
        low = accuracy < (LEAST + MOST) / 200
        figure.add_annotation(
            x=max(100 * accuracy, LEAST),
            y=place,
            text=f"<b>{100 * accuracy:.1f} %</b> {title}",
            xanchor="left" if low else "right",
            xshift=14 if low else -14,
            showarrow=False,
        )
    for mark, name in MARKS.items():
        goal = mark == 95.0
        line = {"color": colours.amber if goal else colours.faint, "width": 3 if goal else 1}
        figure.add_vline(x=mark, line=line, layer="below")
        figure.add_annotation(
            x=mark,
            y=1,
            yref="paper",
            yanchor="bottom",
            text=f"{name}<br>{mark:g} %",
            font={"color": colours.ink if goal else colours.faint, "size": size},
            showarrow=False,
        )
    figure.update_xaxes(range=[LEAST, MOST], title="test accuracy, %", dtick=1, showgrid=False, tickvals=[])
    figure.update_yaxes(visible=False, range=[0.4, max(len(entries), 1) + 0.6])
    row = 40 if large else 32
    figure.update_layout(height=110 + row * max(len(entries), 1), margin={"t": 4.7 * size, "b": 30})
    return dress(figure, dark, large)
