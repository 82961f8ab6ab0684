"""What a person is told when there is no live picture."""

import time

import pytest

from core.stage.verdict_board import CameraFacts
from core.ui.camera import Stream
from core.ui.camera_trouble import SLOW, Attempts, trouble_of

GOOD = CameraFacts(True, 1, "granted")
IDLE, CONNECTING, PLAYING = Stream(), Stream(connecting=True), Stream(playing=True)


@pytest.mark.parametrize(
    ("facts", "stream", "waited", "gave_up", "kind"),
    [
        (GOOD, IDLE, 0, False, None),
        (GOOD, PLAYING, 0, True, None),
        (GOOD, CONNECTING, SLOW / 2, False, None),
        (GOOD, CONNECTING, SLOW * 2, False, "network"),
        (GOOD, IDLE, 0, True, "network"),
        (CameraFacts(False, None, "unknown"), IDLE, 0, True, "https"),
        (CameraFacts(True, 1, "denied"), IDLE, 0, True, "permission"),
        (CameraFacts(True, 0, "prompt"), IDLE, 0, True, "camera"),
        (CameraFacts(True, None, "unknown"), IDLE, 0, False, None),
        (GOOD, Stream(possible=False), 0, False, "server"),
    ],
)
def test_the_cause_is_named(facts, stream, waited, gave_up, kind):
    """HTTPS, permission, camera and network are told apart; where nothing is wrong, nothing is said."""
    found = trouble_of(facts, stream, Attempts(time.monotonic() - waited, gave_up), False)
    assert (found and found.kind) == kind


def test_a_server_with_turn_does_not_ask_for_turn():
    """Whoever has set a TURN server is not told to set one."""
    assert "CONVLAB_TURN" in trouble_of(GOOD, IDLE, Attempts(gave_up=True), False).help
    assert "CONVLAB_TURN" not in trouble_of(GOOD, IDLE, Attempts(gave_up=True), True).help


def test_an_attempt_that_ends_without_a_picture_was_given_up():
    """Connecting, then idle: given up; connecting, then playing: not; and the clock runs only while it connects."""
    attempts = Attempts()
    attempts.note(CONNECTING)
    began = attempts.since
    attempts.note(CONNECTING)
    assert (attempts.since, attempts.gave_up) == (began, False)
    attempts.note(IDLE)
    assert (attempts.waited, attempts.gave_up) == (0.0, True)
    attempts.note(CONNECTING)
    attempts.note(PLAYING)
    assert not attempts.gave_up
