"""Changes that make new pictures of one, each shown on one of the visitor's own."""

import numpy as np
import streamlit as st

from core.images.augmentation import FULL_TURN, Augmentation, Change, changed, draw
from core.transfer.preparation import prepared
from core.ui import picture_sets, presenter
from core.ui.links import PageLink
from core.ui.plain_text import shown as as_it_is

FLIP_WORDS = {
    "none": "none",
    "horizontal": "left–right",
    "vertical": "upside down",
    "horizontal_and_vertical": "both",
}
SHARES = {"rotation": "Rotation", "zoom": "Zoom", "shift": "Shift", "brightness": "Brightness"}
STEPS = tuple(round(0.05 * step, 2) for step in range(11))
LOOKS = 8  # of one picture, as a network would see it
SIDE = 128
DICE = "augmentation dice"


def show(link: PageLink) -> None:
    """The settings with what each does, then eight draws of all of them together."""
    pictures = picture_sets.current().all_pictures()
    if not pictures:
        st.info("There is no picture yet to change. Add some under “Pictures”.", icon=":material/info:")
        return
    picture = prepared(_chosen(link, pictures).array(), SIDE)
    augmentation = _settings(link, picture)
    link.set("augmentation", augmentation)
    st.markdown(f"**The same photo, {LOOKS} times as the network sees it while it learns**")
    dice = st.session_state.setdefault(DICE, 0)
    random = np.random.default_rng(dice)
    looks = [changed(picture, draw(augmentation, random)) for _ in range(LOOKS)]
    with st.container(horizontal=True, gap="small"):
        for look in looks:
            st.image(look, width=102)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Again", icon=":material/casino:", on_click=_roll)
        st.caption("Each is drawn anew in every epoch; validation and test pictures are never changed.")
    _warn(augmentation, picture)


def _roll() -> None:
    st.session_state[DICE] += 1


def _chosen(link: PageLink, pictures):
    return pictures[min(link.get("picture"), len(pictures) - 1)]


def _settings(link: PageLink, picture: np.ndarray) -> Augmentation:
    """One card for each kind of change: its setting and its two ends on the picture."""
    before: Augmentation = link.get("augmentation")
    cards = st.container(horizontal=True, gap="small")
    wide = 186 if presenter.is_on() else 146  # all six beside each other on 1,280 pixels, three on a tablet
    pictures = picture_sets.current().all_pictures()
    with cards.container(width=wide):
        number = min(link.get("picture"), len(pictures) - 1)
        st.image(picture, width=112, caption=as_it_is(pictures[number].class_name))
        st.button("Another photo", on_click=link.set, args=("picture", _next(number, len(pictures))))
    with cards.container(width=wide):
        flips = st.container()  # above its list, drawn when it is known which are wanted
        flip = st.selectbox("Flip", FLIP_WORDS, list(FLIP_WORDS).index(before.flip), format_func=FLIP_WORDS.get)
        wanted = "horizontal" in flip, "vertical" in flip
        with flips:
            looks = changed(picture, Change(mirrored=True)), changed(picture, Change(upside_down=True))
            _pair(*(look if on else faded(look) for look, on in zip(looks, wanted)))
        named = (
            FLIP_WORDS[name] if on else f"{FLIP_WORDS[name]}: off"
            for name, on in zip(("horizontal", "vertical"), wanted)
        )
        st.caption(" · ".join(named))
    chosen = {}
    for name, title in SHARES.items():
        with cards.container(width=wide):
            share = st.session_state.get(f"augment {name}", getattr(before, name))
            _pair(*(changed(picture, _end(name, way * (share or 0.1))) for way in (-1, 1)))
            chosen[name] = st.select_slider(title, STEPS, getattr(before, name), key=f"augment {name}")
            st.caption(_words(name, chosen[name]))
    return Augmentation(flip, **chosen)


def _next(number: int, count: int) -> int:
    """Far enough on to come to another class soon."""
    return (number + max(1, count // 3 + 1)) % count


def _pair(left: np.ndarray, right: np.ndarray) -> None:
    gap = np.full((SIDE, 6, 3), 128, np.uint8)
    st.image(np.concatenate([left, gap, right], axis=1), width="stretch")


def faded(picture: np.ndarray) -> np.ndarray:
    """The same, pale: what it would be, and is not."""
    return (0.25 * picture + 0.75 * 128).astype(np.uint8)


def _end(name: str, amount: float) -> Change:
    """The farthest change of one kind, one way."""
    if name == "rotation":
        return Change(turn=amount * FULL_TURN)
    if name == "zoom":
        return Change(farther=amount)
    return Change(right=amount) if name == "shift" else Change(lighter=amount)


def _words(name: str, share: float) -> str:
    """A setting in units that people know."""
    if not share:
        return "off (shown at 0.1)"
    if name == "rotation":
        return f"{share:g} of a full turn: up to ±{share * FULL_TURN:.0f}°"
    percent = f"{100 * share:.0f} %"
    return {"zoom": f"up to {percent} nearer or farther", "shift": f"up to {percent} of the side"}.get(
        name, f"up to {percent} lighter or darker"
    )


def _warn(augmentation: Augmentation, picture: np.ndarray) -> None:
    """The lecture's warning by example: a change must keep what the picture means."""
    bad = "vertical" in augmentation.flip or augmentation.rotation > 0.25
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", border=True):
        st.image(changed(picture, Change(upside_down=True)), width=140 if presenter.is_on() else 104)
        if bad:
            st.warning(
                "Your settings make pictures like this one. Who will ever hold it upside down before the camera? The "
                "network spends its weights on what does not occur. Take only changes that keep the meaning.",
                icon=":material/warning:",
            )
        else:
            st.markdown(
                "**Only changes that keep the meaning.** Nobody holds it like this, so an upside-down "
                "flip would teach what never occurs, and a 6 turned round is a 9. From a satellite there is no up: "
                "there, any turn is fair. Keras counts in full turns: `RandomRotation(0.1)` is up to **±36°**, not "
                "0.1°."
            )
