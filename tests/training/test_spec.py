"""What a run is: refusals, JSON both ways, the learning rate's schedule."""

import json
import math
from dataclasses import replace

import pytest

from core.images.augmentation import Augmentation
from core.nets.presets import PRESETS
from core.training.spec import FixedFilter, RunSpec, batches
from tests.training.making import SMALL, small

FILTER = FixedFilter(2, ((1.0, 0.0, -1.0), (2.0, 0.0, -2.0), (1.0, 0.0, -1.0)))


@pytest.mark.parametrize("name", PRESETS)
def test_json_gives_the_same_spec_back(name):
    """Every field, with the network, the augmentation and a hand-made filter."""
    spec = RunSpec(
        PRESETS[name].network,
        data="mnist",
        picture_count=500,
        schedule="cosine",
        weight_decay=0.0005,
        label_smoothing=0.1,
        augmentation=Augmentation("horizontal", 0.1, 0.2, 0.05, 0.1),
        fixed_filter=FILTER,
        learning_rate=0.003,
        seed=17,
    )
    assert RunSpec.from_json(spec.to_json()) == spec
    assert hash(RunSpec.from_json(spec.to_json())) == hash(spec)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("batch_size", 0),
        ("batch_size", 5000),
        ("batch_size", 2.5),
        ("epochs", 0),
        ("epochs", 501),
        ("seed", -1),
        ("picture_count", 9),
        ("validation_split", 0.0),
        ("validation_split", 0.95),
        ("optimiser", "rmsprop"),
        ("schedule", "sometimes"),
        ("weight_decay", -0.1),
        ("weight_decay", 1.0),
        ("label_smoothing", 1.0),
        ("label_smoothing", math.nan),
        ("learning_rate", 0.0),
        ("learning_rate", math.nan),
        ("learning_rate", math.inf),
        ("learning_rate", True),
        ("learning_rate", "0.1"),
    ],
)
def test_what_no_run_can_be_made_of_is_refused(field, value):
    """The message says which field, and what arrived."""
    with pytest.raises(ValueError, match="Received: ") as refused:
        replace(small(), **{field: value})
    assert str(value) in str(refused.value)


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"network": 3, "fixed_filter": null, "augmentation": {}}'])
def test_other_text_is_no_spec(text):
    """Whatever a file holds, it is a ValueError."""
    with pytest.raises(ValueError):
        RunSpec.from_json(text)


def test_a_stored_run_from_before_a_field_was_there_is_read():
    """What it says nothing about was not used."""
    content = json.loads(small().to_json())
    for name in ("weight_decay", "label_smoothing"):
        del content[name]
    assert RunSpec.from_json(json.dumps(content)) == small()


def test_batches_of_an_epoch_are_rounded_up():
    """48,000 / 64 = 750, and a rest makes one more."""
    assert batches(48_000, 64) == 750
    assert batches(48_001, 64) == 751
    assert batches(3, 64) == 1


def test_half_a_cosine_falls_from_the_rate_to_almost_nothing():
    """The whole rate in the first epoch, half of it in the middle, never more than before; a constant one stays."""
    spec = RunSpec(SMALL, epochs=10, schedule="cosine")
    rates = [spec.rate_in(epoch, 0.01) for epoch in range(10)]
    assert rates[0] == 0.01
    assert rates[5] == pytest.approx(0.005)
    assert all(later < earlier for earlier, later in zip(rates, rates[1:]))
    assert 0 < rates[-1] < 0.001
    assert [RunSpec(SMALL).rate_in(epoch, 0.01) for epoch in range(10)] == [0.01] * 10
