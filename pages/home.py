"""The way in: a small stage that is already alive, and the rooms of the house."""

import streamlit as st

st.write("home")
