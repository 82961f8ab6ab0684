"""Straight against shuffled digits: the accuracy of each network, every seed a dot, an arrow from mean to mean."""

import plotly.graph_objects as go

from core.figures.template import MONO, dress, look, text_size

LEAST = 70  # per cent, where the axis starts


def shuffled_accuracy(
    networks: dict[str, tuple[tuple[float, ...], tuple[float, ...]]], *, dark: bool, large: bool = False
) -> go.Figure:
    """networks: name -> (accuracies on straight digits, on shuffled digits), one for each seed, from 0 to 1."""
    colours, size = look(dark), text_size(large)
    figure = go.Figure()
    for row, (name, (straight, shuffled)) in enumerate(reversed(networks.items())):
        for kind, shares, symbol, lift in (
            ("straight", straight, "circle", 0.1),
            ("shuffled", shuffled, "circle-open", -0.1),
        ):
            figure.add_trace(
                go.Scatter(
                    x=[100 * share for share in shares],
                    y=[row + lift] * len(shares),
                    mode="markers",
                    name=kind,
                    marker={"symbol": symbol, "size": 13 if large else 11, "color": colours.ink, "line": {"width": 2}},
                    hovertemplate=f"{name}, {kind}: %{{x:.2f}} %<extra></extra>",
                )
            )
        before, after = (100 * sum(shares) / len(shares) for shares in (straight, shuffled))
        figure.add_annotation(
            x=LEAST,
            y=row + 0.34,
            xanchor="left",
            text=f"<b>{name}</b>",
            showarrow=False,
        )
        figure.add_annotation(
            x=100,
            y=row + 0.34,
            xanchor="right",
            text=f"{before:.1f} → <b>{after:.1f} %</b>",
            font={"family": MONO, "size": size + 1},
            showarrow=False,
        )
        figure.add_hline(y=row, line={"color": colours.line, "width": 1}, layer="below")
    figure.update_xaxes(range=[LEAST, 100.5], dtick=10, title="read rightly, %", showgrid=True, zeroline=False)
    figure.update_yaxes(visible=False, range=[-0.4, len(networks) - 0.4])
    figure.update_layout(height=(90 if large else 76) * len(networks) + 60, margin={"t": 4})
    return dress(figure, dark, large)
