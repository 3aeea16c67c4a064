"""Background tasks that no answer waits for, on one thread.

Lambda freezes a process between its invocations: a task not done by then runs during the next one,
or never if there is none.
"""

from collections.abc import Callable
from queue import Full, Queue
from threading import Thread

from scim.log import logger

WAITING = 500
"""The most tasks that wait; further ones are dropped."""


class BackgroundTasks:
    """Runs tasks one after the other; the thread starts with the first task."""

    def __init__(self) -> None:
        self._tasks: Queue[Callable[[], None]] = Queue(WAITING)
        self._thread: Thread | None = None

    def do(self, task: Callable[[], None]) -> None:
        """Run the task later, or drop it where WAITING tasks are waiting."""
        try:
            self._tasks.put_nowait(task)
        except Full:
            return
        if self._thread is None:
            self._thread = Thread(target=self._work, name="background tasks", daemon=True)
            self._thread.start()

    def _work(self) -> None:
        while True:
            task = self._tasks.get()
            try:
                task()
            except Exception:  # noqa: BLE001 - it is told to the log
                logger().warning("not done after the answer", exc_info=True)
