"""The place where the newest frame waits."""

import threading

from core.transfer.newest_frame import NewestFrame


def test_the_newest_frame_wins_and_the_older_ones_are_dropped():
    """Of ten frames that came while nobody looked, the tenth is taken; nine are counted as dropped."""
    place = NewestFrame()
    for number in range(10):
        place.put(number)
    taken = place.take(0)
    assert (taken.frame, taken.number) == (9, 10)
    assert place.counts == (10, 9)


def test_a_frame_is_taken_once():
    """A second look finds nothing, so that no frame is judged twice."""
    place = NewestFrame()
    place.put("frame")
    assert place.take(0).frame == "frame"
    assert place.take(0) is None


def test_who_waits_gets_the_next_frame():
    """A thread that waits is woken by the frame that comes."""
    place, got = NewestFrame(), []
    waiting = threading.Thread(target=lambda: got.append(place.take(30)))
    waiting.start()
    place.put("frame")
    waiting.join(30)
    assert got[0].frame == "frame"


def test_closing_lets_everyone_go_and_keeps_nothing():
    """Those who wait are woken with nothing, and later frames are not kept."""
    place, got = NewestFrame(), []
    waiting = threading.Thread(target=lambda: got.append(place.take(30)))
    waiting.start()
    place.close()
    waiting.join(30)
    place.put("late")
    assert got == [None]
    assert place.take(0) is None


def test_many_threads_share_the_frames_without_taking_one_twice():
    """Four takers and one giver: every frame is taken by one of them or dropped."""
    place, taken, lock = NewestFrame(), [], threading.Lock()

    def take():
        while (arrived := place.take(30)) is not None:
            with lock:
                taken.append(arrived.number)

    takers = [threading.Thread(target=take) for _ in range(4)]
    for taker in takers:
        taker.start()
    for number in range(2000):
        place.put(number)
    while place.take(0) is not None:
        pass
    place.close()
    for taker in takers:
        taker.join(30)
    came, dropped = place.counts
    assert came == 2000
    assert len(set(taken)) == len(taken) <= came - dropped
