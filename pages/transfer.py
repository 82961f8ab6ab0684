"""Transfer learning: a hundred pictures of two things, a network that already knows how to look, and a head."""

import streamlit as st

from core.compute.engine import engine
from core.images.augmentation import FLIPS, LECTURE, MOST, Augmentation
from core.images.picture_split import shortage
from core.stage.picture_wall import deed
from core.transfer.backbones import BACKBONES, DEFAULT
from core.transfer.dealing import MOST_TRAINING
from core.transfer.feature_map import METHODS
from core.ui import (
    forgetting,
    lesson,
    links,
    picture_sets,
    picture_shelf,
    presenter,
    transfer_augment,
    transfer_backbone,
    transfer_keep,
    transfer_map,
    transfer_progress,
    transfer_session,
    transfer_ways,
)
from core.ui.transfer_texts import LEADS, PRIVACY, SCENES, WHAT_IT_SHOWS

ASIDE = "transfer record aside"
DELETING = "transfer delete all"
SHARE = 100  # shares are written as whole hundredths
# On a tablet all steps stand in one row.
STEPS = """<style>@media (max-width: 1000px) {
.st-key-transfer-scene button { padding-left: 0.25rem; padding-right: 0.25rem; }
}</style>"""


def read_augmentation(text: str) -> Augmentation:
    """Written horizontal_10_20_0_0: the flip, then rotation, zoom, shift and brightness in hundredths."""
    flip, *numbers = text.rsplit("_", len(MOST))
    if len(numbers) != len(MOST) or not all(number.isdecimal() for number in numbers) or flip not in FLIPS:
        raise ValueError(f"must be a flip and four hundredths such as horizontal_10_20_0_0. Received: {text[:40]!r}")
    return Augmentation(flip, **{name: int(number) / SHARE for name, number in zip(MOST, numbers)})


def write_augmentation(augmentation: Augmentation) -> str:
    return "_".join([augmentation.flip, *(str(round(SHARE * getattr(augmentation, name))) for name in MOST)])


link = links.PageLink(
    "transfer",
    {
        "scene": links.choice("pictures", tuple(SCENES)),
        "backbone": links.choice(DEFAULT, tuple(BACKBONES)),
        "train": links.whole(0, 0, MOST_TRAINING),
        "seeds": links.whole(1, 1, 5),
        "augmentation": links.Field(LECTURE, read_augmentation, write_augmentation),
        "picture": links.whole(0, 0, 4999),
        "method": links.choice("pca", tuple(METHODS)),
    },
)


def pictures() -> None:
    picture_shelf.show(ASIDE)
    with st.container(horizontal=True, vertical_alignment="center"):
        why_not = transfer_session.trouble(link) or transfer_session.busy()
        st.button(
            "Learn to tell them apart",
            icon=":material/bolt:",
            type="primary",
            disabled=bool(why_not),
            on_click=learn,
            help=why_not or "Every picture once through the backbone, then the head learns: a few seconds.",
        )
        # Only a popover that reports when it is opened can be closed from here.
        with st.popover(
            "Delete all my pictures", icon=":material/delete_forever:", type="tertiary", key=DELETING, on_change="rerun"
        ):
            st.markdown("All pictures, and all that was learnt from them, go for good: no Undo brings them back.")
            st.button("Delete them", type="primary", on_click=forget)
        st.caption(PRIVACY)
    if transfer_session.view().is_running:
        transfer_progress.show()
    elif why_not and not shortage(picture_sets.current()):  # a shortage is said under the wall
        st.info(why_not, icon=":material/info:")


def learn() -> None:
    link.set("scene", "ways")
    transfer_session.go(link, ("head",))


def forget() -> None:
    st.session_state[DELETING] = False  # the question is answered
    st.session_state[ASIDE] = False  # what is recorded next begins a new set
    forgetting.everything()
    st.toast("Your pictures, and all that was learnt from them, are deleted.", icon=":material/delete_forever:")


def below_the_fold() -> None:
    if presenter.is_on():
        return
    if scene in ("backbone", "ways", "keep"):
        with st.expander("Show the Keras code", icon=":material/code:"):
            transfer_keep.code(link, scene != "backbone")
    with st.expander("What this shows", icon=":material/school:", expanded=True):
        st.markdown(transfer_ways.explanation(link) if scene == "ways" else WHAT_IT_SHOWS[scene])


complaint = link.open(deed(picture_shelf.WALL) is not None)
picture_shelf.take_in(bool(st.session_state.get(ASIDE)))
scene = link.get("scene")
transfer_progress.begin()
transfer_keep.write_down()
transfer_session.bring(link)
engine().warm("train")
link.close()

lesson.heading("Transfer learning", LEADS[scene])
st.html(STEPS)
st.segmented_control(
    "Step", SCENES, format_func=SCENES.get, key=link.key("scene"), required=True, label_visibility="collapsed"
)
if complaint:
    st.warning(complaint, icon=":material/link_off:")
if scene == "pictures":
    pictures()
else:
    {
        "augment": transfer_augment.show,
        "backbone": transfer_backbone.show,
        "ways": transfer_ways.show,
        "map": transfer_map.show,
        "keep": transfer_keep.show,
    }[scene](link)
link.close()
below_the_fold()
