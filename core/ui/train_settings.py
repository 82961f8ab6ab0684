"""The settings of a training run: what is set before it, and what an augmentation does to one picture."""

import numpy as np
import streamlit as st

from core.images.augmentation import FLIPS, changed, draw
from core.images.datasets import DatasetMissing, sample
from core.images.digits import DEFAULT_SEED, draw_digit
from core.images.training_sets import TRAINING_SETS, available
from core.nets.network import Network
from core.stage.live_board import Shown
from core.training.spec import OPTIMISERS, OWN, SCHEDULES
from core.ui import train_fields, train_own
from core.ui.links import PageLink
from core.ui.picture_source import offer_download
from core.ui.train_fields import (
    BATCHES,
    COUNTS,
    DECAYS,
    DROPOUTS,
    MOST_EPOCHS,
    NETWORKS,
    RATES,
    SHARES,
    SMOOTHINGS,
    SPLITS,
    USUAL,
)

IN_ROW = ("data", "net", "epochs", "rate")
IN_AUGMENTATION = ("flip", "turn", "zoom", "shift", "light")
IN_MORE = ("optimiser", "schedule", "batch", "decay", "smooth", "side", "count", "split", "drop", "seed", "palette")
FLIP_TITLES = dict(zip(FLIPS, ("none", "left and right", "up and down", "both")))
SAMPLES = 21  # pictures beside the empty charts
TRIES = 9  # pictures that show an augmentation
TRY_SIDE = 76  # CSS pixels of each
BUILT = "train built network"  # session key: the text of the network that came in a link


def data_title(name: str) -> str:
    return "Your own pictures" if name == OWN else TRAINING_SETS[name].title


def data_in_sentence(name: str) -> str:
    """The same in the middle of a sentence: proper names stay as they are."""
    title = data_title(name)
    return f"{title[0].lower()}{title[1:]}" if name in (OWN, "drawn") else title


def network_title(text: str) -> str:
    return NETWORKS[text].name if text in NETWORKS else "Your network"


def main_row(link: PageLink) -> None:
    """What most people set, and the way to the rest."""
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        _usual(link)
        with link.popover("Augmentation", ":material/auto_fix_high:", IN_AUGMENTATION):
            augmentation(link)
        with link.popover("More", ":material/tune:", IN_MORE):
            more(link)


def of_next_run(link: PageLink) -> None:
    """A popover with all of it, for where a run is on the board."""
    with link.popover("Settings of the next run", ":material/tune:", (*IN_ROW, *IN_AUGMENTATION, *IN_MORE)):
        usual, changes, rest = st.tabs(("Pictures and network", "Augmentation", "More"))
        with usual:
            with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
                _usual(link)
            filter_note(link, train_fields.chosen_network(link.get("net")))
        with changes:
            augmentation(link)
        with rest:
            more(link)


def _usual(link: PageLink) -> None:
    built = link.get("net") if link.get("net") not in NETWORKS else st.session_state.get(BUILT)
    st.session_state[BUILT] = built
    networks = (*NETWORKS, built) if built else tuple(NETWORKS)
    st.selectbox("Pictures", train_fields.DATA, format_func=data_title, key=link.key("data"), width=168)
    st.selectbox("Network", networks, format_func=network_title, key=link.key("net"), width=248)
    st.number_input("Epochs", 1, MOST_EPOCHS, key=link.key("epochs"), width=104)
    st.selectbox("Learning rate", RATES, format_func="{:g}".format, key=link.key("rate"), width=112)


def more(link: PageLink) -> None:
    """What few people set."""
    left, right = st.columns(2, gap="medium")
    with left:
        _steps(link)
    with right:
        _parts(link)


def _steps(link: PageLink) -> None:
    """How the weights move."""
    st.selectbox(
        "Optimiser",
        tuple(OPTIMISERS),
        format_func=OPTIMISERS.get,
        key=link.key("optimiser"),
        on_change=_usual_rate,
        args=(link,),
        help="Another one has another usual learning rate: it is set along.",
    )
    st.selectbox(
        "Learning rate from epoch to epoch",
        tuple(SCHEDULES),
        format_func=SCHEDULES.get,
        key=link.key("schedule"),
        help="Large steps find the valley, small ones its bottom.",
    )
    st.selectbox("Batch: pictures a step", BATCHES, key=link.key("batch"))
    st.selectbox(
        "Weight decay",
        DECAYS,
        format_func="{:g}".format,
        key=link.key("decay"),
        help="Each step takes this share of every weight away, times the learning rate: what is not needed fades.",
    )
    st.selectbox(
        "Label smoothing",
        SMOOTHINGS,
        format_func="{:g}".format,
        key=link.key("smooth"),
        help="With 0.1 and ten classes the right one is wanted at 91 %, each other at 1 %: never quite sure. "
        "Both losses are counted against these shares, so they do not come near 0.",
    )


def _parts(link: PageLink) -> None:
    """What is trained on, and what chance decides."""
    data = link.get("data")
    if data == OWN:
        st.selectbox("Pixels a side", train_fields.SIDES, key=link.key("side"))
    else:
        there = TRAINING_SETS[data].train_count
        usual = f"{train_fields.USUAL_DRAWN:,}" if data == "drawn" else f"all {there:,}"
        st.selectbox(
            "Pictures to train and validate on",
            COUNTS,
            format_func=lambda count: usual if count == USUAL else f"{count:,}",
            key=link.key("count"),
        )
    st.selectbox(
        "Kept for validation",
        SPLITS,
        format_func=lambda share: f"{100 * share:.0f} %",
        key=link.key("split"),
        help="Pictures that the network is asked about after each epoch, but never trains on.",
    )
    st.selectbox(
        "Dropout before the last layer",
        DROPOUTS,
        format_func="{:g}".format,
        key=link.key("drop"),
        help="In training this share of the numbers is set to 0, chosen anew each time: none can be relied on.",
    )
    st.number_input(
        "Seed",
        0,
        999_999,
        key=link.key("seed"),
        help="The same seed: the same start, the same batches in the same order, the same validation pictures.",
    )
    st.segmented_control(
        "Palette",
        ("red-blue", "orange-blue"),
        format_func=lambda name: name.replace("-", "–"),
        key=link.key("palette"),
        required=True,
    )


def augmentation(link: PageLink) -> None:
    """Random changes, and what they do to one picture."""
    st.markdown("Every epoch sees every training picture a little changed. Only changes that keep the meaning help.")
    left, middle, right = st.columns((3, 3, 5), gap="medium")  # none is cut off on a projector of 720 pixels
    with left:
        st.selectbox("Flip", FLIPS, format_func=FLIP_TITLES.get, key=link.key("flip"))
        st.selectbox("Rotation", SHARES, format_func=turn_title, key=link.key("turn"))
        st.selectbox("Zoom", SHARES, format_func=share_title, key=link.key("zoom"))
    with middle:
        st.selectbox("Shift", SHARES, format_func=share_title, key=link.key("shift"))
        st.selectbox("Brightness", SHARES, format_func=share_title, key=link.key("light"))
    with right:
        _preview(link)


def _preview(link: PageLink) -> None:
    """One picture as the epochs may see it, and what is easily misunderstood."""
    wanted = train_fields.augmentation_of(link)
    picture = _example(link)
    if picture is not None:
        st.image(
            tried(picture, wanted), caption="One picture as nine epochs may see it" if wanted.is_on else "As it is"
        )
    if wanted.rotation:
        st.caption(
            f"RandomRotation({wanted.rotation:g}): up to ±{360 * wanted.rotation:g}°, since it counts full turns. "
            f"Neither {wanted.rotation:g}° nor {wanted.rotation:g} rad."
        )
    if wanted.flip != "none" and link.get("data") in ("drawn", "mnist"):
        st.caption("A mirrored 3 is no digit any more: this one does harm here.")
    elif "vertical" in wanted.flip:
        st.caption("Upside down: fine for satellite pictures, not for dogs or shoes.")


def turn_title(share: float) -> str:
    return f"{share:g} = ±{360 * share:g}°" if share else "none"


def share_title(share: float) -> str:
    return f"±{100 * share:g} %" if share else "none"


def tried(picture: np.ndarray, wanted) -> np.ndarray:
    """The picture (H, W, C) uint8 after nine draws of an augmentation, beside each other and enlarged: (h, w, 3)."""
    random = np.random.default_rng(0)
    tiles = []
    for _ in range(TRIES if wanted.is_on else 1):
        tile = changed(picture, draw(wanted, random))
        scale = max(TRY_SIDE // tile.shape[0], 1)
        tile = np.repeat(np.repeat(tile, scale, axis=0), scale, axis=1)
        tile = np.repeat(255 - tile, 3, axis=2) if tile.shape[2] == 1 else tile  # ink on paper
        tiles.append(np.pad(tile, ((2, 2), (2, 2), (0, 0)), constant_values=200))
    per_row = 3 if len(tiles) > 1 else 1
    rows = [np.concatenate(tiles[at : at + per_row], axis=1) for at in range(0, len(tiles), per_row)]
    return np.concatenate(rows, axis=0)


def offer(link: PageLink) -> None:
    """Where the chosen pictures are not here yet: how to get them."""
    data = link.get("data")
    if data == OWN:
        train_own.chooser()
    elif available(data) is None:
        offer_download(TRAINING_SETS[data].entry, "Choose the drawn digits to train at once.")


def samples(data: str) -> tuple[str, tuple[Shown, ...]]:
    """Some of the pictures of a set, with a line about them."""
    if data == OWN:
        return train_own.samples(SAMPLES)
    known = TRAINING_SETS[data]
    try:
        shown = tuple(
            Shown(
                picture_in(data, at % len(known.classes), at // len(known.classes)),
                known.classes[at % len(known.classes)],
            )
            for at in range(SAMPLES)
        )
    except (DatasetMissing, ValueError) as error:
        return str(error).partition(" Received:")[0], ()
    return f"{known.title}: {known.about[0].lower()}{known.about[1:]}.", shown


def picture_in(data: str, label: int, hand: int) -> np.ndarray:
    """A picture of that label, (H, W, C) uint8."""
    picture = draw_digit(label, DEFAULT_SEED + hand) if data == "drawn" else sample(data, label, hand)
    return picture if picture.ndim == 3 else picture[..., np.newaxis]


def filter_note(link: PageLink, network: Network | None) -> None:
    """Where a hand-made filter came along: what is done with it, and how to leave it out."""
    kernel = link.get("filter")
    if kernel is None:
        return
    layer = network and train_fields.first_convolution(network)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        words = "Your filter from the Filters page goes along."
        if layer:
            resized = (
                ""
                if (len(kernel), len(kernel[0])) == (layer.kernel,) * 2
                else (f", brought from {len(kernel)}×{len(kernel[0])} to {layer.kernel}×{layer.kernel}")
            )
            words = (
                f"**Your filter in the net**: filter {link.get('place') + 1} of {layer.filters} in the first layer is "
                f"yours and stays as it is{resized}; the others learn beside it."
            )
        st.markdown(words, width="stretch")
        st.button("Leave it out", on_click=lambda: link.set("filter", None), type="tertiary", icon=":material/close:")


def _usual_rate(link: PageLink) -> None:
    link.set("rate", train_fields.USUAL_RATES[link.get("optimiser")])


def _example(link: PageLink) -> np.ndarray | None:
    _, shown = samples(link.get("data"))
    return shown[3 % len(shown)].picture if shown else None
