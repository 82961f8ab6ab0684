"""Questions that are answered in a thread while the page goes on."""

import threading

import pytest
from streamlit.testing.v1 import AppTest


def page():
    import streamlit as st

    from core.ui.asking import Question

    question = Question("test")
    if work := st.session_state.pop("work", None):
        question.ask("about", work)
    st.session_state["open"] = question.is_open
    st.session_state["answer"] = question.taken()


@pytest.fixture
def app():
    return AppTest.from_function(page, default_timeout=20).run()


def answered(app):
    """Run the page until the answer has been taken; returns (about, future)."""
    for _ in range(200):
        if app.session_state["answer"]:
            return app.session_state["answer"]
        app.run()
    raise AssertionError("no answer came")


def test_the_page_goes_on_while_the_answer_is_found(app):
    """The question is open and unanswered until its thread is done; then the answer is taken once."""
    free = threading.Event()

    def work():
        free.wait(20)
        return 42

    app.session_state["work"] = work
    app.run()
    assert app.session_state["open"] and app.session_state["answer"] is None
    free.set()
    about, future = answered(app)
    assert (about, future.result()) == ("about", 42)
    app.run()
    assert not app.session_state["open"] and app.session_state["answer"] is None


def test_what_a_worker_raises_is_raised_where_the_answer_is_taken(app):
    """An error does not get lost in the thread."""

    def work():
        raise ValueError("no such run")

    app.session_state["work"] = work
    app.run()
    with pytest.raises(ValueError, match="no such run"):
        answered(app)[1].result()
