"""Who wins when a page and a person change a stage's content at the same time."""

import pytest

from core.stage import conversation

KEY = "stage"


@pytest.fixture
def session(monkeypatch):
    state = {}
    monkeypatch.setattr(conversation.st, "session_state", state)
    return state


def report(session, revision, seq, content):
    session[KEY] = {"edits": {"revision": revision, "seq": seq, "content": content}}


def test_before_the_first_edit_nothing_is_heard(session):
    """A stage that nobody touched has no news."""
    session[KEY] = {"edits": None}
    assert conversation.heard(KEY) is None
    assert not conversation.has_news(KEY)


def test_an_edit_is_heard_once_and_answered_without_a_new_revision(session):
    """What the person did comes back as it is, so that the stage need not adopt it."""
    first = conversation.answer(KEY, {"n": 1})
    report(session, first["revision"], 1, {"n": 2})
    assert conversation.has_news(KEY)
    assert conversation.heard(KEY) == {"n": 2}
    assert conversation.heard(KEY) is None
    assert conversation.answer(KEY, {"n": 2}) == {"revision": first["revision"], "seen": 1, "content": {"n": 2}}


def test_other_content_from_the_page_raises_the_revision(session):
    """A preset replaces what the stage shows."""
    first = conversation.answer(KEY, {"n": 1})
    assert conversation.answer(KEY, {"n": 5})["revision"] == first["revision"] + 1


def test_an_edit_of_replaced_content_no_longer_counts(session):
    """What was reported before the page replaced the content must not undo the replacement."""
    first = conversation.answer(KEY, {"n": 1})
    second = conversation.answer(KEY, {"n": 5})
    report(session, first["revision"], 1, {"n": 2})
    assert conversation.heard(KEY) is None
    report(session, second["revision"], 2, {"n": 6})
    assert conversation.heard(KEY) == {"n": 6}
