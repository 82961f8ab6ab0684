"""One visit's transfer learning: the desk that works for it, and what is to be asked of it now."""

from collections.abc import Iterable
from dataclasses import dataclass

import streamlit as st

from core.compute.engine import engine
from core.images.picture_set import PictureSet
from core.images.picture_split import shortage
from core.transfer.backbones import BACKBONES, weights_at
from core.transfer.dealing import Dealt, deal, possible_training, usual_training
from core.transfer.desk import DeskView, Features, TransferDesk
from core.transfer.ways import WAYS, WayResult, WayRun
from core.ui import picture_sets
from core.ui.links import PageLink

DESK, SEEN = "transfer desk", "transfer changes seen"
ASKED_TEST = "transfer test asked"  # session key: keys of the pictures that were there when it was
KEEPING = "transfer keeping"  # session key: Keeping
MAPS, SPRITE = "transfer maps", "transfer sprite"  # what was drawn of the pictures; the second with a name behind it
WORKSHOP = "core.transfer.workshop:Workshop"


def desk() -> TransferDesk:
    """The visitor's desk; its worker is found when it is first asked for something."""
    if DESK not in st.session_state:
        st.session_state[DESK] = TransferDesk(lambda: engine().actor(WORKSHOP, role="train"))
    return st.session_state[DESK]


def view() -> DeskView:
    return desk().view()


def training_count(link: PageLink, pictures: PictureSet | None = None) -> int:
    """How many pictures are learnt from: what the person chose as far as there are so many, or what is usual."""
    pictures = picture_sets.current() if pictures is None else pictures
    wanted = link.get("train")
    return possible_training(pictures, wanted) if wanted else usual_training(pictures)


def tag(link: PageLink, pictures: PictureSet | None = None) -> str:
    """Names the pictures and how they are dealt out: results of other ones are not shown beside these.

    pictures: others than those at hand.
    """
    fingerprint = (picture_sets.current() if pictures is None else pictures).fingerprint
    return f"{fingerprint} {training_count(link, pictures)}"


def changed_since(link: PageLink) -> str | None:
    """That the results, or what runs, are of other pictures than those at hand, and what can be done about it."""
    desk_now, now = view(), tag(link)
    here = {result.run.way for of_tag, result in desk_now.results if of_tag == now}
    missed = {of_tag for of_tag, result in desk_now.results if of_tag != now and result.run.way not in here}
    known = {desk_now.tag} - {now} if desk_now.is_running else missed
    if not known:
        return None
    what, again = f"{'Other' if here else 'The'} results were", "go again"
    if desk_now.is_running:
        what, again = "What runs is", "stop it and go again"
    fingerprint, _ = now.split()
    counts = [count for own, count in map(str.split, sorted(known)) if own == fingerprint]
    if counts:
        return f"{what} with {' or '.join(counts)} pictures to learn from: choose that number again, or {again}."
    before = picture_sets.snapshot()
    if before and tag(link, before.pictures) in known:
        again = f"Undo under “Pictures” brings them back, or {again}"
    return f"{what} of other pictures: the set has changed since. {again[0].upper()}{again[1:]}."


def dealt(link: PageLink, seeds: tuple[int, ...]) -> Dealt:
    """ValueError with the reason when there are too few pictures."""
    return deal(picture_sets.current(), training_count(link), seeds)


def jpegs() -> dict[str, bytes]:
    """Every picture under its key."""
    return {picture.key: picture.jpeg for picture in picture_sets.current().all_pictures()}


def best_way(link: PageLink, of: Iterable[WayResult]) -> str:
    """The way of the run that is right on most validation pictures; of equals, the last."""
    ranked = [(accuracy(link, result, "validation"), list(WAYS).index(result.run.way)) for result in of]
    return list(WAYS)[max(ranked)[1]]


def trouble(link: PageLink, way: str = "head") -> str | None:
    """Why this way cannot be gone with these pictures, or with this backbone, in words; None when it can."""
    reason = shortage(picture_sets.current())
    if reason:
        return reason
    name = link.get("backbone")
    if WAYS[way].uses_backbone and weights_at(name) is None:
        return f"{BACKBONES[name].title} is not on this machine yet. Get it under “Backbone”, or take the compact one."
    return None


def busy() -> str | None:
    """Why nothing can be begun now, in words; None when it can."""
    return "Something is learning or being looked at just now: wait for it, or stop it." if view().is_running else None


def features(link: PageLink) -> Features | None:
    """What the chosen backbone said of exactly these pictures; None before it has looked at all of them."""
    found = view().features.get(link.get("backbone"))
    keys = tuple(picture.key for picture in picture_sets.current().all_pictures())
    return found if found and found.keys == tuple(dict.fromkeys(keys)) else None


def bring(link: PageLink) -> None:
    """Let the worker have the pictures and the backbone ready: what is asked of it next takes a blink."""
    if len(picture_sets.current()) and weights_at(link.get("backbone")):
        desk().bring(link.get("backbone"), jpegs())


def look_words() -> str:
    """What the button of `look` says."""
    count = len(picture_sets.current())
    return f"Look at {'all ' if count != 1 else ''}{picture_sets.counted(count)} once"


def look(link: PageLink) -> None:
    """Send all pictures through the chosen backbone."""
    _start(lambda: desk().look(tag(link), link.get("backbone"), jpegs()))


def go(link: PageLink, ways: tuple[str, ...]) -> None:
    """Go these ways, each with as many seeds as the person chose."""
    seeds = tuple(range(link.get("seeds")))
    classes = len(picture_sets.current().classes)

    def run(way: str, seed: int) -> WayRun:
        backbone = link.get("backbone") if WAYS[way].uses_backbone else ""
        return WayRun(way, seed, classes, backbone, augmentation=link.get("augmentation"))

    _start(
        lambda: desk().go(tag(link), [run(way, seed) for way in ways for seed in seeds], dealt(link, seeds), jpegs())
    )


@dataclass(frozen=True)
class Keeping:
    """What is to be said of a network that is on its way from the worker, as it was when it was asked for."""

    tag: str
    class_names: tuple[str, ...]
    accuracies: dict[tuple[str, int], dict[str, float]]  # (way, seed) -> part -> share that was right
    judged_on: dict[str, int]  # part -> how many pictures these shares are of


def keep(link: PageLink, way: str, backbone: str) -> None:
    """Have the best network of a way written as a file."""
    own = results(link)
    seeds = tuple(sorted({result.run.seed for result in own}))
    parts = ("validation", "test") if has_asked_test() else ("validation",)
    accuracies = {
        (result.run.way, result.run.seed): {part: accuracy(link, result, part) for part in parts} for result in own
    }
    judged_on = {part: len(labels_of(link, result, part)) for result in own for part in parts}  # as many for each seed

    def begin() -> None:
        desk().keep(tag(link), way, backbone, dealt(link, seeds), jpegs())
        st.session_state[KEEPING] = Keeping(tag(link), picture_sets.current().classes, accuracies, judged_on)

    _start(begin)


def keeping() -> Keeping | None:
    """What was last asked to be kept."""
    return st.session_state.get(KEEPING)


def results(link: PageLink) -> tuple[WayResult, ...]:
    """The runs on these pictures with the chosen backbone, or with none."""
    return tuple(result for result in view().results_of(tag(link)) if result.run.backbone in ("", link.get("backbone")))


def labels_of(link: PageLink, result: WayResult, part: str):
    """What the pictures of a part are, in the order of a result's answers."""
    return dealt(link, (result.run.seed,)).part_labels(result.run.seed, part)


def accuracy(link: PageLink, result: WayResult, part: str) -> float:
    return result.accuracy(part, labels_of(link, result, part))


def has_asked_test() -> bool:
    """Whether the person has asked for the test pictures' answers, with these pictures or with most of them.

    However they are dealt out: who knows answers and then adds a picture or deals anew does not ask for the first time.
    """
    now = set(jpegs())
    return len(now & st.session_state.get(ASKED_TEST, set())) > len(now) / 2


def open_test() -> None:
    st.session_state[ASKED_TEST] = set(jpegs()) | st.session_state.get(ASKED_TEST, set())


def forget() -> None:
    """Drop all pictures and all that was learnt from them, here and in the worker."""
    desk().forget()
    picture_sets.forget()
    st.session_state.pop(KEEPING, None)
    st.session_state.pop(ASKED_TEST, None)
    for key in [key for key in st.session_state if str(key).startswith((MAPS, SPRITE))]:
        del st.session_state[key]


def _start(begin) -> None:
    """Begin a job; what stands in its way is said on the page."""
    try:
        begin()
        st.session_state.pop("transfer trouble", None)
    except ValueError as error:
        st.session_state["transfer trouble"] = str(error)
