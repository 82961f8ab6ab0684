"""Questions to a worker that take a while: asked in a thread, so that the page goes on meanwhile."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import streamlit as st


class Question:
    """One question of a visit under way; a new one takes the place of the old."""

    def __init__(self, name: str):
        self._key = f"{name} question"

    def ask(self, about: Any, answer: Callable[[], Any]) -> None:
        """Have `answer` found in a thread; it must not touch Streamlit. about: what it will be the answer to."""
        future: Future = Future()

        def work() -> None:
            try:
                future.set_result(answer())
            except Exception as error:  # it is raised where the answer is taken
                future.set_exception(error)

        st.session_state[self._key] = (about, future)
        threading.Thread(target=work, name="question", daemon=True).start()

    @property
    def is_open(self) -> bool:
        """Whether an answer is still to be taken."""
        return self._key in st.session_state

    def taken(self) -> tuple[Any, Future] | None:
        """(about, the finished future), once; None while there is none."""
        about, future = st.session_state.get(self._key, (None, None))
        if future is None or not future.done():
            return None
        del st.session_state[self._key]
        return about, future
