"""The visitor's pictures in their session."""

import numpy as np
import pytest

from core.images.drawn_things import draw_thing, thing_file
from core.stage.picture_wall import MOST_SHOWN
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


def mine(**counts: int) -> None:
    """Own pictures in the place of the examples."""

    def add(pictures):
        for name, count in counts.items():
            pictures.add_files(name, [(f"{seed}.jpg", thing_file("bags", 500 + seed)) for seed in range(count)])

    picture_sets.take_in(add)


CHANGES = {
    "3 pictures": lambda: picture_sets.delete((4, 60, 119)),
    "1 picture": lambda: picture_sets.delete((7,)),
    "the class bags": lambda: picture_sets.delete_class("bags"),
    "the name shoes": lambda: picture_sets.rename_class("shoes", "boots"),
    "all pictures": lambda: picture_sets.start_empty(),
}


@pytest.mark.parametrize("words", CHANGES)
def test_undo_brings_back_exactly_the_set_that_was_there(words):
    """In its order, with its names: the same fingerprint, and still what it was said to be."""
    before = picture_sets.current().fingerprint
    CHANGES[words]()
    assert picture_sets.current().fingerprint != before
    assert picture_sets.source() == OWN
    assert picture_sets.snapshot().words == words
    picture_sets.undo()
    assert (picture_sets.current().fingerprint, picture_sets.source()) == (before, DRAWN)
    assert picture_sets.snapshot() is None


def test_examples_in_the_place_of_own_pictures_can_be_undone():
    """Own pictures come back; examples in the place of examples need no undo."""
    mine(hats=3)
    before = picture_sets.current().fingerprint
    picture_sets.load_examples(DRAWN)
    assert picture_sets.snapshot().words == "your own pictures"
    picture_sets.undo()
    assert (picture_sets.current().fingerprint, picture_sets.source()) == (before, OWN)
    picture_sets.start_empty()
    picture_sets.load_examples(DRAWN)
    assert picture_sets.snapshot() is None


def test_undo_is_of_the_last_change_and_costs_no_later_picture():
    """The second change is undone, not both; and once a picture was added there is nothing to bring back."""
    picture_sets.delete((4,))
    picture_sets.rename_class("shoes", "boots")
    picture_sets.undo()
    assert picture_sets.current().counts == {"bags": 59, "shoes": 60}
    picture_sets.delete((5,))
    picture_sets.teach("shoes", draw_thing("shoes", 901))
    assert picture_sets.snapshot() is None
    picture_sets.undo()
    assert picture_sets.current().counts == {"bags": 58, "shoes": 61}


def test_a_refused_change_leaves_the_undo_before_it():
    """A name that is taken is no change."""
    picture_sets.delete((4,))
    with pytest.raises(ValueError, match="already a class called bags"):
        picture_sets.rename_class("shoes", "Bags")
    assert picture_sets.snapshot().words == "1 picture"
    picture_sets.delete((4,))  # gone already
    assert picture_sets.snapshot().words == "1 picture"


def test_what_is_forgotten_cannot_be_brought_back(session):
    """Neither the pictures nor the snapshot of earlier ones."""
    picture_sets.delete((4,))
    picture_sets.forget()
    assert picture_sets.snapshot() is None
    assert picture_sets.UNDO not in session
    assert len(picture_sets.current()) == 0


def test_teaching_adds_a_picture_and_makes_the_class():
    """A frozen frame goes into a new class or one that is there."""
    picture_sets.teach("mugs", draw_thing("bags", 900))
    picture_sets.teach("shoes", draw_thing("shoes", 901))
    assert picture_sets.current().counts == {"bags": 60, "shoes": 61, "mugs": 1}
    assert picture_sets.source() == OWN


def test_a_taught_picture_is_learnt_from_and_can_be_taken_back():
    """It belongs to training; the class goes with the only picture in it, and what is gone already is nothing."""
    number = picture_sets.teach("mugs", draw_thing("bags", 900)).number
    assert picture_sets.current().picture(number).part == "train"
    for _ in range(2):
        picture_sets.take_back(number)
        assert picture_sets.current().counts == {"bags": 60, "shoes": 60}
    number = picture_sets.teach("shoes", draw_thing("shoes", 901)).number
    picture_sets.take_back(number)
    assert picture_sets.current().counts == {"bags": 60, "shoes": 60}


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


def test_examples_keep_their_places_on_the_wall():
    """After one is deleted or one's own is added: the examples in their order, the own in front of them."""
    picture_sets.delete((62,))
    picture_sets.teach("shoes", draw_thing("shoes", 901))
    picture_sets.teach("shoes", draw_thing("shoes", 902))
    bags, shoes = picture_sets.wall_classes()
    assert bags.shown == tuple(range(60))
    assert shoes.shown == (121, 120, 60, 61, *range(63, 120))
    picture_sets.delete((120,))
    assert picture_sets.wall_classes()[1].shown == (121, 60, 61, *range(63, 120))


def test_a_class_of_many_pictures_can_be_turned_over():
    """Every picture is on one page of the wall; a place that is none gives the nearest; what is recorded is seen."""
    picture_sets.start_empty()
    count = MOST_SHOWN + 5
    for seed in range(count):
        picture_sets.current().add_capture("mugs", draw_thing("bags", seed))
    (mugs,) = picture_sets.wall_classes()
    assert (mugs.first, len(mugs.shown)) == (0, MOST_SHOWN)
    pages = list(mugs.shown)
    picture_sets.turn("mugs", MOST_SHOWN)
    (mugs,) = picture_sets.wall_classes()
    assert (mugs.first, len(mugs.shown)) == (MOST_SHOWN, 5)
    assert sorted([*pages, *mugs.shown]) == list(range(count))
    for place, first in ((-7, 0), (10**9, MOST_SHOWN)):
        picture_sets.turn("mugs", place)
        assert picture_sets.wall_classes()[0].first == first
    picture_sets.delete(mugs.shown)
    assert picture_sets.wall_classes()[0].first == 0
    picture_sets.undo()
    picture_sets.turn("mugs", MOST_SHOWN)
    newest = picture_sets.current().pictures("mugs")[0].jpeg
    picture_sets.add_frames("mugs", (newest[:-2] + b"\xff\xd9",))
    assert picture_sets.wall_classes()[0].first == 0


@pytest.mark.parametrize("count, words", [(0, "0 pictures"), (1, "1 picture"), (1200, "1,200 pictures")])
def test_a_number_of_pictures_is_said_rightly(count, words):
    """One picture is one picture."""
    assert picture_sets.counted(count) == words


def test_a_thumbnail_is_the_middle_square():
    """Of a wide picture the sides are cut off."""
    wide = np.zeros((100, 300, 3), np.uint8)
    wide[:, 100:200] = 255
    picture = picture_sets.teach("mugs", wide)
    assert np.asarray(picture_sets.thumbnail(picture, 20)).mean() > 240
