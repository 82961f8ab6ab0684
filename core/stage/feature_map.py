"""The feature map: pictures in the plane, by their pixels and by what a backbone says of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from core.stage.scripts import ASSETS, joined, styles

_mount = st.components.v2.component(
    "feature_map",
    html='<div class="stage"></div>\n',
    css=styles() + (ASSETS / "feature_map.css").read_text(encoding="utf-8"),
    js=joined("feature_map.js"),
)


@dataclass(frozen=True, eq=False)
class Map:
    """One of the two maps."""

    title: str
    words: str  # how many neighbours are of the same class
    places: np.ndarray  # (n, 2) from −1 to 1
    neighbours: np.ndarray  # (n, k): the numbers of the closest others


@dataclass(frozen=True)
class Sprite:
    """All pictures as the tiles of one, row by row."""

    uri: str
    columns: int
    tile: int  # pixels a side


def feature_map(
    key: str,
    maps: tuple[Map, Map],
    labels: Sequence[int],
    names: Sequence[str],
    sprite: Sprite,
    *,
    stamp: str,
    presenting: bool = False,
) -> None:
    """Draw the map `key`. labels: the class of each picture. stamp: another one means other pictures."""
    data = {
        "maps": [
            {
                "title": one.title,
                "words": one.words,
                "places": _filling(one.places),
                "neighbours": one.neighbours.tolist(),
            }
            for one in maps
        ],
        "labels": list(map(int, labels)),
        "names": list(names),
        "sprite": sprite.uri,
        "columns": sprite.columns,
        "tile": sprite.tile,
        "stamp": stamp,
        "presenting": presenting,
    }
    _mount(key=key, data=data)


def _filling(places: np.ndarray) -> list:
    """Each axis stretched to −1 … 1, so that the map is used to its edges."""
    return np.round(places / np.maximum(np.abs(places).max(axis=0), 1e-9), 4).tolist()
