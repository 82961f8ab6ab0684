"""The Webcam page without a camera: freezing, the ways on, teaching, snapshot and file, what is in the way."""

import io
import json
import time

import numpy as np
import pytest
from PIL import Image

from core.compute import engine
from core.images.picture_names import picture_of
from core.transfer.desk import DeskView
from core.transfer.live_session import Verdict
from core.ui import camera, kept, live_view, retraining, transfer_session
from tests.pages.reading import words


class Looking:
    """Stands for a LiveSession: what is shown to it is a shoe at once."""

    trouble, speed, seconds_since_frame = "", 20.0, 0.0

    def __init__(self):
        self.verdict = self.why = None
        self.is_held = False

    def look_at(self, picture):
        now = time.monotonic()
        answer = {"probabilities": np.array([0.1, 0.9]), "strangeness": 0.3, "milliseconds": 9.0}
        answer["heat"] = np.ones((2, 2))
        about = {"names": ("handbag", "shoe"), "side": 96, "heat": True}
        self.verdict = self.why = Verdict(picture, 1, now, now, answer, about)

    offer = look_at

    def hold(self, held):
        self.is_held = held


@pytest.fixture
def looking(monkeypatch):
    """A session that needs no worker; the camera plays and has given one frame."""
    session = Looking()
    frame = np.zeros((48, 64, 3), np.uint8)
    frame[:, 30:34] = 255
    session.offer(frame)
    monkeypatch.setattr(live_view, "live", lambda model: session)
    monkeypatch.setattr(camera, "stream", lambda *args, **options: camera.Stream(playing=True))
    monkeypatch.setattr(engine, "engine", lambda: type("Engine", (), {"warm": lambda self, role: None})())
    return session


def press(app, label):
    return next(button for button in app.button if button.label == label).click().run()


def teach(app, class_name):
    """Say what the frozen picture is, and add it."""
    next(box for box in app.selectbox if box.key == "webcam class").set_value(class_name).run()
    press(app, "Teach it")


def test_where_there_is_no_live_camera_the_page_says_so_and_offers_the_rest(open_page):
    """A server that cannot take in video: one line with the reason, and a snapshot or a file instead."""
    app = open_page()
    board = json.loads(app.get("bidi_component")[0].proto.json)
    assert "cannot take in live video" in board["content"]["trouble"]["what"]
    assert "Snapshot" in str(app.get("button_group"))


def test_a_frozen_frame_goes_on_to_filters_and_channels(open_page, looking):
    """Freeze: the same picture stands in the links of both pages, and the session looks at no other."""
    app = press(open_page(), "Freeze")
    assert looking.is_held
    links = {link.proto.page.rpartition("/")[-1]: link.proto for link in app.get("page_link")}
    sent = {name: link.query_string for name, link in links.items()}
    grey = picture_of(sent["filters"].removeprefix("picture="))
    assert grey.shape == (40, 40)
    assert grey[20, 19] > 200 > grey[20, 5]
    assert sent["channels"].startswith("picture=own.")
    press(app, "Back to the camera")
    assert not looking.is_held


def test_a_frozen_frame_can_be_taught(open_page, looking):
    """It joins a class of the visitor's pictures, and the page counts it."""
    app = press(open_page(), "Freeze")
    box = next(box for box in app.selectbox if box.key == "webcam class")
    before = len(app.session_state["own pictures"].pictures(box.options[0]))
    box.set_value(box.options[0]).run()
    press(app, "Teach it")
    assert len(app.session_state["own pictures"].pictures(box.options[0])) == before + 1
    assert f"has {before + 1} pictures now" in words(app)
    assert next(button for button in app.button if button.label == "Teach it").disabled  # the same one once


def test_what_was_taught_can_be_taken_back(open_page, looking):
    """Then it can be taught as something else."""
    app = press(open_page(), "Freeze")
    before = app.session_state["own pictures"].counts
    first, second = before
    teach(app, first)
    assert app.session_state["own pictures"].counts == {**before, first: before[first] + 1}
    press(app, "Take it back")
    assert app.session_state["own pictures"].counts == before
    assert "pictures now" not in words(app)
    teach(app, second)
    assert app.session_state["own pictures"].counts == {**before, second: before[second] + 1}


def test_a_picture_is_one_thing_only(open_page, looking):
    """Taught as one thing, let go and frozen again, it is not taught as another."""
    app = press(open_page(), "Freeze")
    before = app.session_state["own pictures"].counts
    first, second = before
    teach(app, first)
    press(app, "Back to the camera")
    press(app, "Freeze")
    app.session_state[live_view.HELD] = looking.verdict.picture.copy()
    teach(app, second)
    assert f"This one is among {first} already" in words(app)
    assert app.session_state["own pictures"].counts == {**before, first: before[first] + 1}


def test_a_file_is_looked_at_again_by_the_network_that_learnt_it(open_page, looking, monkeypatch):
    """The picture stays where it was, and the new network judges it; a camera goes on instead."""
    own = live_view.Model("own", "Yours: Frozen backbone + head", "own", {"kind": "kept"})
    offered = live_view.models()
    for source, stays in (("file", True), ("live", False)):
        app = open_page(source=source)
        app.session_state[live_view.HELD] = np.zeros((48, 64, 3), np.uint8)
        with monkeypatch.context() as patch:
            patch.setattr(live_view, "models", lambda: {**offered, "own": own})
            patch.setattr(kept, "is_new", lambda: True)
            app.run()
        assert app.session_state[live_view.HELD] is not None if stays else live_view.HELD not in app.session_state


def test_a_network_that_was_just_kept_looks_at_once(open_page, looking, monkeypatch):
    """From the Transfer page straight to the camera: the visitor's own network looks, not the shipped one."""
    own = live_view.Model("own", "Yours: Fine-tuned", "own", {"kind": "kept"})
    offered = live_view.models()
    monkeypatch.setattr(live_view, "models", lambda: {**offered, "own": own})
    monkeypatch.setattr(kept, "is_new", lambda: True)
    app = open_page()
    assert next(box for box in app.selectbox if box.label == "Network").value == "own"


def test_the_frozen_picture_stands_where_the_camera_was(open_page, looking):
    """Beside its verdict, and as mirrored as it was live."""
    app = press(open_page(), "Freeze")
    assert len(app.get("image")) == 1
    press(app, "Back to the camera")
    assert not app.get("image")


def test_one_file_after_another_is_judged(open_page, looking):
    """The second takes the place of the first; the board goes on by itself between them."""
    app = open_page(source="file")
    for colour, name in (("red", "red.png"), ("blue", "blue.png")):
        stream = io.BytesIO()
        Image.new("RGB", (80, 60), colour).save(stream, "PNG")
        app.get("file_uploader")[0].set_value([(name, stream.getvalue(), "image/png")]).run()
        assert not app.exception
        assert tuple(looking.verdict.picture[0, 0] > 200) == (colour == "red", False, colour == "blue")


def test_a_file_is_judged_like_a_frame(open_page, looking):
    """An uploaded picture is frozen at once."""
    stream = io.BytesIO()
    Image.new("RGB", (80, 60), (200, 30, 30)).save(stream, "PNG")
    app = open_page(source="file")
    app.get("file_uploader")[0].set_value([("red.png", stream.getvalue(), "image/png")]).run()
    assert looking.verdict.picture.shape == (60, 80, 3)
    assert looking.is_held


def test_a_file_that_is_no_picture_is_refused_in_plain_words(open_page, looking):
    """What stands on the page stays, and the reason is said."""
    app = open_page(source="file")
    app.get("file_uploader")[0].set_value([("notes.png", b"not a picture", "image/png")]).run()
    assert "not a PNG, JPEG or WebP picture" in words(app)
    assert not looking.is_held


@pytest.mark.parametrize("model", ["own", "imagenet"])
def test_a_network_that_is_not_there_gives_way_to_the_shipped_one(open_page, looking, model, monkeypatch):
    """The link of somebody who had another network opens with the shipped one and one line that says why."""
    monkeypatch.setattr(live_view.imagenet, "found", lambda: None)
    app = open_page(model=model)
    for _ in range(2):  # the page runs again by itself while it loads: what was said must stay to be read
        assert "not on this machine" in words(app) or "no network of your own" in words(app)
        assert "model" not in app.query_params
        app.run()


def test_settings_are_in_the_link(open_page, looking):
    """Mirror and heat map off, back camera: as the link says, and what is at its default is not in it."""
    app = open_page(mirror="0", facing="environment", why="0")
    assert [toggle.value for toggle in app.toggle] == [False, False]
    app.toggle[0].set_value(True).run()
    assert {name: np.ravel(value)[0] for name, value in app.query_params.items()} == {
        "facing": "environment",
        "why": "0",
    }


def test_a_retraining_goes_on_beside_the_camera(open_page, looking, monkeypatch):
    """Whoever goes back to the camera meanwhile still gets the new network: how far it is stands on the page."""
    view = DeskView(state="running", message="Epoch 3 of 10", done=3, total=10, unit="epochs")
    monkeypatch.setattr(transfer_session, "view", lambda: view)
    app = open_page()
    assert "Epoch 3 of 10" not in json.dumps([str(bar.proto) for bar in app.get("progress")])
    app.session_state[retraining.STAGE] = "learning"
    app.run()
    assert not app.exception
    assert "Epoch 3 of 10" in json.dumps([str(bar.proto) for bar in app.get("progress")])
