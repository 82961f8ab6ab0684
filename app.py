"""The front door: `streamlit run app.py` (or any ASGI server with `app:app`) serves ConvLab."""

import streamlit as st

app = st.App("core/ui/router.py")
