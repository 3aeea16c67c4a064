"""Does what nobody waits for beside the answers, on one thread.

Lambda stops a process between its invocations: what is not done by then is done with the next one,
or not at all where there is none.
"""

from collections.abc import Callable
from queue import Full, Queue
from threading import Thread

from scim.http.log_lines import logger

WAITING = 500
"""Tasks that may wait; more are dropped."""


class Afterwards:
    """Does tasks one after the other; the thread begins with the first."""

    def __init__(self) -> None:
        self._tasks: Queue[Callable[[], None]] = Queue(WAITING)
        self._thread: Thread | None = None

    def do(self, task: Callable[[], None]) -> None:
        """Do the task later; one too many is dropped."""
        try:
            self._tasks.put_nowait(task)
        except Full:
            return
        if self._thread is None:
            self._thread = Thread(target=self._work, name="afterwards", daemon=True)
            self._thread.start()

    def _work(self) -> None:
        while True:
            task = self._tasks.get()
            try:
                task()
            except Exception:  # noqa: BLE001 - it is told to the log
                logger().warning("not done after the answer", exc_info=True)
