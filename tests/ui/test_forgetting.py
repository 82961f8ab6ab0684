"""Delete all my pictures: nothing of them is left in the visit, nor with the runs."""

from streamlit.testing.v1 import AppTest

from core.ui import forgetting, kept, live_view, picture_shelf, retraining, transfer_session


class Ended:
    """A live view, a download, or the desk of runs: remembers that it was told to let go."""

    def __init__(self):
        self.told = []

    def close(self):
        self.told.append("close")

    def forget_pictures(self, visitor):
        self.told.append(visitor)


def script():
    from core.ui import forgetting

    forgetting.everything()


def test_every_copy_is_let_go(monkeypatch):
    """The frozen frame, what was taught, the live view's pictures, a ZIP on its way, and the visitor's own runs."""
    live, download, runs, done = Ended(), Ended(), Ended(), []
    monkeypatch.setattr(transfer_session, "forget", lambda: done.append("pictures"))
    monkeypatch.setattr(kept, "forget", lambda: done.append("networks"))
    monkeypatch.setattr(forgetting, "desk", lambda: runs)
    monkeypatch.setattr(forgetting, "visitor", lambda: "me")
    app = AppTest.from_function(script)
    copies = {
        live_view.HELD: "frozen",
        live_view.LIVE: (("shipped", ""), live),
        retraining.TAUGHT: ("shoe", "frozen"),
        picture_shelf.URL_DOWNLOAD: download,
    }
    for key, value in copies.items():
        app.session_state[key] = value
    app.run()
    assert not app.exception
    assert not any(key in app.session_state for key in copies)
    assert done == ["pictures", "networks"]
    assert (live.told, download.told, runs.told) == (["close"], ["close"], ["me"])
