"""From a taught picture to a new network before the camera: learn, keep, go live."""

from types import SimpleNamespace

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.ui import kept, transfer_keep, transfer_session


def script():
    import streamlit as st

    from core.ui import kept, retraining

    if kept.is_new():
        st.info("live again")
    retraining.offer()
    retraining.say_trouble()


@pytest.fixture
def desk(monkeypatch):
    """The Transfer page's desk as the test wants it; what was asked of it is in `asked`."""
    now = SimpleNamespace(
        is_running=False, state="idle", message="", done=0, total=0, kept=None, trouble=None, asked=[]
    )
    now.unit, now.rate, now.seconds_left = "epochs", 0.0, None
    monkeypatch.setattr(transfer_session, "view", lambda: now)
    monkeypatch.setattr(transfer_session, "trouble", lambda link: now.trouble)
    monkeypatch.setattr(transfer_session, "go", lambda link, ways: now.asked.append(("go", ways)))
    monkeypatch.setattr(transfer_session, "keep", lambda link, way, backbone: now.asked.append(("keep", way)))

    def write_down():
        now.asked.append(("written",))
        st.session_state[kept.NEW] = True

    monkeypatch.setattr(transfer_keep, "write_down", write_down)
    return now


def test_the_head_learns_is_kept_and_goes_live(desk):
    """One press: the head alone is trained, written down when it is done, and the page hears of it once."""
    app = AppTest.from_function(script).run()
    app.button[0].click()
    desk.is_running, desk.state, desk.message, desk.done, desk.total = True, "running", "epoch 3 of 10", 3, 10
    app.run()
    assert desk.asked == [("go", ("head",))]
    desk.is_running, desk.state = False, "done"
    app.run()
    assert desk.asked[1:] == [("keep", "head")]
    desk.kept = ("pictures", "run", b"file", "layer", None)
    app.run()
    assert desk.asked[2:] == [("written",)]
    assert app.info[0].value == "live again"
    app.run()
    assert not app.info


def test_what_went_wrong_is_said_and_it_can_be_tried_again(desk):
    """A worker that was lost: its message, and the button is back."""
    app = AppTest.from_function(script).run()
    app.button[0].click()
    desk.state, desk.message = "lost", "No engine. Try again."
    app.run()
    assert "No engine" in app.error[0].value
    assert app.button[0].label == "Retrain and go live"
    app.run()
    assert not app.error


def test_with_too_few_pictures_it_says_why(desk):
    """The reason stands where the button would be."""
    desk.trouble = "Every class needs 3 pictures."
    app = AppTest.from_function(script).run()
    assert not app.button
    assert "Before it can be retrained: every class needs 3 pictures" in app.caption[0].value
