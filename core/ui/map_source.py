"""How a lesson's link says which feature map it works on: the same names and defaults as in the Filters page's link."""

import streamlit as st

from core.ops.convolution import Convolution
from core.ops.filter_bank import FILTER_BANK
from core.ui import fields, links, picture_source
from core.ui.lessons import HOUSE

FIELDS = {
    "kernel": fields.kernel(fields.as_rows(FILTER_BANK["horizontal"].kernel)),
    "bias": fields.weight(0.0),
    "activation": links.choice("relu", ("relu", "none", "abs")),
    "stride": links.choice(1, tuple(range(1, 9))),
    "padding": links.choice("valid", ("valid", "same", 1, 2, 3, 4, 5)),
    "dilation": links.choice(1, tuple(range(1, 6))),
    "flip": links.switch(False),
}


def convolution_of(link: links.PageLink) -> Convolution:
    """How the filter of the link travels; its bias is not in it, the stage keeps that."""
    return Convolution(**{name: link.get(name) for name in ("stride", "padding", "dilation", "activation", "flip")})


def pool_this_map() -> None:
    """On the Filters page, once its link is closed: the way to the Pooling page with the first feature map."""
    named = {*FIELDS, *picture_source.FIELDS}
    made = {name: text for name, text in st.query_params.items() if name in named}
    script = HOUSE / "pages" / "pooling.py"
    st.page_link(script, label="Pool this map", icon=":material/grid_view:", query_params={"from": "map", **made})


def put_into_the_net(kernel: tuple) -> None:
    """On the Filters page: the way to a network that has this filter, as a tuple of rows, in its first layer."""
    st.page_link(
        HOUSE / "pages" / "train.py",
        label="Put it into a net",
        icon=":material/play_circle:",
        query_params={"filter": FIELDS["kernel"].write(kernel)},
    )
