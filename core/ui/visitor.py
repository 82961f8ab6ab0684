"""Who somebody is, as far as needed to find their runs again: the same browser, no name.

Streamlit gives every browser a random token in a cookie against forged requests. It stays through reloads and closed
tabs until the browser itself is closed. Only a digest of it is kept, so that the store of runs holds no token.
"""

import binascii
import hashlib
import uuid

import streamlit as st

COOKIE = "_streamlit_xsrf"


def visitor() -> str:
    """An identifier of the browser, 16 hexadecimal digits; of this session where it sends no cookie."""
    token = token_of(st.context.cookies.get(COOKIE, ""))
    if token is None:
        token = st.session_state.setdefault("visitor token", uuid.uuid4().bytes)
    return hashlib.sha256(token).hexdigest()[:16]


def token_of(cookie: str) -> bytes | None:
    """The token in a cookie 2|mask|masked token|time, both in hexadecimal; None for anything else.

    Streamlit writes the cookie with a new mask each time: the token is what stays.
    """
    parts = cookie.strip("\"'").split("|")
    if len(parts) != 4 or parts[0] != "2":
        return None
    try:
        mask, masked = (binascii.unhexlify(part) for part in parts[1:3])
    except (binascii.Error, ValueError):
        return None
    if len(mask) != 4 or not masked:
        return None
    return bytes(byte ^ mask[place % 4] for place, byte in enumerate(masked))
