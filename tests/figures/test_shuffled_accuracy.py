"""Accuracies as dots."""

from core.figures.shuffled_accuracy import LEAST, shuffled_accuracy

NETWORKS = {"Dense": ((0.93, 0.94), (0.94, 0.95)), "Convolutional": ((0.97, 0.98), (0.90, 0.88))}


def test_every_seed_is_a_dot():
    """The spread is shown: each run of each network in each order has its own dot, in per cent."""
    figure = shuffled_accuracy(NETWORKS, dark=False)
    dots = sorted(x for trace in figure.data for x in trace.x)
    assert dots == sorted(100 * share for pair in NETWORKS.values() for shares in pair for share in shares)


def test_the_means_stand_beside_the_names():
    """Before and after as numbers, from mean to mean."""
    texts = [note.text for note in shuffled_accuracy(NETWORKS, dark=True).layout.annotations]
    assert "<b>Convolutional</b>" in texts
    assert "97.5 → <b>89.0 %</b>" in texts


def test_the_stored_results_fit_on_the_axis():
    """No dot is cut off at the left."""
    from core.explain.shuffled_digits import stored_results

    shares = [
        share for both in stored_results().measured.values() for one in both for share in (*one.straight, *one.shuffled)
    ]
    assert 100 * min(shares) > LEAST
