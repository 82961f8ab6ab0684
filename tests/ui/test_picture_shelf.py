"""What a person does on the picture wall, done to their pictures, and what is said when it cannot be."""

from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from core.images.drawn_things import thing_file
from core.stage.picture_wall import Deed
from core.ui import lesson, picture_sets, picture_shelf
from core.ui.picture_sets import DRAWN, OWN


@pytest.fixture
def do(monkeypatch):
    """do(Deed(…)) -> what is complained of, or None. On a machine without a folder of data."""
    monkeypatch.delenv("CONVLAB_DATA", raising=False)
    state = {}
    monkeypatch.setattr(picture_sets.st, "session_state", state)

    def act(deed: Deed, aside: bool = False) -> str | None:
        monkeypatch.setattr(picture_shelf, "deed", lambda key: deed)
        picture_shelf.take_in(aside)
        return state.pop(picture_shelf.COMPLAINT, None)

    return act


@pytest.mark.parametrize(
    "name, words",
    [
        ("Bags", "There is already a class called bags. Choose another name."),
        ("", "A class needs a name."),
        ("x" * 41, "The name of a class has at most 40 characters."),
    ],
)
def test_a_name_that_cannot_be_is_refused_in_plain_words(do, name, words):
    """Renamed or made; nothing has changed, and these are still the examples."""
    assert do(Deed("rename", name, "shoes")) == words
    assert do(Deed("add", name)) == words
    assert picture_sets.current().classes == ("bags", "shoes")
    assert picture_sets.source() == DRAWN


def test_every_deed_makes_the_pictures_the_persons_own(do):
    """Deleting, dropping, recording for the test: what was done is undone together with what it made of them."""
    assert do(Deed("delete", numbers=(3, 4))) is None
    assert picture_sets.current().counts == {"bags": 58, "shoes": 60}
    assert do(Deed("drop", "bags")) is None
    assert do(Deed("frames", "shoes", frames=(thing_file("shoes", 700),)), aside=True) is None
    recorded = picture_sets.current().pictures("shoes")[-1]
    assert recorded.part == "test"
    (shoes,) = picture_sets.wall_classes()
    assert shoes.shown_aside == (recorded.number,) and shoes.aside == 1
    assert picture_sets.source() == OWN


def test_one_file_is_one_file():
    """Left out are one file, or many."""
    assert picture_shelf.left_out(1) == "1 file was left out"
    assert picture_shelf.left_out(3000) == "3,000 files were left out"


def test_a_refusal_is_a_rule_and_what_was_received():
    """Both are said, or the rule alone where the person has just typed what was received."""
    error = ValueError("Odd sizes only. Received: size=4")
    assert lesson.plain(error) == "Odd sizes only. Now: size=4."
    assert lesson.rule(error) == lesson.plain(ValueError("Odd sizes only.")) == "Odd sizes only."


def watching():
    from core.ui import picture_shelf

    picture_shelf._watch_link()


class Download:
    """A ZIP that has come, or has not, and that nobody can take in."""

    def __init__(self, state, message=""):
        self.now = SimpleNamespace(state=state, message=message)

    def progress(self):
        return self.now

    def close(self):
        pass

    def archive(self):
        raise ValueError("A ZIP has folders with pictures. Received: one file")


@pytest.mark.parametrize(
    ("download", "said"),
    [
        (Download("done"), "A ZIP has folders with pictures"),
        (Download("failed", "It did not arrive."), "did not arrive"),
    ],
    ids=["refused", "failed"],
)
def test_what_became_of_a_link_stays_to_be_read(download, said):
    """The fragment runs again twice a second: the reason is still there, once, and the address for another try."""
    app = AppTest.from_function(watching)
    app.session_state[picture_shelf.URL_DOWNLOAD] = download
    app.session_state[picture_shelf.URL_ASKED] = "https://example.org/bags.zip"
    for _ in range(3):
        app.run()
        assert not app.exception
        assert len(app.error) == 1 and said in app.error[0].value
    assert app.text_input[0].value == "https://example.org/bags.zip"


def test_of_two_addresses_only_the_last_is_spoken_of():
    """One that may not be asked for takes the place of what was said of the one before."""
    app = AppTest.from_function(watching)
    app.session_state[picture_shelf.URL_DOWNLOAD] = Download("failed", "It did not arrive.")
    app.run()
    app.text_input[0].set_value("http://example.org/bags.zip")
    app.button[0].click().run()
    assert len(app.error) == 1 and "begins with https" in app.error[0].value
