"""The runs of this installation: beside each other, on the board of Fashion-MNIST, and to take along."""

import io
import json
import zipfile
from collections import Counter
from datetime import datetime

import streamlit as st

from core.figures.fashion_board import fashion_board
from core.figures.run_curves import RunCurve, run_curves
from core.figures.template import CONFIG
from core.images.catalogue import DRAWN
from core.nets.network import total_parameters
from core.nets.notebook import FOLDER, notebook
from core.nets.source import source
from core.training.desk import desk
from core.training.event_file import event_file
from core.training.pictures import with_augmentation
from core.training.spec import OWN
from core.training.view import RunSummary
from core.ui import presenter
from core.ui.links import PageLink
from core.ui.train_fields import BEST_ON_FASHION, MOST_COMPARED, turn_to
from core.ui.train_settings import data_title
from core.ui.train_texts import clock, error_fall, error_left, percent, recipe, recipe_parts

LISTED = 40  # runs that can be chosen
ON_BOARD = 8
LETTERS = "ABCDEF"


def is_dark() -> bool:
    return st.context.theme.type == "dark"


def title_of(run) -> str:
    """A run in one line: what learnt what, when."""
    made = datetime.fromtimestamp(run.created)
    when = made.strftime("%H:%M" if made.date() == datetime.now().date() else "%d %b, %H:%M")
    return f"{run.spec.network.name}, {data_title(run.spec.data)}, {recipe(run.spec)} ({when})"


def _titles(runs) -> dict[str, str]:
    """Name -> title; where two would have the same one, with the start of the name: a choice is told by its title."""
    titles = {run.id: title_of(run) for run in runs}
    alike = Counter(titles.values())
    return {name: title if alike[title] == 1 else f"{title} {name[:4]}" for name, title in titles.items()}


def compare(link: PageLink, runs: list[RunSummary]) -> None:
    """Two or more runs on one chart and in a table."""
    # A chosen run that has yet to begin is offered too: what is not, the browser would take out of the choice.
    known = {run.id: run for run in runs if run.epochs or run.id in link.get("compare")}
    chosen = tuple(name for name in link.get("compare") if name in known)
    st.session_state["train compare box"] = list(chosen)
    st.multiselect(
        "Runs",
        tuple(known),
        format_func=_titles(known.values()).get,
        key="train compare box",
        max_selections=MOST_COMPARED,
        on_change=lambda: link.set("compare", tuple(st.session_state["train compare box"])),
        placeholder="Choose two or more",
    )
    views = [view for name in chosen if (view := desk().view(name)) and view.epochs]
    if len(views) < 2:
        st.caption(
            "Train twice with one thing changed, then choose both: only what was changed can make the difference."
            if len(chosen) < 2
            else "They stand beside each other here as soon as each has an epoch behind it."
        )
        return
    curves = [
        RunCurve(
            f"{letter}: {_short(difference)}",
            tuple(result.accuracy for result in view.epochs),
            tuple(result.validation_accuracy for result in view.epochs),
            view.best_epoch + 1,
            percent(view.best_accuracy),
        )
        for letter, view, difference in zip(LETTERS, views, differences(views))
    ]
    figure = run_curves(curves, dark=is_dark(), large=presenter.is_on())
    st.plotly_chart(figure, theme=None, config=CONFIG, key="train compared")
    st.markdown(_table(views))
    st.caption(alike(views))
    if _are_known(views) and len({_pictures(view) for view in views}) == 1:
        ranked = sorted(views, key=lambda view: view.best_accuracy)
        st.markdown(error_fall(ranked[0].best_accuracy, ranked[-1].best_accuracy))


def differences(views) -> list[str]:
    """What sets each run apart from the others, in a few words; its network where nothing does."""
    told = [
        {"network": view.spec.network.name, "data": data_title(view.spec.data), **recipe_parts(view.spec, view.epochs)}
        for view in views
    ]
    names = dict.fromkeys(name for parts in told for name in parts)
    apart = [name for name in names if len({parts.get(name) for parts in told}) > 1] or ["network"]
    return [", ".join(parts[name] for name in apart if name in parts) or parts["network"] for parts in told]


def _short(name: str, most: int = 22) -> str:
    return name if len(name) <= most else f"{name[: most - 1]}…"


def _table(views) -> str:
    """As Markdown. No wider than a tablet has room for: with a column for the test only where there was one."""
    columns = {
        "": [f"**{letter}**" for letter, _ in zip(LETTERS, views)],
        "run": [f"{v.spec.network.name}, {data_title(v.spec.data)}, {recipe(v.spec, v.epochs)}" for v in views],
        "validation": [percent(view.best_accuracy) for view in views],
        "error left": [error_left(view.best_accuracy) for view in views],
        "test": [percent(view.test["accuracy"]) if view.test else "" for view in views],
        "parameters": [f"{total_parameters(view.spec.network):,}" for view in views],
        "time": [clock(view.seconds) for view in views],
    }
    if not any(columns["test"]):
        del columns["test"]
    lines = [list(columns), ["---"] * len(columns), *zip(*columns.values())]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _pictures(view) -> tuple:
    """What a run was judged on."""
    return view.spec.data, view.spec.picture_count, view.spec.validation_split, view.fingerprint


def _are_known(views) -> bool:
    """Whether it is known what they were judged on: of own pictures only the fingerprint tells."""
    return all(view.fingerprint or view.spec.data != OWN for view in views)


def alike(views) -> str:
    """Whether the runs can be compared: the same pictures and the same seed."""
    if not _are_known(views):
        return "Which pictures of your own were used is not known of all these runs: their accuracies may not compare."
    pictures = {_pictures(view) for view in views}
    seeds = {v.spec.seed for v in views}
    if len(pictures) > 1:
        return "These runs were judged on different pictures: their accuracies do not compare."
    if len(seeds) > 1:
        return "The same set of pictures, but other seeds: other starts, and other pictures kept for validation."
    return "The same pictures and the same seed: whatever differs comes from what was changed."


def board(link: PageLink, runs: list[RunSummary]) -> None:
    """The runs of this installation on Fashion-MNIST by their test accuracy, and the way to the best one we know."""
    tested = [run for run in runs if run.spec.data == "fashion_mnist" and run.test_accuracy is not None]
    best = sorted(tested, key=lambda run: -run.test_accuracy)[:ON_BOARD]
    entries = [(run.spec.network.name, run.test_accuracy) for run in best]
    figure = fashion_board(entries, dark=is_dark(), large=presenter.is_on())
    st.plotly_chart(figure, theme=None, config=CONFIG, key="train fashion board")
    if not best:
        st.caption("No run here has been tested on Fashion-MNIST yet. Train one, then press **Test set** on the board.")
    elif best[0].test_accuracy < 0.95:
        st.caption(f"Best so far: {error_left(best[0].test_accuracy)} error left. The goal leaves 5 %.")
    else:
        st.caption("The mid-90s are reached.")
    st.button(
        "Set up the best run we know",
        icon=":material/trophy:",
        on_click=_set_up_best,
        args=(link,),
        key="train best recipe",
        help="Our residual network with its recipe: SGD with momentum along half a cosine, weight decay, smoothed "
        "labels. About twenty minutes on two cores. Beat it.",
    )


def _set_up_best(link: PageLink) -> None:
    turn_to(link, "")
    for name, value in BEST_ON_FASHION.items():
        link.set(name, value)


def exports(view) -> None:
    """A run to take along: code, notebook, network, history, logs."""
    name = f"convlab-{view.id}"
    network = view.spec.network
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            "Keras source",
            lambda: source(with_augmentation(network, view.spec)),
            f"{name}.py",
            "text/x-python",
            icon=":material/code:",
            on_click="ignore",
        )
        st.download_button(
            "Notebook",
            lambda: json.dumps(notebook_of(view), indent=1, ensure_ascii=False),
            f"{name}.ipynb",
            "application/x-ipynb+json",
            icon=":material/menu_book:",
            on_click="ignore",
        )
        if view.epochs:
            st.download_button(
                "Network (.keras)",
                lambda: desk().model_file(view.id, "best"),
                f"{name}.keras",
                "application/octet-stream",
                icon=":material/hub:",
                help="The best epoch, for keras.saving.load_model",
                on_click="ignore",
            )
            st.download_button(
                "History (CSV)",
                lambda: desk().history_csv(view.id),
                f"{name}.csv",
                "text/csv",
                icon=":material/table:",
                on_click="ignore",
            )
            st.download_button(
                "TensorBoard logs",
                lambda: tensorboard_zip(view),
                f"{name}-logs.zip",
                "application/zip",
                icon=":material/monitoring:",
                help="Unpack, then: tensorboard --logdir logs",
                on_click="ignore",
            )


def notebook_of(view) -> dict:
    """The run as a notebook that runs without ConvLab; MNIST stands in for the drawn digits."""
    spec = view.spec
    return notebook(
        with_augmentation(spec.network, spec),
        data={OWN: FOLDER, DRAWN.name: "mnist"}.get(spec.data, spec.data),
        optimiser=spec.optimiser,
        learning_rate=spec.learning_rate,
        batch_size=spec.batch_size,
        epochs=spec.epochs,
        validation_split=spec.validation_split,
        seed=spec.seed,
        schedule=spec.schedule,
        weight_decay=spec.weight_decay,
        label_smoothing=spec.label_smoothing,
        picture_count=spec.picture_count,
        hand_made=spec.fixed_filter and (spec.fixed_filter.place, spec.fixed_filter.kernel),
    )


def tensorboard_zip(view) -> bytes:
    """logs/train and logs/validation, as Keras's own callback lays them out."""
    halves = {
        "train": {"epoch_accuracy": "accuracy", "epoch_loss": "loss", "epoch_learning_rate": "learning_rate"},
        "validation": {"epoch_accuracy": "validation_accuracy", "epoch_loss": "validation_loss"},
    }
    times, now = [], view.created
    for result in view.epochs:
        now += result.seconds
        times.append(now)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for half, names in halves.items():
            curves = {
                tag: [(result.epoch, at, getattr(result, name)) for at, result in zip(times, view.epochs)]
                for tag, name in names.items()
            }
            archive.writestr(f"logs/{half}/events.out.tfevents.{int(view.created)}.convlab", event_file(curves))
    return packed.getvalue()
