"""What stands on the board while a camera runs, while it is off, and of a frozen picture."""

import time
from types import SimpleNamespace

import numpy as np
import pytest

from core.transfer.live_session import Verdict
from core.ui import live_view

NAMES = ("handbag", "shoe")


def verdict(picture, probabilities=(0.05, 0.95), strangeness=0.5, heat=None):
    answer = {
        "probabilities": np.array(probabilities, np.float32),
        "strangeness": strangeness,
        "heat": heat,
        "milliseconds": 12.0,
    }
    now = time.monotonic()
    return Verdict(picture, 1, now - 0.03, now, answer, {"names": NAMES, "heat": True, "side": 96})


@pytest.fixture
def picture():
    return np.full((48, 64, 3), 90, np.uint8)


def session(newest=None, why=None, since=0.0, trouble=""):
    return SimpleNamespace(verdict=newest, why=why, seconds_since_frame=since, trouble=trouble, speed=24.0)


def test_before_the_camera_runs_the_board_says_what_to_do():
    """No old verdict stands there as if it were live."""
    board = live_view.board(session(), False, None, True)
    assert board.words == "Hold something up"
    assert live_view.board(session(), False, None, True, "file").words == "Choose a picture"
    assert board.bars == ()


def test_while_it_runs_the_verdict_stands_with_its_speed_and_age(picture):
    """Words, bars, the lit bar, frames per second, the verdict's age and the network's time."""
    newest = verdict(picture)
    board = live_view.board(session(newest, newest), True, None, True)
    assert (board.words, board.sure, board.winner) == ("shoe", True, 1)
    assert [name for name, _ in board.bars] == list(NAMES)
    assert "24 frames a second" in board.numbers
    assert "ms old" in board.numbers
    assert "12 ms" in board.numbers


def test_a_verdict_goes_when_no_more_frames_come(picture):
    """A picture that stands still for seconds is no longer called live."""
    board = live_view.board(session(verdict(picture), since=live_view.STALE_SECONDS + 1), True, None, True)
    assert board.words == "…"


def test_why_there_is_no_verdict_is_said():
    """While the network loads, or the worker is away, its own line stands on the board."""
    assert live_view.board(session(trouble="No engine."), True, None, True).below == "No engine."


def test_the_heat_map_lies_on_the_square_that_the_network_saw(picture):
    """Of a picture of 64×48 it is the middle 48×48; the map of another verdict is not shown as this one's class."""
    seen = verdict(picture, heat=np.eye(3, dtype=np.float32))
    board = live_view.board(session(seen, seen), True, None, True)
    assert board.heat.picture is picture
    assert (board.heat.box.left, board.heat.box.width, board.heat.box.height) == (0.125, 0.75, 1.0)
    assert board.caption == "Why: what speaks for shoe, in red."
    assert live_view.board(session(seen, seen), True, None, False).heat is None


def test_a_reason_for_another_class_is_not_shown(picture):
    """Where the verdict has changed since, the newest picture stands without a heat map until its reason is known."""
    earlier = verdict(picture.copy(), (0.9, 0.1), heat=np.eye(3, dtype=np.float32))
    board = live_view.board(session(verdict(picture), earlier), True, None, True)
    assert board.heat.picture is picture and board.heat.levels is None
    assert board.caption == ""


def test_a_frozen_picture_is_done_once_its_own_reason_is_known(picture):
    """The heat map of the frame before it, though of the same class, is not laid on it."""
    newest, earlier = verdict(picture), verdict(picture.copy(), heat=np.eye(3, dtype=np.float32))
    assert not live_view.is_done(session(newest, earlier), picture)
    assert live_view.board(session(newest, earlier), False, picture, True).heat.levels is None
    own = verdict(picture, heat=np.eye(3, dtype=np.float32))
    assert live_view.is_done(session(newest, own), picture)
    assert live_view.board(session(newest, own), False, picture, True).heat.levels is not None


def test_a_frozen_picture_stands_with_its_own_verdict(picture):
    """Until it is judged nothing is claimed of it; then its verdict stands, whatever the camera does."""
    other = picture.copy()
    assert live_view.board(session(verdict(other)), True, picture, True).words == "…"
    judged = verdict(picture)
    assert live_view.board(session(judged, judged, since=99.0), False, picture, True).words == "shoe"


def test_a_far_picture_is_neither(picture):
    """The board says neither in paler ink, and still shows what the classes would be."""
    board = live_view.board(session(verdict(picture, strangeness=1.4)), True, None, True)
    assert (board.words, board.sure) == ("Neither", False)
    assert len(board.bars) == 2
