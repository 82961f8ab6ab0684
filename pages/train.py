"""Train: press the button and watch a network learn: curves, filters, feature maps, mix-ups, gradients."""

import time

import streamlit as st

from core.compute.engine import engine
from core.images.training_sets import TRAINING_SETS, available
from core.nets.adapted import hidden_end
from core.nets.network import output_shape
from core.stage.live_board import Board, Invitation, has_commands
from core.training.desk import desk
from core.training.spec import OWN, RunSpec
from core.ui import lesson, links, presenter, train_fields, train_live, train_own, train_runs, train_settings
from core.ui.lessons import HOUSE
from core.ui.train_board import ACTIVE, idle_board
from core.ui.visitor import visitor

HOW_IT_WORKS = """
**One step.** A *batch* of pictures goes through the network; the *loss* says how far its answers are off; every weight
moves a little against the slope of the loss. One pass over all training pictures is an *epoch*: examples ÷ batch size,
rounded up, batches. 48,000 ÷ 64 = 750.

**Training against validation.** Before the start some pictures are set aside. The network never trains on them; after
each epoch it is asked about them. While both curves fall, it learns what holds for new pictures too. When the
validation loss turns and rises, it learns the training pictures by heart: *overfitting*. Fewer weights, dropout,
augmentation and more pictures help.

**Error left.** Read an accuracy as what is still wrong: from 88 % to 90.5 % is from 12 % to 9.5 % error, a fifth of the
mistakes gone. Close to the top every point is worth more.

**The test set** is asked once, at the end. Whoever chooses by it has trained on it.

**Red and blue.** Filters are drawn as everywhere in ConvLab: white to red for positive numbers, white to blue for
negative ones. A map is red where its filter found something. They are noise at first and turn into strokes and edges.
"""
link = links.PageLink("train", train_fields.FIELDS)
DAY = 24 * 3600.0  # seconds; an older run is looked for in the list
FIRST = "train first visit"  # session key: whether this visit has looked for a run to come back to


def come_back() -> None:
    """The newest run of this browser is opened again when the page is, unless the link names another.

    One that goes on always is; one that ended meanwhile where the link sets nothing, for who comes with settings wants
    a new one.
    """
    if st.session_state.setdefault(FIRST, True) and not link.get("run"):
        is_bare = not set(st.query_params) - {presenter.PARAMETER}
        mine = [run for run in desk().runs() if run.visitor == visitor()]
        newest = [run for run in mine[:1] if is_bare and time.time() - run.created < DAY]
        back = [run for run in mine if run.state in ACTIVE] or newest
        if back:
            train_fields.turn_to(link, back[0].id)
    st.session_state[FIRST] = False


def shape_and_classes() -> tuple[tuple[int, int, int], int]:
    """Of the chosen pictures. Raises ValueError where there are none of the person's own."""
    data = link.get("data")
    if data == OWN:
        return (link.get("side"), link.get("side"), 3), train_own.counted(link.get("seed"))[1]
    return TRAINING_SETS[data].shape, len(TRAINING_SETS[data].classes)


def wanted() -> tuple[RunSpec, int]:
    """The run that is set, and how many pictures it trains on. Raises ValueError in plain words where it cannot be."""
    spec = train_fields.spec_of(link, *shape_and_classes())
    own = train_own.counted(spec.seed)[0] if spec.data == OWN else 0
    there = train_fields.training_pictures(spec.data, link.get("count"), own)
    return spec, there - round(there * spec.validation_split)


def start() -> str:
    """Begin the run that is set."""
    spec, _ = wanted()
    if spec.data != OWN and available(spec.data) is None:
        raise ValueError(f"{TRAINING_SETS[spec.data].title} is not on this machine yet: download it below the board")
    own = train_own.pictures(link.get("side"), spec.seed) if spec.data == OWN else None
    title = f"{spec.network.name} on {train_settings.data_in_sentence(spec.data)}"
    return desk().start(spec, visitor(), title, own)


def idle() -> Board:
    """The board before a run: what is set, some of the pictures, the button."""
    samples = train_settings.samples(link.get("data"))
    try:
        spec, training = wanted()
    except ValueError as error:
        invitation = Invitation("Train", lesson.plain(error), ready=False)
        return idle_board(None, 0, link.get("batch"), link.get("epochs"), samples, invitation)
    there = spec.data == OWN or available(spec.data) is not None
    words = (
        f"{spec.network.name} learns to read {train_settings.data_in_sentence(spec.data)}."
        if spec.data in ("drawn", "mnist")
        else f"{spec.network.name} learns to tell {things(spec.data)} apart."
    )
    if end := hidden_end(train_fields.chosen_network(link.get("net"))):
        answers = output_shape(spec.network)[0]
        kind = "softmax" if answers > 1 else "sigmoid"
        words += f" Its last layer, Dense {end.units}, becomes the answer: Dense {answers} with {kind}."
    invitation = Invitation("Train", words if there else "These pictures are not on this machine yet.", ready=there)
    return idle_board(spec.network, training, spec.batch_size, spec.epochs, samples, invitation)


def things(data: str) -> str:
    return "your own pictures" if data == OWN else f"the pictures of {TRAINING_SETS[data].title}"


def settings(view) -> None:
    """Before a run its settings; with a run on the board, the way to a new one."""
    if view is None:
        train_settings.main_row(link)
        train_settings.offer(link)
        train_settings.filter_note(link, train_fields.chosen_network(link.get("net")))
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if view.state not in ACTIVE:
            st.button(
                "New run", icon=":material/add:", on_click=lambda: train_fields.turn_to(link, ""), key="train new run"
            )
        train_settings.of_next_run(link)
        st.button(
            "Start another run beside this one",
            icon=":material/playlist_add:",
            on_click=start_beside,
            help="It waits in the queue while this one trains; both are compared below."
            if view.state in ACTIVE
            else "Both are compared below.",
            key="train beside",
        )


def start_beside() -> None:
    """Begin the run that is set, and choose it and the one on the board for comparison."""
    try:
        before, after = link.get("run"), start()
    except ValueError as error:
        train_live.trouble(error)
        return
    train_fields.turn_to(link, after)
    chosen = dict.fromkeys((*link.get("compare"), before, after))
    link.set("compare", tuple(chosen)[-train_fields.MOST_COMPARED :])


def seen_runs() -> list:
    """Those that this browser may see."""
    return [run for run in desk().runs(train_runs.LISTED) if train_own.is_seen_by_visitor(run)]


def below_the_fold(view) -> None:
    """Runs beside each other, what to take along, how it works."""
    runs = seen_runs()
    if runs:
        st.markdown("#### Runs beside each other")
        with st.expander("All runs here", icon=":material/history:"):
            for run in runs[:12]:
                with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                    best = f", {train_runs.percent(run.best_accuracy)}" if run.best_accuracy is not None else ""
                    mine = "yours, " if run.visitor == visitor() else ""
                    st.markdown(f"{train_runs.title_of(run)}: {mine}{run.state}{best}", width="stretch")
                    st.button(
                        "Open",
                        key=f"train open {run.id}",
                        on_click=train_fields.turn_to,
                        args=(link, run.id),
                        type="tertiary",
                    )
        train_runs.compare(link, runs)
    st.markdown("#### Reach the mid-90s on Fashion-MNIST")
    train_runs.board(link, runs)
    if view is not None:
        st.markdown("#### Take this run with you")
        train_runs.exports(view)
    with st.expander("How training works", icon=":material/school:"):
        st.markdown(HOW_IT_WORKS)
    st.page_link(
        HOUSE / "pages" / "filters.py", label="Make a filter and put it into the net", icon=":material/grid_on:"
    )


complaint = link.open(has_commands(train_live.BOARD))
engine().warm("train")
come_back()
view = desk().view(link.get("run")) if link.get("run") else None
if view is not None and not train_own.is_seen_by_visitor(view):
    view, complaint = None, "That run is on somebody's own pictures: only the browser that gave them can open it."
    train_fields.turn_to(link, "")
elif link.get("run") and view is None:
    complaint = complaint or "There is no such run on this installation, so the page is ready for a new one."
    train_fields.turn_to(link, "")

link.close()

lesson.heading("Train", "Press the button and watch a network learn.")
train_live.show(link, idle, start, train_settings.samples)
if complaint:
    st.warning(complaint, icon=":material/link_off:")
settings(view)
if not presenter.is_on():
    below_the_fold(view)
elif link.get("compare"):
    train_runs.compare(link, seen_runs())
