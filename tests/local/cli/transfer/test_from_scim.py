"""Copying the directory of another SCIM server."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner, Result

from scim_cli.root import scim
from scim_cli.transfer import source
from scim_cli.transfer.copy_file import missing_members
from scim_cli.transfer.directory_copy import SUFFIX
from tests.local.cli.shell import Shell

SECRET = "made-up-secret"
USERS = [
    {"id": f"u{n}", "userName": f"user{n}", "groups": [{"value": "g1", "type": "direct"}], "x": n}
    for n in range(7)
]
GROUPS = [
    {"id": "g1", "displayName": "staff", "members": [{"value": "u1"}, {"value": "g2"}]},
    {"id": "g2", "displayName": "few", "members": [{"value": "u2"}]},
]
Answer = tuple[int, dict[str, str], dict[str, Any]]


class Other:
    """Another server: pages at will, and breaks off when told to."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.before: Callable[[str], Answer | None] = lambda _: None
        self.has_cursors = False
        self.scheme = "Bearer"
        self.most = 3
        self.media_type = "application/scim+json"
        self.lists: dict[str, list[dict[str, Any]]] = {"/Users": USERS, "/Groups": GROUPS}

    def answer(self, target: str, authorization: str, accept: str) -> Answer:
        parts = urlsplit(target)
        self.asked.append(target.removeprefix("/scim"))
        if self.media_type not in accept:
            return 406, {}, {}
        if authorization != f"{self.scheme} {SECRET}":
            return 401, {}, {"detail": "who are you?"}
        early = self.before(target)
        if early is not None:
            return early
        path = parts.path.removeprefix("/scim")
        if path == "/ServiceProviderConfig":
            return 200, {}, {"pagination": {"cursor": self.has_cursors}}
        if path not in self.lists:
            return 404, {}, {"detail": "not here"}
        return 200, {}, self.page(self.lists[path], parse_qs(parts.query, keep_blank_values=True))

    def page(self, all_: list[dict[str, Any]], query: dict[str, list[str]]) -> dict[str, Any]:
        told = query.get("cursor", query.get("startIndex", ["1"]))[0]
        first = int(told or 1) - 1
        shown = all_[first : first + min(self.most, int(query["count"][0]))]
        page: dict[str, Any] = {"totalResults": len(all_), "Resources": shown}
        if "cursor" in query and first + len(shown) < len(all_):
            page["nextCursor"] = str(first + len(shown) + 1)
        return page


@contextmanager
def served(other: Other) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = other.answer(
                self.path, self.headers["Authorization"], self.headers["Accept"]
            )
            content = json.dumps(body).encode()
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/scim"
        server.shutdown()
        thread.join()


@pytest.fixture(name="other")
def _other() -> Other:
    return Other()


@pytest.fixture(name="base")
def _base(other: Other) -> Iterator[str]:
    with served(other) as base:
        yield base


@pytest.fixture(autouse=True, name="waits")
def _waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    waits: list[float] = []
    monkeypatch.setattr(source.time, "sleep", waits.append)
    monkeypatch.setenv("SCIM_FROM_TOKEN", SECRET)
    return waits


def lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(each) for each in file.read_text("utf-8").splitlines()]


def copy_only(base: str, file: Path, *more: str) -> Result:
    """Copy, and fail to import: there is nothing to import into."""
    words = ["import", str(file), "--from-scim", base, "--url", "http://127.0.0.1:9/scim/v2", *more]
    return CliRunner().invoke(scim, words, env={"SCIM_TOKEN": "none"})


def test_a_directory_comes_over_with_its_memberships(
    shell: Shell, other: Other, base: str, tmp_path: Path
) -> None:
    file = tmp_path / "copy.ndjson"
    result = shell.run("import", str(file), "--from-scim", base, "--dry-run")
    assert result.exit_code == 0, result.output
    assert shell.service().call("GET", "/Users")["totalResults"] == 0
    assert SECRET not in result.output
    assert file.stat().st_mode & 0o077 == 0
    assert not file.with_name(file.name + SUFFIX).exists()
    again = shell.run("import", str(file), "--from-scim", base)
    assert "exists already; import it without --from-scim" in again.stderr
    assert shell.run("import", str(file)).exit_code == 0
    service = shell.service()
    users = {each["id"]: each["userName"] for each in service.call("GET", "/Users")["Resources"]}
    groups = {each["displayName"]: each for each in service.call("GET", "/Groups")["Resources"]}
    assert sorted(users.values()) == [f"user{n}" for n in range(7)]
    names = {**users, groups["few"]["id"]: "few"}
    assert {names[each["value"]] for each in groups["staff"]["members"]} == {
        *users.values(),
        "few",
    }
    assert {names[each["value"]] for each in groups["few"]["members"]} == {"user2"}


@pytest.mark.parametrize("has_cursors", [False, True], ids=["by startIndex", "by cursor"])
def test_a_killed_copy_continues(
    other: Other, base: str, tmp_path: Path, has_cursors: bool
) -> None:
    other.has_cursors = has_cursors
    file = tmp_path / "copy.ndjson"
    other.before = lambda target: (
        (400, {}, {}) if re.search(r"(startIndex|cursor)=7", target) else None
    )
    assert "400" in copy_only(base, file).stderr
    assert len(lines(file)) == 6
    file.write_text(file.read_text() + '{"half')
    other.before = lambda _: None
    other.asked.clear()
    assert "Continuing with the copy" in copy_only(base, file).stderr
    walked = [each for each in other.asked if each.startswith("/Users")]
    assert len(walked) == 1
    assert [each["id"] for each in lines(file)][:9] == [*(f"u{n}" for n in range(7)), "g1", "g2"]
    other.asked.clear()
    copy_only(base, file)
    assert other.asked == []


def test_a_cursor_that_is_out_of_date_begins_the_walk_again(
    other: Other, base: str, tmp_path: Path
) -> None:
    other.has_cursors = True
    file = tmp_path / "copy.ndjson"
    gone = (400, {}, {"scimType": "expiredCursor"})
    other.before = lambda target: (
        gone if "Users" in target and "cursor=4" in target and len(other.asked) < 6 else None
    )
    copy_only(base, file)
    begun = [each for each in other.asked if each.startswith("/Users") and each.endswith("cursor=")]
    assert len(begun) == 2
    assert sorted(each["id"] for each in lines(file) if "userName" in each) == [
        f"u{n}" for n in range(7)
    ]


def test_the_other_side_says_how_fast_it_is_read(
    other: Other, base: str, tmp_path: Path, waits: list[float]
) -> None:
    late = iter([
        (429, {"Retry-After": "7"}, {}),
        (503, {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}, {}),
        (429, {"Retry-After": "99999"}, {}),
        (429, {}, {}),
    ])  # fmt: skip
    other.before = lambda target: next(late, None) if "/Users" in target else None
    result = copy_only(base, tmp_path / "copy.ndjson")
    assert waits == [7, 0, 600, 16]
    assert "The other server answers 429; waiting 7 s." in result.stderr
    assert len(lines(tmp_path / "copy.ndjson")) == 10


def test_a_server_that_always_throttles_ends_the_copy_with_its_answer(
    other: Other, base: str, tmp_path: Path, waits: list[float]
) -> None:
    other.before = lambda target: (429, {}, {"detail": "no"}) if "/Users" in target else None
    result = copy_only(base, tmp_path / "copy.ndjson")
    assert "Error: GET /Users of the other server: 429 no" in result.stderr
    assert len(waits) == 7


@pytest.mark.parametrize("has_cursors", [False, True])
@pytest.mark.parametrize("place", [3, 6])
def test_a_resource_on_two_pages_is_copied_once(
    other: Other, base: str, tmp_path: Path, has_cursors: bool, place: int
) -> None:
    other.has_cursors = has_cursors
    other.lists = {"/Users": [*USERS[:place], USERS[0], *USERS[place:6]], "/Groups": []}
    result = copy_only(base, tmp_path / "copy.ndjson")
    assert len(lines(tmp_path / "copy.ndjson")) == 6
    assert "startIndex" not in result.stderr


@pytest.mark.parametrize("media_type", ["application/json", "*/*"])
def test_a_server_that_knows_only_another_media_type_is_read(
    other: Other, base: str, tmp_path: Path, media_type: str
) -> None:
    other.media_type = media_type
    copy_only(base, tmp_path / "copy.ndjson")
    assert len({line["id"] for line in lines(tmp_path / "copy.ndjson")}) == 9


@pytest.mark.parametrize(("has_total", "beyond_the_end"), [(False, 200), (True, 200), (True, 400)])
def test_a_list_without_a_true_total_is_read_to_its_end(
    other: Other, base: str, tmp_path: Path, has_total: bool, beyond_the_end: int
) -> None:
    def page(target: str) -> Answer | None:
        parts = urlsplit(target)
        resources = other.lists.get(parts.path.removeprefix("/scim"))
        if resources is None:
            return None
        shown = other.page(resources, parse_qs(parts.query))["Resources"]
        total = {"totalResults": len(shown)} if has_total else {}
        return 200 if shown else beyond_the_end, {}, {"Resources": shown, **total}

    other.before = page
    result = copy_only(base, tmp_path / "copy.ndjson")
    assert len({line["id"] for line in lines(tmp_path / "copy.ndjson")}) == 9, result.stderr


@pytest.mark.parametrize("total", [7, 20])
def test_a_server_that_ignores_start_index_is_reported(
    other: Other, base: str, tmp_path: Path, total: int
) -> None:
    other.before = lambda target: (
        (200, {}, {"totalResults": total, "Resources": USERS}) if "/Users" in target else None
    )
    result = copy_only(base, tmp_path / "copy.ndjson")
    assert len({line["id"] for line in lines(tmp_path / "copy.ndjson")}) == 9
    assert "If it has more than 7, they are not copied." in result.stderr


def test_ids_that_two_types_have_are_kept_apart(
    shell: Shell, other: Other, base: str, tmp_path: Path
) -> None:
    urn = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
    phones = [{"value": "1", "type": "work"}]
    roles = [{"value": "developer", "type": "group"}]
    boss = {"value": "1", "displayName": "kim"}
    users = [
        {"id": 1, "userName": "kim", "phoneNumbers": phones, "roles": roles},
        {"id": 2, "userName": "lee", urn: {"manager": boss}, "groups": [{"value": "2"}]},
        {"id": 3, "userName": "max"},
    ]
    members = [
        {"value": "1", "$ref": f"{base}/Users/1"},
        {"value": "2", "type": "Group"},
        {"value": "3"},
        {"value": "2"},
    ]
    groups = [
        {"id": "1", "displayName": "staff", "members": members},
        {"id": "2", "displayName": "few"},
    ]
    other.lists = {"/Users": users, "/Groups": groups}
    file = tmp_path / "copy.ndjson"
    result = shell.run("import", str(file), "--from-scim", base)
    assert result.exit_code == 0, result.output
    assert "1 members are left out" in result.stderr
    users_by_id = {user["id"]: user for user in shell.service().call("GET", "/Users")["Resources"]}
    groups_by_id = {
        group["id"]: group for group in shell.service().call("GET", "/Groups")["Resources"]
    }
    names = {id_: user["userName"] for id_, user in users_by_id.items()}
    names |= {id_: group["displayName"] for id_, group in groups_by_id.items()}
    assert {
        group["displayName"]: sorted(names[member["value"]] for member in group["members"])
        for group in groups_by_id.values()
    } == {"staff": ["few", "kim", "max"], "few": ["lee"]}
    by_name = {user["userName"]: user for user in users_by_id.values()}
    assert by_name["lee"][urn]["manager"]["value"] == by_name["kim"]["id"]
    assert (by_name["kim"]["phoneNumbers"], by_name["kim"]["roles"]) == (phones, roles)


@pytest.mark.parametrize("is_replaced", [False, True], ids=["before", "after"])
def test_a_copy_killed_when_types_are_put_before_its_ids_continues(
    other: Other, base: str, tmp_path: Path, is_replaced: bool
) -> None:
    groups = [{"id": "1", "displayName": "staff", "members": [{"value": "1", "type": "User"}]}]
    other.lists = {"/Users": [{"id": "1", "userName": "kim"}], "/Groups": groups}
    file = tmp_path / "copy.ndjson"

    def killed(renamed: Path, target: Path) -> None:
        if is_replaced:
            renamed.rename(target)
        raise SystemError

    with pytest.MonkeyPatch.context() as patches:
        patches.setattr(Path, "replace", killed)
        assert isinstance(copy_only(base, file).exception, SystemError)
    assert "Continuing with the copy" in copy_only(base, file).stderr
    assert [line["id"] for line in lines(file)] == ["User:1", "Group:1"]
    assert lines(file)[1]["members"] == [{"value": "User:1", "type": "User"}]


def test_a_list_that_ends_early_is_reported(other: Other, base: str, tmp_path: Path) -> None:
    page = {"totalResults": 9, "Resources": []}
    other.before = lambda target: (200, {}, page) if "startIndex=4" in target else None
    assert "reports 9 Users and lists 3" in copy_only(base, tmp_path / "copy.ndjson").stderr


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("--from-scim", "http://example.com/scim"), "expected an https URL"),
        (("--from-type", "Device"), "no resource type Device"),
    ],
)
def test_a_source_that_cannot_be_read_is_refused(
    base: str, tmp_path: Path, words: tuple[str, ...], expected: str
) -> None:
    result = copy_only(base, tmp_path / "copy.ndjson", *words)
    assert result.exit_code != 0
    assert expected in result.stderr


def test_only_users_are_members_because_of_their_groups(tmp_path: Path) -> None:
    file = tmp_path / "copy.ndjson"
    of_group = {"groups": [{"value": "g"}]}
    ids_by_type = {"User": "u", "Organization": "o"}
    lines: list[dict[str, Any]] = [
        {"id": id_, "meta": {"resourceType": type_}, **of_group}
        for type_, id_ in ids_by_type.items()
    ]
    lines.append({"id": "g", "meta": {"resourceType": "Group"}})
    file.write_text("".join(f"{json.dumps(line)}\n" for line in lines), "utf-8")
    (added,) = missing_members(file)
    assert added["members"] == [{"value": "u", "type": "User"}]


def test_a_server_that_takes_its_token_as_token_is_read_too(
    other: Other, base: str, tmp_path: Path
) -> None:
    other.scheme = "Token"
    file = tmp_path / "copy.ndjson"
    copy_only(base, file)
    assert len(file.read_text("utf-8").splitlines()) >= len(USERS) + len(GROUPS)


def test_without_a_token_the_source_is_not_asked(
    other: Other, base: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SCIM_FROM_TOKEN")
    assert "--from-token-file" in copy_only(base, tmp_path / "copy.ndjson").stderr
    assert other.asked == []
    secret = tmp_path / "secret"
    secret.write_text("wrong\n")
    told = copy_only(base, tmp_path / "copy.ndjson", "--from-token-file", str(secret)).stderr
    assert "401 who are you?" in told
