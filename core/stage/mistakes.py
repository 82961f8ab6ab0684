"""The table of right and wrong answers whose cells open their pictures."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from core.stage.feature_map import Sprite
from core.stage.scripts import ASSETS, joined, styles

_mount = st.components.v2.component(
    "mistakes",
    html='<div class="stage"></div>\n',
    css=styles() + (ASSETS / "mistakes.css").read_text(encoding="utf-8"),
    js=joined("mistakes.js"),
)


def mistakes(
    key: str,
    names: Sequence[str],
    labels: np.ndarray,
    probabilities: np.ndarray,
    sprite: Sprite,
    *,
    stamp: str,
    presenting: bool = False,
) -> None:
    """Draw the table `key`. labels: (n,) what each picture is; probabilities: (n, classes) what the network says.

    The i-th tile of the sprite is picture i. stamp: another one means another network or other pictures.
    """
    said = probabilities.argmax(axis=1)
    pictures = [
        {"truth": int(truth), "said": int(guess), "sure": round(float(row[guess]), 4)}
        for truth, guess, row in zip(labels, said, probabilities, strict=True)
    ]
    data = {
        "names": list(names),
        "pictures": pictures,
        "sprite": sprite.uri,
        "columns": sprite.columns,
        "rows": -(-len(pictures) // sprite.columns),
        "stamp": stamp,
        "presenting": presenting,
    }
    _mount(key=key, data=data)
