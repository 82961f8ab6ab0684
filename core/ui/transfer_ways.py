"""The four ways on the page: their runs, the table of what came of them, and the pictures that were got wrong."""

from html import escape

import numpy as np
import streamlit as st

from core.stage.feature_map import Sprite
from core.stage.mistakes import mistakes
from core.transfer.dealing import bounds
from core.transfer.ways import WAYS, Standing, WayResult, standing
from core.ui import picture_sets, presenter, transfer_progress, transfer_session
from core.ui.links import PageLink
from core.ui.transfer_texts import WHAT_IT_SHOWS

TILE = 84
ICONS = {"scratch": ":material/child_care:", "augmented": ":material/flip:", "head": ":material/bolt:",
         "fine_tuned": ":material/tune:"}  # fmt: skip
_STYLE = """<style>
.ways-frame { container-type: inline-size; }
.ways { border-collapse: collapse; width: 100%; line-height: 1.25; }
.ways th, .ways td { padding: 0.42rem 0.7rem; text-align: right; border-bottom: 1px solid #8884; }
.ways th { font-weight: 400; opacity: 0.8; font-size: SMALL; }
.ways th:first-child, .ways td:first-child { text-align: left; padding-left: 0; }
.ways td { font-variant-numeric: tabular-nums; }
.ways .number { font-family: var(--st-code-font, 'Source Code Pro', monospace); white-space: nowrap; }
.ways .large { font-weight: 600; font-size: 1.15em; }
.ways .small { font-size: SMALL; opacity: 0.85; }
.ways .runs { display: block; }
.ways .best td { background: #FFB22422; }
@container (max-width: 880px) {
  .ways th, .ways td { padding: 0.36rem 0.4rem; }
  .ways th:last-child, .ways td:last-child { padding-right: 0; }
  .ways td:first-child { min-width: 8rem; }
  .ways .number { font-size: 0.9em; }
  .ways .about { display: none; }
}
@container (max-width: 620px) {  /* an epoch's time is what a tablet can do without */
  .ways th:nth-last-child(2), .ways td:nth-last-child(2) { display: none; }
  .ways .spread { display: block; }
}
</style>"""

_LARGE = """<style>
.ways th, .ways td { padding-top: 0.15rem; padding-bottom: 0.15rem; }
.ways .about { display: none; }
.ways .runs { display: inline; margin-left: 0.6em; }
</style>"""


def show(link: PageLink) -> None:
    """The table first, then what can be run, then the curves and the mistakes.

    While something runs, its curve takes the place of what could not be asked for now.
    """
    results = transfer_session.results(link)
    opened = transfer_session.has_asked_test()
    st.html(table(standings(link, results, "validation"), standings(link, results, "test") if opened else None))
    running, large = transfer_session.view().is_running, presenter.is_on()
    if not running:
        _buttons(link)
        if not large:
            _settings(link, results, opened)
    if changed := transfer_session.changed_since(link):  # under the slider that may be what changed it
        st.info(changed, icon=":material/history:")
    transfer_progress.show(live_curves=True, results=results)
    if large and not running:  # table and curves are on a projector's screen together
        _settings(link, results, opened)
    if results:
        st.caption(
            "Each way keeps the weights of its best epoch; its curve may fall afterwards. ± is the standard deviation "
            "over the runs. Time is that of the training alone, an epoch's that of the middle one: what the backbone "
            "said of the pictures was stored before."
        )
    if results and not running:
        _mistakes(link, results, "test" if opened else "validation")


def standings(link: PageLink, results: tuple[WayResult, ...], part: str) -> list[Standing]:
    """One line for each way, judged by a part."""
    lines = []
    for way in WAYS:
        of_way = [result for result in results if result.run.way == way]
        lines.append(standing(way, of_way, [transfer_session.accuracy(link, result, part) for result in of_way]))
    return lines


def table(lines: list[Standing], test: list[Standing] | None) -> str:
    """The table as HTML. Nothing in it comes from people."""
    small = "18px" if presenter.is_on() else "0.86rem"
    style = _STYLE.replace("SMALL", small) + (_LARGE if presenter.is_on() else "")
    heads = ["", "validation accuracy", "error left", *(["test accuracy"] if test else []), "time", "an epoch",
             "parameters that learn"]  # fmt: skip
    best = max((line.accuracy for line in lines if line.accuracy is not None), default=None)
    rows = []
    for number, line in enumerate(lines):
        name = f"<b>{escape(line.way.title)}</b><span class='small about'><br>{escape(line.way.about)}</span>"
        cells = [_accuracy(line), _percent(line.error_left)]
        cells += [_accuracy(test[number])] if test else []
        cells += [_seconds(line.seconds), _seconds(line.epoch_seconds), f"{line.trained:,}" if line.trained else "–"]
        row = "".join(f"<td class='number'>{cell}</td>" for cell in cells)
        rows.append(
            f"<tr{' class=best' if best is not None and line.accuracy == best else ''}><td>{name}</td>{row}</tr>"
        )
    head = "".join(f"<th scope='col'>{text}</th>" for text in heads)
    lines = f"<table class='ways'><tr>{head}</tr>{''.join(rows)}</table>"
    return f"{style}<div class='ways-frame'>{lines}</div>"


def _accuracy(line: Standing) -> str:
    if line.accuracy is None:
        return "–"
    spread = f" <span class='spread'>± {100 * line.spread:.1f}</span>" if line.spread is not None else ""
    runs = f"{line.runs} run{'s' if line.runs > 1 else ''}"
    return f"<span class='large'>{100 * line.accuracy:.1f} %</span>{spread}<span class='small runs'>{runs}</span>"


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %"


def _seconds(seconds: float | None) -> str:
    if seconds is None:
        return "–"
    return f"{seconds:.2f} s" if seconds < 10 else f"{seconds:.0f} s"


def _buttons(link: PageLink) -> None:
    trouble = transfer_session.trouble(link)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.button(
            "Go all four ways", icon=":material/play_arrow:", type="primary", disabled=bool(trouble),
            on_click=transfer_session.go, args=(link, tuple(WAYS)),
        )  # fmt: skip
        for name, way in WAYS.items():
            st.button(
                way.title,
                icon=ICONS[name],
                disabled=bool(transfer_session.trouble(link, name)),
                on_click=transfer_session.go,
                args=(link, (name,)),
                key=f"go {name}",
                help=f"{way.about[0].upper()}{way.about[1:]}. {way.epochs} epochs.",
            )
    if trouble:
        st.info(trouble, icon=":material/info:")


def _settings(link: PageLink, results: tuple[WayResult, ...], opened: bool) -> None:
    if transfer_session.trouble(link, "scratch"):
        return
    counts = _counts(link)
    unused = f" {counts['unused']:,} are in no part." if counts["unused"] else ""
    left, right = st.columns(2, gap="large")
    with left:
        least, most = bounds(picture_sets.current())
        st.slider("Pictures to learn from", least, max(least + 1, most), transfer_session.training_count(link),
                  key="transfer training", on_change=_take_count, args=(link,), disabled=least == most,
                  help="At first 98, as in the lecture: that so few are enough is the point. For the webcam take "
                  "more, and keep the network anew.")  # fmt: skip
    with right:
        st.slider("Runs of each way, with other random numbers and another split", 1, 5, key=link.key("seeds"))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"**{counts['train']}** to learn from, **{counts['validation']}** to validate, **{counts['test']}** to "
            f"test, the same for all four ways.{unused}"
        )
        if results and not opened:
            st.button("Measure on the test pictures (once)", icon=":material/lock_open:",
                      on_click=transfer_session.open_test)  # fmt: skip
    if opened:
        st.caption(
            "The test has been asked. From here on it is no judge any more: what you change now, you change knowing it."
        )


def _counts(link: PageLink) -> dict[str, int]:
    """How many pictures each part has, and how many are in none ("unused")."""
    dealt = transfer_session.dealt(link, (0,))
    counts = {part: len(dealt.places[0][part]) for part in ("train", "validation", "test")}
    return {**counts, "unused": len(dealt.keys) - sum(counts.values())}


def explanation(link: PageLink) -> str:
    """What the four ways show, with the numbers of the pictures at hand; the lecture's where there are too few."""
    counts = {"train": 98, "validation": 49} if transfer_session.trouble(link, "scratch") else _counts(link)
    one = 100 / counts["validation"]
    return WHAT_IT_SHOWS["ways"].format(
        training=counts["train"], validation=counts["validation"], one=f"{one:.0f}" if one >= 1 else f"{one:.1f}"
    )


def _take_count(link: PageLink) -> None:
    link.set("train", st.session_state["transfer training"])


def _mistakes(link: PageLink, results: tuple[WayResult, ...], part: str) -> None:
    """Right and wrong of the best run of a way, each cell with its pictures."""
    best = {}
    for result in results:
        share = transfer_session.accuracy(link, result, "validation")
        if result.run.way not in best or share >= best[result.run.way][0]:
            best[result.run.way] = (share, result)
    names = [way for way in WAYS if way in best]
    if st.session_state.get("transfer mistakes") not in names:
        st.session_state["transfer mistakes"] = transfer_session.best_way(link, results)
    chosen = st.segmented_control(
        f"Right and wrong on the {part} pictures, by the run that validated best of", names,
        format_func=lambda way: WAYS[way].title,
        key="transfer mistakes", required=True,
    )  # fmt: skip
    result = best[chosen][1]
    dealt = transfer_session.dealt(link, (result.run.seed,))
    pictures = picture_sets.current().all_pictures()
    shown = [pictures[place] for place in dealt.places[result.run.seed][part]]
    stamp = f"{transfer_session.tag(link)} {result.run} {part}"
    mistakes(
        "mistakes",
        picture_sets.current().classes,
        dealt.part_labels(result.run.seed, part),
        np.asarray(getattr(result, part)),
        sprite_of("mistakes", stamp, shown),
        stamp=stamp,
        presenting=presenter.is_on(),
    )


def sprite_of(name: str, stamp: str, pictures) -> Sprite:
    """All these pictures as tiles, made once as long as the stamp stays."""
    key = f"{transfer_session.SPRITE} {name}"
    made = st.session_state.get(key)
    if not made or made[0] != stamp:
        uri = picture_sets.sprite(pictures, TILE)
        made = st.session_state[key] = (stamp, Sprite(uri, picture_sets.columns_of(len(pictures)), TILE))
    return made[1]
