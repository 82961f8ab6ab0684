"""A run in this process: what it learns, what it tells, and that it obeys within a batch."""

from dataclasses import replace

import keras
import numpy as np
import pytest

from core.compute.turns import LINE, Turn
from core.nets.layers import Conv2D, Dense, Flatten, Rescaling
from core.nets.network import Network, rows
from core.training.building import compiled_model, first_kernel
from core.training.fitting import FEW_BATCHES, TrainingRun, load_weights
from core.training.judging import judge
from core.training.pictures import pictures_of
from tests.compute.waiting import wait_until
from tests.training.making import BATCHES, SMALL, ended, happened, small

TOLD = ("loss", "accuracy", "validation_loss", "validation_accuracy")


def run_of(spec, *commands, checkpoint=None) -> TrainingRun:
    """A run that was started, after these commands."""
    run = TrainingRun(spec.to_json(), checkpoint=checkpoint)
    for command in commands:
        run.command(*command)
    run.start()
    return run


def history(run) -> list[tuple[float, ...]]:
    """What the epochs of an ended run brought."""
    assert ended(run)["state"] == "finished"
    return [tuple(event[name] for name in TOLD) for event in happened(run, "epoch")]


def rested(run, batches: int) -> None:
    """Wait until a paused run has done so many batches of its epoch and shows what it then looks like."""
    wait_until(lambda: run._done == batches and run._snapshot and run._snapshot.step == run._step and not run._commands)


@pytest.fixture(scope="module")
def whole():
    """Four epochs without any command."""
    run = run_of(small(epochs=4))
    assert ended(run)["state"] == "finished"
    return run


def test_the_same_seed_gives_the_same_history(whole):
    """To the digit; another seed gives another."""
    assert history(run_of(small(epochs=4))) == history(whole)
    assert history(run_of(small(epochs=1, seed=1)))[0] != history(whole)[0]


@pytest.mark.parametrize("batch_size", [32, 3], ids=["a look after every batch", "several batches between two looks"])
def test_a_run_learns_what_a_plain_fit_learns(batch_size):
    """The same weights as one model.fit an epoch over the same batches, and the loss and accuracy that Keras tells."""
    spec = small(batch_size=batch_size)
    run = run_of(spec)
    told = history(run)
    pictures = pictures_of(spec)
    assert (run._batches >= FEW_BATCHES) == (batch_size == 3)
    model = compiled_model(spec)
    model.compile(model.optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    for epoch in range(spec.epochs):
        order = np.random.default_rng([spec.seed, 1, epoch]).permutation(320)
        fitted = model.fit(
            pictures.x_train[order],
            pictures.y_train[order],
            batch_size=batch_size,
            shuffle=False,
            verbose=0,
            validation_data=(pictures.x_validation, pictures.y_validation),
        ).history
        expected = [fitted[name][0] for name in ("loss", "accuracy", "val_loss", "val_accuracy")]
        assert told[epoch] == pytest.approx(expected, rel=1e-3)
    learnt = compiled_model(spec)
    load_weights(learnt, run.checkpoint("last")["model"])
    for ours, plain in zip(learnt.get_weights(), model.get_weights()):
        np.testing.assert_allclose(ours, plain, rtol=1e-3, atol=1e-5)


def test_it_tells_points_that_cover_every_batch_once(whole):
    """Steps rise to the last batch; the mean of the points of an epoch is the epoch's loss and accuracy."""
    points = happened(whole, "point")
    assert points[-1]["step"] == 4 * BATCHES
    for epoch, told in enumerate(happened(whole, "epoch")):
        own = [point for point in points if point["epoch"] == epoch]
        counts = np.diff([0, *(point["batch"] for point in own)])
        assert counts.sum() == BATCHES and (counts > 0).all()
        for name in ("loss", "accuracy"):
            assert np.dot(counts, [point[name] for point in own]) / BATCHES == pytest.approx(told[name], rel=1e-5)


def test_paused_it_trains_exactly_what_it_is_told(whole):
    """One batch, one more, the rest of the epoch, a whole epoch; then resumed: it ends as if nothing had been."""
    run = run_of(small(epochs=4), ("pause",))
    rested(run, 0)
    start = run._model.get_weights()[0]
    run.command("step_batch")
    rested(run, 1)
    first = run._model.get_weights()[0]
    assert not np.array_equal(first, start)
    assert happened(run, "state")[-1]["state"] == "paused"
    run.command("step_batch")
    rested(run, 2)
    run.command("step_epoch")
    wait_until(lambda: len(happened(run, "epoch")) == 1)
    rested(run, 0)
    run.command("step_epoch")
    wait_until(lambda: len(happened(run, "epoch")) == 2)
    rested(run, 0)
    run.command("resume")
    for ours, theirs in zip(history(run), history(whole), strict=True):
        assert ours == pytest.approx(theirs, rel=1e-4)


def test_a_learning_rate_takes_hold_with_the_next_batch():
    """At almost nothing the weights stay; at the old rate they move again; the epoch tells the rate of its end."""
    run = run_of(small(optimiser="sgd", learning_rate=0.1, epochs=1), ("pause",))
    rested(run, 0)
    before = run._model.get_weights()[0]
    run.command("learning_rate", 1e-12)
    run.command("step_batch")
    rested(run, 1)
    np.testing.assert_allclose(run._model.get_weights()[0], before, atol=1e-9)
    run.command("learning_rate", 0.2)
    run.command("step_batch")
    rested(run, 2)
    assert np.abs(run._model.get_weights()[0] - before).max() > 1e-5
    run.command("resume")
    ended(run)
    assert [(event["step"], event["value"]) for event in happened(run, "learning_rate")] == [(0, 1e-12), (1, 0.2)]
    assert happened(run, "epoch")[0]["learning_rate"] == pytest.approx(0.2)


def test_a_stop_takes_hold_within_a_batch_and_judges_what_was_learnt():
    """Two of ten batches: the run ends with a validated fifth of an epoch, and its model is kept."""
    run = run_of(small(), ("pause",))
    rested(run, 0)
    for done in (1, 2):
        run.command("step_batch")
        rested(run, done)
    run.command("stop")
    assert ended(run)["state"] == "stopped"
    (epoch,) = happened(run, "epoch")
    assert epoch["share"] == pytest.approx(0.2) and epoch["step"] == 2
    assert epoch["confusion"].sum() == 80
    assert run.checkpoint("best")["model"]


def test_a_stop_in_full_swing_ends_the_run_between_two_batches():
    """Hundreds of epochs are under way; the end comes at once, with the points up to the last batch."""
    run = run_of(small(epochs=500, batch_size=4))
    wait_until(lambda: happened(run, "point"))
    run.command("stop")
    assert ended(run)["state"] == "stopped"
    assert happened(run, "epoch")[-1]["step"] == happened(run, "point")[-1]["step"] == run._step < 500 * 80


def test_a_stop_before_the_first_batch_leaves_no_epoch():
    run = run_of(small(), ("stop",))
    assert ended(run)["state"] == "stopped"
    assert not happened(run, "epoch") and run.checkpoint("best") is None


def test_two_runs_of_a_worker_take_turns(whole, monkeypatch):
    """Never both at once; each says that it shares, ends before the other's hundreds of epochs, and learns the same."""
    monkeypatch.setattr(LINE, "held_seconds", 0.05)
    long = run_of(small(epochs=500))
    wait_until(lambda: happened(long, "point"))
    short = run_of(small(epochs=4))
    for ours, theirs in zip(history(short), history(whole), strict=True):
        assert ours == pytest.approx(theirs, rel=1e-4)
    assert not happened(long, "end")
    assert happened(long, "turn")[0]["shares"] and happened(short, "turn")[0]["shares"]
    long.command("stop")
    assert ended(long)["state"] == "stopped"
    wait_until(lambda: not LINE.places)


def test_a_paused_run_keeps_nobody_waiting_and_a_waiting_one_can_be_stopped():
    """Whoever trains meanwhile has the whole worker; the paused one goes on afterwards."""
    paused = run_of(small(), ("pause",))
    rested(paused, 0)
    holder = Turn()
    assert wait_until(lambda: holder.take(lambda: True))
    waiting = run_of(small())
    wait_until(lambda: len(LINE.places) == 2)
    waiting.command("stop")
    end = ended(waiting)
    assert end["state"] == "stopped" and "No epoch" in end["message"]
    paused.command("resume")
    wait_until(lambda: len(LINE.places) == 2)
    assert paused._step == 0
    holder.give()
    assert ended(paused)["state"] == "finished"


def test_a_loss_that_is_no_number_ends_the_run_and_keeps_the_epochs_before():
    """One good epoch, then a learning rate that no network survives: the message says what to try."""
    deep = Network(
        (28, 28, 1),
        (
            Rescaling(),
            *(Conv2D(4, 3, 2, activation="none") for _ in range(3)),
            *(Flatten(), Dense(30), Dense(30), Dense(10, "softmax")),
        ),
    )
    spec = replace(small(epochs=20, optimiser="sgd", learning_rate=0.01), network=deep)
    run = run_of(spec, ("pause",), ("step_epoch",))
    wait_until(lambda: len(happened(run, "epoch")) == 1)
    rested(run, 0)
    run.command("learning_rate", 1e30)
    run.command("resume")
    end = ended(run)
    assert end["state"] == "failed"
    assert "no number" in end["message"] and "learning rate below 1e+30" in end["message"]
    assert happened(run, "epoch")[0]["validation_loss"] < 10
    assert np.isfinite([event["loss"] for event in happened(run, "epoch") + happened(run, "point")]).all()
    assert run.checkpoint("best")["epoch"] == 0


def test_what_cannot_be_trained_says_why():
    """A fault of the spec that only the worker can see arrives as a message for people."""
    run = TrainingRun(small(picture_count=100_000).to_json())
    run.start()
    end = ended(run)
    assert end["state"] == "failed" and "1 to 60,000 pictures" in end["message"]


def test_a_run_that_goes_on_from_a_checkpoint_is_the_run_that_was_never_interrupted(whole):
    """To the digit, from the weights, the optimiser's momentum and the order of the batches."""
    begun = run_of(small(epochs=4), ("pause",), ("step_epoch",))
    wait_until(lambda: len(happened(begun, "epoch")) == 1)
    rested(begun, 0)
    kept = begun.checkpoint("last")
    begun.command("stop")
    ended(begun)
    resumed = run_of(small(epochs=4), checkpoint=kept)
    assert history(resumed) == history(whole)[1:]
    assert [event["step"] for event in happened(resumed, "epoch")] == [20, 30, 40]
    for ours, theirs in zip(resumed._model.get_weights(), whole._model.get_weights()):
        np.testing.assert_array_equal(ours, theirs)


def test_a_learning_rate_that_was_changed_survives_a_resumption():
    """The schedule goes on from the rate that the person set."""
    begun = run_of(small(epochs=4, schedule="cosine"), ("learning_rate", 0.02), ("pause",), ("step_epoch",))
    wait_until(lambda: len(happened(begun, "epoch")) == 1)
    rested(begun, 0)
    kept = begun.checkpoint("last")
    begun.command("resume")
    ended(begun)
    resumed = run_of(small(epochs=4, schedule="cosine"), checkpoint=kept)
    ended(resumed)
    rates = [event["learning_rate"] for event in happened(begun, "epoch")]
    assert rates == pytest.approx([0.02, 0.02 * 0.853553, 0.01, 0.02 * 0.146447], rel=1e-4)
    assert [event["learning_rate"] for event in happened(resumed, "epoch")] == pytest.approx(rates[1:])


def test_a_snapshot_shows_the_model_as_it_is():
    """Filters, maps of every layer with maps, the prediction, for the picture that is followed."""
    spec = small()
    run = run_of(spec, ("pause",), ("watch", 5))
    rested(run, 0)
    run.command("step_batch")
    rested(run, 1)
    shown, pictures = run.poll(0)["snapshot"], pictures_of(spec)
    assert shown.watched == 5 and shown.label == pictures.y_validation[5] and shown.step == 1
    np.testing.assert_array_equal(shown.picture, pictures.x_validation[5])
    np.testing.assert_allclose(shown.kernels, first_kernel(run._model).numpy(), atol=1e-3)
    np.testing.assert_allclose(
        shown.prediction, run._judging.predict(pictures.x_validation[5:6], verbose=0)[0], atol=1e-6
    )
    shapes = {row.name: row.output_shape for row in rows(SMALL)}
    assert [name for name, _ in shown.maps] == ["conv2d_1", "max_pool2d_1"]
    for name, maps in shown.maps:
        assert maps.shape == shapes[name] and maps.dtype == np.uint8
    convolved = keras.Model(run._model.input, run._model.get_layer("conv2d_1").output)
    numbers = convolved.predict(pictures.x_validation[5:6], verbose=0)[0]
    for k in range(4):
        if np.ptp(numbers[..., k]) > 1e-3:
            assert shown.maps[0][1][..., k].max() == 255
            assert np.corrcoef(shown.maps[0][1][..., k].ravel(), numbers[..., k].ravel())[0, 1] > 0.999
    assert set(shown.gradients) == {"conv2d_1", "dense_1"} and all(size > 0 for size in shown.gradients.values())
    run.command("stop")
    ended(run)
    newest = run.poll(0)["snapshot"].number
    assert run.poll(0, newest)["snapshot"] is None, "a picture that the page has does not travel again"


def test_after_the_end_the_kept_network_is_looked_at():
    """The last epoch went wrong: the filters that are shown are those of the best one."""
    run = run_of(small(epochs=2), ("pause",), ("step_epoch",))
    wait_until(lambda: happened(run, "epoch"))
    run.command("learning_rate", 30.0)
    run.command("resume")
    assert ended(run)["state"] == "finished"
    best, last = run.checkpoint("best"), run.checkpoint("last")
    assert (best["epoch"], last["epoch"]) == (0, 1)
    kept = compiled_model(small())
    load_weights(kept, best["model"])
    np.testing.assert_allclose(run.poll(0)["snapshot"].kernels, first_kernel(kept).numpy(), atol=1e-3)


def test_a_kept_model_is_a_keras_file_that_says_the_same(whole):
    """Opened without ConvLab's own classes; its accuracy is what the epoch told."""
    import tempfile
    from pathlib import Path

    pictures = pictures_of(small())
    kept = whole.checkpoint("best")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.keras"
        path.write_bytes(kept["model"])
        opened = keras.saving.load_model(path)
    judged = judge(opened.predict(pictures.x_validation, verbose=0), pictures.y_validation)
    best = max(happened(whole, "epoch"), key=lambda event: event["validation_accuracy"])
    assert judged.accuracy == kept["accuracy"] == best["validation_accuracy"]
    again = compiled_model(small(seed=9))
    load_weights(again, kept["model"])
    for ours, theirs in zip(again.get_weights(), opened.get_weights()):
        np.testing.assert_array_equal(ours, theirs)
    assert whole.checkpoint("best", known=[kept["epoch"]]) is None


def test_wrong_pictures_are_those_of_the_confusion(whole):
    """As many as the cell counts, each of that class."""
    confusion = happened(whole, "epoch")[-1]["confusion"]
    pictures = pictures_of(small())
    true, answer = np.unravel_index(np.argmax(confusion * (1 - np.eye(10))), (10, 10))
    found = whole.wrong(int(true), int(answer), 100)
    assert len(found) == confusion[true, answer] > 0
    for index, picture in found:
        assert pictures.y_validation[index] == true
        np.testing.assert_array_equal(picture, pictures.x_validation[index])
