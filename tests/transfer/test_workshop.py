"""The Workshop as a worker runs it: jobs in a thread, told step by step, on a small backbone that stands in."""

import threading
import time

import numpy as np
import pytest

from core.compute.turns import LINE, Turn
from core.images.augmentation import Augmentation
from core.transfer import way_training, workshop
from core.transfer.dealing import deal
from core.transfer.kept_keras import load_bytes
from core.transfer.keras_backbones import BackboneMissing
from core.transfer.looking import Looking
from core.transfer.novelty import Novelty
from core.transfer.ways import Way, WayRun, as_probabilities
from core.transfer.workshop import Workshop
from tests.compute.waiting import wait_until
from tests.transfer.making import SIDE, stripes, tiny_backbone

PATIENCE = 120.0


@pytest.fixture
def at_work(monkeypatch):
    """A Workshop with twelve pictures of each of two classes, and how they are dealt out for two seeds."""
    looks = []
    monkeypatch.setattr(workshop, "headless", tiny_backbone)
    quick = {name: Way(name, name, "", "scratch" not in name, 8, 1e-2, 8) for name in ("scratch", "head", "fine_tuned")}
    monkeypatch.setattr(way_training, "WAYS", quick)
    pictures = stripes(12)
    shop = Workshop(Looking(lambda name: (looks.append(name), tiny_backbone(name))[1]))
    shop.add({picture.key: picture.jpeg for picture in pictures.all_pictures()})
    return shop, deal(pictures, 12, (0, 1)), looks


def done(shop: Workshop, job: dict, stop_at: str = "") -> tuple[dict, list[dict]]:
    """Run a job to its end: how it ended, and all events. stop_at: an event's kind at which it is cancelled."""
    shop.start(job)
    deadline, cursor, events = time.monotonic() + PATIENCE, 0, []
    while time.monotonic() < deadline:
        now = shop.poll(cursor)
        cursor = now["cursor"]
        events += now["events"]
        if stop_at and any(event["kind"] == stop_at for event in events):
            shop.cancel()
        if now["state"] not in ("waiting", "running"):
            return now, events
        time.sleep(0.01)  # a poll without pause takes the job's own turns
    raise TimeoutError(now)


def run(way: str, seed: int = 0) -> dict:
    return WayRun(way, seed, 2, "" if way == "scratch" else "tiny", 8).to_json()


def kinds(events: list[dict]) -> list[str]:
    return [event["kind"] for event in events]


def test_every_picture_goes_through_the_backbone_once(at_work):
    """The second time nothing is looked at; tensors and their means are told."""
    shop, dealt, looks = at_work
    job = {"kind": "features", "backbone": "tiny", "keys": dealt.keys}
    end, events = done(shop, job)
    assert end["state"] == "done"
    assert kinds(events) == ["looked", "features"]
    assert events[0]["count"] == 24
    assert events[1]["pooled"].shape == (24, 8)
    again = done(shop, job)[1]
    assert kinds(again) == ["features"]
    np.testing.assert_array_equal(again[0]["pooled"], events[1]["pooled"])
    assert looks == ["tiny"]


def test_head_then_fine_tuning_from_that_head(at_work):
    """Both tell epochs and a result that is right; the fine-tuned one starts from the head of its own seed."""
    shop, dealt, _ = at_work
    end, events = done(shop, {"kind": "ways", "tag": "a", "runs": [run("head"), run("fine_tuned")], "dealt": dealt})
    assert end["state"] == "done", end
    head, tuned = (event["result"] for event in events if event["kind"] == "result")
    assert head.accuracy("validation", dealt.part_labels(0, "validation")) == 1
    assert kinds(events).count("epoch") == 16
    assert tuned.trained > head.trained
    assert tuned.frozen == 32  # scale, offset, mean and variance of the batch norm's eight channels
    first = tuned.epochs[0]["validation_loss"]
    assert first < 0.5, "a new head would start near ln 2"
    assert head.validation.shape == (len(dealt.places[0]["validation"]), 2)
    np.testing.assert_allclose(head.validation.sum(axis=1), 1, atol=1e-6)
    keep = {"kind": "keep", "tag": "a", "way": "fine_tuned", "backbone": "tiny", "dealt": dealt}
    kept = done(shop, keep)[1][-1]
    assert Novelty.from_json(kept["novelty"]).threshold > 0, "it can say neither, by its own maps"


def test_a_way_from_scratch_uses_no_backbone(at_work):
    """It sees the pictures themselves, in the lecture's size."""
    shop, dealt, looks = at_work
    job = {"kind": "ways", "tag": "a", "runs": [{**run("scratch"), "epochs": 1}], "dealt": dealt}
    end, events = done(shop, job)
    assert end["state"] == "done", end
    assert looks == []
    keep = {"kind": "keep", "tag": "a", "way": "scratch", "backbone": "", "dealt": dealt}
    assert done(shop, keep)[1][-1]["novelty"] is None
    (result,) = (event["result"] for event in events if event["kind"] == "result")
    assert (result.trained, result.frozen) == (101_345, 0)


def test_it_takes_turns_with_another_training(at_work, monkeypatch):
    """It waits while that one trains, and makes way in the middle of an epoch; the waiting is no part of its time."""
    shop, dealt, _ = at_work
    monkeypatch.setattr(LINE, "held_seconds", 0.0)
    other = Turn()
    assert other.take(lambda: True)
    began = time.perf_counter()
    shop.start({"kind": "ways", "tag": "a", "runs": [run("head")], "dealt": dealt})
    wait_until(lambda: len(LINE.places) == 2)
    assert shop.poll()["state"] == "waiting"
    other.give()
    wait_until(lambda: any(event["kind"] == "epoch" for event in shop.poll()["events"]))
    assert other.take(lambda: False)
    before, held = len(shop.poll()["events"]), 1.0
    time.sleep(held)
    assert len(shop.poll()["events"]) == before
    other.give()
    now = wait_until(lambda: (found := shop.poll())["state"] == "done" and found)
    (result,) = (event["result"] for event in now["events"] if event["kind"] == "result")
    assert result.epochs[-1]["seconds"] < time.perf_counter() - began - held
    wait_until(lambda: not LINE.places)


def test_it_can_be_stopped_and_goes_on_with_something_else(at_work):
    """Stopped within an epoch; what was finished before counts, and the next job runs."""
    shop, dealt, _ = at_work
    job = {"kind": "ways", "tag": "a", "runs": [run("head"), run("fine_tuned")], "dealt": dealt}
    end, events = done(shop, job, stop_at="result")
    assert end["state"] == "cancelled"
    assert kinds(events).count("result") == 1
    assert done(shop, {"kind": "features", "backbone": "tiny", "keys": dealt.keys})[0]["state"] == "done"


def test_the_network_that_is_kept_is_the_best_one_and_whole(at_work):
    """Loaded again, it says of prepared pictures what its run said of them."""
    shop, dealt, _ = at_work
    (result,) = (
        event["result"]
        for event in done(shop, {"kind": "ways", "tag": "a", "runs": [run("head", 1)], "dealt": dealt})[1]
        if event["kind"] == "result"
    )
    end, events = done(shop, {"kind": "keep", "tag": "a", "way": "head", "backbone": "tiny", "dealt": dealt})
    assert end["state"] == "done", end
    assert events[-1]["feature_layer"] == "last_maps"
    assert Novelty.from_json(events[-1]["novelty"]).directions.shape[0] == len(dealt.part_keys(1, "train"))
    model = load_bytes(events[-1]["file"])
    shop_pictures = shop._pictures.many(dealt.part_keys(1, "validation"), SIDE)
    assert shop_pictures.shape[1:] == (SIDE, SIDE, 3)
    said = as_probabilities(model.predict_on_batch(shop_pictures.astype("float32")))
    np.testing.assert_allclose(said, result.validation, atol=2e-3)  # stored tensors are float16


def test_a_network_of_other_pictures_is_not_kept_for_these(at_work):
    """What was learnt from one set is kept under its name; another set has none until it was learnt from."""
    shop, dealt, _ = at_work
    done(shop, {"kind": "ways", "tag": "a", "runs": [run("head", 1)], "dealt": dealt})
    end, _ = done(shop, {"kind": "keep", "tag": "b", "way": "head", "backbone": "tiny", "dealt": dealt})
    assert end["state"] == "failed" and "go its way again" in end["message"]


def test_what_goes_wrong_is_said_and_frees_the_worker(at_work):
    """A backbone that is not here: the reason, and the next job can start."""
    shop, dealt, _ = at_work

    def missing(name):
        raise BackboneMissing("It is not on this machine.")

    shop._looking = Looking(missing)
    shop.expect("tiny", dealt.keys)  # no job: nothing is said
    end, _ = done(shop, {"kind": "features", "backbone": "tiny", "keys": dealt.keys})
    assert (end["state"], end["message"]) == ("failed", "It is not on this machine.")
    job = {"kind": "ways", "tag": "a", "runs": [{**run("scratch"), "epochs": 1}], "dealt": dealt}
    assert done(shop, job)[0]["state"] == "done"


def test_what_is_expected_is_ready_when_it_is_asked_for(at_work, monkeypatch):
    """The backbone is there and has looked, and no picture is prepared any more."""
    shop, dealt, looks = at_work
    shop.expect("tiny", dealt.keys)
    wait_until(lambda: len(shop._pictures._ready) == len(dealt.keys))
    assert looks == ["tiny"]
    monkeypatch.setattr(shop._pictures, "_prepare", None)
    assert done(shop, {"kind": "features", "backbone": "tiny", "keys": dealt.keys})[0]["state"] == "done"
    assert looks == ["tiny"]


def test_nothing_is_got_ready_while_a_job_runs(at_work):
    """What was asked for comes first; the last word of what is expected counts."""
    shop, dealt, looks = at_work
    shop._progress.tell("running", "")
    shop.expect("tiny", dealt.keys)
    wait_until(lambda: looks and not any(thread.name == "transfer ahead" for thread in threading.enumerate()))
    assert len(shop._pictures._ready) == 0


def test_visitors_share_a_backbone(at_work):
    """A second visitor does not wait for it, and it is in memory once."""
    shop, dealt, looks = at_work
    done(shop, {"kind": "features", "backbone": "tiny", "keys": dealt.keys})
    assert Workshop(shop._looking)._looking.at("tiny") is shop._looking.at("tiny")
    assert looks == ["tiny"]


def test_one_thing_at_a_time(at_work):
    """A second job is refused while one runs."""
    shop, dealt, _ = at_work
    shop._progress.tell("running", "")
    with pytest.raises(ValueError, match="One thing at a time"):
        shop.start({"kind": "features", "backbone": "tiny", "keys": dealt.keys})


def test_forgotten_pictures_are_gone(at_work):
    """Neither pictures nor tensors nor networks are left."""
    shop, dealt, _ = at_work
    done(shop, {"kind": "ways", "tag": "a", "runs": [run("head")], "dealt": dealt})
    shop.forget()
    assert shop.missing(dealt.keys) == list(dealt.keys)
    assert not (shop._best or shop._heads or len(shop._features) or len(shop._pictures))


def test_augmented_training_sees_changed_pictures_and_judges_unchanged_ones(at_work, monkeypatch):
    """The layers of change are in the network that is built; its answers to one picture are always the same."""
    augmented = WayRun("augmented", 0, 2, "", 1, Augmentation("horizontal", rotation=0.1))
    model = way_training.new_model(augmented)
    assert [layer.name for layer in model.layers if "random" in layer.name] == ["random_flip_1", "random_rotation_1"]
    picture = np.random.default_rng(0).uniform(0, 255, (1, 224, 224, 3)).astype("float32")
    np.testing.assert_array_equal(model.predict_on_batch(picture), model.predict_on_batch(picture))
