"""Runs beside each other and to take along."""

import time
from dataclasses import replace

from core.training.spec import FixedFilter
from core.ui.train_runs import alike, notebook_of, title_of
from tests.ui.train_views import view


def test_runs_on_other_pictures_of_ones_own_do_not_compare():
    """They are alike in name only; the fingerprint tells them apart."""
    own = replace(view(), spec=replace(view().spec, data="own"))
    mine, other = replace(own, fingerprint="a"), replace(own, fingerprint="b")
    assert "different pictures" in alike([mine, other])
    assert "The same pictures and the same seed" in alike([mine, mine])


def test_the_notebook_of_a_run_has_as_many_pictures_and_names_its_filter():
    """What would make its result another is in it, or said in it."""
    spec = replace(view().spec, picture_count=500, fixed_filter=FixedFilter(kernel=((0.0, 1.5), (-1.0, 0.0)), place=2))
    book = notebook_of(replace(view(), spec=spec))
    text = "".join("".join(cell["source"]) for cell in book["cells"])
    assert "[:500]" in text
    assert "filter 3 of the first layer was made by hand, 0 1.5; -1 0, and did not learn" in text


def test_a_run_of_another_day_says_which():
    """The hour alone would be of today."""
    day = 24 * 3600
    today, before = view(created=time.time()), view(created=time.time() - 2 * day)
    assert len(title_of(before)) > len(title_of(today))
