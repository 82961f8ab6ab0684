"""How far the visitor's transfer learning is, followed twice a second while it runs."""

import streamlit as st

from core.figures.template import CONFIG
from core.figures.way_curves import WayCurve, way_curves
from core.transfer.desk import DeskView
from core.transfer.ways import WAYS, WayResult
from core.ui import picture_sets, presenter, transfer_session
from core.ui.plain_text import shown as as_it_is
from core.ui.transfer_session import SEEN

TITLES = tuple(way.title for way in WAYS.values())


def begin() -> None:
    """Call at the top of a page: what the desk has told so far is what this page draws."""
    st.session_state[SEEN] = transfer_session.view().changes


def show(live_curves: bool = False, results: tuple[WayResult, ...] = ()) -> None:
    """The bar of what runs, or the line that says how it ended; with the curves of the runs where that is wanted."""
    view = transfer_session.view()
    if view.is_running:
        _follow(live_curves, results)
        return
    trouble = st.session_state.get("transfer trouble")
    if trouble:
        st.warning(as_it_is(trouble), icon=":material/info:")
    elif view.state in ("failed", "lost"):
        st.error(as_it_is(view.message), icon=":material/error:")
    elif view.state == "cancelled":
        st.info(view.message, icon=":material/stop_circle:")
    if live_curves and results:
        draw(list(results), view)


@st.fragment(run_every=0.5)
def _follow(live_curves: bool, results: tuple[WayResult, ...]) -> None:
    view = transfer_session.view()
    if view.changes != st.session_state.get(SEEN):
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center"):
        share = view.done / view.total if view.total else 0.0
        st.progress(min(1.0, share), text=words(view))
        st.button("Stop", icon=":material/stop:", on_click=transfer_session.desk().cancel, key="stop transfer")
    if live_curves and (results or view.live_epochs):
        draw(list(results), view)


def words(view: DeskView) -> str:
    """Message, count, rate and time left in one line."""
    parts = [as_it_is(view.message)]
    if view.unit == "pictures" and view.total:
        parts.append(f"{view.done:,.0f} of {picture_sets.counted(round(view.total))}")
    if view.rate:
        parts.append(f"{view.rate:,.0f} pictures/s" if view.unit == "pictures" else f"{1 / view.rate:.2g} s an epoch")
    if view.seconds_left:
        parts.append(f"{view.seconds_left:,.0f} s left{' of this run' if view.unit == 'epochs' else ''}")
    return " · ".join(parts)


def draw(results: list[WayResult], view: DeskView) -> None:
    """The curves of the finished runs and of the one under way."""
    curves = [
        WayCurve(
            WAYS[result.run.way].title,
            tuple(epoch["seconds"] for epoch in result.epochs),
            tuple(epoch["validation_accuracy"] for epoch in result.epochs),
        )
        for result in results
    ]
    if view.live and view.live_epochs:
        seconds = tuple(epoch["seconds"] for epoch in view.live_epochs)
        shares = tuple(epoch["validation_accuracy"] for epoch in view.live_epochs)
        curves.append(WayCurve(WAYS[view.live.way].title, seconds, shares, live=True))
    last = [f"{curve.way} {curve.accuracies[-1]:.0%}" for curve in curves if curve.accuracies]
    st.plotly_chart(
        way_curves(curves, TITLES, dark=st.context.theme.type == "dark", large=presenter.is_on()),
        theme=None,
        config=CONFIG,
        alt=f"Validation accuracy over seconds of training: {', '.join(last)}.",
    )
