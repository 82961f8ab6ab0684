"""The settings of a run in a link, and the run that they make."""

from types import SimpleNamespace

import numpy as np
import pytest

from core.nets.adapted import SMALL
from core.nets.codec import write
from core.nets.layers import Dropout
from core.nets.network import Network, output_shape
from core.nets.presets import PRESETS
from core.training.spec import OWN, RunSpec
from core.ui import train_fields
from core.ui.train_fields import FIELDS, NETWORKS, fixed_filter, picture_count, spec_of, training_pictures
from scripts.measure_fashion import BEST


def link(**changes):
    values = {name: field.default for name, field in FIELDS.items()} | changes
    return SimpleNamespace(get=values.__getitem__)


def test_without_a_link_a_small_network_reads_drawn_digits():
    """What the big button trains: few digits, drawn at once."""
    spec = spec_of(link(), (28, 28, 1), 10)
    assert spec.network == SMALL and spec.data == "drawn"
    assert spec.picture_count == train_fields.USUAL_DRAWN
    assert (spec.batch_size, spec.epochs, spec.optimiser, spec.validation_split) == (64, 10, "adam", 0.2)


def test_every_setting_reaches_the_run():
    """Each field of the link has its place in the spec."""
    changes = {"data": "cifar10", "net": "lecture", "count": 2_000, "split": 0.1, "batch": 32, "epochs": 3}
    changes |= {"schedule": "cosine", "decay": 0.005, "smooth": 0.1}
    changes |= {"optimiser": "sgd", "rate": 0.1, "seed": 7, "flip": "horizontal", "turn": 0.1, "zoom": 0.2}
    spec = spec_of(link(**changes, shift=0.05, light=0.15, drop=0.3), (32, 32, 3), 10)
    assert (spec.data, spec.picture_count, spec.validation_split, spec.batch_size) == ("cifar10", 2_000, 0.1, 32)
    assert (spec.epochs, spec.optimiser, spec.learning_rate, spec.seed) == (3, "sgd", 0.1, 7)
    assert (spec.schedule, spec.weight_decay, spec.label_smoothing) == ("cosine", 0.005, 0.1)
    changed = spec.augmentation
    assert (changed.flip, changed.rotation, changed.zoom, changed.shift, changed.brightness) == (
        "horizontal",
        0.1,
        0.2,
        0.05,
        0.15,
    )
    assert spec.network.input_shape == (32, 32, 3) and Dropout(0.3) in spec.network.layers
    assert output_shape(spec.network) == (10,)


def test_the_best_run_that_the_page_sets_up_is_the_one_that_was_measured():
    """Network and recipe are those of scripts/measure_fashion, whose result is published."""
    spec = spec_of(link(**train_fields.BEST_ON_FASHION), (28, 28, 1), 10)
    assert spec == RunSpec(PRESETS["best_fashion"].network, data="fashion_mnist", **BEST)


def test_a_built_network_travels_in_the_link():
    """The text of the Architecture page is read back; the names of presets are short."""
    built = PRESETS["lenet5"].network
    field = FIELDS["net"]
    assert field.read(write(built)) == write(built)
    assert spec_of(link(net=write(built)), (28, 28, 1), 10).network == built
    assert field.read("lecture") == "lecture"
    assert "resnet50" not in NETWORKS, "it is for looking, not for training"


@pytest.mark.parametrize("text", ["resnet", "28x28", "28x28x1-zz", ""])
def test_what_is_no_network_is_refused(text):
    """A link that was cut gives a rule."""
    with pytest.raises(ValueError):
        FIELDS["net"].read(text)


@pytest.mark.parametrize(
    "data, count, wanted, there",
    [
        ("drawn", "usual", train_fields.USUAL_DRAWN, train_fields.USUAL_DRAWN),
        ("mnist", "usual", None, 60_000),
        ("cifar10", "usual", None, 50_000),
        ("cifar10", 60_000, 50_000, 50_000),
        ("drawn", 60_000, 60_000, 60_000),
        (OWN, "usual", None, 147),
    ],
)
def test_how_many_pictures_a_run_takes(data, count, wanted, there):
    """All of a stored set, as many as can be drawn quickly, never more than there are."""
    assert picture_count(data, count) == wanted
    assert training_pictures(data, count, own=147) == there


def test_a_hand_made_filter_takes_the_size_of_the_layer():
    """A 3×3 filter in the middle of a 5×5 one, zeros around it."""
    fixed = fixed_filter(SMALL, ((1.0, 1.0, 1.0), (0.0, 0.0, 0.0), (-1.0, -1.0, -1.0)), 2)
    kernel = np.array(fixed.kernel)
    assert fixed.place == 2 and kernel.shape == (5, 5)
    assert kernel[1:4, 1:4].tolist() == [[1, 1, 1], [0, 0, 0], [-1, -1, -1]]
    assert np.abs(kernel).sum() == 6


def test_a_filter_without_a_place_is_refused():
    """A dense network has no filters, and the small one has no hundredth."""
    with pytest.raises(ValueError, match="without a convolution"):
        fixed_filter(PRESETS["dense"].network, ((1.0,),), 0)
    with pytest.raises(ValueError, match="has 12 filters"):
        fixed_filter(SMALL, ((1.0,),), 99)
    assert fixed_filter(SMALL, None, 99) is None


def test_runs_to_compare_come_back_from_their_link():
    """Up to six, each once."""
    field = FIELDS["compare"]
    assert field.read(field.write(("a1", "b2"))) == ("a1", "b2")
    assert field.read("a.a.b") == ("a", "b")
    assert len(field.read(".".join(map(str, range(20))))) == 6
    with pytest.raises(ValueError, match="must be a run"):
        FIELDS["run"].read("../etc")


def test_a_network_keeps_its_name_where_it_is_known():
    """Presets are called by their titles, a built one is the person's."""
    assert train_fields.chosen_network("lecture").name == PRESETS["lecture"].title
    assert train_fields.chosen_network(write(Network((8, 8, 1)))).name == "Your network"
