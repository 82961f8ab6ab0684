"""What the stage is measured against: the same filter in a data editor, the same maps as two Plotly heat maps."""

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from core.images.digits import DEFAULT_SEED, draw_digit
from core.ops.convolution import convolve
from core.ops.filter_bank import FILTER_BANK

if "kernel" not in st.session_state:
    st.session_state.kernel = FILTER_BANK["horizontal"].kernel
kernel = st.data_editor(st.session_state.kernel, key="edited", num_rows="fixed")
picture = draw_digit(3, DEFAULT_SEED) / 255
for name, values in (("picture", picture), ("map", convolve(picture, np.asarray(kernel, dtype=float)))):
    figure = go.Figure(go.Heatmap(z=values, colorscale="Reds", showscale=False))
    figure.update_yaxes(autorange="reversed")
    st.plotly_chart(figure, key=name)
