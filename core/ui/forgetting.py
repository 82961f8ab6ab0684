"""What a visitor gave is deleted wherever it is, with all that was learnt from it."""

import streamlit as st

from core.training.desk import desk
from core.ui import kept, live_view, picture_shelf, retraining, transfer_session
from core.ui.visitor import visitor


def everything() -> None:
    """Pictures, tensors, networks, the frozen picture, a download under way, and the pictures of runs."""
    transfer_session.forget()
    kept.forget()
    live_view.forget()
    desk().forget_pictures(visitor())
    st.session_state.pop(retraining.TAUGHT, None)
    if download := st.session_state.pop(picture_shelf.URL_DOWNLOAD, None):
        download.close()
