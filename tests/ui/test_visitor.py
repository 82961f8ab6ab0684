"""Who a visitor is, from the cookie that Streamlit gives every browser."""

import pytest
from streamlit.web.server.starlette.starlette_app_utils import generate_xsrf_token_string

from core.ui.visitor import token_of

TOKEN = bytes(range(16))


def test_the_token_stays_while_its_mask_changes():
    """Streamlit masks the token anew with each answer; it is the same browser all the same."""
    cookies = {generate_xsrf_token_string(TOKEN, 1_700_000_000 + second) for second in range(5)}
    assert len(cookies) == 5
    assert {token_of(cookie) for cookie in cookies} == {TOKEN}


def test_two_browsers_are_two():
    """Two tokens of Streamlit's own making differ."""
    assert token_of(generate_xsrf_token_string()) != token_of(generate_xsrf_token_string())


@pytest.mark.parametrize("cookie", ["", "2|00|", "2|zz|00|1", "2|00000000||1", "1|00000000|00|1", "2|00000000|0|1"])
def test_what_is_no_such_cookie_is_nobody(cookie):
    """A cookie that was cut or made up gives no token, and no error."""
    assert token_of(cookie) is None
