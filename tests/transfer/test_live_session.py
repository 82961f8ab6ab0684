"""One visitor's live view, with a network that answers when the test says so."""

import threading

import numpy as np
import pytest

from core.transfer import live_session
from core.transfer.live_session import LiveSession

PATIENCE = 30


class Network:
    """Stands for a LiveClassifier in a worker: each call waits for `answers`, and says what it was shown."""

    def __init__(self, message=None):
        self.answers = threading.Semaphore(0)
        self.asked = threading.Semaphore(0)
        self.seen, self.released, self.broken = [], threading.Event(), False
        self.message = message

    def call(self, method, *arguments):
        if method == "about":
            return {"state": "failed", "message": self.message} if self.message else {"state": "ready"}
        picture, why = arguments
        self.seen.append(int(picture[0, 0, 0]))
        self.asked.release()
        assert self.answers.acquire(timeout=PATIENCE)
        if self.broken:
            raise ConnectionError("The worker that did this has ended.")
        heat = np.ones((2, 2), np.float32) if why else None
        return {"probabilities": picture[0, 0, :2] / 255, "milliseconds": 1.0, "heat": heat, "why_milliseconds": 0.0}

    def release(self):
        self.released.set()


def frame(number):
    return np.full((4, 4, 3), number, np.uint8)


def wait_until(true):
    """Wait for something that another thread does; fails after a while."""
    moments = threading.Event()
    for _ in range(PATIENCE * 100):
        if true():
            return
        moments.wait(0.01)
    raise AssertionError("It did not happen")


@pytest.fixture
def session():
    made = []

    def make(network, **options):
        made.append(LiveSession(lambda: network, **options))
        return made[-1]

    yield make
    for live in made:
        live.close()


def test_the_newest_frame_is_judged_and_those_between_are_dropped(session):
    """While two frames are on their way eight more come: the next one judged is the last of them."""
    network = Network()
    live = session(network)
    for number in (1, 2):
        live.offer(frame(number))
        assert network.asked.acquire(timeout=PATIENCE)
    for number in range(3, 11):
        live.offer(frame(number))
    network.answers.release(2)
    assert network.asked.acquire(timeout=PATIENCE)
    assert network.seen == [1, 2, 10]
    network.answers.release()
    wait_until(lambda: live.verdict and live.verdict.number == 10)
    assert live.counts == (10, 7)


def test_no_more_than_two_frames_are_on_their_way(session):
    """However fast frames come, only two calls stand at the worker, so that no visitor fills its queue."""
    network = Network()
    live = session(network)
    for number in (1, 2):
        live.offer(frame(number))
        assert network.asked.acquire(timeout=PATIENCE)
    live.offer(frame(3))
    assert not network.asked.acquire(timeout=0.3)
    network.answers.release(3)


def test_a_verdict_never_goes_back_to_an_older_frame(session):
    """The picture that a verdict belongs to comes with it, and frame numbers only grow."""
    network = Network()
    live = session(network)
    network.answers.release(50)
    numbers = []
    for number in range(1, 41):
        live.offer(frame(number))
        assert network.asked.acquire(timeout=PATIENCE)
        if live.verdict:
            numbers.append(live.verdict.number)
            assert live.verdict.picture[0, 0, 0] == live.verdict.number
    assert numbers == sorted(numbers)


def test_everything_ends_by_itself_when_no_more_frames_come(session, monkeypatch):
    """A tab that is killed tells nobody: without frames the threads end and the worker lets go of the network."""
    monkeypatch.setattr(live_session, "IDLE_SECONDS", 0.05)
    network = Network()
    network.answers.release(10)
    live = session(network)
    live.offer(frame(1))
    assert network.released.wait(PATIENCE)
    wait_until(lambda: not any(thread.name == "live judge" for thread in threading.enumerate()))
    live.offer(frame(2))
    wait_until(lambda: live.verdict and live.verdict.number == 2)


def test_a_worker_that_dies_is_replaced(session, monkeypatch):
    """The call fails, a line says so, another worker is hired, and verdicts go on."""
    monkeypatch.setattr(live_session, "RETRY_SECONDS", 0.01)
    first, second = Network(), Network()
    workers = [first, second]
    live = LiveSession(lambda: workers.pop(0))
    first.broken = True
    first.answers.release(10)
    second.answers.release(10)
    live.offer(frame(1))
    assert first.released.wait(PATIENCE)
    assert "ended" in live.trouble
    live.offer(frame(2))
    wait_until(lambda: live.verdict and live.verdict.number == 2)
    assert live.trouble == ""
    live.close()


def test_a_network_that_cannot_be_loaded_says_why(session):
    """The classifier's own message reaches the page."""
    live = session(Network(message="The file of this model is broken."))
    live.offer(frame(1))
    wait_until(lambda: live.trouble == "The file of this model is broken.")
    assert live.verdict is None


def test_while_held_the_last_verdict_stands(session):
    """A frozen frame stays whatever the camera sees; afterwards it goes on."""
    network = Network()
    network.answers.release(10)
    live = session(network)
    live.offer(frame(1))
    wait_until(lambda: live.verdict)
    live.hold()
    live.offer(frame(2))
    live.hold(False)
    live.offer(frame(3))
    wait_until(lambda: live.verdict.number > 1)
    assert network.seen == [1, 3]


def test_a_frozen_picture_is_judged_while_the_camera_is_not(session):
    """While held a picture that is shown on purpose gets its verdict, and the very same array comes back with it."""
    network = Network()
    network.answers.release(10)
    live = session(network)
    live.hold()
    live.offer(frame(1))
    frozen = frame(7)
    live.look_at(frozen)
    wait_until(lambda: live.verdict)
    assert live.verdict.picture is frozen
    assert live.verdict.about == {"state": "ready"}


def test_heat_maps_come_a_few_times_a_second_and_not_with_every_frame(session):
    """The first frame has its heat map; those that come at once after it have none."""
    network = Network()
    network.answers.release(10)
    live = session(network)
    for number in (1, 2, 3):
        live.offer(frame(number))
        wait_until(lambda number=number: live.verdict and live.verdict.picture[0, 0, 0] == number)
    assert live.why.picture[0, 0, 0] == 1


def test_a_new_verdict_is_soon_explained(session, monkeypatch):
    """Where the likeliest class is another one than that of the heat map, the next heat map comes early."""
    monkeypatch.setattr(live_session, "WHY_SECONDS", 1000.0)
    monkeypatch.setattr(live_session, "NEW_WHY_SECONDS", 0.0)
    network = Network()
    network.answers.release(10)
    live = session(network)
    other = frame(9)
    other[..., 0] = 0
    for number, shown in ((1, frame(1)), (2, other), (3, other)):
        live.offer(shown)
        wait_until(lambda number=number: live.verdict and live.verdict.number == number)
    assert live.why.number == 3


def test_what_is_shown_on_purpose_is_explained(session, monkeypatch):
    """A frozen picture has its heat map even where the last one has only just been made."""
    monkeypatch.setattr(live_session, "WHY_SECONDS", 1000.0)
    network = Network()
    network.answers.release(10)
    live = session(network)
    live.offer(frame(1))
    wait_until(lambda: live.why)
    frozen = frame(7)
    live.look_at(frozen)
    wait_until(lambda: live.why.picture is frozen)
