"""The visitor's pictures in their session."""

import numpy as np
import pytest

from core.images.drawn_things import draw_thing, thing_file
from core.ui import picture_sets
from core.ui.picture_sets import DRAWN, OWN


@pytest.fixture(autouse=True)
def session(monkeypatch):
    """A session of its own, on a machine without a folder of data."""
    monkeypatch.delenv("CONVLAB_DATA", raising=False)
    state = {}
    monkeypatch.setattr(picture_sets.st, "session_state", state)
    return state


def test_without_any_data_there_are_drawn_examples():
    """Sixty bags and sixty shoes, at once and offline."""
    assert picture_sets.current().counts == {"bags": 60, "shoes": 60}
    assert picture_sets.source() == DRAWN


def test_visitors_do_not_change_each_others_examples(session):
    """What one deletes is there for the next."""
    picture_sets.delete_class("bags")
    session.clear()
    assert picture_sets.current().counts["bags"] == 60


def test_own_pictures_take_the_place_of_the_examples():
    """The first upload makes room; the second adds."""
    for seed in (1, 2):
        picture_sets.take_in(
            lambda pictures, seed=seed: pictures.add_files("hats", [("h.jpg", thing_file("bags", seed))])
        )
    assert picture_sets.current().counts == {"hats": 2}
    assert picture_sets.source() == OWN


def test_a_refused_upload_changes_nothing():
    """The examples are still there."""

    def refused(pictures):
        raise ValueError("A ZIP bomb.")

    with pytest.raises(ValueError, match="bomb"):
        picture_sets.take_in(refused)
    assert picture_sets.source() == DRAWN
    assert len(picture_sets.current()) == 120


def test_what_was_deleted_comes_back():
    """One undo brings the last deletion back into its class."""
    pictures = picture_sets.current()
    gone = [picture.number for picture in pictures.pictures("shoes")[:3]]
    keys = {pictures.picture(number).key for number in gone}
    picture_sets.delete(tuple(gone))
    assert pictures.counts["shoes"] == 57
    assert picture_sets.undo_count() == 3
    picture_sets.undo()
    assert pictures.counts["shoes"] == 60
    assert keys <= {picture.key for picture in pictures.pictures("shoes")}
    assert picture_sets.undo_count() == 0


def test_teaching_adds_a_picture_and_makes_the_class():
    """A frozen frame goes into a new class or one that is there."""
    picture_sets.teach("mugs", draw_thing("bags", 900))
    picture_sets.teach("shoes", draw_thing("shoes", 901))
    assert picture_sets.current().counts == {"bags": 60, "shoes": 61, "mugs": 1}
    assert picture_sets.source() == OWN


def test_frames_for_the_test_stay_in_the_test():
    """Recorded with the switch on, they belong to that part."""
    picture_sets.add_frames("shoes", (thing_file("shoes", 800), thing_file("shoes", 801)), "test")
    (_, shoes) = picture_sets.wall_classes()
    assert (shoes.count, shoes.aside) == (62, 2)


def test_the_wall_shows_what_was_added_last_first(session):
    """Own pictures: the newest stand in front, and the sprite is made anew only when something changed."""
    picture_sets.start_empty()
    for seed in range(3):
        picture_sets.current().add_capture("mugs", draw_thing("bags", seed))
    picture_sets.mark_own()
    (mugs,) = picture_sets.wall_classes()
    assert mugs.shown == (2, 1, 0)
    assert mugs.sprite.startswith("data:image/jpeg;base64,")
    before = session[picture_sets.SPRITES]["mugs"]
    picture_sets.wall_classes()
    assert session[picture_sets.SPRITES]["mugs"] is before


def test_a_thumbnail_is_the_middle_square():
    """Of a wide picture the sides are cut off."""
    wide = np.zeros((100, 300, 3), np.uint8)
    wide[:, 100:200] = 255
    picture = picture_sets.teach("mugs", wide)
    assert np.asarray(picture_sets.thumbnail(picture, 20)).mean() > 240
