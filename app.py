"""The front door: `streamlit run app.py` (or any ASGI server with `app:app`) serves ConvLab."""

import streamlit as st

from core.stage import feed

app = st.App("core/ui/router.py", routes=[feed.ROUTE])
