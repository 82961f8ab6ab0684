"""In which order waiting runs get a worker: first who has the fewest, so that nobody waits for all runs of another."""

from collections import Counter
from collections.abc import Iterable, Mapping


def fair_order(
    waiting: Iterable[tuple[str, str]], training: Iterable[str], served: Mapping[str, int] | None = None
) -> list[str]:
    """The waiting runs, next first.

    waiting: (run, visitor) in the order of their coming. training: the visitor of each run that is trained now.
    served: visitor -> when a run of theirs last got a worker, as a number that rises.
    A visitor's first run goes before everybody's second; of equals, the one of who was served longest ago or never,
    then the one that came first.
    """
    served = served or {}
    before = Counter(training)  # visitor -> runs in training or earlier in the queue
    ranked = []
    for place, (run, visitor) in enumerate(waiting):
        ranked.append((before[visitor], served.get(visitor, -1), place, run))
        before[visitor] += 1
    return [run for *_, run in sorted(ranked)]
