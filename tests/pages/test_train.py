"""The Train page: settings, the board of a run, runs beside each other, under Streamlit's own test of a page."""

import json
import time
from dataclasses import replace

import numpy as np
import pytest

from core.compute.engine import EngineStatus
from core.images.datasets import DatasetMissing
from core.nets.codec import write
from core.nets.network import Network
from core.nets.presets import PRESETS
from core.training.view import RunSummary
from tests.compute.waiting import wait_until
from tests.pages.reading import words
from tests.ui.train_views import epoch, snapshot, view


class Desk:
    """Stands in for the desk: remembers what was asked, knows the runs that it was given."""

    def __init__(self):
        self.known, self.started, self.commands, self.repeated = {}, [], [], []

    def put(self, run):
        self.known[run.id] = run
        return run

    def view(self, name):
        return self.known.get(name)

    def runs(self, limit=50):
        return [
            RunSummary(
                run.id,
                run.title,
                run.visitor,
                run.created,
                run.spec,
                run.state,
                len(run.epochs),
                run.best_accuracy,
                run.test and run.test["accuracy"],
                run.seconds,
            )
            for run in self.known.values()
        ]

    def start(self, spec, visitor, title, own=None):
        self.started.append(spec)
        return self.put(view(id=f"new{len(self.started)}", spec=spec, state="queued", ahead=2, snapshot=None)).id

    def again(self, name, visitor):
        self.repeated.append(name)
        return self.put(replace(self.known[name], id=f"again{len(self.repeated)}", state="queued", snapshot=None)).id

    def command(self, name, command):
        self.commands.append((name, command))

    def set_learning_rate(self, name, rate):
        self.commands.append((name, rate))


class Engine:
    state = "ready"

    def warm(self, role):
        """Nobody is woken."""

    def status(self):
        return EngineStatus(
            self.state, "" if self.state == "ready" else "The scheduler does not answer.", (), ("train",)
        )


@pytest.fixture
def desk(monkeypatch):
    made = Desk()
    for place in ("core.training.desk", "core.ui.train_live", "core.ui.train_runs"):
        monkeypatch.setattr(f"{place}.desk", lambda: made)
    for place in ("core.compute.engine", "core.ui.train_live"):
        monkeypatch.setattr(f"{place}.engine", Engine)
    return made


def board(app):
    """What the page sends to its board."""
    return json.loads(app.get("bidi_component")[0].proto.json)


def ask(app, *commands, first=1):
    """Do on the board what a person does there."""
    numbered = [[first + place, name, value] for place, (name, value) in enumerate(commands)]
    app.session_state["train board"] = {"asked": numbered}
    app.run()
    assert not app.exception
    return app


def test_the_first_visit_is_one_button_away_from_a_training(open_page, desk):
    """Drawn digits, a small network, a big button, and the batches of an epoch written out."""
    app = open_page()
    sent = board(app)
    assert sent["invitation"] == {"label": "Train", "words": "A small CNN learns to read drawn digits.", "ready": True}
    assert sent["remark"].startswith("8,000 / 64 = 125 batches make an epoch")
    assert len(sent["samples"]["pictures"]) > 10
    ask(app, ("start", None))
    assert [spec.data for spec in desk.started] == ["drawn"]
    assert app.query_params["run"] in ("new1", ["new1"])
    assert board(app)["headline"] == "Waiting: 2 runs ahead of you"


def test_a_network_without_an_answer_says_which_layer_becomes_it(open_page, desk):
    """Trained without its last layer, the one before it is changed; the board says so before the start."""
    network = PRESETS["lecture"].network
    app = open_page(net=write(Network(network.input_shape, network.layers[:-1])))
    said = "Its last layer, Dense 256, becomes the answer: Dense 10 with softmax."
    assert board(app)["invitation"]["words"].endswith(said)


def test_a_command_is_done_once(open_page, desk):
    """The board sends its last commands again with every message; each counts once."""
    desk.put(view())
    app = open_page(run="abc123")
    ask(app, ("pause", None))
    ask(app, ("pause", None), ("rate", 0.0003))
    assert desk.commands == [("abc123", "pause"), ("abc123", 0.0003)]
    assert board(app)["seen"] == 2


def test_what_is_looked_at_stands_in_the_link(open_page, desk):
    """The tab, the cell and the picture that is followed: whoever opens the link sees the same; a new run forgets."""
    run = desk.put(view(state="finished", snapshot=None))
    pictures = [(7, np.zeros((28, 28, 1), np.uint8)), (31, np.zeros((28, 28, 1), np.uint8))]
    looked = []
    desk.wrong = lambda name, true, answer, count: pictures if (true, answer) == (4, 9) else []
    desk.look = lambda name, watched: looked.append(watched) or snapshot(watched=watched)
    app = ask(open_page(run=run.id), ("tab", "mixups"), ("look", [4, 9]))
    wait_until(lambda: "wrong question" not in app.run().session_state and board(app)["wrong"]["pictures"])
    assert [picture["place"] for picture in board(app)["wrong"]["pictures"]] == [7, 31]
    ask(app, ("watch", 31), first=3)
    wait_until(lambda: looked[-1:] == [31])
    told = {name: app.query_params[name] for name in ("tab", "cell", "watch")}
    told = {name: value[0] if isinstance(value, list) else value for name, value in told.items()}
    assert told == {"tab": "mixups", "cell": "4_9", "watch": "31"}
    other = open_page(run=run.id, **told)
    wait_until(lambda: board(other.run())["wrong"]["pictures"])
    assert board(other)["tab"] == "mixups" and board(other)["confusion"]["chosen"] == [4, 9]
    assert looked[-1] == 31
    ask(app, ("again", None), first=4)
    assert not {"cell", "watch"} & set(app.query_params) and "tab" in app.query_params


def test_a_cell_that_the_run_does_not_have_is_said(open_page, desk):
    """The board stands all the same, and the link is right again."""
    app = open_page(run=desk.put(view(state="finished")).id, cell="44_9")
    assert "A cell is a pair of classes" in app.error[0].value
    assert "cell" not in app.query_params


@pytest.mark.parametrize(
    ("changes", "link", "opened"),
    [
        ({"state": "running"}, {}, True),
        ({"state": "running"}, {"epochs": "3"}, True),
        ({"state": "finished"}, {}, True),
        ({"state": "lost"}, {"present": "1"}, True),
        ({"state": "finished"}, {"epochs": "3"}, False),
        ({"state": "finished", "visitor": "another"}, {}, False),
        ({"state": "finished", "created": time.time() - 2 * 24 * 3600}, {}, False),
    ],
)
def test_who_comes_back_finds_their_newest_run(open_page, desk, monkeypatch, changes, link, opened):
    """Also one that ended meanwhile, unless the link sets up another or it was long ago."""
    monkeypatch.setattr("core.ui.visitor.visitor", lambda: "me")
    desk.put(view(**{"visitor": "me", "created": time.time() - 600} | changes))
    assert (open_page(**link).query_params.get("run") in ("abc123", ["abc123"])) == opened


@pytest.mark.parametrize(("visitor", "seen"), [("me", True), ("another", False)])
def test_a_run_on_own_pictures_is_seen_by_its_visitor_only(open_page, desk, monkeypatch, visitor, seen):
    """Neither its link nor the list of runs opens it for anybody else: it shows their pictures."""
    monkeypatch.setattr("core.ui.train_own.visitor", lambda: "me")
    run = view(state="finished", visitor=visitor)
    desk.put(replace(run, spec=replace(run.spec, data="own")))
    app = open_page(run="abc123")
    assert ("somebody's own pictures" in words(app)) != seen
    assert (board(app)["snapshot"] is not None) == seen
    assert any(button.label == "Open" for button in app.button) == seen


@pytest.fixture
def own_run(desk, monkeypatch):
    """An ended run of this visitor's on pictures of their own."""
    monkeypatch.setattr("core.ui.train_own.visitor", lambda: "me")
    run = view(state="finished", visitor="me")
    return desk.put(replace(run, spec=replace(run.spec, data="own")))


def test_a_run_on_own_pictures_is_trained_again_by_the_desk(open_page, desk, own_run):
    """Which has the pictures of that run; those that its visitor has now may be others."""
    app = ask(open_page(run=own_run.id), ("again", None))
    assert (desk.repeated, desk.started) == ([own_run.id], [])
    assert app.query_params["run"] in ("again1", ["again1"])


def test_a_run_whose_own_pictures_are_gone_is_not_trained_again(open_page, desk, own_run, monkeypatch):
    """The reason stands under the board, and the run stays on it."""

    def refuse(*_):
        raise ValueError("A run on pictures of one's own needs them, and these are no longer kept. Received: none")

    monkeypatch.setattr(desk, "again", refuse)
    app = ask(open_page(run=own_run.id), ("again", None))
    assert "these are no longer kept." in app.error[0].value
    assert app.query_params["run"] in (own_run.id, [own_run.id]) and desk.started == []


def test_pictures_that_are_gone_are_said_and_nothing_breaks(open_page, desk):
    """A stored run whose picture set is no longer on this machine: the reason, beside its curves."""

    def look(name, watched):
        raise DatasetMissing("Fashion-MNIST is not on this machine.")

    desk.look = look
    desk.put(view(state="finished", snapshot=None))
    app = open_page(run="abc123")
    wait_until(lambda: not app.run().exception and app.error)
    assert "Fashion-MNIST is not on this machine." in app.error[0].value
    assert board(app)["curves"]["epochs"]["loss"]


@pytest.mark.parametrize("nonsense", [[["x", "pause", None]], [[1, "explode", None]], 7, [[1]]])
def test_what_no_board_sends_is_ignored(open_page, desk, nonsense):
    """A browser may send anything."""
    desk.put(view())
    app = open_page(run="abc123")
    app.session_state["train board"] = {"asked": nonsense}
    app.run()
    assert not app.exception and desk.commands == []


def test_settings_in_the_link_make_the_run(open_page, desk):
    """A network built elsewhere, SGD, augmentation: all of it goes into the spec."""
    text = write(PRESETS["lecture"].network)
    app = open_page(net=text, epochs="3", optimiser="sgd", rate="0.1", turn="0.1", batch="32")
    assert "up to ±36°" in words(app)
    ask(app, ("start", None))
    [spec] = desk.started
    assert spec.network == PRESETS["lecture"].network
    assert (spec.epochs, spec.optimiser, spec.learning_rate, spec.batch_size) == (3, "sgd", 0.1, 32)
    assert spec.augmentation.rotation == 0.1


def test_another_optimiser_brings_its_usual_learning_rate(open_page, desk):
    """0.001 is Adam's; plain SGD would stand still with it."""
    app = open_page()
    app.selectbox(key="train.optimiser").set_value("sgd").run()
    assert app.selectbox(key="train.rate").value == 0.1


def test_a_filter_from_the_filters_page_is_frozen_in_the_first_layer(open_page, desk):
    """The page says so, and the run has it."""
    app = open_page(filter="1_1_1~0_0_0~-1_-1_-1", place="2")
    assert "Your filter in the net" in words(app) and "brought from 3×3 to 5×5" in words(app)
    ask(app, ("start", None))
    assert desk.started[0].fixed_filter.place == 2


def test_a_network_that_cannot_be_is_named_and_not_trained(open_page, desk):
    """A dense layer on maps: the button waits, and the reason stands under it."""
    app = open_page(net="28x28x1-rs-d10_softmax-c8_3")
    sent = board(app)
    assert sent["invitation"]["ready"] is False and sent["invitation"]["words"]
    ask(app, ("start", None))
    assert desk.started == [] and app.error


def test_a_set_that_is_not_here_can_be_downloaded(open_page, desk, monkeypatch, tmp_path):
    """Without Fashion-MNIST on the machine the button waits and the download is offered."""
    monkeypatch.delenv("CONVLAB_DATA", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    app = open_page(data="fashion_mnist")
    assert board(app)["invitation"]["ready"] is False
    assert any(button.label.startswith("Download Fashion-MNIST") for button in app.button)


def test_a_refused_start_is_told_beside_the_board(open_page, desk, monkeypatch):
    """A limit for each visitor, in the desk's own words."""

    def refuse(*_, **__):
        raise ValueError("At most 4 runs of one person wait or train at a time. Received: 5 runs")

    monkeypatch.setattr(desk, "start", refuse)
    app = ask(open_page(), ("start", None))
    assert [error.value for error in app.error] == [
        "At most 4 runs of one person wait or train at a time. Now: 5 runs."
    ]


def test_a_scheduler_that_went_away_is_told(open_page, desk, monkeypatch):
    """One line, and the run stays on the board."""
    monkeypatch.setattr(Engine, "state", "lost")
    desk.put(view(state="lost", message="The worker that trained this run has ended. It can go on from epoch 3."))
    app = open_page(run="abc123")
    assert "The scheduler does not answer." in words(app)
    assert board(app)["buttons"] == ["lost", "again"]
    assert "can go on from epoch 3" in board(app)["remark"]


def test_a_run_of_another_installation_gives_a_line(open_page, desk):
    """The link names a run that nobody knows here."""
    app = open_page(run="nothere")
    assert "no such run on this installation" in words(app)
    assert "run" not in app.query_params
    assert board(app)["invitation"]["label"] == "Train"


def test_two_runs_stand_beside_each_other(open_page, desk):
    """One chart, one table, the lecture's reading of the error, and whether they can be compared at all."""
    desk.put(view(id="a1", state="finished", epochs=(epoch(0, validation_accuracy=0.88),)))
    desk.put(view(id="b2", state="finished", epochs=(epoch(0, validation_accuracy=0.905),)))
    app = open_page(compare="a1.b2")
    seen = words(app)
    assert "From 12.0 % to 9.5 % error left: 21 % of the mistakes are gone." in seen
    assert "The same pictures and the same seed" in seen
    assert "| **A** |" in seen and "55,714" in seen


def test_a_run_that_was_begun_beside_another_stays_chosen(open_page, desk):
    """Also before its first epoch, when there is nothing to compare yet, and when it has ended."""
    desk.put(view(state="finished"))
    young = desk.put(view(id="def456", state="queued", epochs=(), points=(), snapshot=None, confusion=None))
    app = open_page(run="def456", compare="abc123.def456")
    assert not app.exception and app.multiselect[0].value == ["abc123", "def456"]
    assert "as soon as each has an epoch" in words(app)
    desk.put(replace(young, state="finished", epochs=(epoch(0), epoch(1)), snapshot=snapshot(), confusion=np.eye(10)))
    app.run()
    assert app.multiselect[0].value == ["abc123", "def456"] and "as soon as" not in words(app)


def test_runs_on_own_pictures_that_nobody_knows_have_no_fall_of_the_error(open_page, desk, own_run):
    """Without a fingerprint they may have had different pictures."""
    for name, fingerprint, accuracy in (("a1", "", 0.88), ("b2", "", 0.905), ("c3", "f", 0.88), ("d4", "f", 0.905)):
        epochs = (epoch(0, validation_accuracy=accuracy),)
        desk.put(replace(own_run, id=name, fingerprint=fingerprint, epochs=epochs))
    unknown, known = words(open_page(compare="a1.b2")), words(open_page(compare="c3.d4"))
    assert "is not known of all these runs" in unknown and "of the mistakes are gone" not in unknown
    assert "The same pictures and the same seed" in known and "of the mistakes are gone" in known


def test_a_run_can_be_taken_along(open_page, desk):
    """Source, notebook, network, history and logs."""
    desk.put(view(state="finished"))
    labels = {button.proto.label for button in open_page(run="abc123").get("download_button")}
    assert labels == {"Keras source", "Notebook", "Network (.keras)", "History (CSV)", "TensorBoard logs"}


def test_presenter_mode_shows_the_run_and_what_it_is_compared_with(open_page, desk):
    """The board, the way to the next run, the chosen runs beside each other; no text to read."""
    desk.put(view())
    desk.put(view(id="b2", state="finished"))
    app = open_page(run="abc123", present="1")
    assert board(app)["presenting"] is True
    assert not app.expander and not app.multiselect and app.button(key="train beside")
    app = open_page(run="abc123", compare="abc123.b2", present="1")
    assert not app.expander and app.get("plotly_chart")


@pytest.mark.parametrize("bad", [{"data": "imagenet"}, {"net": "x"}, {"epochs": "0"}, {"rate": "2"}, {"run": "../x"}])
def test_a_bad_link_opens_the_usual_state_and_says_so(open_page, desk, bad):
    """One clear line, no traceback."""
    app = open_page(**bad)
    assert "Part of this link could not be read" in words(app)


def test_one_button_sets_up_the_best_run_we_know(open_page, desk):
    """Its pictures, network and recipe stand in the link, and a run that was on the board makes room."""
    app = open_page(run=desk.put(view(state="finished")).id, drop="0.5")
    app.button(key="train best recipe").click().run()
    assert not app.exception
    link = {name: values[0] if isinstance(values, list) else values for name, values in app.query_params.items()}
    assert (link["data"], link["net"], link["schedule"]) == ("fashion_mnist", "best_fashion", "cosine")
    assert "run" not in link and "drop" not in link
