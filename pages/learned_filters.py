"""A filter that learns: someone hides a filter, and gradient descent finds it from what it makes of ten pictures."""

import random

import numpy as np
import streamlit as st

from core.explain.filter_learning import Learning, Run, learn
from core.explain.learning_source import learning_source
from core.explain.learning_verdict import OPTIMISER_TITLES, verdict
from core.images.catalogue import CATALOGUE, DRAWN
from core.images.datasets import DatasetMissing
from core.images.picture_names import MOST_HANDS, name_in_set, picture_of
from core.ops.filter_bank import FILTER_BANK, named
from core.stage import learning_stage, neuron_stage
from core.stage.conversation import has_news
from core.stage.convolution_stage import COLOUR_PALETTES
from core.stage.learning_stage import HOLDERS, LearningScene
from core.stage.parts import PictureChoice
from core.ui import fields, learning_fields, lesson, links, picture_source, presenter
from core.ui.learning_texts import THE_SLOPE, THE_STEP

STAGE, NEURON = "learning stage", "neuron stage"
VIEWS = ("learning", "neuron")
RATES = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)
BATCHES = (1, 2, 5, 10)
NOISES = (0, 0.05, 0.1, 0.2, 0.5)
ACTIVATIONS = {"none": "none", "relu": "ReLU"}
PALETTES = dict(zip(COLOUR_PALETTES, ("red–blue", "orange–blue")))
MOST_SEEDS = 10_000
CORNER, PATCH = (11, 10), 6  # where the neuron's small picture is cut out, and its cells on a side
link = links.PageLink(
    "learned_filters",
    {
        "view": links.choice(VIEWS[0], VIEWS),
        "hidden": learning_fields.secret(fields.as_rows(FILTER_BANK["vertical"].kernel)),
        "revealed": links.switch(False),
        "guess": fields.kernel(None),
        "by": links.choice(HOLDERS[0], HOLDERS),
        "step": links.whole(0, 0, Learning.steps),
        "optimiser": links.choice(Learning.optimiser, tuple(OPTIMISER_TITLES)),
        "rate": links.choice(Learning.rate, RATES),
        "batch": links.choice(Learning.batch, BATCHES),
        "noise": links.choice(Learning.noise, NOISES),
        "activation": links.choice(Learning.activation, tuple(ACTIVATIONS)),
        "seed": links.whole(0, 0, MOST_SEEDS - 1),
        "set": picture_source.FIELDS["set"],
        "hand": picture_source.FIELDS["hand"],
        "look": links.whole(3, 0, 9),
        "pin": learning_fields.marked(learning_stage.KINDS),
        "wire": learning_fields.marked(neuron_stage.KINDS),
        "palette": links.choice(COLOUR_PALETTES[0], COLOUR_PALETTES),
    },
)


def scene_of_link() -> LearningScene:
    hidden, guess = np.array(link.get("hidden")), link.get("guess")
    fitting = guess is not None and np.shape(guess) == hidden.shape
    return LearningScene(
        guess=np.array(guess) if fitting else np.zeros(hidden.shape),
        step=link.get("step"),
        looked_at=link.get("look"),
        holder=link.get("by"),
        revealed=link.get("revealed"),
        seed=link.get("seed"),
        hand=link.get("hand"),
        traced=link.get("pin"),
    )


def keep(scene: LearningScene) -> None:
    link.set("guess", fields.as_rows(scene.guess) if scene.guess.any() else None)
    link.set("step", min(scene.step, Learning.steps))
    link.set("look", min(scene.looked_at, 9))
    link.set("by", scene.holder)
    link.set("revealed", scene.revealed)
    link.set("seed", scene.seed % MOST_SEEDS)
    link.set("hand", scene.hand % MOST_HANDS)
    link.set("pin", scene.traced)
    if scene.as_neuron:
        link.set("view", "neuron")
    if scene.to_hide is not None:
        hide(scene.to_hide)


def hide(kernel: np.ndarray) -> None:
    """Put another filter in the place of the hidden one, and begin again."""
    link.set("hidden", fields.as_rows(kernel))
    for name in ("guess", "by", "step", "revealed", "pin", "wire"):
        link.set(name, link.fields[name].default)


def surprise() -> None:
    known = named(link.get("hidden"))
    hide(random.choice([entry.kernel for entry in FILTER_BANK.values() if entry is not known]))


def ten_pictures() -> tuple[list[PictureChoice], str]:
    """One picture of each class, and a line where drawn digits have to stand in for those of the link."""
    notice = ""
    for entry in (CATALOGUE[link.get("set")], DRAWN):
        names = [name_in_set(entry.name, label, link.get("hand")) for label in range(10)]
        try:
            shown = [picture_of(name) for name in names]
            break
        except (DatasetMissing, ValueError) as error:
            notice = f"Drawn digits stand in for the pictures of this link: {error}"
    return [PictureChoice(*one) for one in zip(names, entry.classes, shown)], notice


def noise_title(spread: float) -> str:
    return f"± {spread:g}" if spread else "none"


def learning_row() -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        st.segmented_control(
            "Gradient descent",
            OPTIMISER_TITLES,
            format_func=OPTIMISER_TITLES.get,
            key=link.key("optimiser"),
            required=True,
        )
        st.select_slider("Learning rate", RATES, key=link.key("rate"), format_func=lambda n: f"{n:g}", width=220)
        st.segmented_control("Pictures a step", BATCHES, key=link.key("batch"), required=True)
        st.selectbox("Noise", NOISES, key=link.key("noise"), format_func=noise_title, width=110)
        activation_control()


def activation_control() -> None:
    st.segmented_control(
        "Activation", ACTIVATIONS, format_func=ACTIVATIONS.get, key=link.key("activation"), required=True
    )


def palette_control() -> None:
    st.segmented_control("Palette", PALETTES, format_func=PALETTES.get, key=link.key("palette"), required=True)


def secrets_row() -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        st.button("Surprise me", icon=":material/casino:", on_click=surprise, help="Hides a filter that nobody knows.")
        with st.popover("Hide a filter", icon=":material/visibility_off:"):
            chosen = st.selectbox("From the bank", tuple(FILTER_BANK), format_func=lambda name: FILTER_BANK[name].title)
            st.button("Hide it", type="primary", on_click=lambda: hide(FILTER_BANK[chosen].kernel))
            st.caption("Or choose **You** on the stage, set the numbers, and press **Hide mine**.")
        st.segmented_control(
            "Pictures",
            tuple(CATALOGUE),
            format_func=lambda name: CATALOGUE[name].title,
            key=link.key("set"),
            required=True,
        )
        palette_control()
    picture_source.offer(link)


def below_the_fold(
    scene: LearningScene, pictures: np.ndarray, hidden: np.ndarray, run: Run, learning: Learning
) -> None:
    steps = len(run.kernels) - 1
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("#### How it went")
        if scene.step >= steps:
            st.markdown("**{}** {}".format(*verdict(run, hidden, learning)))
        else:
            st.markdown("Play the run to its end, and this says how it went, and why.")
        st.markdown("#### One step")
        st.markdown(THE_STEP)
    with right:
        st.markdown("#### Where the slope comes from")
        st.markdown(THE_SLOPE)
    with st.expander("Show the Keras code", icon=":material/code:"):
        if scene.revealed:
            st.caption(f"Runs as it is: pip install keras tensorflow. It prints the learner's numbers at step {steps}.")
            st.code(learning_source(pictures, hidden, learning, steps), language="python", height=420)
        else:
            st.markdown("The hidden numbers stand in the code: press **Reveal** on the stage first.")


complaint = link.open(has_news(STAGE) or has_news(NEURON))
keep(learning_stage.edited(STAGE, scene_of_link()))
wire, leaves = neuron_stage.edited(NEURON, link.get("wire"))
link.set("wire", wire)
if leaves:
    link.set("view", VIEWS[0])
    for name in link.fields:  # a widget that was away shows only a value that is set anew
        link.set(name, link.get(name))
scene = scene_of_link()
choices, notice = ten_pictures()
pictures = np.stack([choice.picture for choice in choices])
hidden = np.array(link.get("hidden"))
names = ("optimiser", "rate", "batch", "noise", "seed", "activation")
learning = Learning(**{name: link.get(name) for name in names})
run = learn(pictures / 255, hidden, learning)

link.close()

learns = link.get("view") == VIEWS[0]
if learns:
    lesson.heading(
        "A filter that learns", "Someone hid a filter. Press play: random numbers find it from outputs alone."
    )
    learning_stage.learning_stage(
        STAGE,
        scene,
        choices,
        hidden,
        run,
        learning,
        end=verdict(run, hidden, learning)[0],
        palette=link.get("palette"),
        presenting=presenter.is_on(),
    )
else:
    mine = scene.holder == "you"
    at = min(scene.step, len(run.kernels) - 1)
    lesson.heading("A filter is a neuron", "The same few numbers, three times. Point at one of them.")
    neuron_stage.neuron_stage(
        NEURON,
        np.round(pictures[scene.looked_at, CORNER[0] :, CORNER[1] :][:PATCH, :PATCH] / 255, 2),
        scene.guess if mine else np.round(run.kernels[at], 2),
        learning.activation,
        link.get("wire"),
        title="Your filter" if mine else f"Learner, step {at}",
        palette=link.get("palette"),
        presenting=presenter.is_on(),
    )
for line in filter(None, (complaint, notice)):
    st.warning(line, icon=":material/link_off:")
if learns:
    learning_row()
    secrets_row()
    if not presenter.is_on():
        below_the_fold(scene, pictures, hidden, run, learning)
else:
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        activation_control()
        palette_control()
