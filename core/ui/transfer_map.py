"""What the features know, on the page: the pictures in the plane before and after the backbone."""

import numpy as np
import streamlit as st

from core.stage.feature_map import Map, feature_map
from core.transfer.feature_map import (
    METHODS,
    PIXEL_SIDE,
    as_pixels,
    available_methods,
    explained,
    flat_map,
    nearest,
    neighbours_agree,
)
from core.transfer.preparation import prepared
from core.ui import picture_sets, presenter, transfer_progress, transfer_session
from core.ui.links import PageLink
from core.ui.transfer_ways import sprite_of

NEIGHBOURS = 5
MOST = 400  # pictures on a map


def show(link: PageLink) -> None:
    """Both maps, or the way to them."""
    found = transfer_session.features(link)
    if found is None:
        trouble = transfer_session.trouble(link)
        st.markdown("The map needs what the backbone says of each picture: one look at all of them, a few seconds.")
        st.button(
            transfer_session.look_words(),
            icon=":material/visibility:",
            type="primary",
            on_click=transfer_session.look,
            args=(link,),
            disabled=bool(transfer_session.busy() or trouble),
            help=transfer_session.busy(),
        )
        if trouble:
            st.info(trouble, icon=":material/info:")
        transfer_progress.show()
        return
    transfer_progress.show()
    pictures = _some(picture_sets.current().all_pictures())
    classes = picture_sets.current().classes
    labels = [classes.index(picture.class_name) for picture in pictures]
    method = link.get("method") if link.get("method") in available_methods() else "pca"
    stamp = f"{transfer_session.tag(link)} {link.get('backbone')} {method}"
    with st.spinner("Each picture is put at its place"):
        both, tiles = _maps(stamp, pictures, labels, found, method), sprite_of("map", stamp, pictures)
    feature_map(
        "feature map",
        both,
        labels,
        classes,
        tiles,
        stamp=stamp,
        presenting=presenter.is_on(),
    )
    if len(available_methods()) > 1:
        st.segmented_control("Flattened by", available_methods(), format_func=METHODS.get, key=link.key("method"),
                             required=True)  # fmt: skip


def _some(pictures):
    """All pictures, or as many as a map holds, evenly from all classes."""
    if len(pictures) <= MOST:
        return pictures
    by_class = sorted(pictures, key=lambda picture: picture.class_name)
    return tuple(by_class[place] for place in np.linspace(0, len(by_class) - 1, MOST).astype(int))


def _maps(stamp: str, pictures, labels, found, method: str) -> tuple[Map, Map]:
    """The map by pixels and the map by features, computed once as long as the stamp stays."""
    made = st.session_state.get(transfer_session.MAPS)
    if not made or made[0] != stamp:
        pixels = as_pixels([prepared(picture.array(), PIXEL_SIDE) for picture in pictures])
        row = {key: place for place, key in enumerate(found.keys)}
        features = found.pooled[[row[picture.key] for picture in pictures]]
        maps = (
            _one(f"By pixels: {pixels.shape[1]:,} numbers ({PIXEL_SIDE}×{PIXEL_SIDE}×3)", pixels, labels, method),
            _one(f"By the backbone: {features.shape[1]:,} numbers, the mean of each map", features, labels, method),
        )
        made = st.session_state[transfer_session.MAPS] = (stamp, maps)
    return made[1]


def _one(title: str, points: np.ndarray, labels, method: str) -> Map:
    neighbours = nearest(points, NEIGHBOURS)
    words = f"nearest neighbour of the same class: {neighbours_agree(neighbours, labels):.0%}"
    if method == "pca":
        words += f" · the plane shows {explained(points):.0%} of the differences"
    return Map(title, words, flat_map(points, method), neighbours)
