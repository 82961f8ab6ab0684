"""The Transfer page under Streamlit's own test: pictures, settings and words; the learning itself is played."""

import json
from dataclasses import replace

import numpy as np
import pytest

from core.images.augmentation import Augmentation
from core.transfer.dealing import deal
from core.transfer.desk import DeskView, Features
from core.transfer.ways import WAYS, WayResult, WayRun
from core.ui import picture_sets, picture_shelf, transfer_keep, transfer_session
from tests.pages.reading import words

SCENES = ("pictures", "augment", "backbone", "ways", "map", "keep")


@pytest.fixture(autouse=True)
def plain_machine(monkeypatch):
    """No folder of data: the drawn examples are what there is."""
    monkeypatch.delenv("CONVLAB_DATA", raising=False)


class PlayedDesk:
    """A desk on which everything has been done, and that notes what it is asked for."""

    def __init__(self, view: DeskView):
        self._view, self.asked, self.brought = view, [], []

    def view(self) -> DeskView:
        return self._view

    def bring(self, backbone, jpegs):
        self.brought.append((backbone, len(jpegs)))

    def look(self, tag, backbone, jpegs):
        self.asked.append(("look", backbone, len(jpegs)))

    def go(self, tag, runs, dealt, jpegs):
        self.asked.append(("go", [run.way for run in runs], len(jpegs)))

    def keep(self, tag, way, backbone, dealt, jpegs):
        self.asked.append(("keep", way, backbone))

    def forget(self):
        self._view = DeskView()

    def cancel(self):
        self.asked.append(("cancel",))


def played(seeds: int = 2) -> tuple[PlayedDesk, picture_sets.PictureSet]:
    """The drawn examples after all four ways: each run names all pictures rightly but one shoe."""
    pictures = picture_sets._drawings()
    dealt = deal(pictures, 64, range(seeds))
    tag = f"{pictures.fingerprint} 64"
    results = []
    for way in WAYS:
        for seed in range(seeds):
            said = {part: np.eye(2)[dealt.part_labels(seed, part)] * 0.8 + 0.1 for part in ("validation", "test")}
            said["validation"][np.flatnonzero(dealt.part_labels(seed, "validation"))[0]] = [0.9, 0.1]
            backbone = "compact_resnet" if WAYS[way].uses_backbone else ""
            epochs = tuple({"seconds": s + 1.0, "validation_accuracy": 0.5 + s / 4} for s in range(2))
            run = WayRun(way, seed, 2, backbone)
            results.append((tag, WayResult(run, epochs, 1, 2.0, 0.9, 1234, 0, said["validation"], said["test"])))
    keys = tuple(picture.key for picture in pictures.all_pictures())
    random = np.random.default_rng(0)
    pooled = random.normal(size=(len(keys), 8)).astype(np.float32)
    maps = {key: random.uniform(size=(3, 3, 8)).astype(np.float16) for key in keys[:2]}
    features = {"compact_resnet": Features(tag, keys, pooled, maps, 2.0, len(keys))}
    return PlayedDesk(DeskView(state="done", tag=tag, results=tuple(results), features=features)), pictures


@pytest.fixture
def open_done(open_page):
    """The page after the four ways: open_done(scene=…) -> (AppTest, its desk)."""

    def visit(**link):
        desk, _ = played()
        app = open_page()
        app.session_state[transfer_session.DESK] = desk
        app.query_params.update(link)
        app.run()
        assert not app.exception
        return app, desk

    return visit


def press(app, label: str) -> None:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception


def table_of(app) -> str:
    return next(element.proto.body for element in app.get("html") if "class='ways'" in element.proto.body)


def test_it_opens_with_pictures_and_one_thing_to_do(open_page):
    """Offline and without data: drawn bags and shoes, and the button that learns to tell them apart."""
    app = open_page()
    sent = json.loads(app.get("bidi_component")[0].proto.json)
    assert [(kind["name"], kind["count"]) for kind in sent["classes"]] == [("bags", 60), ("shoes", 60)]
    (button,) = [button for button in app.button if button.label == "Learn to tell them apart"]
    assert not button.disabled
    assert "nobody else sees them" in words(app)


def test_the_pictures_are_with_the_worker_before_anything_is_asked(open_done):
    """Also those that came since; nothing for a backbone that is not on this machine."""
    app, desk = open_done(scene="pictures")
    count = len(app.session_state[picture_sets.SET])
    assert desk.brought[-1] == ("compact_resnet", count)
    assert not desk.asked
    _, desk = open_done(scene="backbone", backbone="resnet50")
    assert not desk.brought


def test_one_click_leads_to_the_head_that_learns(open_done):
    """The page goes to the four ways and asks for the features and the head."""
    app, desk = open_done()
    next(button for button in app.button if button.label == "Learn to tell them apart").click().run()
    assert desk.asked == [("go", ["head"], 120)]
    assert app.query_params["scene"] == "ways"


@pytest.mark.parametrize("scene", SCENES)
def test_every_scene_opens_before_and_after_the_learning(open_page, open_done, scene):
    """No scene breaks on a fresh visit, nor when all is done; presenter mode too."""
    assert not open_page(scene=scene).exception
    assert not open_done(scene=scene)[0].exception
    assert not open_done(scene=scene, present="1")[0].expander


def test_the_table_tells_accuracy_error_time_and_parameters(open_done):
    """Two runs a way: mean, error left, seconds, parameters; the test stays closed until it is asked for."""
    app, _ = open_done(scene="ways", seeds="2")
    table = table_of(app)
    assert "96.9 %" in table and "3.1 %" in table and "2 runs" in table and "1,234" in table
    assert "test accuracy" not in table
    press(app, "Measure on the test pictures (once)")
    table = table_of(app)
    assert "test accuracy" in table and "100.0 %" in table
    assert "no judge any more" in words(app)


def test_the_test_is_asked_once_however_the_pictures_are_dealt_out(open_done):
    """With another number to learn from nothing offers to ask it "once" again."""
    app, _ = open_done(scene="ways", seeds="2")
    press(app, "Measure on the test pictures (once)")
    for count in (40, 64):
        app.slider(key="transfer training").set_value(count).run()
        assert "no judge any more" in words(app)
        assert not [button for button in app.button if "once" in button.label]
    without_one(app)
    app.run()
    assert "no judge any more" in words(app), "of 120 pictures 119 are the same"
    app.session_state[transfer_session.ASKED_TEST] = {"of other pictures"}
    app.run()
    assert "no judge any more" not in words(app)


def test_all_four_ways_are_asked_for_with_every_seed(open_done):
    """Three seeds: twelve runs in the order of the table."""
    app, desk = open_done(scene="ways", seeds="3")
    next(button for button in app.button if button.label == "Go all four ways").click().run()
    ((_, ways, _),) = desk.asked
    assert ways == [way for way in WAYS for _ in range(3)]


def test_the_mistakes_go_to_the_browser_with_their_pictures(open_done):
    """One shoe taken for a bag, 90 % sure; a tile for each picture."""
    app, _ = open_done(scene="ways")
    sent = json.loads(app.get("bidi_component")[0].proto.json)
    wrong = [picture for picture in sent["pictures"] if picture["truth"] != picture["said"]]
    assert wrong == [{"truth": 1, "said": 0, "sure": 0.9}]
    assert sent["columns"] * sent["rows"] >= len(sent["pictures"]) == 32


def test_the_code_is_that_of_the_chosen_way(open_done):
    """Each way its own, with what it takes beside the pictures: a backbone of ours comes from a kept network."""
    app, _ = open_done(scene="ways")
    seen = set()
    for way in WAYS:
        app.session_state[transfer_keep.CODE_OF] = way
        app.run()
        (code,) = app.code
        seen.add(code.value)
        assert ("model.keras" in words(app)) == ("model.keras" in code.value) == WAYS[way].uses_backbone
    assert len(seen) == len(WAYS)


def test_the_map_has_a_place_and_neighbours_for_every_picture(open_done):
    """Before and after, all 120."""
    app, _ = open_done(scene="map")
    sent = json.loads(app.get("bidi_component")[0].proto.json)
    for one in sent["maps"]:
        assert np.shape(one["places"]) == (120, 2) and np.shape(one["neighbours"]) == (120, 5)


def test_an_augmentation_is_in_the_link_and_said_in_degrees(open_page):
    """0.1 is ±36°; an upside-down flip brings the warning."""
    app = open_page(scene="augment")
    assert "up to ±36°" in words(app)
    app = open_page(scene="augment", augmentation="vertical_5_0_0_0")
    assert "Who will ever hold it upside down" in words(app)
    app.select_slider(key="augment zoom").set_value(0.3).run()
    assert app.query_params["augmentation"] == "vertical_5_30_0_0"


def test_a_changed_augmentation_is_the_one_that_is_trained_with(open_done):
    """What was set on one scene is in the runs of another."""
    app, desk = open_done(scene="ways", augmentation="none_25_0_0_0")
    desk.go = lambda tag, runs, dealt, jpegs: desk.asked.extend(runs)
    next(button for button in app.button if button.key == "go augmented").click().run()
    assert desk.asked[0].augmentation == Augmentation(rotation=0.25)


def test_resnet50_is_offered_for_download_with_its_size(open_page, monkeypatch, tmp_path):
    """Where it is not on this machine, the page says what it would be, and how large."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    app = open_page(scene="backbone", backbone="resnet50")
    assert any(button.label == "Download ResNet50 (95 MB)" for button in app.button)
    assert "CONVLAB" in words(app)
    app = open_page(scene="ways", backbone="resnet50")
    assert next(button for button in app.button if button.label == "Go all four ways").disabled


def test_class_names_are_text(open_done):
    """A class called like a tag is shown letter for letter."""
    app, _ = open_done()
    name = "<img src=x onerror=alert(1)>"
    app.session_state[picture_sets.SET].rename_class("bags", name)
    for scene in SCENES:
        app.query_params.update(scene=scene)
        app.run()
        assert not app.exception
        assert not [element for element in app.get("html") if name in element.proto.body]
        assert not [element for element in app.markdown if "<img" in element.value and "\\<" not in element.value]


def test_all_pictures_can_be_deleted_at_once(open_done):
    """It is asked first. Then nothing is left of them, nor of what was learnt or drawn of them, and no undo."""
    app, desk = open_done(scene="map")
    app.query_params.update(scene="pictures")
    app.run()
    assert not [button for button in app.button if button.label == "Delete all my pictures"]
    assert "no Undo brings them back" in words(app)
    assert transfer_session.MAPS in app.session_state
    app.session_state[picture_sets.UNDO] = "a snapshot"
    press(app, "Delete them")
    assert len(app.session_state[picture_sets.SET]) == 0
    assert desk.view().results == ()
    assert "There are none so far" in words(app)
    for key in (picture_sets.UNDO, transfer_session.MAPS, f"{transfer_session.SPRITE} map"):
        assert key not in app.session_state


def without_one(app) -> None:
    """Take a picture away behind the page's back, with no way to bring it back."""
    app.session_state[picture_sets.SET].delete(5)


def test_results_of_other_pictures_are_missed_and_come_back(open_done):
    """A set started anew: one line says why the table is empty; Undo brings the pictures, and with them the results."""
    app, _ = open_done()
    press(app, "Start empty")
    assert "Undo: bring back all pictures" in [button.label for button in app.button]
    app.session_state["transfer.scene"] = "ways"
    app.run()
    assert "The results were of other pictures" in words(app) and "Undo under “Pictures” brings them back" in words(app)
    app.session_state["transfer.scene"] = "pictures"
    app.run()
    press(app, "Undo: bring back all pictures")
    app.session_state["transfer.scene"] = "ways"
    app.run()
    assert "96.9 %" in table_of(app) and "of other pictures" not in words(app)


def test_without_an_undo_one_can_only_go_again(open_done):
    """No way back is promised where there is none; with another number to learn from, it is named."""
    app, _ = open_done(scene="ways", train="40")
    assert "The results were with 64 pictures to learn from: choose that number again, or go again." in words(app)
    app, _ = open_done(scene="ways")
    assert "of other pictures" not in words(app)
    without_one(app)
    app.run()
    assert "of other pictures: the set has changed since. Go again." in words(app)


def test_what_runs_for_earlier_pictures_is_said_to(open_done):
    """The set was changed while a way was gone."""
    app, desk = open_done(scene="ways")
    desk._view = replace(desk._view, state="running")
    app.run()
    assert "of other pictures" not in words(app)
    without_one(app)
    app.run()
    assert "What runs is of other pictures: the set has changed since. Stop it and go again." in words(app)


def test_a_greyed_button_says_why(open_page, open_done, monkeypatch, tmp_path):
    """Not only where a mouse rests: how far is what runs and can be stopped, or which backbone is not here."""
    app, desk = open_done()
    desk._view = replace(desk._view, state="running")
    app.run()
    button = next(button for button in app.button if button.label == "Learn to tell them apart")
    assert button.disabled and "wait for it, or stop it" in button.help
    assert any(button.label == "Stop" for button in app.button)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    app = open_page(backbone="resnet50")
    assert next(button for button in app.button if button.label == "Learn to tell them apart").disabled
    assert "ResNet50 is not on this machine yet" in words(app)


def test_examples_are_not_called_ones_own(open_page):
    """One of them deleted, or one added: they are the examples still; of an empty set nothing is said."""
    app = open_page()
    app.session_state[picture_sets.SET].delete(5)
    app.session_state[picture_sets.SOURCE] = picture_sets.OWN
    app.run()
    assert "The examples, as you changed them" in words(app)
    press(app, "Start empty")
    assert "The examples" not in words(app) and "Your own pictures" not in words(app)


def test_files_that_were_left_out_are_spoken_of_at_once(open_page):
    """In a message over the page, for the list itself may lie below the edge of the screen."""
    app = open_page()
    app.session_state[picture_shelf.LEFT_OUT] = 3
    app.run()
    assert [toast.value for toast in app.toast] == ["3 files were left out: see the list below."]
    app.run()
    assert not app.toast


def test_a_complaint_goes_with_the_next_thing_that_is_done(open_page):
    """It was about the deed before."""
    app = open_page()
    app.session_state[picture_shelf.COMPLAINT] = "A class needs a name."
    app.run()
    assert "A class needs a name" in words(app)
    app.run()
    assert "A class needs a name" not in words(app)


def test_the_slider_is_what_is_dealt(open_page):
    """Twenty-five are twenty-five, and half of them validate."""
    app = open_page(scene="ways", train="25")
    assert "**25** to learn from, **12** to validate, **83** to test" in words(app)
    app = open_page(scene="ways", train="400")
    assert "**116** to learn from, **2** to validate, **2** to test" in words(app)


def test_while_a_way_is_gone_its_curve_has_the_room_of_the_controls(open_done):
    """What could not be asked for anyway makes way; the explanation speaks of the pictures at hand."""
    app, desk = open_done(scene="ways", train="25")
    assert "with 12 validation pictures one picture is 8 %" in words(app) and app.slider
    desk._view = replace(desk._view, state="running")
    app.run()
    assert not app.slider and [button.label for button in app.button if button.key == "stop transfer"] == ["Stop"]


def test_words_promise_no_more_than_is_true(open_page, open_done):
    """No number of pictures, no small head; whose numbers the map shows; what the curves keep."""
    assert "hundred in all" not in words(open_page())
    assert "only the head learns" in table_of(open_page(scene="ways"))
    assert "keeps the weights of its best epoch" in words(open_done(scene="ways")[0])
    sent = json.loads(open_done(scene="map")[0].get("bidi_component")[0].proto.json)
    assert [one["title"] for one in sent["maps"]] == [
        "By pixels: 1,728 numbers (24×24×3)",
        "By the backbone: 8 numbers, the mean of each map",
    ]


@pytest.mark.parametrize("bad", [{"scene": "video"}, {"augmentation": "x_1"}, {"seeds": "9"}, {"train": "x"}])
def test_a_bad_link_gives_the_default_and_one_line(open_page, bad):
    """No traceback."""
    app = open_page(**bad)
    assert "Part of this link could not be read" in words(app)
