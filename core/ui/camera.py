"""The one place that knows streamlit-webrtc: a camera's frames, from a person's browser to a function of ours.

What is leant on of streamlit-webrtc 0.79: the picture goes back to the browser as it came, so that a person sees what
the network sees; the callback runs in a thread of its own, without Streamlit; the stream is started by the component's
own button (asked to play at once, it opened three connections and answered none).
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit.runtime import Runtime

from core.ui import freed_memory, links

SHOWN = "camera shown"  # session key: (component key, visit) of the camera that was drawn last
STUN = "CONVLAB_STUN"  # address of a STUN server, "stun:host:port"; several with commas
TURN = "CONVLAB_TURN"  # address of a TURN server, "turn:host:port?transport=tcp"; several with commas
TURN_USER, TURN_PASSWORD = "CONVLAB_TURN_USER", "CONVLAB_TURN_PASSWORD"
# With any of these streamlit-webrtc fetches a TURN server's address and a short-lived password by itself.
PROVIDERS = ("CLOUDFLARE_TURN_KEY_ID", "TWILIO_ACCOUNT_SID", "HF_TOKEN")
FACINGS = {"user": "front", "environment": "back"}
WIDTH, HEIGHT, FRAMES = 640, 480, 30


@dataclass(frozen=True)
class Stream:
    """The camera at one moment."""

    possible: bool = True  # False: this server cannot do it at all
    playing: bool = False
    connecting: bool = False


def stream(
    key: str,
    on_frame: Callable[[Any], None],
    *,
    facing: str = "user",
    mirrored: bool = True,
) -> Stream:
    """Draw the camera with its buttons, and have each frame given to `on_frame`.

    on_frame: called with an av.VideoFrame in a thread of its own; it must be quick and may not touch Streamlit.
    facing: a name in FACINGS.
    """
    if not hasattr(Runtime.instance() if Runtime.exists() else None, "_session_mgr"):  # what streamlit-webrtc leans on
        return Stream(possible=False)
    from streamlit_webrtc import WebRtcMode, webrtc_streamer  # 50 MB that only this page needs

    def on_video(frame: Any) -> Any:
        on_frame(frame)
        return frame

    # Another side of a phone is another camera: the component keeps to the one it has.
    component = f"{key} {facing}"
    _leave_what_was(component)
    style = {"width": "100%", "borderRadius": "8px", "background": "#1B1F24", "aspectRatio": "auto 4 / 3"}
    context = webrtc_streamer(
        component,
        WebRtcMode.SENDRECV,
        video_frame_callback=on_video,
        on_video_ended=freed_memory.give_back_soon,  # whatever ended it
        media_stream_constraints={"video": wanted(facing), "audio": False},
        sendback_audio=False,
        video_html_attrs={
            "autoPlay": True,
            "controls": False,
            "muted": True,
            "playsInline": True,
            "style": {**style, "transform": "scaleX(-1)"} if mirrored else style,
        },
        translations={
            "start": "Start the camera",
            "stop": "Stop the camera",
            "select_device": "Which camera?",
            "device_ask_permission": "Allow the use of the camera, please.",
            "device_access_denied": "The camera was refused. Allow it in the browser's address bar and try again.",
            "device_not_available": "No camera was found.",
            "media_api_not_available": "This browser gives no camera to this page: it takes HTTPS.",
        },
        **_rtc(),
    )
    return Stream(playing=context.state.playing, connecting=context.state.signalling)


def _leave_what_was(component: str) -> None:
    """Forget the connection of an earlier visit to the page, or of the other camera: its end in the browser is gone.

    streamlit-webrtc 0.79 guesses this from counting runs: one that passed without the component means that the page was
    left. But a run that gave way to the next before it came that far counts too, and while a camera starts there are
    six of them in a moment: one start in thirty was torn down as it was connected. Here visits are counted, and the
    guess is switched off; and a quick person, whose return it did not notice, gets a fresh connection.
    """
    shown = (component, links.visit())
    before = st.session_state.get(SHOWN)
    if shown != before:
        st.session_state[SHOWN] = shown
        left = st.session_state.pop(before[0], None) if before else None
        worker = left._get_worker() if left else None
        if worker is not None:
            worker.stop()
    context = st.session_state.get(component)
    if context is not None:
        context._last_rendered_run_count = None


def wanted(facing: str) -> dict[str, Any]:
    """What is asked of a camera; all are wishes, so that any camera will do."""
    return {
        "width": {"ideal": WIDTH},
        "height": {"ideal": HEIGHT},
        "frameRate": {"ideal": FRAMES},
        "facingMode": {"ideal": facing},
    }


def ice_servers() -> list[dict[str, Any]] | None:
    """The STUN and TURN servers of the environment or of Streamlit's secrets; None: a provider's, by streamlit-webrtc.

    An empty list means none: right on one computer and in one network, where asking a STUN server that cannot be
    reached would cost tens of seconds.
    """
    if any(os.environ.get(name) for name in PROVIDERS):
        return None
    servers = []
    if stun := setting(STUN):
        servers.append({"urls": _several(stun)})
    if turn := setting(TURN):
        servers.append(
            {"urls": _several(turn), "username": setting(TURN_USER) or "", "credential": setting(TURN_PASSWORD) or ""}
        )
    return servers


def has_turn() -> bool:
    """Whether a TURN server helps where a firewall stands between the browser and this server."""
    return ice_servers() is None or bool(setting(TURN))


def setting(name: str) -> str | None:
    """A value from the environment, else from Streamlit's secrets."""
    if os.environ.get(name):
        return os.environ[name]
    try:
        return st.secrets.get(name)
    except FileNotFoundError:  # there is no file of secrets, which is usual
        return None


def _rtc() -> dict[str, Any]:
    servers = ice_servers()
    return {} if servers is None else {"rtc_configuration": {"iceServers": servers}}


def _several(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
