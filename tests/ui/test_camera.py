"""Which servers help a camera's picture through, and what is asked of a camera."""

import pytest

from core.ui import camera


@pytest.fixture(autouse=True)
def bare(monkeypatch):
    """An environment that names no server."""
    for name in (camera.STUN, camera.TURN, camera.TURN_USER, camera.TURN_PASSWORD, *camera.PROVIDERS):
        monkeypatch.delenv(name, raising=False)


def test_without_settings_no_server_is_asked():
    """On one computer and in a closed network no STUN server is waited for: the list is empty, and not missing."""
    assert camera.ice_servers() == []
    assert camera._rtc() == {"rtc_configuration": {"iceServers": []}}
    assert not camera.has_turn()


def test_stun_and_turn_come_from_the_environment(monkeypatch):
    """Addresses with commas are several; TURN goes with its user and password."""
    monkeypatch.setenv(camera.STUN, "stun:a.example:3478, stun:b.example:3478")
    monkeypatch.setenv(camera.TURN, "turn:c.example:443?transport=tcp")
    monkeypatch.setenv(camera.TURN_USER, "class")
    monkeypatch.setenv(camera.TURN_PASSWORD, "blackboard")
    assert camera.ice_servers() == [
        {"urls": ["stun:a.example:3478", "stun:b.example:3478"]},
        {"urls": ["turn:c.example:443?transport=tcp"], "username": "class", "credential": "blackboard"},
    ]
    assert camera.has_turn()


def test_they_come_from_the_secrets_too(monkeypatch):
    """What the environment does not name is looked for in Streamlit's secrets."""
    monkeypatch.setattr(camera.st, "secrets", {camera.TURN: "turn:c.example"})
    assert camera.ice_servers() == [{"urls": ["turn:c.example"], "username": "", "credential": ""}]


@pytest.mark.parametrize("name", camera.PROVIDERS)
def test_a_providers_key_is_left_to_streamlit_webrtc(monkeypatch, name):
    """With a key of Cloudflare, Twilio or Hugging Face no list is passed, so that the package fetches one."""
    monkeypatch.setenv(name, "key")
    assert camera.ice_servers() is None
    assert camera._rtc() == {}
    assert camera.has_turn()


def test_a_camera_is_asked_for_by_wishes_and_without_sound():
    """Any camera will do: nothing asked is exact; front and back are a wish too."""
    for facing in camera.FACINGS:
        asked = camera.wanted(facing)
        assert asked["facingMode"] == {"ideal": facing}
        assert all(set(wish) == {"ideal"} for wish in asked.values())


class Context:
    """Stands for what streamlit-webrtc keeps of a connection."""

    def __init__(self):
        self._last_rendered_run_count = 7
        self.stopped = 0

    def _get_worker(self):
        return self

    def stop(self):
        self.stopped += 1


@pytest.fixture
def visited(monkeypatch):
    """A page that is being visited for the first time; its session state."""
    state = {}
    monkeypatch.setattr(camera.st, "session_state", state)
    monkeypatch.setattr(camera.links, "visit", lambda: 1)
    return state


def test_runs_that_gave_way_to_others_do_not_end_a_connection(visited):
    """Within one visit the connection is kept, and streamlit-webrtc has no count of runs to end it by."""
    camera._leave_what_was("webcam user")
    visited["webcam user"] = context = Context()
    camera._leave_what_was("webcam user")
    assert visited["webcam user"] is context
    assert context._last_rendered_run_count is None
    assert not context.stopped


@pytest.mark.parametrize(("component", "visit"), [("webcam user", 2), ("webcam environment", 1)])
def test_another_visit_and_another_camera_begin_anew(visited, monkeypatch, component, visit):
    """What was connected before is stopped and forgotten."""
    camera._leave_what_was("webcam user")
    visited["webcam user"] = context = Context()
    monkeypatch.setattr(camera.links, "visit", lambda: visit)
    camera._leave_what_was(component)
    assert "webcam user" not in visited
    assert context.stopped == 1
