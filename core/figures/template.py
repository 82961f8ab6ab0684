"""How every Plotly figure of the house looks: calm paper, hairlines, colour only where it means something.

A figure function builds its traces with the colours of `look(dark)` and ends with `return dress(figure, dark, large)`.
A page draws it with `st.plotly_chart(figure, theme=None, config=CONFIG)`.
"""

from dataclasses import dataclass

import plotly.graph_objects as go

SANS = '"Source Sans", "Source Sans Pro", sans-serif'  # the faces that Streamlit brings along
MONO = '"Source Code Pro", monospace'
CONFIG = {"displayModeBar": False, "responsive": True}
CLEAR = "rgba(0,0,0,0)"  # the page's own paper shows through, so that nothing flashes while a figure loads


@dataclass(frozen=True)
class Look:
    """The colours of a theme, as in assets/stage/palette.js."""

    paper: str
    ink: str
    line: str  # hairlines
    faint: str  # words and figures that stand back
    raised: str  # a surface a shade off the paper
    lit: str = "#E5484D"
    negative: str = "#3E63DD"
    amber: str = "#FFB224"
    amber_words: str = "#FFB224"  # amber in which words can be read
    green: str = "#30A46C"  # where a fifth and a sixth line are to be told apart
    violet: str = "#8E4EC6"

    def of_words(self, colour: str) -> str:
        """The colour in which the name of a line of that colour can be read."""
        return self.amber_words if colour == self.amber else colour


LIGHT = Look(
    paper="#FCFCFB",
    ink="#1B1F24",
    line="#E3E5E8",
    faint="#6B737B",
    raised="#F3F3F1",
    amber_words="#8F5A00",  # the lines' amber has too little contrast on paper
    green="#18794E",
)
DARK = Look(
    paper="#14171A",
    ink="#ECEEF0",
    line="#2C3136",
    faint="#8B939B",
    raised="#1D2125",
    violet="#BF7AF0",
)


def look(dark: bool) -> Look:
    """The colours for a page in the dark or the light theme."""
    return DARK if dark else LIGHT


def text_size(large: bool) -> int:
    """The size of a figure's words in CSS pixels; large: presenter mode, where 18 is the least."""
    return 20 if large else 14


def dress(figure: go.Figure, dark: bool, large: bool = False) -> go.Figure:
    """The same figure in the look of the house.

    Sets fonts, colours, margins, axes and hover labels that the figure has not set itself; a trace's own colours stay.
    large: type for presenter mode. The mode bar is the page's: pass CONFIG to `st.plotly_chart`.
    """
    return figure.update_layout(template=_template(look(dark), text_size(large)))


def _template(colours: Look, size: int) -> go.layout.Template:
    axis = {
        "gridcolor": colours.line,
        "linecolor": colours.line,
        "zerolinecolor": colours.line,
        "tickcolor": colours.line,
        "tickfont": {"color": colours.faint, "size": size},
        "title": {"font": {"color": colours.faint, "size": size}},
        "fixedrange": True,  # a page is scrolled and touched; a figure that zooms by accident is a trap
    }
    corner = {name: value for name, value in axis.items() if name != "fixedrange"} | {
        "showbackground": False,
        "showspikes": False,
    }
    return go.layout.Template(
        layout={
            "paper_bgcolor": CLEAR,
            "plot_bgcolor": CLEAR,
            "font": {"family": SANS, "color": colours.ink, "size": size},
            "colorway": [colours.lit, colours.negative, colours.amber, colours.ink],
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "showlegend": False,
            "dragmode": False,
            "hoverlabel": {
                "bgcolor": colours.paper,
                "bordercolor": colours.faint,
                "font": {"family": SANS, "color": colours.ink, "size": size},
            },
            "xaxis": {**axis, "automargin": True},
            "yaxis": {**axis, "automargin": True},
            "scene": {"xaxis": corner, "yaxis": corner, "zaxis": corner, "dragmode": "turntable"},
        }
    )
