"""The rules that hold for every page."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.ui.lessons import HOUSE, LESSONS

ROUTER = HOUSE / "core" / "ui" / "router.py"
PAGES = ["home", *(lesson.name for lessons in LESSONS.values() for lesson in lessons)]

VISIT_ALL = rf"""
import json, re, resource, sys
from streamlit.testing.v1 import AppTest
from core.ui.lessons import LESSONS
app = AppTest.from_file({str(ROUTER)!r}, default_timeout=60).run()
for lessons in LESSONS.values():
    for lesson in lessons:
        app.switch_page(str(lesson.script)).run()
        assert not app.exception, app.exception
heavy = [name for name in ("tensorflow", "keras", "jax", "torch") if name in sys.modules]
try:  # Linux counts the parent's memory into ru_maxrss
    peak = int(re.search(r"VmHWM:\s+(\d+)", open("/proc/self/status").read())[1])
except OSError:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps({{"heavy": heavy, "megabytes": peak / 1024}}))
"""


def test_the_web_process_stays_small_and_without_tensorflow():
    """After a visit to every page no network library is loaded and the process is under 300 MB."""
    done = subprocess.run([sys.executable, "-c", VISIT_ALL], cwd=HOUSE, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    seen = json.loads(done.stdout.strip().splitlines()[-1])
    assert seen["heavy"] == []
    assert seen["megabytes"] < 300


@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_with_a_stage_and_a_way_into_presenter_mode(name):
    """Every page opens without an error, shows a stage or a figure first and offers presenter mode."""
    app = AppTest.from_file(str(ROUTER), default_timeout=60).run()
    if name != "home":
        app.switch_page(str(HOUSE / "pages" / f"{name}.py")).run()
    assert not app.exception
    assert app.get("bidi_component") or app.get("plotly_chart")
    assert [button.label for button in app.button if "resent" in button.label]


def test_only_pages_that_exist_are_in_the_menu():
    """Every lesson in the list has its script, and every script is in the list."""
    scripts = {path.stem for path in (HOUSE / "pages").glob("*.py")} - {"__init__"}
    assert scripts == set(PAGES)


def test_the_front_door_only_opens_the_house():
    """app.py says where the router is and what lies beside the pages, and nothing else."""
    tree = ast.parse((HOUSE / "app.py").read_text())
    assert [type(node).__name__ for node in tree.body] == ["Expr", "Import", "ImportFrom", "Assign"]


@pytest.mark.parametrize("path", sorted((HOUSE / "pages").glob("*.py")), ids=lambda path: path.stem)
def test_a_page_stays_thin(path: Path):
    """A page can be read on a few screens; what makes it longer belongs to core."""
    assert len(path.read_text().splitlines()) <= 260
