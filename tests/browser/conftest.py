"""A real server and a real Chromium for every test in this folder."""

import os
import warnings

import pytest
from playwright.sync_api import expect, sync_playwright

from scripts.get_chromium import find
from tests.browser.fake_camera import arguments, drawn_film
from tests.browser.serving import served

PATIENCE = 30_000  # ms: a busy machine is slow, not wrong
expect.set_options(timeout=PATIENCE)

MISSING = "NO CHROMIUM ON THIS MACHINE: THE BROWSER TESTS DID NOT RUN"


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.browser)
        if "camera_window" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.camera)


@pytest.fixture(scope="session")
def chromium():
    """The browser; one for all tests, each of which gets windows of its own."""
    path = find()
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail(MISSING)
        warnings.warn(MISSING, stacklevel=1)
        pytest.skip(MISSING)
    with sync_playwright() as playwright:
        # In a container's root account Chromium cannot set up its own sandbox; the pages are ours.
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server():
    """The address of a running ConvLab, with the pictures that it has of its own, whoever runs the tests."""
    with served(CONVLAB_DATA="") as address:
        yield address


@pytest.fixture
def window(chromium):
    """Opens windows: window(width=…, touch=True, …) -> a Playwright page. An error in its console fails the test."""
    contexts, errors = [], []

    def open_window(width=1280, height=720, touch=False, **options):
        context = chromium.new_context(viewport={"width": width, "height": height}, has_touch=touch, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if "Error" in message.text else None)
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def camera_window(chromium, tmp_path):
    """Opens windows of a browser of their own, whose camera shows a film: camera_window() -> a Playwright page."""
    options = ["--no-sandbox", "--disable-gpu", *arguments(drawn_film(tmp_path))]
    browser = chromium.browser_type.launch(executable_path=find(), args=options)

    def open_window():
        return browser.new_context(viewport={"width": 1280, "height": 720}).new_page()

    yield open_window
    browser.close()


@pytest.fixture
def page(window):
    """One window of a projector's size."""
    return window()
