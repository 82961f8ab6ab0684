"""Which picture in colour a lesson works on: a drawing of the house, or one of the person's own."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from core.images.colour_names import OWN, colour_picture_of, drawn_name, own_colour_name, split_drawn_name
from core.images.colour_pictures import COLOUR_PICTURES, SIDES, draw_colour
from core.images.own_picture import read_colour_picture
from core.stage.parts import PictureChoice
from core.ui import channel_fields, links, own_picture

OWN_PICTURE = own_picture.Wanted(
    SIDES,
    SIDES[-1],
    read_colour_picture,
    own_colour_name,
    "Or draw on the stage: on one channel you draw in its light, on the picture in white.",
)
FIELDS = {
    "picture": channel_fields.colour_picture(drawn_name("apple", SIDES[1])),
    "side": links.choice(SIDES[1], (*SIDES, None)),  # None: the drawing on the stage is in none of these sizes
}


@dataclass(frozen=True, eq=False)
class ColourSource:
    """What the stage is to show and to offer."""

    picture: np.ndarray  # (H, W, C) uint8
    key: str  # the picture's name, or OWN
    choices: list[PictureChoice]


def of(link: links.PageLink) -> ColourSource:
    """The picture that the link names, and the drawings with as many cells as the link says."""
    name, side = link.get("picture"), link.get("side") or SIDES[1]
    drawings = [entry for entry in COLOUR_PICTURES.values() if not entry.grey]
    choices = [PictureChoice(drawn_name(d.name, side), d.title, draw_colour(d.name, side)) for d in drawings]
    return ColourSource(colour_picture_of(name), name if split_drawn_name(name) else OWN, choices)


def keep(link: links.PageLink, picture: np.ndarray, key: str) -> None:
    """Write into the link what the person chose or painted on the stage."""
    link.set("picture", own_colour_name(picture) if key == OWN else key)
    place = split_drawn_name(link.get("picture"))
    if place:
        link.set("side", place[1] if place[1] in SIDES else None)


def controls(link: links.PageLink) -> None:
    """How fine the drawings are, and the way to a picture of one's own."""
    st.segmented_control(
        "Picture",
        SIDES,
        format_func=lambda side: f"{side}×{side}",
        key=link.key("side"),
        required=True,
        on_change=_redraw,
        args=(link,),
    )
    own_picture.button(link, OWN_PICTURE)


def _redraw(link: links.PageLink) -> None:
    place = split_drawn_name(link.get("picture"))
    if place:
        link.set("picture", drawn_name(place[0], link.get("side")))
