"""One visitor's live view: frames come in from the camera's thread, the newest is judged by a network in a worker.

Two threads share the work, each with one frame: while one frame travels the network looks at the other, and where both
are there it looks at both at once. None waits for the other, and each is the newest at the moment when it is taken. The
threads start with the first frame and end when no more come: nobody has to tell that a camera was switched off or a tab
was closed.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from core.transfer.newest_frame import Arrived, NewestFrame

ABREAST = 2  # frames on their way at the same time
IDLE_SECONDS = 4.0  # without a frame, after which the threads end and the worker forgets the network
WHY_SECONDS = 0.25  # from one heat map to the next, at least
NEW_WHY_SECONDS = 0.1  # the same where the verdict has changed, so that the reason is soon one for what is said
WHY_SHARE = 0.08  # of the time, at most, that heat maps may take
SPEED_SECONDS = 2.0  # over which frames are counted
RETRY_SECONDS = 1.0
LOADING = "The network is being loaded."


class Remote(Protocol):
    """A LiveClassifier in a worker."""

    def call(self, method: str, *arguments: Any) -> Any: ...
    def release(self) -> None: ...


@dataclass(frozen=True, eq=False)
class Verdict:
    """What the network said of one frame."""

    picture: np.ndarray  # (H, W, 3) uint8
    number: int  # of the frame, counted from the first
    arrived: float  # when the frame came, in seconds of time.monotonic()
    finished: float  # when the verdict was there
    answer: dict[str, Any]  # as LiveClassifier.classify returns it
    about: dict[str, Any]  # what the classifier says about itself

    @property
    def age(self) -> float:
        """Seconds from the frame's arrival to its verdict."""
        return self.finished - self.arrived

    @property
    def likeliest(self) -> int:
        """Number of the class with the highest probability."""
        return int(np.argmax(self.answer["probabilities"]))


class LiveSession:
    """Judges frames as they come.

    hire: makes the remote classifier; it may take a while and may fail. to_picture: from a frame as it was offered to
    (H, W, 3) uint8. small: what is sent of such a picture, given what the classifier says about itself.
    """

    def __init__(
        self,
        hire: Callable[[], Remote],
        to_picture: Callable[[Any], np.ndarray] = lambda frame: frame,
        small: Callable[[np.ndarray, dict[str, Any]], np.ndarray] = lambda picture, about: picture,
    ):
        self._hire, self._to_picture, self._small = hire, to_picture, small
        self._frames = NewestFrame()
        self._lock = threading.Lock()  # of what is below
        self._hiring = threading.Lock()  # held by the thread that makes the remote classifier ready
        self._closed = threading.Event()
        self._held = False
        self._judges = 0
        self._remote: Remote | None = None
        self._about: dict[str, Any] | None = None
        self._trouble = ""
        self._verdict: Verdict | None = None
        self._why: Verdict | None = None
        self._why_asked = self._why_due = 0.0
        self._finishes: deque[float] = deque(maxlen=400)
        self._last_frame = 0.0

    def offer(self, frame: Any) -> None:
        """Take in a frame; for the camera's thread. Never waits for the network."""
        self._last_frame = time.monotonic()
        if not self._held:
            self._take(frame)

    def look_at(self, frame: Any) -> None:
        """Judge this one and say why, whether held or not, unless a newer one comes at once."""
        self._why_due = 0.0
        self._take(frame)

    def _take(self, frame: Any) -> None:
        if self._closed.is_set():
            return
        self._frames.put(frame)
        with self._lock:
            missing = ABREAST - self._judges
            self._judges += missing
        for _ in range(missing):
            threading.Thread(target=self._judge, name="live judge", daemon=True).start()

    def hold(self, held: bool = True) -> None:
        """Stop looking at what is offered, so that the last verdict stands, or look again."""
        self._held = held

    def close(self) -> None:
        """End for good. The threads end as soon as their calls are answered."""
        self._closed.set()
        self._frames.close()

    @property
    def verdict(self) -> Verdict | None:
        """The newest verdict."""
        return self._verdict

    @property
    def why(self) -> Verdict | None:
        """The newest verdict that came with a heat map."""
        return self._why

    @property
    def about(self) -> dict[str, Any] | None:
        """What the classifier says about itself once it is ready."""
        return self._about

    @property
    def trouble(self) -> str:
        """Why there is no verdict, in a line for people; "" when all is well."""
        return self._trouble

    @property
    def seconds_since_frame(self) -> float:
        """How long ago the last frame came; infinite before the first."""
        return time.monotonic() - self._last_frame if self._last_frame else float("inf")

    @property
    def speed(self) -> float:
        """Verdicts per second, over the last seconds."""
        now = time.monotonic()
        with self._lock:
            recent = [at for at in self._finishes if now - at < SPEED_SECONDS]
        return (len(recent) - 1) / (recent[-1] - recent[0]) if len(recent) > 2 else float(len(recent)) / SPEED_SECONDS

    @property
    def counts(self) -> tuple[int, int]:
        """Frames that came, and those of them that were dropped for a newer one."""
        return self._frames.counts

    def _judge(self) -> None:
        try:
            while not self._closed.is_set() and (arrived := self._frames.take(IDLE_SECONDS)) is not None:
                try:
                    remote = self._ready()
                    if remote is not None:
                        self._ask(remote, arrived)
                except Exception as error:  # a worker that ended, an engine that is away: say so and try again
                    self._let_go(str(error) or type(error).__name__)
                    self._closed.wait(RETRY_SECONDS)
        finally:
            with self._lock:
                self._judges -= 1
                last = not self._judges
            if last:
                self._let_go("")

    def _ask(self, remote: Remote, arrived: Arrived) -> None:
        picture = self._to_picture(arrived.frame)
        sent = time.monotonic()
        why = sent >= self._why_due
        if why:
            self._why_asked, self._why_due = sent, sent + WHY_SECONDS
        about = self._about or {}
        answer = remote.call("classify", self._small(picture, about), why)
        verdict = Verdict(picture, arrived.number, arrived.at, time.monotonic(), answer, about)
        with self._lock:
            self._finishes.append(verdict.finished)
            self._trouble = ""
            if self._verdict is None or self._verdict.number < verdict.number:
                self._verdict = verdict
            if answer.get("heat") is not None:
                self._why = verdict
                spent = answer.get("why_milliseconds", 0.0) / 1000
                self._why_due = sent + max(WHY_SECONDS, spent / WHY_SHARE)
            elif self._why and self._why.likeliest != verdict.likeliest:
                self._why_due = min(self._why_due, self._why_asked + NEW_WHY_SECONDS)

    def _ready(self) -> Remote | None:
        """The remote classifier once it can judge; None while it cannot, or another thread is making it ready."""
        if self._about is not None:
            return self._remote
        if not self._hiring.acquire(blocking=False):
            self._closed.wait(0.05)
            return None
        try:
            if self._remote is None:
                self._trouble = LOADING
                self._remote = self._hire()
            about = self._remote.call("about")
            if about["state"] == "failed":
                raise ValueError(about["message"])
            if about["state"] == "ready":
                self._about, self._trouble = about, ""
                return self._remote
            self._trouble = about["message"]
            self._closed.wait(0.1)
            return None
        finally:
            self._hiring.release()

    def _let_go(self, trouble: str) -> None:
        """Forget the remote classifier; the next frame hires another."""
        with self._lock:
            remote, self._remote, self._about = self._remote, None, None
            self._trouble = trouble
        if remote is not None:
            remote.release()
