"""One history: simultaneous clients, faults, then quiet; and which of its outcomes are impossible."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from scim.fsck import open_work, violations
from scim.service.jobs.export import Unfinished
from tests.simulation.baton import Runner
from tests.simulation.choices import Choices
from tests.simulation.claims import Answer, wrong_in
from tests.simulation.faults import NOTHING, Rates
from tests.simulation.frames import SYSTEM, unexplained
from tests.simulation.model.dynamodb import ModelTable
from tests.simulation.operations import BULK, NEVER, Asked, Done, Slots, Words, asked
from tests.simulation.plan import GROUPS, PEOPLE, Plan
from tests.simulation.timeline import Timeline, head_of
from tests.simulation.world import TENANT, Process, World, simulated, stream_record

SHARDS = 3
LISTS: Sequence[Words] = (("list", "User"), ("list", "Group"))
LOOKS: Sequence[Words] = (*(("find", slot) for slot in (*PEOPLE, *GROUPS)), *LISTS)
SWEEPS = 40


@dataclass
class Pool:
    """Processes that were built before: building one takes longer than a history."""

    made: dict[str, Process] = field(default_factory=dict)

    def of(self, name: str, world: World) -> Process:
        process = self.made.get(name)
        if process is None:
            process = self.made[name] = Process(name)
        process.begin(world)
        return process


POOL = Pool()


@dataclass
class History:
    """A history while it happens, and what it has come to."""

    world: World
    plan: Plan
    slots: Slots = field(default_factory=Slots)
    dones: list[Done] = field(default_factory=list)
    checks: list[tuple[Done, Asked, Answer]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    first: int = 0
    delivered: list[int] = field(default_factory=lambda: [0] * SHARDS)
    operations: int = 0
    """Asked for while something may go wrong."""

    # ---- Requests

    def request(self, process: Process, words: Words) -> Done:
        """Let a process serve the request of some words."""
        world = self.world
        done = Done(process.name, words, world.table.tick)
        if words[0] in {"bulk", "job"}:
            parts = [asked(self.slots, tuple(each.split(" "))) for each in words[1:]]
            method, path, body = "POST", "/Bulk", _bulk(parts)
            headers = {"Prefer": "respond-async"} if words[0] == "job" else {}
        else:
            parts = [asked(self.slots, words)]
            method, path, body = parts[0].method, parts[0].path, parts[0].body
            headers = {"If-Match": parts[0].match} if parts[0].match else {}
        for part in parts:
            done.may |= _merged(done.may, part.may)
        self.dones.append(done)
        if not world.choices.is_quiet:
            self.operations += len(parts)
        answer = world.call(process, done, lambda: process.request(method, path, body, headers))
        if answer is not None:
            done.status, done.body, sent = answer
            done.ended = world.table.tick
            if words[0] == "job":
                done.ended = NEVER
            else:
                self._note(done, parts, sent, words[0] == "bulk")
        if world.trace is not None:
            world.trace.append(f"{world.baton.now:9.3f} {done} {done.body.get('detail', '')}")
        return done

    def _note(
        self, done: Done, parts: Sequence[Asked], sent: Mapping[str, str], is_bulk: bool
    ) -> None:
        answers = [Answer(done.status, done.body, sent.get("etag", ""))]
        if is_bulk:
            answers = [
                Answer(
                    int(e["status"]),
                    e.get("response", {}),
                    e.get("version", ""),
                    e.get("location", ""),
                )
                for e in done.body.get("Operations", ())
            ] or [Answer(done.status, done.body)] * len(parts)
        if any(answer.status in {429, 503} for answer in answers):
            done.ended, done.status = NEVER, 503
        for part, answer in zip(parts, answers, strict=False):
            self.checks.append((done, part, answer))
            self._learn(part, answer)

    def _learn(self, part: Asked, answer: Answer) -> None:
        body = answer.body
        if part.method == "POST" and answer.status == 201:
            self.slots.ids[part.slot] = answer.id
        if "?filter=" in part.path and body.get("Resources"):
            self.slots.ids[part.slot] = str(body["Resources"][0]["id"])
        tag = answer.etag or str(body.get("meta", {}).get("version", ""))
        if tag and part.slot in self.slots.ids:
            self.slots.versions[self.slots.ids[part.slot]] = tag

    # ---- Whoever is busy

    def client(self, number: int) -> Callable[[], None]:
        process = POOL.of(f"client-{number}", self.world)

        def act() -> None:
            for words in self.plan[number]:
                self.request(process, words)

        return act

    def sweeper(self) -> Callable[[], None]:
        process = POOL.of("sweeper", self.world)

        def act() -> None:
            while not self.world.baton.is_ending:
                self.world.baton.sleep(0.1)
                self.sweep(process)

        return act

    def sweep(self, process: Process) -> None:
        """Let the sweeper run once."""
        try:
            self.world.call(process, SYSTEM, process.sweep)
        except Exception as error:  # noqa: BLE001 - throttled: the next run goes on
            if "Unavailable" not in repr(error) and "TooMany" not in repr(error):
                self.wrong.append(f"the sweep ended with {_told(error)}")

    def stream(self) -> Callable[[], None]:
        process = POOL.of("stream", self.world)

        def act() -> None:
            while not self.world.baton.is_ending:
                self.world.baton.sleep(0.05)
                self.deliver(process)

        return act

    def deliver(self, process: Process) -> bool:
        """Hand some records of a shard to the change log; tell whether there were any."""
        chance = self.world.choices.below(1000)
        left = [n for n in range(SHARDS) if self.delivered[n] < len(self._shard(n))]
        if not left:
            return False
        number = left[chance % len(left)]
        records, start = self._shard(number), self.delivered[number]
        if chance >= 900:
            # What was taken already comes once more.
            start = max(0, start - chance % 5)
        batch = records[start : start + 1 + chance % 7]
        answer = self.world.call(process, SYSTEM, lambda: process.record(batch))
        if answer is not None:
            failed = {each["itemIdentifier"] for each in answer["batchItemFailures"]}
            names = [record["dynamodb"]["SequenceNumber"] for record in batch]
            taken = min((names.index(each) for each in failed), default=len(batch))
            self.delivered[number] = max(self.delivered[number], start + taken)
        return True

    def _shard(self, number: int) -> list[dict[str, Any]]:
        """Return the records of resources in a shard: what happens to one item stays in order."""
        shards = self.__dict__.setdefault("_shards", [[] for _ in range(SHARDS)])
        read = self.__dict__.setdefault("_read", 0)
        commits = self.world.table.commits
        for place in range(read, len(commits)):
            commit = commits[place]
            if commit.after is not None and commit.after.get("k") == {"S": "resource"}:
                shard = sum(commit.key[1].encode()) % SHARDS
                shards[shard].append(stream_record(commit, place))
        self.__dict__["_read"] = len(commits)
        found: list[dict[str, Any]] = shards[number]
        return found

    def machine(self) -> Callable[[], None]:
        process = POOL.of("machine", self.world)

        def act() -> None:
            while not self.world.baton.is_ending:
                self.world.baton.sleep(0.05)
                self.turn(process)

        return act

    def turn(self, process: Process) -> None:
        """Do the jobs that were started, as the state machine does (bulk_job.asl.json)."""
        while self.world.started.waiting:
            job = self.world.started.waiting.pop(0)
            named = {"tenant": job.tenant, "job": job.id}
            state = self._stepped(process, {"do": "plan", **named}, 4)
            if state is None:
                self._stepped(process, {"do": "fail", **named}, 4)
                continue
            while state is not None and state["window"] < state["windows"]:
                state = self._stepped(process, {"do": "lay_out", "state": state}, 5)
                layers = range(state["layer"], state["layers"]) if state else ()
                for layer in layers:
                    self._layer(process, job, layer)
            end = "finish" if state is not None else "fail"
            self._stepped(process, {"do": end, **named, "execution": job.execution}, 30)

    def _layer(self, process: Process, job: Any, layer: int) -> None:
        part = self.world.files.parts.get((job.tenant, job.id, f"layers/{layer}.jsonl"), b"")
        for text in part.splitlines():
            batch = json.loads(text)
            if self._stepped(process, {"do": "batch", "batch": batch}, 5) is None:
                for step in batch["steps"]:
                    demand = {"batch": batch, "step": step}
                    if self._stepped(process, {"do": "step", **demand}, 3) is None:
                        self._stepped(process, {"do": "give_up", **demand}, 6)
                self._stepped(process, {"do": "batch", "batch": batch}, 10)

    def _stepped(self, process: Process, demand: Mapping[str, Any], times: int) -> Any:
        """Return the answer to a demand, None when all repetitions have failed."""
        for _ in range(times):
            try:
                answer = self.world.call(process, SYSTEM, lambda: process.step(demand))
            except Unfinished:
                continue
            except Exception as error:  # noqa: BLE001 - States.ALL
                self.world.note("machine", str(demand.get("do")), _told(error))
                continue
            if answer is not None:
                return answer
        return None

    # ---- The end

    def settle(self, looks: Sequence[Words] = LOOKS) -> None:
        """Let nothing go wrong any more, what is open come to its end, and look at everything."""
        world = self.world
        world.rates, world.choices.is_quiet = NOTHING, True
        trace, world.trace = world.trace, None
        process = POOL.of("last", world)
        self.turn(process)
        for _ in range(SWEEPS):
            self.sweep(process)
            if not open_work(world.table.scan()):
                break
        while self.deliver(process):
            pass
        for words in looks:
            self.request(process, words)
        self._check_log(process)
        world.trace = trace

    def _check_log(self, process: Process) -> None:
        logged: list[tuple[str, str, int]] = []
        for lane in range(len(process.log.ends(TENANT))):
            position = 0
            for page in process.log.read(TENANT, lane, 0, 100_000):
                if page.position != position:
                    self.wrong.append(f"lane {lane} has no entry at {position}")
                position = page.end
                logged += [(e.key.type, e.key.id, e.version) for e in page.entries]
        # What becomes of a tombstone is nobody's change.
        stored = {
            (commit.key[0].split("#")[2], commit.key[1], head_of(commit.after).version)
            for commit in self.world.table.commits
            if (commit.after or {}).get("k") == {"S": "resource"}
            and (commit.before is None or "d" not in commit.before)
        }
        if len(set(logged)) != len(logged):
            self.wrong.append("a version is in the log twice")
        for each in sorted(stored ^ set(logged)):
            self.wrong.append(f"{each} is in the log or in the table, not both")

    def verdict(self) -> list[str]:
        """Return everything that is wrong."""
        items = self.world.table.scan()
        found = [*self.wrong, *violations(items), *(f"left open: {o}" for o in open_work(items))]
        line = Timeline(self.world.table.commits)
        found += unexplained(line, self.dones, self.first)
        for done, part, answer in self.checks:
            found += [
                f"{done}: {each}"
                for each in wrong_in(line, done, part, answer, may_lag=self.world.may_lag)
            ]
        return found


def _told(error: BaseException) -> str:
    inside = getattr(error, "exceptions", ())
    return f"{error!r} {[repr(each) for each in inside] or ''}"


def _bulk(parts: Sequence[Asked]) -> dict[str, Any]:
    operations = [
        {
            "method": part.method,
            "path": part.path,
            **({"bulkId": f"b{number}"} if part.method == "POST" else {}),
            **({"data": part.body} if part.body is not None else {}),
        }
        for number, part in enumerate(parts)
    ]
    return {"schemas": [BULK], "Operations": operations}


def _merged(had: Mapping[Any, Any], more: Mapping[Any, Any]) -> dict[Any, Any]:
    """Return what may be written, several values of one register as a list."""
    both = dict(more)
    for register, value in more.items():
        if register in had and had[register] != value:
            before = had[register]
            both[register] = [*(before if isinstance(before, list) else [before]), value]
    return both


@dataclass(frozen=True)
class Town:
    """What is there when a history begins: nothing has gone wrong so far, so it is always the same."""

    table: ModelTable
    slots: Slots
    ids: int
    now: float
    steps: int


@cache
def town() -> Town:
    """Return the town, made once by the service itself."""
    world = World(Choices())
    history = History(world, [])
    with simulated(world):
        process = POOL.of("town", world)
        for slot in (*PEOPLE, *GROUPS):
            history.request(process, ("create", slot))
    assert history.verdict() == []
    return Town(world.table, history.slots, world.ids.made, world.baton.now, world.baton.steps)


def populate(history: History) -> None:
    """Let the history begin in the town."""
    made, world = town(), history.world
    world.table = made.table.copy()
    world.table.clock = world.time.monotonic
    world.ids.made, world.baton.now, world.baton.steps = made.ids, made.now, made.steps
    history.slots = Slots(dict(made.slots.ids), dict(made.slots.versions))
    history.first = world.table.tick


def happened(world: World, plan: Plan, rates: Rates) -> History:
    """Let a whole history happen; its verdict is still to be asked for."""
    history = History(world, plan)
    with simulated(world):
        populate(history)
        world.rates = rates
        runners = [
            Runner(f"client-{number}", history.client(number)) for number in range(len(plan))
        ]
        runners += [
            Runner("sweeper", history.sweeper(), is_needed=False),
            Runner("stream", history.stream(), is_needed=False),
            Runner("machine", history.machine(), is_needed=False),
        ]
        world.baton.run(runners)
        history.settle()
    return history
