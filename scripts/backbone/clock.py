"""How far training has come: by work done, or by the time that is left until a deadline."""

import time
from datetime import datetime, timedelta


class WorkClock:
    """Progress is work done / all work. The same seed gives the same run."""

    def __init__(self, work: float):
        self._work = work

    def progress(self, work_done: float) -> float:
        return min(1.0, work_done / self._work)


class DeadlineClock:
    """Progress goes on from where the run was and reaches 1 at the deadline, however slow the machine is."""

    def __init__(self, deadline: datetime, progress_so_far: float):
        self._started = time.time()
        self._left = deadline.timestamp() - self._started
        if self._left <= 0:
            raise ValueError(f"A deadline lies in the future. Received: deadline={deadline:%H:%M}")
        self._so_far = progress_so_far

    def progress(self, work_done: float) -> float:
        share = min(1.0, (time.time() - self._started) / self._left)
        return self._so_far + (1 - self._so_far) * share


def at_time(text: str) -> datetime:
    """The next moment at which a clock shows HH:MM."""
    now = datetime.now()
    moment = now.replace(hour=int(text[:2]), minute=int(text[3:5]), second=0, microsecond=0)
    return moment if moment > now else moment + timedelta(days=1)
