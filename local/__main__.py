"""`python -m local`: the whole service on this machine, until it is interrupted."""

import io
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from local.arguments import ArgumentError, arguments_of
from local.limits import declarations
from local.packages.npm import UnavailableError
from local.template import TEMPLATE, parameters_of

_CANNOT, _UNAVAILABLE = 2, 3


def main(command_line: list[str]) -> int:
    """Serve on PORT from STORE, with DATA kept between runs, until a signal; return the exit code.

    Settings (SCIM_…) go to the functions, parameters of the template (TokenEndpoint=true) to the template.
    WORKERS=n serves on PORT and the n - 1 ports after it, all on one table.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        # The path of the command line may have letters that the terminal's encoding lacks.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        arguments = arguments_of(
            command_line, os.environ, {**parameters_of(TEMPLATE), **declarations()}
        )
        with _signals() as signal_pipe:
            # Invalid arguments are reported before the modules that serve are loaded.
            from local.service import serve  # noqa: PLC0415 - takes two seconds

            serve(arguments, signal_pipe)
    except ArgumentError as error:
        print(error, file=sys.stderr)
        return _CANNOT
    except UnavailableError as error:
        print(error, file=sys.stderr)
        return _UNAVAILABLE
    return 0


@contextmanager
def _signals() -> Iterator[int]:
    """Yield a pipe's file descriptor from which a byte can be read once a signal asks for the end.

    A handler runs between any two instructions of this thread, and a second handler within the first. So it
    takes no lock: an Event has one, and the waiting thread may hold it.
    """
    reading, writing = os.pipe()
    numbers = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup ignores it
        numbers.append(signal.SIGHUP)  # the terminal was closed
    for number in numbers:
        signal.signal(number, lambda *_: _write(writing))
    try:
        yield reading
    finally:
        # The service is ending: ignore further signals, such as the one that make passes on.
        for number in numbers:
            signal.signal(number, signal.SIG_IGN)
        os.close(reading)
        os.close(writing)


def _write(writing: int) -> None:
    os.write(writing, b".")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
