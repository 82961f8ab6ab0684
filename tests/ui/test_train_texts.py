"""What the Train page says of a run."""

from dataclasses import replace

import pytest

from core.nets.adapted import with_dropout
from core.ui import train_texts
from tests.ui.train_views import epoch, view


def test_batches_of_an_epoch_are_written_out():
    """The lecture's numbers, and a division that does not come out even is rounded up and said so."""
    assert train_texts.batches_line(48_000, 64).startswith("48,000 / 64 = 750 batches make an epoch")
    assert train_texts.batches_line(400, 64).startswith("400 / 64 = 6.25, rounded up: 7 batches")
    assert train_texts.batches_line(4_000, 64).startswith("4,000 / 64 = 62.5, rounded up: 63 batches")


def test_error_left_is_read_as_in_the_lecture():
    """From 88 % to 90.5 %: from 12 % to 9.5 % error, a fifth of the mistakes gone."""
    line = train_texts.error_fall(0.88, 0.905)
    assert line == "From 12.0 % to 9.5 % error left: 21 % of the mistakes are gone."


@pytest.mark.parametrize("seconds, written", [(5, "0:05"), (65.2, "1:06"), (3661, "1:01:01"), (-1, "0:00")])
def test_time_is_written_as_on_a_clock(seconds, written):
    """Minutes and seconds, hours where there are any, never less than nothing."""
    assert train_texts.clock(seconds) == written


@pytest.mark.parametrize(
    "changes, headline",
    [
        ({}, "Epoch 3 of 10, batch 412 of 750"),
        ({"state": "paused"}, "Paused in epoch 3, batch 412 of 750"),
        ({"state": "queued", "ahead": 2}, "Waiting: 2 runs ahead of you"),
        ({"state": "queued", "ahead": 1}, "Waiting: 1 run ahead of you"),
        ({"state": "preparing"}, "Getting ready"),
        ({"state": "finished"}, "Trained, 2 epochs"),
        ({"state": "stopped", "epochs": (epoch(0),)}, "Stopped after 1 epoch"),
        ({"state": "stopped", "epochs": (epoch(0), epoch(1, share=0.4))}, "Stopped in epoch 2"),
        ({"state": "lost"}, "The worker ended"),
        ({"state": "failed"}, "The run ended early"),
    ],
)
def test_the_headline_says_where_the_run_is(changes, headline):
    """Every state has its own words."""
    assert train_texts.headline(view(**changes)) == headline


def test_facts_are_told_while_they_hold():
    """Speed and time left while it trains; afterwards how long it took."""
    assert train_texts.facts(view())[:3] == ("6,912 pictures/s", "0:42 left", "2 cores")
    ended = train_texts.facts(view(state="finished"))
    assert ended[0] == "0:12 of training"
    assert not any("pictures/s" in fact for fact in ended)


def test_a_turn_of_the_validation_is_said_in_words():
    """From the epoch of the lowest validation loss on."""
    losses = (0.5, 0.3, 0.35, 0.4)
    run = view(epochs=tuple(epoch(number, validation_loss=loss) for number, loss in enumerate(losses)))
    words, alarm = train_texts.remark(run)
    assert alarm and words.startswith("Since epoch 2 the loss on validation pictures rises") and "overfitting" in words


def test_a_network_that_is_no_better_than_guessing_is_told_why():
    """With ten classes a loss of ln 10 is that of equal shares; one epoch may be a slow start."""
    run = view(epochs=(epoch(0, loss=2.4), epoch(1, loss=2.31)))
    assert train_texts.remark(run) == (train_texts.GUESSING, True)
    assert train_texts.remark(view(epochs=run.epochs[:1]))[0] != train_texts.GUESSING
    assert train_texts.remark(view(epochs=(epoch(0, loss=2.4), epoch(1, loss=2.2))))[0] != train_texts.GUESSING


def test_what_a_run_knew_before_it_lost_it_is_what_is_kept():
    """A learning rate that was raised too far: while it runs it is said, at its end which epoch is shown."""
    epochs = (epoch(0, loss=0.6), epoch(1, loss=2.31, validation_accuracy=0.1))
    assert train_texts.remark(view(epochs=epochs)) == (train_texts.LOST_AGAIN, True)
    words, alarm = train_texts.remark(view(epochs=epochs, state="finished"))
    assert alarm and words.startswith("At the end no better than guessing") and "Kept and shown: epoch 1, " in words
    never = (epoch(0, loss=2.4), epoch(1, loss=float("nan")))
    assert train_texts.remark(view(epochs=never, state="finished")) == (train_texts.NEVER_LEARNT, True)


@pytest.mark.parametrize(
    "before, after, words",
    [
        (0.9149, 0.7735, "−14.1 points"),  # 91.5 and 77.4 as they are written
        (0.91449, 0.91441, "hardly a difference"),
        (0.9150, 0.9144, "−0.1 points"),
        (0.5, 0.5, "no difference"),
        (0.9, 0.9961, "+9.61 points"),
    ],
)
def test_two_accuracies_and_their_difference_add_up(before, after, words):
    """The difference is that of the two as they are written, never one of minus nothing."""
    assert train_texts.moved(before, after) == words


def test_a_worker_that_is_shared_is_told():
    """While it waits for its first turn, and while it trains in turns."""
    waiting = view(state="preparing", shares=True, points=(), epochs=())
    assert train_texts.headline(waiting) == "Waiting for its turn"
    assert train_texts.waiting(waiting, warm=True) == train_texts.TURNS
    assert train_texts.remark(view(shares=True)) == (train_texts.TURNS, False)


def test_what_went_wrong_comes_before_all_else():
    """A NaN, a lost worker and a full disk are told, and marked."""
    assert train_texts.remark(view(state="failed", message="The loss is no number.")) == (
        "The loss is no number.",
        True,
    )
    assert train_texts.remark(view(state="lost", message="Gone.")) == ("Gone.", True)
    full = view(storage_message="Nothing can be written.")
    assert train_texts.remark(full) == ("Nothing can be written.", True)


def test_the_end_names_the_epoch_that_is_kept_and_the_error_that_is_left():
    """The best epoch, not the last."""
    run = view(
        state="finished",
        epochs=(epoch(0, validation_accuracy=0.905), epoch(1, validation_accuracy=0.88)),
    )
    words, alarm = train_texts.remark(run)
    assert words == "Kept and shown: epoch 1, 90.5 % of the validation pictures right, 9.5 % error left."
    assert not alarm


def test_the_test_set_speaks_last():
    """While it is asked that is said; then its accuracy stands as the figure to report."""
    assert "asked about the test pictures" in train_texts.remark(view(state="finished", testing=True))[0]
    tested = view(state="finished", test={"accuracy": 0.905, "loss": 0.3})
    assert train_texts.remark(tested)[0].startswith("Test set: 90.5 % right, 9.5 % error left.")


def test_a_gap_between_training_and_validation_is_pointed_out():
    """More than three points apart: learnt by heart."""
    run = view(epochs=(epoch(0), epoch(1, accuracy=0.99, validation_accuracy=0.93)))
    assert "99.0 % right in training, 93.0 % on pictures" in train_texts.remark(run)[0]


def test_waiting_has_a_reason():
    """In the queue, while TensorFlow wakes, while the pictures come in."""
    assert "in turn" in train_texts.waiting(view(state="queued", ahead=1), warm=True)
    assert train_texts.waiting(view(state="preparing"), warm=False) == train_texts.WAKING
    assert "pictures" in train_texts.waiting(view(state="preparing"), warm=True)


def test_a_recipe_names_what_two_runs_may_differ_in():
    """Optimiser, rate, batch, seed, augmentation."""
    spec = view().spec
    assert train_texts.recipe(spec) == "Adam 0.001, batch 64, seed 0"
    augmented = replace(spec, augmentation=replace(spec.augmentation, rotation=0.1), optimiser="sgd", seed=3)
    assert train_texts.recipe(augmented) == "SGD 0.001, batch 64, seed 3, augmented"
    calm = replace(spec, schedule="cosine", weight_decay=0.0005, label_smoothing=0.1)
    assert train_texts.recipe(calm) == (
        "Adam 0.001, along half a cosine, batch 64, seed 0, weight decay 0.0005, labels smoothed by 0.1"
    )
    forgetful = replace(spec, network=with_dropout(spec.network, 0.3))
    assert train_texts.recipe(forgetful) == "Adam 0.001, batch 64, seed 0, dropout 0.3"


def test_a_recipe_tells_of_a_learning_rate_that_was_changed_by_hand():
    """Each rate once, in the order of the epochs; a schedule's own steps are no change."""
    spec = view().spec
    epochs = tuple(epoch(number, learning_rate=rate) for number, rate in enumerate((0.001, 0.001, 0.01, 0.01)))
    assert train_texts.recipe(spec, epochs) == "Adam 0.001 → 0.01, batch 64, seed 0"
    assert (
        train_texts.recipe(replace(spec, schedule="cosine"), epochs)
        == "Adam 0.001, along half a cosine, batch 64, seed 0"
    )


def test_a_test_set_that_could_not_be_asked_says_why():
    """In the place of the result, for another try."""
    run = view(state="finished", test_message="The test set could not be asked. No worker.")
    words, alarm = train_texts.remark(run)
    assert "No worker" in words and alarm


def test_halves_are_written_as_the_charts_write_them_and_both_parts_make_100():
    """321 of 400: the chart's label says 80.3 %, so the sentence below it does too."""
    assert train_texts.percent(321 / 400) == "80.3 %"
    assert train_texts.error_left(321 / 400) == "19.7 %"
