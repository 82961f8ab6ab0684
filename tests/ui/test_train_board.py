"""From a run to the board."""

import json
from dataclasses import replace

import numpy as np

from core.stage.live_board import Invitation, Shown
from core.ui.train_board import Looked, board_of, idle_board
from core.ui.train_fields import RATES
from tests.ui.train_views import epoch, snapshot, view


def test_the_board_of_a_run_can_be_sent_to_a_browser():
    """All of it is JSON, also where a number is none."""
    nan = float("nan")
    broken = snapshot(prediction=(nan,) * 10, kernels=np.full((5, 5, 1, 12), nan), gradients={"conv2d_1": nan})
    for run in (
        view(),
        view(epochs=(epoch(0, validation_loss=nan),)),
        view(snapshot=None, points=(), epochs=()),
        view(snapshot=broken),
    ):
        content = json.loads(json.dumps(board_of(run, Looked()).content(), allow_nan=False))
        assert content["headline"].startswith("Epoch 3")


def test_curves_hold_steps_and_epochs():
    """The points of the batches and one number an epoch, the turn as the end of its epoch."""
    losses = (0.5, 0.3, 0.35, 0.4)
    run = view(epochs=tuple(epoch(number, validation_loss=loss) for number, loss in enumerate(losses)))
    curves = board_of(run, Looked()).curves
    assert curves.steps.tolist() == [10, 750, 1912] and curves.loss.tolist() == [2.3, 1.0, 0.4]
    assert curves.epochs["validation_loss"] == list(losses)
    assert curves.turn == 2
    assert curves.kept == 4, "the most validation pictures right, whatever the loss"


def test_an_epoch_that_was_stopped_in_is_as_long_as_it_was():
    """Its points stand where it ended; a whole one, and a run without any, have the whole."""
    stopped = view(state="stopped", epochs=(epoch(0), replace(epoch(1), share=0.25)))
    assert board_of(stopped, Looked()).curves.content()["share"] == 0.25
    assert board_of(view(), Looked()).curves.share == board_of(view(epochs=()), Looked()).curves.share == 1


def test_the_inside_names_the_likeliest_classes_and_the_whole_layer():
    """Three classes in order; the layer's own size stands beside a part of its maps."""
    inside = board_of(view(), Looked()).inside
    assert [name for name, _ in inside.verdict] == ["3", "2", "5"]
    assert [layer.title for layer in inside.layers] == ["conv2d_1: 24×24×12", "conv2d_2: 10×10×32"]
    assert [(layer.count, layer.levels.shape[-1]) for layer in inside.layers] == [(12, 12), (32, 16)]
    assert inside.truth == "3"


def test_what_can_be_asked_for_depends_on_the_state():
    """Pause while it trains, steps while it waits, the test set once at the end."""
    assert board_of(view(), Looked()).buttons == ("pause", "rate", "stop")
    assert "batch" in board_of(view(state="paused"), Looked()).buttons
    assert board_of(view(state="finished"), Looked()).buttons == ("again", "test")
    assert board_of(view(state="finished", test={"accuracy": 0.9, "loss": 1}), Looked()).buttons == ("again",)
    assert board_of(view(state="stopped", epochs=()), Looked()).buttons == ("again",)
    assert board_of(view(state="lost", message="Gone."), Looked()).buttons == ("lost", "again")


def test_the_share_of_the_way_counts_batches():
    """Two epochs and 412 batches of ten times 750; all of it at the end."""
    assert board_of(view(), Looked()).share == (2 * 750 + 412) / 7500
    assert board_of(view(state="finished"), Looked()).share == 1


def test_a_rate_that_is_not_on_the_list_is_offered():
    """A link may hold any."""
    rates = board_of(view(learning_rate=0.002), Looked()).rates
    assert set(rates) == {*RATES, 0.002} and list(rates) == sorted(rates, reverse=True)


def test_the_pictures_of_a_cell_stand_under_its_name():
    """Which class was taken for which, and how many more there are; none is said too."""
    picture = Shown(np.zeros((28, 28, 1), np.uint8), "")
    assert board_of(view(), Looked((4, 9), (picture,))).wrong == ("4, taken for 9", (picture,))
    assert board_of(view(), Looked((3, 3), (picture,))).wrong[0] == "3, read rightly: 1 of 3"
    assert board_of(view(), Looked((4, 9))).wrong == ("4, taken for 9: none", ())


def test_a_network_without_filters_has_a_board():
    """The dense baseline has no first layer of filters and no maps."""
    content = board_of(view(snapshot=snapshot(kernels=None, maps=())), Looked()).content()
    assert content["snapshot"]["kernels"] is None


def test_before_a_run_the_board_counts_what_would_be_trained():
    """Parameters, pictures, batches; a setting that cannot be leaves the button without effect."""
    run = view().spec
    invitation = Invitation("Train", "")
    board = idle_board(run.network, 48_000, 64, 10, ("", ()), invitation)
    assert board.facts == ("A small CNN, 55,714 parameters", "48,000 training pictures")
    assert board.remark.startswith("48,000 / 64 = 750")
    assert idle_board(None, 0, 64, 10, ("", ()), invitation).headline == "Not ready"
