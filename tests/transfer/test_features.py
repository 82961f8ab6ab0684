"""Features: every picture once, in order, the same as the bare forward pass; kept within bounds."""

import threading

import numpy as np
import pytest

from core.transfer.features import FeatureStore, extract
from core.transfer.preparation import prepared_file
from core.transfer.prepared import PreparedPictures
from tests.transfer.making import jpeg, striped, tiny_backbone


def test_what_is_stored_is_the_bare_forward_pass():
    """Eleven pictures in batches of four, in order, each asked for once."""
    model, asked = tiny_backbone(), []
    pictures = np.stack([striped(i % 2, i) for i in range(11)])

    def one(place):
        asked.append(place)
        return pictures[place]

    maps = np.concatenate(list(extract(model, 11, one, batch=4)))
    np.testing.assert_allclose(maps, model.predict_on_batch(pictures.astype("float32")), atol=1e-5)
    assert sorted(asked) == list(range(11))


def test_a_picture_that_cannot_be_prepared_ends_it_with_its_reason():
    """What went wrong in the thread that prepares is raised where the maps are taken."""

    def broken(place):
        raise ValueError(f"picture {place} is broken")

    with pytest.raises(ValueError, match="picture 0 is broken"):
        list(extract(tiny_backbone(), 3, broken))


def test_stopping_leaves_no_thread_behind():
    """Asked to stop after the first batch, it gives no second one and its helper ends."""
    stop = threading.Event()
    batches = extract(tiny_backbone(), 64, lambda place: striped(0, place), stop.is_set, batch=4)
    next(batches)
    stop.set()
    assert list(batches) == []
    for thread in threading.enumerate():
        if thread.name.startswith("prepare pictures"):
            thread.join(5)
            assert not thread.is_alive()


def test_tensors_are_found_by_picture_and_backbone():
    """Another backbone has its own; pooled is the mean of every map, at full precision."""
    store = FeatureStore()
    maps = np.random.default_rng(0).normal(size=(2, 2, 3)).astype(np.float32)
    store.keep("one", ["a"], maps[np.newaxis])
    assert store.missing("one", ["a", "b", "b"]) == ["b"]
    assert store.missing("other", ["a"]) == ["a"]
    np.testing.assert_allclose(store.maps("one", ["a", "a"])[1], maps, atol=2e-3)
    np.testing.assert_allclose(store.pooled("one", ["a"])[0], maps.mean(axis=(0, 1)), rtol=1e-6)


def test_room_for_tensors_is_limited_and_can_be_given_back():
    """Beyond the limit it is said in words; forgotten pictures leave room."""
    store = FeatureStore(most_bytes=100)
    store.keep("one", ["a"], np.zeros((1, 4, 4, 3)))
    with pytest.raises(ValueError, match="fewer pictures, or the compact backbone"):
        store.keep("one", ["b"], np.zeros((1, 4, 4, 3)))
    store.forget()
    assert len(store) == 0
    store.keep("one", ["b"], np.zeros((1, 4, 4, 3)))


def counted(**limits) -> tuple[PreparedPictures, list[int]]:
    """Pictures, and the sides that they were prepared for, as it happens."""
    calls: list[int] = []
    return PreparedPictures(lambda data, side: (calls.append(side), prepared_file(data, side))[1], **limits), calls


def test_each_picture_is_prepared_once_in_each_size():
    """The second time it is there; a forgotten one is not."""
    pictures, calls = counted()
    pictures.add({"a": jpeg(striped(0, 0)), "b": jpeg(striped(1, 0))})
    assert pictures.missing(["a", "c"]) == ["c"]
    assert pictures.many(["a", "b", "a"], 24).shape == (3, 24, 24, 3)
    assert pictures.one("a", 32).shape == (32, 32, 3)
    assert calls == [24, 24, 32]
    pictures.forget(["b"])
    assert len(pictures) == 1
    with pytest.raises(KeyError):
        pictures.one("a", 24)


def test_prepared_pictures_stay_within_their_memory():
    """The oldest make room and are prepared again when they are wanted."""
    pictures, calls = counted(most_bytes=24 * 24 * 3)
    pictures.add({"a": jpeg(striped(0, 0)), "b": jpeg(striped(1, 0))})
    for key in ("a", "b", "a"):
        pictures.one(key, 24)
    assert len(calls) == 3


def test_pictures_are_prepared_ahead_as_far_as_there_is_room():
    """None makes room for one that nobody has asked for yet; one that was forgotten is passed over."""
    pictures, calls = counted(most_bytes=2 * 24 * 24 * 3)
    pictures.add({key: jpeg(striped(0, place)) for place, key in enumerate("abc")})
    pictures.ahead(["a", "gone", "b", "c"], 24, lambda: True)
    pictures.many(["a", "b"], 24)
    assert len(calls) == 2


def test_preparing_ahead_ends_when_it_is_told_to():
    pictures, calls = counted()
    pictures.add({key: jpeg(striped(0, place)) for place, key in enumerate("abc")})
    pictures.ahead(["a", "b", "c"], 24, lambda: len(calls) < 1)
    assert len(calls) == 1
