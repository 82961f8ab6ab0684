"""Opens pages under Streamlit's own test."""

import pytest
from streamlit.testing.v1 import AppTest

from core.ui.lessons import HOUSE


@pytest.fixture
def open_page(request):
    """Opens the page that the test file is named after: open_page(stride="2") -> AppTest, with that in its link."""
    script = HOUSE / "pages" / f"{request.path.stem.removeprefix('test_')}.py"

    def visit(**link):
        app = AppTest.from_file(str(HOUSE / "core" / "ui" / "router.py"), default_timeout=60)
        app.switch_page(str(script))
        app.query_params.update(link)
        app.run()
        assert not app.exception
        return app

    return visit
