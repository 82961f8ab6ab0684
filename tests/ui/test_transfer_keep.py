"""A network that was asked to be kept arrives, on whichever page its visitor is by then."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from core.transfer.desk import DeskView
from core.transfer.ways import WayRun
from core.ui import kept, transfer_keep, transfer_session
from core.ui.transfer_session import KEEPING, Keeping

RUN = WayRun("head", 3, 2, "compact_resnet")


def script():
    import streamlit as st

    from core.ui import transfer_keep

    transfer_keep.write_down()
    st.caption("coming" if transfer_keep.is_coming() else "not coming")


@pytest.fixture
def desk(monkeypatch):
    """What the desk shows, and what was written down."""
    now = SimpleNamespace(view=DeskView(), written=[])
    monkeypatch.setattr(transfer_session, "view", lambda: now.view)
    monkeypatch.setattr(kept, "keep", lambda model, file, texts: now.written.append((model, file)))
    monkeypatch.setattr(transfer_keep, "texts_for", lambda model, run, side: {})
    return now


def test_it_is_written_down_once_with_what_was_known_when_it_was_asked_for(desk):
    """Names and accuracies are those of the pictures it learnt from, whatever became of them since."""
    app = AppTest.from_function(script)
    app.session_state[KEEPING] = Keeping("tag", ("bag", "shoe"), {("head", 3): {"validation": 0.9}}, {"validation": 49})
    desk.view = DeskView(state="running", tag="tag")
    assert app.run().caption[0].value == "coming" and not desk.written
    desk.view = DeskView(state="done", tag="tag", kept=("tag", RUN, b"file", "maps", None))
    for _ in range(2):
        assert app.run().caption[0].value == "not coming"
    ((model, file),) = desk.written
    assert file == b"file" and model.class_names == ("bag", "shoe") and model.accuracy == {"validation": 0.9}
    assert model.judged_on == {"validation": 49}


def test_nothing_is_written_down_that_was_not_asked_for(desk):
    """Nor one of other pictures, nor an older one again while the newer is on its way."""
    app = AppTest.from_function(script)
    older = DeskView(state="done", tag="tag", kept=("tag", RUN, b"file", "maps", None))
    desk.view = older
    app.run()
    app.session_state[KEEPING] = Keeping("other", ("bag", "shoe"), {}, {})
    app.run()
    assert not desk.written
    app.session_state[KEEPING] = Keeping("tag", ("bag", "shoe"), {}, {})
    app.run()
    app.session_state[KEEPING] = Keeping("tag", ("bag", "shoe"), {}, {})
    desk.view = replace(older, state="running")
    assert app.run().caption[0].value == "coming"
    desk.view = replace(older, state="failed")
    app.run()
    desk.view = replace(older, state="running")  # another job: the one that failed is nobody's any more
    assert app.run().caption[0].value == "not coming"
    assert len(desk.written) == 1
