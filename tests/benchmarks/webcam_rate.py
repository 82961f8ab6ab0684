"""How close the live view comes to the bare forward rate, and how old its verdicts are: no browser, one engine.

    python -m tests.benchmarks.webcam_rate

Frames of 640×480 come faster than any network looks at them, and then 30 a second, as from a camera. In turns with
the live view, in one worker, the same network, as it was learnt and before its batch norms were folded, is asked again
and again for one prepared picture: the bare forward rate. All frames that were judged count; the age is that of the
verdicts that were shown, which leaves out the few that a newer frame's overtook.
"""

import statistics
import threading
import time
from typing import Any

import numpy as np

from core.compute.engine import engine
from core.images.drawn_things import draw_thing
from core.transfer.live_session import LiveSession
from core.transfer.preparation import prepared

LIVE_SECONDS = 6.0
ROUNDS = 5
LOOKS = 40
FASTER, CAMERA = 1 / 1000, 1 / 30  # seconds between two frames


def main() -> None:
    print(
        "| network | bare forward, ms | bare rate | frames a second | share | age, forward passes | 99% below ", end=""
    )
    print("| of a camera's 30 a second | age then | 99% below |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    print(row("the shipped compact ResNet", {"kind": "shipped"}), flush=True)
    print(row("the whole ResNet50, weights drawn at random", resnet50()), flush=True)


def resnet50() -> dict[str, Any]:
    """Its real weights change nothing about its speed."""
    from core.transfer.kept_keras import as_file
    from core.transfer.recognisers import whole_resnet50

    about = {"class_names": [f"thing {number}" for number in range(1000)], "novelty": None, "feature_layer": ""}
    return {"kind": "kept", "file": as_file(whole_resnet50(None)), "about": about}


def row(name: str, source: dict[str, Any]) -> str:
    """Rounds of bare looks and live view in turns; medians over the rounds."""
    classifier = engine().actor("core.transfer.live_classifier:LiveClassifier", role="serve")
    classifier.call("load", source, timeout=120)
    while classifier.call("about")["state"] == "loading":
        time.sleep(0.2)
    if classifier.call("about")["state"] == "failed":
        raise SystemExit(classifier.call("about")["message"])
    rounds = []
    for _ in range(ROUNDS):
        bare = classifier.call("bare_milliseconds", LOOKS, timeout=120)
        rate, ages = live(classifier, FASTER)
        judged, calm_ages = live(classifier, CAMERA)
        bare = (bare + classifier.call("bare_milliseconds", LOOKS, timeout=120)) / 2  # before and after
        spread = [np.percentile(1000 * of / bare, share) for of in (ages, calm_ages) for share in (50, 99)]
        rounds.append((bare, 1000 / bare, rate, rate * bare / 1000, *spread[:2], judged, *spread[2:]))
    classifier.release()
    return f"| {name} | " + " | ".join(f"{statistics.median(column):.2f}" for column in zip(*rounds)) + " |"


def live(classifier, pause: float) -> tuple[float, np.ndarray]:
    """(frames judged a second, their verdicts' ages in seconds) while a frame comes after every `pause` seconds."""
    frame = np.asarray(draw_thing("shoes", 1)).repeat(4, 0).repeat(4, 1)[:480, :640]
    judged = []

    def call(method: str, *arguments: Any) -> Any:
        answer = classifier.call(method, *arguments)
        if method == "classify":
            judged.append(time.monotonic())
        return answer

    kept = type("Kept", (), {"call": staticmethod(call), "release": staticmethod(lambda: None)})
    session = LiveSession(lambda: kept, small=lambda picture, about: prepared(picture, about["side"]))
    stop, seen = threading.Event(), {}

    def give() -> None:
        due = time.monotonic()
        while not stop.wait(min(max(due - time.monotonic(), 0.0), FASTER)):
            if time.monotonic() >= due:
                session.offer(frame)
                due = max(due + pause, time.monotonic())
            if session.verdict is not None:
                seen[session.verdict.number] = (session.verdict.finished, session.verdict.age)

    giver = threading.Thread(target=give)
    giver.start()
    time.sleep(1.0)  # the first heat map and the first estimate of the network's time
    began = time.monotonic()
    time.sleep(LIVE_SECONDS)
    ended = time.monotonic()
    stop.set()
    giver.join()
    session.close()
    ages = [age for finished, age in seen.values() if began <= finished <= ended]
    return sum(began <= at <= ended for at in judged) / (ended - began), np.array(ages)


if __name__ == "__main__":
    main()
    engine().close()
