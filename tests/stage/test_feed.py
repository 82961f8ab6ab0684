"""What moves on a page: an address for each visit, which answers with what that visit sees."""

import asyncio
import gc
import json
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
import streamlit as st
from starlette.applications import Starlette

from core.stage import feed

APP = Starlette(routes=[feed.ROUTE])


def get(path: str) -> SimpleNamespace:
    """What a browser gets at this path: status, headers, and what is said."""
    sent = []

    async def receive() -> dict:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "root_path": "", "query_string": b"", "headers": []}
    with ThreadPoolExecutor() as pool:  # a loop of its own, whatever runs in this thread
        pool.submit(asyncio.run, APP(scope, receive, send)).result()
    body = b"".join(message.get("body", b"") for message in sent)
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return SimpleNamespace(status=sent[0]["status"], headers=headers, said=json.loads(body or "null"))


@pytest.fixture
def visit(monkeypatch):
    """Changes to another visit: visit() -> its session state."""

    def change() -> dict:
        state = {}
        monkeypatch.setattr(st, "session_state", state)
        return state

    return change


def test_each_visit_has_an_address_of_its_own(visit):
    """Two visits to one page are told different things, and neither address can be guessed from the other."""
    first_state = visit()
    first = feed.feed("board", lambda: {"words": "shoe"})
    second_state = visit()
    second = feed.feed("board", lambda: {"words": "handbag"})
    assert first != second
    assert len(first.rpartition("/")[2]) >= 32
    assert [get(f"/{address}").said["words"] for address in (first, second)] == ["shoe", "handbag"]
    assert first_state and second_state


def test_a_run_of_the_page_changes_what_its_address_says(visit):
    """The address stays, so that a browser that asks on is not left behind."""
    state = visit()
    before = feed.feed("board", lambda: {"words": "shoe"})
    after = feed.feed("board", lambda: {"words": "Neither"})
    assert before == after
    assert get(f"/{after}").said == {"words": "Neither"}
    assert state


def test_it_lies_beside_the_pages_wherever_they_are(visit):
    """A server with a base path: the address is asked for relative to the page."""
    state = visit()
    address = feed.feed("board", lambda: {"words": "shoe"})
    assert get(f"/lessons/cnn/{address}").status == 200
    assert state


def test_what_is_said_ends_with_the_visit_and_is_kept_nowhere(visit):
    """No browser and no proxy keeps it; with the session gone, so is the address."""
    state = visit()
    address = feed.feed("board", lambda: {"words": "shoe"})
    assert get(f"/{address}").headers["cache-control"] == "no-store"
    state.clear()
    gc.collect()
    assert get(f"/{address}").status == 404
    assert get("/moves/guessed").status == 404
