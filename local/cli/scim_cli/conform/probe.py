"""The tested server: the requests sent to it, its responses, and the test resources created there."""

import json
import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

import httpx2

from scim_cli.conform.answer import (
    GROUP,
    MEDIA_TYPE,
    PATCH_OP,
    USER,
    Answer,
    Exchange,
    Fault,
    NotTried,
    Undecided,
    expect,
)
from scim_cli.conform.key_client import KeyClient

_SHOWN: Final = 4000
_HEADERS: Final = (
    "content-type", "location", "etag", "retry-after", "www-authenticate", "set-txn", "preference-applied", "link"
)  # fmt: skip
_BUSY: Final = {429, 503}
_TRIES: Final = 4
_LONGEST_WAIT: Final = 30
"""Seconds; who asks for more is not waited for."""


@dataclass(slots=True)
class Probe:
    """Sends requests to one server, below `base`.

    `created_paths` are the paths of the test resources, `broken` the texts of the MUSTs found broken so far.
    """

    base: str
    http: httpx2.Client
    exchanges: list[Exchange] = field(default_factory=list)
    created_paths: list[str] = field(default_factory=list)
    cached_answers: dict[str, Answer] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    throttled: list[Answer] = field(default_factory=list)
    """Answers of 429 that came, whatever was asked."""
    client: KeyClient | None = None
    may_write: bool = False
    wait: Callable[[float], None] = time.sleep

    def send(
        self,
        method: str,
        path: str,
        body: object = None,
        headers: Mapping[str, str | None] | None = None,
        parameters: Mapping[str, str] | None = None,
        *,
        is_patient: bool = True,
    ) -> Answer:
        """Send a request and record it; repeat it later if the server says that it came too soon.

        A header that is None is not sent.
        """
        answer = self._send_once(method, path, body, headers, parameters)
        for _ in range(1, _TRIES if is_patient else 1):
            seconds = _seconds_to_wait(answer)
            if seconds is None:
                break
            self.wait(seconds)
            answer = self._send_once(method, path, body, headers, parameters)
        self.created_paths += self._created_by(method, path, answer)
        return answer

    def _send_once(
        self,
        method: str,
        path: str,
        body: object,
        headers: Mapping[str, str | None] | None,
        parameters: Mapping[str, str] | None,
    ) -> Answer:
        content = body if isinstance(body, str) else _json_of(body)
        request = self._request(method, path, content, headers or {}, parameters)
        answer = Answer.of(self.http.send(request))
        self.exchanges.append(
            Exchange(
                method,
                str(request.url).removeprefix(self.base),
                content[:_SHOWN],
                answer.status,
                {name: answer.headers[name] for name in _HEADERS if name in answer.headers},
                answer.text[:_SHOWN],
            )
        )
        if answer.status == 429:
            self.throttled.append(answer)
        return answer

    def _request(
        self,
        method: str,
        path: str,
        content: str,
        headers: Mapping[str, str | None],
        parameters: Mapping[str, str] | None,
    ) -> httpx2.Request:
        sent_headers = {"Accept": MEDIA_TYPE, **({"Content-Type": MEDIA_TYPE} if content else {})}
        request = self.http.build_request(
            method,
            self.url_of(path),
            content=content or None,
            headers=sent_headers | {name: value or "" for name, value in headers.items()},
            params=dict(parameters) if parameters else None,
        )
        for name, value in headers.items():
            if value is None:
                del request.headers[name]
        return request

    def path_of(self, location: str) -> str:
        """Return the path of a location below the base, else the whole URL."""
        return urljoin(f"{self.base}/", location).removeprefix(self.base)

    def url_of(self, path: str) -> str:
        """Return the URL; raises Fault for one of another host, which must not get the token."""
        if not path.startswith("http"):
            return self.base + path
        expect(urlsplit(path)[:2] == urlsplit(self.base)[:2], f"{path} is at another host")
        return path

    def _created_by(self, method: str, path: str, answer: Answer) -> Iterator[str]:
        """Yield the paths of the resources that a response reports as created."""
        plain = path.partition("?")[0]
        if method == "PUT" and answer.status == 201:
            yield plain
        if method != "POST" or answer.status not in {200, 201}:
            return
        if isinstance(id_ := answer.body.get("id"), str):
            yield f"{plain}/{id_}"
        elif answer.status == 201 and (location := answer.headers.get("location")):
            yield self.path_of(location)
        operations = answer.body.get("Operations") if plain == "/Bulk" else None
        for operation in operations if isinstance(operations, list) else []:
            if (
                isinstance(operation, dict)
                and str(operation.get("status")) == "201"
                and operation.get("location")
            ):
                yield self.path_of(str(operation["location"]))

    def get(self, path: str, **parameters: str) -> Answer:
        """Send a GET."""
        return self.send("GET", path, parameters=parameters)

    def once(self, path: str) -> Answer:
        """Send a GET for something that does not change, once."""
        if path not in self.cached_answers:
            self.cached_answers[path] = self.get(path)
        return self.cached_answers[path]

    def supports(self, feature: str) -> bool:
        """Tell whether the ServiceProviderConfig announces a feature."""
        config = self.once("/ServiceProviderConfig").body.get(feature)
        return isinstance(config, Mapping) and config.get("supported") is True

    def need(self, feature: str) -> None:
        """Raise NotTried if the server announces that it lacks a feature."""
        if not self.supports(feature):
            raise NotTried(f"ServiceProviderConfig does not say {feature}.supported")

    def user(self, **members: Any) -> dict[str, Any]:
        """Return a test user; raises Undecided if none can be created."""
        body = {"schemas": [USER], "userName": made_up(), "displayName": "Conform", **members}
        return self._new("/Users", body)

    def group(self, users: Sequence[Mapping[str, Any]] = (), **members: Any) -> dict[str, Any]:
        """Return a test group of these members; raises Undecided if none can be created."""
        self.need_type("Group")
        body: dict[str, Any] = {"schemas": [GROUP], "displayName": made_up(), **members}
        if users:
            body["members"] = [{"value": user["id"]} for user in users]
        return self._new("/Groups", body)

    def need_users(self, number: int) -> None:
        """Create test users if there are fewer; raises Undecided if nothing may be written."""
        count = int(self.get("/Users", count="0").body.get("totalResults", 0))
        if count < number and not self.may_write:
            raise Undecided(f"there are fewer than {number} users; needs writes: --i-accept-writes")
        for _ in range(count, number):
            self.user()

    def patch(self, path: str, *operations: Mapping[str, Any]) -> Answer:
        return self.send("PATCH", path, {"schemas": [PATCH_OP], "Operations": list(operations)})

    @property
    def types(self) -> list[dict[str, Any]]:
        """Return the resource types that the server announces."""
        return self.once("/ResourceTypes").resources

    def need_type(self, name: str) -> None:
        """Raise NotTried if the server does not announce a resource type."""
        if name not in {type_.get("name") for type_ in self.types}:
            raise NotTried(f"there is no resource type {name}")

    def attribute(self, urn: str, path: str) -> Mapping[str, Any] | None:
        """Return the definition of an attribute at /Schemas, None if there is none."""
        for schema in self.once("/Schemas").resources:
            if str(schema.get("id", "")).lower() != urn.lower():
                continue
            level: Any = schema.get("attributes")
            definition: Mapping[str, Any] | None = None
            for name in path.split("."):
                matches = [attribute for attribute in level or [] if attribute.get("name") == name]
                if not matches:
                    return None
                definition = matches[0]
                level = definition.get("subAttributes")
            return definition
        return None

    def clean(self) -> list[str]:
        """Remove the test resources, the last first; return those that could not be removed."""
        return [
            path
            for path in dict.fromkeys(reversed(self.created_paths))
            if not self._is_removed(path)
        ]

    def _is_removed(self, path: str) -> bool:
        try:
            return self.send("DELETE", path).status in {200, 204, 404}
        except (httpx2.HTTPError, Fault):
            return False

    def _new(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        answer = self.send("POST", path, body)
        if answer.status != 201 or "id" not in answer.body:
            raise Undecided(f"POST {path} answers {answer.status}; nothing could be made up")
        return dict(answer.body)


def _json_of(body: object) -> str:
    return "" if body is None else json.dumps(body)


def made_up() -> str:
    """Return a name that no resource has."""
    return f"conform-{secrets.token_hex(8)}@example.com"


def _seconds_to_wait(answer: Answer) -> float | None:
    """Return the seconds that the server asks to wait, None if it asks for no wait or a too long one."""
    retry_after = answer.headers.get("retry-after", "") if answer.status in _BUSY else ""
    return (
        float(retry_after)
        if retry_after.isdecimal() and int(retry_after) <= _LONGEST_WAIT
        else None
    )
