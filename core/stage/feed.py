"""What moves on a page without running the page: the browser asks an address of this visit, several times a second.

A fragment with `run_every` does that through Streamlit's runs. Beside a camera, whose own messages run the page again
and again while it starts, such runs crossed each other, and one visit in ten lost a click or a part of the page
(Streamlit 1.67). An address of its own crosses nothing, and costs a tenth of a run.
"""

import secrets
from collections.abc import Callable, Mapping
from typing import Any
from weakref import WeakValueDictionary

import streamlit as st
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

PATH = "moves"  # beside the pages: /moves/<address>


class Feed:
    """What is said to whoever knows the address; it is as secret as the visit and ends with it."""

    def __init__(self):
        self.address = secrets.token_urlsafe(24)
        self.say: Callable[[], Mapping[str, Any]] = dict


_feeds: WeakValueDictionary[str, Feed] = WeakValueDictionary()


def feed(key: str, say: Callable[[], Mapping[str, Any]]) -> str:
    """Have `say` answer for `key` from now on in this visit; the address, relative to the page.

    say: what is shown now, as JSON takes it; called in threads without Streamlit, so it holds all that it needs. Its
    "moving" tells whether the browser shall go on asking.
    """
    kept = st.session_state.setdefault(f"{key} feed", Feed())
    kept.say = say
    _feeds[kept.address] = kept
    return f"{PATH}/{kept.address}"


def _answer(request: Request) -> Response:
    found = _feeds.get(request.path_params["address"])
    headers = {"Cache-Control": "no-store"}
    return JSONResponse(found.say(), headers=headers) if found else Response(status_code=404, headers=headers)


# Whatever folder the pages are served in (server.baseUrlPath), it lies beside them.
ROUTE = Route(f"/{{folder:path}}{PATH}/{{address}}", _answer)
