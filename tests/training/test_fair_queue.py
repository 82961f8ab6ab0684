"""Whose run is next."""

from core.training.fair_queue import fair_order


def test_of_one_person_the_first_that_came_is_first():
    assert fair_order([("a", "ann"), ("b", "ann"), ("c", "ann")], []) == ["a", "b", "c"]


def test_nobody_waits_for_all_runs_of_another():
    """Ann queued three, then Bob and Cid one each: they come before Ann's second."""
    waiting = [("a1", "ann"), ("a2", "ann"), ("a3", "ann"), ("b1", "bob"), ("c1", "cid")]
    assert fair_order(waiting, []) == ["a1", "b1", "c1", "a2", "a3"]


def test_who_has_a_run_in_training_is_behind_who_has_none():
    waiting = [("a2", "ann"), ("b1", "bob")]
    assert fair_order(waiting, ["ann"]) == ["b1", "a2"]
    assert fair_order(waiting, ["ann", "bob"]) == ["a2", "b1"]
    assert fair_order([], ["ann"]) == []


def test_on_one_worker_people_take_turns():
    """Ann queued four runs, then Bob two: played until all are done, with nobody in training between two runs."""
    waiting, served, order = [(f"a{n}", "ann") for n in range(4)] + [("b0", "bob"), ("b1", "bob")], {}, []
    while waiting:
        run = fair_order(waiting, [], served)[0]
        visitor = dict(waiting)[run]
        waiting.remove((run, visitor))
        served[visitor] = len(order)
        order.append(run)
    assert order == ["a0", "b0", "a1", "b1", "a2", "a3"]
