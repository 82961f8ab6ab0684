"""The smallest Streamlit app: what a first page costs before ConvLab adds anything."""

import streamlit as st

st.write("ready")
