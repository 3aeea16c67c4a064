"""Background tasks run in order, whatever becomes of earlier ones."""

from threading import Event

from scim.bootstrap.background import WAITING, BackgroundTasks


def test_a_task_that_fails_keeps_none_from_being_done() -> None:
    tasks, done, order = BackgroundTasks(), Event(), list[str]()

    def fail() -> None:
        order.append("failed")
        raise ValueError

    tasks.do(fail)
    tasks.do(done.set)
    assert done.wait(10)
    assert order == ["failed"]


def test_a_task_beyond_the_limit_is_dropped_without_waiting() -> None:
    tasks, begun, go, last = BackgroundTasks(), Event(), Event(), Event()
    done: list[int] = []

    def first() -> None:
        begun.set()
        go.wait(10)

    tasks.do(first)
    assert begun.wait(10)
    for number in range(WAITING + 10):
        tasks.do(lambda number=number: done.append(number))  # type: ignore[misc]
    go.set()
    while len(done) < WAITING:
        last.wait(0.01)
    assert done == list(range(WAITING))
