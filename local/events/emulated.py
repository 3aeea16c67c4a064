"""`make rehearse-lambda`: runs each built function on its events in AWS's own runtime interface emulator.

This process imitates the rest of AWS. If the emulator cannot run here, the command says so and tests nothing.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from operator import eq
from pathlib import Path
from typing import IO, Any

from local import template as templates
from local.aws import aws_answer, shared_answer
from local.events.built import LAYER, BuildError, built, of_this_machine
from local.events.interface_emulator import NotHereError, Runtime, found, running
from local.events.stories import STORIES, event, put_what_events_name
from local.functions import Function, functions_of
from local.http import Answer, Request
from local.runtime import ANSWER_LIMIT
from local.seed import TOKEN
from local.server import Server
from local.stores import Store, opened
from local.template import TEMPLATE

PROBE = Path(__file__).parent / "probe"
FOREIGN = ("moto", "pytest", "local", "scim_cli", "samcli", "pip")
"""Packages that this project has installed, or that are beside it, and that no function may find."""
_ROOTS = ("/var/task", "/opt/python", "/var/runtime")
_KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
_LONGEST_BODY = 64 * 1024 * 1024
_SCRATCH = "/tmp/x"  # noqa: S108 - Lambda's own
_ANSWER_PATH = "/answer"


def main() -> int:
    """Return 0 if every event got the right answer, or if nothing could be tested."""
    begun = time.monotonic()

    def log(step: str) -> None:
        print(f"[{time.monotonic() - begun:5.1f} s] {step}", flush=True)

    output = Path(tempfile.mkdtemp(prefix="lambda-")) / "emulator.log"
    try:
        runtime = found()
        log("sam build")
        layer = built(of_this_machine()) / LAYER
        log(f"the functions in AWS's runtime interface emulator; their log is {output}")
        with output.open("wb") as written:
            wrong = [*_wrong_with_the_place(runtime, layer, written)]
            wrong += _wrong_with_functions(runtime, layer, written, log)
    except NotHereError as reason:
        print(
            f"!!! LEFT OUT: AWS's runtime interface emulator: {reason}. No function ran in it. !!!"
        )
        return 0
    except BuildError as error:
        print(error)
        return 1
    for each in wrong:
        log(f"FAILED: {each}")
    if wrong:
        print(output.read_text(errors="replace")[-8000:])
        return 1
    log(f"{len(STORIES)} events were answered as they should be.")
    return 0


def _wrong_with_the_place(runtime: Runtime, layer: Path, log: IO[bytes]) -> Iterator[str]:
    """Yield what a function can do here but not on Lambda, or the other way round."""
    with running(runtime, PROBE, layer, {"AWS_REGION": "us-east-1", **_KEYS}, log) as probe:
        for event_, sound, wrong in _expectations(str(runtime.python.parents[1])):
            if not sound(answer := probe.invoke(event_)):
                yield f"{wrong}: {event_}: {str(answer)[:300]}"


def _expectations(python: str) -> Iterator[tuple[dict[str, object], Callable[[Any], bool], str]]:
    """Yield events for the probe, a check of each answer, and what is wrong if it fails."""
    yield {}, lambda said: not _strange(said, python), "modules come from elsewhere"
    for name in FOREIGN:
        yield {"import": name}, _failed_with("ModuleNotFoundError"), "it can be imported"
    for name in ("scim.settings", "pydantic", "boto3"):
        yield {"import": name}, partial(eq, name), "it cannot be imported"
    for path in ("/var/task/x", "/opt/x", "/var/runtime/x", "/var/x", "/x"):
        yield {"write": path}, _failed_with("Read-only file system"), "it can be written"
    yield {"write": _SCRATCH}, partial(eq, len("written")), "it cannot be written"
    yield {"bytes": ANSWER_LIMIT}, lambda said: len(said) + 2 == ANSWER_LIMIT, "it is refused"
    too_large = _failed_with("ResponseSizeTooLarge")
    yield {"bytes": ANSWER_LIMIT + 1}, too_large, "Lambda answers no more than 6 MB"


def _strange(paths: Sequence[str], python: str) -> list[str]:
    roots = (*_ROOTS, python)
    return [path for path in paths if not path.startswith(roots) or "site-packages" in path]


def _failed_with(words: str) -> Callable[[Any], bool]:
    return lambda said: isinstance(said, dict) and words in json.dumps(said)


def _wrong_with_functions(
    runtime: Runtime, layer: Path, log: IO[bytes], tell: Callable[[str], None]
) -> Iterator[str]:
    with _imitated() as aws:
        for function in aws.functions:
            own = {**function.environment, **aws.variables}
            put_what_events_name(aws.store)
            with running(runtime, function.code, layer, own, log) as emulated:
                tested = {
                    name: story.wrong_with(emulated.invoke(aws.event(name)))
                    for name, story in STORIES.items()
                    if story.function == function.logical_id
                }
            yield from (
                f"{function.logical_id}, {name}: {wrong}" for name, wrong in tested.items() if wrong
            )
            tell(f"{function.logical_id}: {', '.join(tested)}")
        if '"SUCCESS"' not in (said := aws.told.decode()):
            yield f"CloudFormation was told {said or 'nothing'} of the bucket"


@dataclass(slots=True)
class _Imitated:
    """AWS in this process: the functions, the services that they find, and the message to CloudFormation."""

    store: Store
    bucket: str
    endpoint: str
    functions: list[Function]
    told: bytes = b""

    @property
    def variables(self) -> dict[str, str]:
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ENDPOINT_URL_DYNAMODB": self.endpoint,
            **_KEYS,
        }

    def event(self, story: str) -> dict[str, Any]:
        """Return an event with this process's real URLs."""
        found = event(story)
        if "ResponseURL" in found:
            properties = {"Bucket": self.bucket}
            found |= {"ResponseURL": self.endpoint + _ANSWER_PATH, "ResourceProperties": properties}
        return found

    def answer(self, request: Request) -> Answer:
        """Respond as AWS does."""
        if request.path == _ANSWER_PATH:
            self.told = request.body
            return Answer(200, (), b"")
        return aws_answer(request) or shared_answer(request)


@contextmanager
def _imitated() -> Iterator[_Imitated]:
    limits = {"Limits": json.dumps({"MinimumTokenLength": len(TOKEN)})}
    template = templates.read(TEMPLATE, "emulated", limits)
    known = {each.function: None for each in STORIES.values()}
    functions = {each.logical_id: each for each in functions_of(template, {}).values()}
    with opened("moto", template, None) as store, Server(0, _LONGEST_BODY) as server:
        bucket = template.scope.name_of("JobsBucket")
        there = [functions[name] for name in known]
        aws = _Imitated(store, bucket, f"http://{server.address}", there)
        with server.serving(aws.answer):
            yield aws


if __name__ == "__main__":
    sys.exit(main())
