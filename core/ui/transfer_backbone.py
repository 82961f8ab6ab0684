"""The backbone on the page: what is cut off, what is frozen, and every picture through it once."""

import numpy as np
import streamlit as st

from core.figures.headless import headless
from core.figures.template import CONFIG
from core.images.catalogue import DatasetEntry
from core.images.download import current_download, start_download
from core.nets.network import rows
from core.transfer.backbones import BACKBONES, KERAS_MODELS, Backbone, weights_at
from core.transfer.ways import head_parameters
from core.ui import picture_sets, presenter, transfer_progress, transfer_session
from core.ui.links import PageLink

MAPS_SHOWN, IN_A_ROW = 32, 16  # in one row they would be a line on a tablet
CELL, GREY_GAP, GREY = 8, 2, 128.0  # pixels of a cell of a map and of the gap between two, and its level
MAPS_WIDTH = 720


def show(link: PageLink) -> None:
    """Which backbone, its drawing, and the tensors that it makes of the pictures."""
    backbone = BACKBONES[link.get("backbone")]
    st.segmented_control(
        "Backbone",
        tuple(BACKBONES),
        format_func=lambda name: BACKBONES[name].title,
        key=link.key("backbone"),
        required=True,
        label_visibility="collapsed",
    )
    classes = max(2, len(picture_sets.current().classes))
    head = head_parameters(backbone.feature_shape, classes)
    shapes = stages(backbone)
    figure = headless(shapes, backbone.parameters, head, dark=st.context.theme.type == "dark", large=presenter.is_on())
    first, last = ("×".join(map(str, shape)) for shape in (shapes[0], shapes[-1]))
    alt = f"{backbone.title} without its last layer: {first} to {last}, {backbone.parameters:,} parameters frozen."
    st.plotly_chart(figure, theme=None, config=CONFIG, alt=alt)
    st.caption(backbone.about)
    if weights_at(backbone.name) is None:
        offer(backbone)
        return
    _look(link, backbone)


def stages(backbone: Backbone) -> tuple[tuple[int, int, int], ...]:
    """The shape of a picture and of the last maps of each size."""
    shapes = {backbone.network.input_shape[:2]: backbone.network.input_shape}
    for row in rows(backbone.network):
        shapes[row.output_shape[:2]] = row.output_shape
    return tuple(shapes.values())


def _look(link: PageLink, backbone: Backbone) -> None:
    found, count = transfer_session.features(link), len(picture_sets.current())
    tensor = "×".join(map(str, backbone.feature_shape))
    numbers = f"{np.prod(backbone.feature_shape):,}"
    with st.container(horizontal=True, vertical_alignment="center"):
        if found is None:
            st.button(
                transfer_session.look_words(),
                icon=":material/visibility:",
                type="primary",
                on_click=transfer_session.look,
                args=(link,),
                disabled=bool(transfer_session.busy()) or count == 0,
                help=transfer_session.busy(),
            )
        st.markdown(
            f"Each picture becomes **{tensor} = {numbers} numbers**, made once and kept. Whatever is trained on them "
            "afterwards need not run the backbone again."
        )
    transfer_progress.show()
    if found is not None:
        if found.count:
            rate = found.count / max(found.seconds, 1e-9)
            counted = picture_sets.counted(found.count)
            st.caption(f"{counted} in {found.seconds:.1f} s: {rate:.0f} pictures/s. Looked at once, and kept.")
        _tensors(found)


def _tensors(found) -> None:
    """Some pictures, each with the maps that speak most in it."""
    by_key = {picture.key: picture for picture in picture_sets.current().all_pictures()}
    shown = [(key, maps) for key, maps in found.samples.items() if key in by_key]
    counted = picture_sets.counted(len(shown))
    st.markdown(f"**The stored tensors**: of {counted} the {MAPS_SHOWN} maps that light up most")
    for key, maps in shown:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.image(np.asarray(picture_sets.thumbnail(by_key[key], 112)), width=64)
            st.image(maps_board(maps), width=MAPS_WIDTH)


def maps_board(maps: np.ndarray) -> np.ndarray:
    """The brightest maps of a tensor (h, w, c) in rows, (H, W, 3) uint8: white to red, as lit things are here."""
    maps = np.asarray(maps, np.float32)
    order = np.argsort(-maps.max(axis=(0, 1)))[:MAPS_SHOWN]
    share = (maps[:, :, order] / max(float(maps.max()), 1e-9)).clip(0, 1)  # (h, w, n)
    share = np.repeat(np.repeat(share, CELL, axis=0), CELL, axis=1)
    lit, paper = np.array([229, 72, 77.0]), np.array([243, 243, 241.0])
    tiles = paper + (lit - paper) * share[..., None]  # (h, w, n, 3)
    columns = min(len(order), IN_A_ROW)
    missing = -len(order) % columns  # in the last row
    framed = np.pad(tiles, ((0, GREY_GAP), (0, GREY_GAP), (0, missing), (0, 0)), constant_values=GREY)
    height, width, count, _ = framed.shape
    board = framed.reshape(height, width, count // columns, columns, 3).transpose(2, 0, 3, 1, 4)
    return board.reshape(-1, columns * width, 3).astype(np.uint8)


def download_entry(backbone: Backbone) -> DatasetEntry:
    """A backbone's weights as something that core.images.download fetches: into Keras's own cache, checked."""
    return DatasetEntry(
        name=f"weights {backbone.name}",
        title=backbone.title,
        kind="download",
        about=backbone.about,
        classes=(),
        shape=(backbone.side, backbone.side),
        train_count=None,
        test_count=None,
        licence="MIT",
        source="Keras applications",
        source_url=backbone.remote.url,
        cache_folder=KERAS_MODELS,
        files=(backbone.remote,),
    )


def offer(backbone: Backbone) -> None:
    """The download of a backbone's weights: an action with size, progress and a way to stop it."""
    entry = download_entry(backbone)
    running = current_download(entry.name)
    now = running and running.progress()
    if now and now.state == "running":
        _watch(entry)
        return
    words = now.message if now and now.state in ("failed", "cancelled") else f"{backbone.title} is not on this machine."
    st.info(
        f"{words} Its file can also be put into the folder that CONVLAB_DATA names, as {backbone.remote.name}. The "
        "compact backbone is always here.",
        icon=":material/cloud_download:",
    )
    st.button(
        f"Download {backbone.title} ({backbone.remote.size / 1e6:.0f} MB)",
        on_click=lambda: start_download(entry),
        icon=":material/download:",
    )


@st.fragment(run_every=0.5)
def _watch(entry: DatasetEntry) -> None:
    download = current_download(entry.name)
    now = download.progress()
    if now.state != "running":
        st.rerun()
    left = f", {now.seconds_left:.0f} s left" if now.seconds_left else ""
    speed = f" at {now.rate / 1e6:.1f} MB/s" if now.rate else ""
    st.progress(
        min(now.fraction, 1.0), text=f"{entry.title}: {now.done / 1e6:.1f} of {now.total / 1e6:.1f} MB{speed}{left}"
    )
    st.button("Cancel", on_click=download.cancel, key="cancel weights")
