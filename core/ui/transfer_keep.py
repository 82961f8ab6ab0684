"""Keeping what was learnt: the network as files, and a kept one taken in again."""

import datetime
import re

import streamlit as st

from core.compute.engine import EngineMissing, WorkerLost
from core.transfer.backbones import DEFAULT
from core.transfer.kept_check import NO_KERAS_FILE
from core.transfer.kept_models import KeptModel, as_archive
from core.transfer.kept_source import texts_for, way_source
from core.transfer.preparation import about_preparation
from core.transfer.ways import WAYS, WayRun
from core.ui import kept, lesson, presenter, transfer_progress, transfer_session
from core.ui.lessons import HOUSE
from core.ui.links import PageLink
from core.ui.plain_text import shown as as_it_is

TAKEN = "kept model taken in"
CODE_OF = "transfer code of"
UPLOAD = "kept upload"  # session key: (file, why it was refused) of the model that was given last


def show(link: PageLink) -> None:
    """Which network to keep, then its files; below, a kept one can be loaded."""
    results = transfer_session.results(link)
    ways = [way for way in WAYS if any(result.run.way == way for result in results)]
    if ways:
        chosen = st.segmented_control(
            "The best network of",
            ways,
            default=transfer_session.best_way(link, results),
            required=True,
            format_func=lambda way: WAYS[way].title,
        )
        backbone = link.get("backbone") if WAYS[chosen].uses_backbone else ""
        st.button("Keep it", icon=":material/inventory_2:", type="primary",
                  disabled=bool(transfer_session.busy()), help=transfer_session.busy(),
                  on_click=transfer_session.keep, args=(link, chosen, backbone))  # fmt: skip
        if not WAYS[chosen].uses_backbone:
            st.caption("It will call everything one of its classes: “neither” takes a backbone that has seen much.")
    else:
        earlier = " The network below is of other ones." if kept.current() else ""
        st.info(
            f"Nothing has been trained on these pictures yet: go one of the four ways first.{earlier}",
            icon=":material/info:",
        )
    transfer_progress.show()
    current = kept.current()
    if current:
        _files(current)
    if not presenter.is_on():
        _load()


def write_down() -> None:
    """Put a network that has just come from the worker into the visitor's folder, on whichever page they are now."""
    asked = transfer_session.keeping()
    if asked is None or is_coming():
        return
    st.session_state.pop(transfer_session.KEEPING)  # it has come, or it will not come any more
    view = transfer_session.view()
    if not view.kept or st.session_state.get(TAKEN) == id(view.kept) or view.kept[0] != asked.tag:
        return
    st.session_state[TAKEN] = id(view.kept)
    _, run, file, feature_layer, novelty = view.kept
    model = _about(asked, run, feature_layer, novelty)
    kept.keep(model, file, texts_for(model, run, model.preparation["side"]))


def is_coming() -> bool:
    """Whether a network was asked to be kept and has not come yet."""
    return transfer_session.keeping() is not None and transfer_session.view().is_running


def _about(asked: transfer_session.Keeping, run: WayRun, feature_layer: str, novelty: dict | None) -> KeptModel:
    return KeptModel(
        folder=kept.fresh_folder(),
        title=WAYS[run.way].title,
        class_names=asked.class_names,
        output="sigmoid" if run.classes == 2 else "softmax",
        backbone=run.backbone,
        preparation=about_preparation(run.side),
        novelty=novelty,
        feature_layer=feature_layer,
        accuracy=asked.accuracies.get((run.way, run.seed), {}),
        made=datetime.date.today().isoformat(),
        judged_on=asked.judged_on,
    )


def _files(model: KeptModel) -> None:
    with st.container(border=True):
        shares = " and ".join(
            f"{100 * share:.1f} % of the {_many(model.judged_on.get(part))}{part} pictures"
            for part, share in model.accuracy.items()
        )
        st.markdown(
            f"Kept: **{as_it_is(model.title)}** for {as_it_is(', '.join(model.class_names))}"
            f"{f', right on {shares}' if shares else ''}. It is the Webcam page's from now on."
        )
        if st.button("Try it before the webcam", icon=":material/videocam:", type="primary"):
            st.switch_page(HOUSE / "pages" / "webcam.py")
        with st.container(horizontal=True):
            size = model.model_file.stat().st_size / 1e6
            st.download_button("Everything as a ZIP", lambda: as_archive(model), _file_name(model), "application/zip",
                               icon=":material/folder_zip:", on_click="ignore")  # fmt: skip
            st.download_button(
                f"model.keras ({size:.1f} MB)",
                model.file,
                "model.keras",
                icon=":material/deployed_code:",
                on_click="ignore",
            )
            path = model.folder / "notebook.ipynb"
            if path.is_file():
                st.download_button(path.name, path.read_bytes, path.name, icon=":material/code:", on_click="ignore")
        if (model.folder / "classify.py").is_file():
            st.caption("The ZIP holds all of it, with `classify.py`, which asks the network about a file.")


def _many(pictures: int | None) -> str:
    return f"{pictures:,} " if pictures else ""


def _file_name(model: KeptModel) -> str:
    """convlab-frozen-backbone-head.zip"""
    return f"convlab-{'-'.join(re.findall('[a-z0-9]+', model.title.lower())) or 'model'}.zip"


def _load() -> None:
    with st.expander("Load a kept model", icon=":material/upload_file:"):
        st.caption("The ZIP from above, or a model.keras alone. What would run code is refused, with the reason.")
        upload = st.file_uploader("A kept model", ["zip", "keras"], max_upload_size=400, label_visibility="collapsed")
        if upload is None:
            return
        if st.session_state.get(UPLOAD, ("", ""))[0] != upload.file_id:
            try:
                with st.spinner("It is looked through, and opened in safe mode"):
                    (kept.load_bare if upload.name.lower().endswith(".keras") else kept.load)(upload.getvalue())
            except ValueError as error:
                words = lesson.rule if str(error).startswith(NO_KERAS_FILE) else lesson.plain
                st.session_state[UPLOAD] = (upload.file_id, as_it_is(words(error)))
            except (EngineMissing, WorkerLost, TimeoutError) as error:
                st.error(f"No worker could look at it now. {as_it_is(str(error))}", icon=":material/error:")
                return
            except OSError as error:
                st.session_state[UPLOAD] = (
                    upload.file_id,
                    f"It could not be written down here: {as_it_is(str(error))}",
                )
            else:
                st.session_state[UPLOAD] = (upload.file_id, "")
                st.rerun()
        if refused := st.session_state[UPLOAD][1]:  # looked at once; another file or the same anew is another upload
            st.error(refused, icon=":material/gpp_bad:")
            return
        st.success("It is loaded, and the Webcam page's from now on.", icon=":material/check:")


def code(link: PageLink, any_way: bool) -> None:
    """Python that goes a way, and what it takes to run. any_way: whether the person chooses which; else the head's."""
    way = "head"
    if any_way:
        way = st.segmented_control(
            "Code of",
            WAYS,
            default=way,
            format_func=lambda name: WAYS[name].title,
            required=True,
            key=CODE_OF,
            label_visibility="collapsed",
        )
    own = WAYS[way].uses_backbone and link.get("backbone") == DEFAULT
    beside = ", with the model.keras of a kept network with a backbone beside it" if own else ""
    st.caption(f"Runs as it is on a folder of pictures{beside}: pip install keras tensorflow pillow.")
    st.code(_source_of(link, way), language="python", height=420)


def _source_of(link: PageLink, way: str) -> str:
    backbone = link.get("backbone") if WAYS[way].uses_backbone else ""
    run = WayRun(way, 0, 2, backbone, augmentation=link.get("augmentation"))
    return way_source(run, run.side, "residual_6")
