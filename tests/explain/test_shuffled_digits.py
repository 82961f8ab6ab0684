"""The stored results of scripts/measure_shuffled_digits.py."""

import re

import pytest

from core.explain.shuffled_digits import NETWORKS, ORDERS, stored_results
from core.images.shuffling import SEED


def test_the_results_say_how_they_were_made():
    """Command, date, seeds and recipe stand beside the numbers, and the shuffling is the one on the stage."""
    results = stored_results()
    assert results.made_by == "make measure-shuffled"
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", results.date)
    assert results.recipe["shuffle_seed"] == SEED
    assert set(results.recipe["networks"]) == set(NETWORKS)


@pytest.mark.parametrize("picture_set", ["mnist", "drawn"])
def test_order_is_nothing_to_a_dense_network_and_much_to_a_convolutional_one(picture_set):
    """The dense network's two means differ by less than a point, the convolutional one loses more than five."""
    dense, convolutional = stored_results().measured[picture_set]
    for one in (dense, convolutional):
        assert {len(getattr(one, order)) for order in ORDERS} == {len(stored_results().recipe["seeds"])}
    assert abs(dense.lost) < 0.01
    assert convolutional.lost > 0.05
    assert convolutional.mean("straight") > dense.mean("straight")
