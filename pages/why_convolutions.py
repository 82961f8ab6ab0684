"""Why convolutions: three faults of a dense layer on pixels, each to be tried out, and what a convolution does."""

import streamlit as st
from plotly.graph_objects import Figure

from core.explain.magnitude import in_bytes, in_words, time_at_one_a_second
from core.explain.shuffled_digits import stored_results
from core.explain.translation import clamped
from core.explain.translation_source import translation_source
from core.explain.why_convolutions import WHAT_IT_SHOWS
from core.figures.parameter_race import race_bars, race_squares
from core.figures.shuffled_accuracy import shuffled_accuracy
from core.figures.template import CONFIG
from core.nets.parameters import (
    Parameters,
    convolution_parameters,
    convolution_products,
    dense_parameters,
    layers_source,
)
from core.nets.shuffled_source import shuffled_source
from core.stage import adjacency_stage, translation_stage
from core.stage.conversation import has_news
from core.stage.convolution_stage import COLOUR_PALETTES
from core.ui import fields, lesson, links, picture_source, presenter
from core.ui.count_card import count_card
from core.ui.side_by_side import side_by_side

SCENES = {
    "weights": "1  Too many weights",
    "neighbours": "2  Neighbours lost",
    "places": "3  Every place anew",
}
LEADS = {
    "weights": "A dense layer needs a weight for every pixel. Make the picture larger and watch.",
    "neighbours": "Shuffle the pixels of every digit alike: a dense layer cannot tell. Point at a pixel.",
    "places": "Drag the digit. The dense unit loses it, the filter finds it wherever it is.",
}
STAGES = {"neighbours": "adjacency stage", "places": "translation stage"}
PALETTES = dict(zip(COLOUR_PALETTES, ("red–blue", "orange–blue")))
SIDES = (8, 12, 16, 20, 24, 28, 32, 48, 64, 96, 128, 192, 224, 256, 384, 512, 768, 1024, 1536, 2048, 3024, 4096)
CHANNELS = (1, 2, 3, 4, 8, 16, 32, 64, 128, 256)
UNITS = (1, 2, 5, 10, 16, 32, 64, 100, 128, 256, 512, 1000, 1024, 2048, 4096)
FILTERS = (1, 2, 3, 4, 8, 10, 16, 32, 64, 128, 256, 512)
KERNELS = (1, 2, 3, 4, 5, 6, 7)
DIGITS = {"mnist": "MNIST", "drawn": "drawn"}
NETWORKS = {"dense": "Dense", "convolutional": "Convolutional"}
RACE = {"side": SIDES, "channels": CHANNELS, "units": UNITS, "filters": FILTERS, "kernel": KERNELS}
LABELS = dict(zip(RACE, ("Picture side", "Channels", "Dense units", "Filters", "Filter side")))
PRESETS = {  # in the order of RACE
    "A digit": (28, 1, 128, 32, 3),
    "A picture of ImageNet": (224, 3, 256, 32, 3),
    "A phone's photo": (3024, 3, 100, 32, 3),
}
PRESET = "why_convolutions preset"
START = dict(zip(RACE, PRESETS["A picture of ImageNet"]))

link = links.PageLink(
    "why_convolutions",
    {
        "scene": links.choice("weights", tuple(SCENES)),
        **{name: links.choice(START[name], options) for name, options in RACE.items()},
        **picture_source.FIELDS,
        "pin": fields.traced(),
        "move": fields.move((3, 6), most=99),
        "palette": links.choice(COLOUR_PALETTES[0], COLOUR_PALETTES),
    },
)


def take_preset() -> None:
    for name, value in zip(RACE, PRESETS[st.session_state[PRESET]]):
        link.set(name, value)


def costs(parameters: Parameters) -> tuple[str, str]:
    biases = f"{parameters.biases:,} bias{'es' if parameters.biases > 1 else ''}"
    return (
        f"weights + {biases} = {parameters.total:,} ({in_bytes(parameters.megabytes)})",
        f"If one picture could pin one weight: {in_words(parameters.weights)} pictures, "
        f"{time_at_one_a_second(parameters.weights)} at one a second",
    )


def race_controls() -> None:
    sizes = tuple(link.get(name) for name in RACE)
    st.session_state[PRESET] = next((name for name, preset in PRESETS.items() if preset == sizes), None)
    st.pills(
        "Example",
        PRESETS,
        format_func=lambda name: "{0}: {1:,}×{1:,}×{2} → {3}".format(name, *PRESETS[name]),
        key=PRESET,
        on_change=take_preset,
        required=sizes in PRESETS.values(),
        label_visibility="collapsed",
        wrap=True,
    )
    for column, (name, options) in zip(st.columns(5, gap="medium"), RACE.items()):
        written = "{:,} px" if name in ("side", "kernel") else "{:,}"
        column.select_slider(LABELS[name], options, key=link.key(name), format_func=written.format)


def notices(*lines: str) -> None:
    for line in filter(None, lines):
        st.warning(line, icon=":material/link_off:")


def figure_look() -> dict:
    return {"dark": st.context.theme.type == "dark", "large": presenter.is_on()}


def draw(figure: Figure, alt: str) -> None:
    st.plotly_chart(figure, theme=None, config=CONFIG, alt=alt)


def race() -> None:
    side, channels, units, filters, kernel = (link.get(name) for name in RACE)
    dense = dense_parameters(side, channels, units)
    convolution = convolution_parameters(channels, filters, kernel)
    left, right = st.columns(2, gap="medium")
    with left:
        title = f"Dense: {units:,} unit{'s' if units > 1 else ''} on {side:,}×{side:,}×{channels}"
        count_card(title, f"{dense.weights:,}", *costs(dense))
    with right:
        title = f"Convolution: {filters} filter{'s' if filters > 1 else ''} of {kernel}×{kernel}×{channels}"
        count_card(title, f"{convolution.weights:,}", *costs(convolution))
    counts = (dense.weights, convolution.weights)
    bars, squares = side_by_side("bars_and_squares", 5, 2)
    with bars:
        labels = tuple(map(in_words, counts))
        alt = "Bars on a log scale: dense {} weights, convolution {} weights.".format(*labels)
        draw(race_bars(*counts, labels=labels, **figure_look()), alt)
    with squares:
        draw(race_squares(*counts, **figure_look()), "The same weights as squares, to scale, as areas.")
    race_controls()
    notices(complaint)
    below_the_fold(
        layers_source(side, channels, units, filters, kernel),
        "Runs as it is: pip install keras tensorflow. It prints the numbers above, biases included.",
        products=f"{convolution_products(side, channels, filters, kernel):,}",
        dense_products=f"{dense.weights:,}",
    )


def neighbours(source: picture_source.Source) -> None:
    results = stored_results()
    recipe = results.recipe
    stage, chart = side_by_side("digits_and_results", 8, 5)
    with stage:
        adjacency_stage.adjacency_stage(STAGES["neighbours"], shuffled_digit(source), **stage_options(source))
        picture_row()
    with chart:
        named = {
            f"{NETWORKS[one.network]}, {DIGITS[name]}": one for name, both in results.measured.items() for one in both
        }
        networks = {name: (one.straight, one.shuffled) for name, one in named.items()}
        averages = {name: (one.mean("straight"), one.mean("shuffled")) for name, one in named.items()}
        st.markdown("**Trained on straight ● and on shuffled ○ digits**")
        means = [f"{name}: {before:.1%}, shuffled {after:.1%}" for name, (before, after) in averages.items()]
        draw(shuffled_accuracy(networks, **figure_look()), f"Digits read rightly. {'. '.join(means)}.")
        st.caption("Measured beforehand: each dot is one training run from other random numbers.")
    below_the_fold(
        shuffled_source(recipe),
        "Runs as it is: pip install keras tensorflow. It downloads MNIST (11 MB) and prints four accuracies.",
        command=results.made_by,
        date=results.date,
        training=f"{recipe['training_pictures']:,}",
        test=f"{recipe['test_pictures']:,}",
        epochs=str(recipe["epochs"]),
        seeds=str(len(recipe["seeds"])),
        dense_parameters=f"{recipe['parameters']['dense']:,}",
        convolutional_parameters=f"{recipe['parameters']['convolutional']:,}",
    )


def places(source: picture_source.Source) -> None:
    translation_stage.translation_stage(STAGES["places"], moved_digit(source), **stage_options(source))
    picture_row()
    below_the_fold(
        translation_source(source.picture, clamped(source.picture, link.get("move"))),
        "Runs as it is: pip install keras tensorflow. It prints the two answers on the stage.",
    )


def stage_options(source: picture_source.Source) -> dict:
    return {
        "palette": link.get("palette"),
        "pictures": source.choices,
        "another": True,
        "presenting": presenter.is_on(),
    }


def picture_row() -> None:
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        picture_source.controls(link)
        st.segmented_control("Palette", PALETTES, format_func=PALETTES.get, key=link.key("palette"), required=True)
    picture_source.offer(link)
    notices(complaint, source.notice)


def below_the_fold(source: str, caption: str, **numbers: str) -> None:
    if presenter.is_on():
        return
    with st.expander("Show the Keras code", icon=":material/code:"):
        st.caption(caption)
        st.code(source, language="python", height=420)
    with st.expander("What this shows", icon=":material/school:", expanded=True):
        st.markdown(WHAT_IT_SHOWS[scene].format(**numbers))


def shuffled_digit(source: picture_source.Source) -> adjacency_stage.ShuffledDigit:
    return adjacency_stage.ShuffledDigit(source.picture, source.key, link.get("pin"), link.get("hand"))


def moved_digit(source: picture_source.Source) -> translation_stage.MovedDigit:
    return translation_stage.MovedDigit(source.picture, source.key, link.get("move"), link.get("hand"))


def take_in_edits() -> None:
    """Write into the link what the person did on the stage of this scene."""
    source = picture_source.of(link)
    if scene == "neighbours":
        digit = adjacency_stage.edited(STAGES[scene], shuffled_digit(source))
        link.set("pin", digit.traced)
    else:
        digit = translation_stage.edited(STAGES[scene], moved_digit(source))
        link.set("move", digit.move)
    picture_source.keep(link, digit)


complaint = link.open(any(map(has_news, STAGES.values())))
scene = link.get("scene")
if scene in STAGES:
    take_in_edits()
source = picture_source.of(link)

link.close()

lesson.heading("Why convolutions", LEADS[scene])
st.segmented_control(
    "Fault of a dense layer",
    SCENES,
    format_func=SCENES.get,
    key=link.key("scene"),
    required=True,
    label_visibility="collapsed",
)
if scene == "weights":
    race()
elif scene == "neighbours":
    neighbours(source)
else:
    places(source)
