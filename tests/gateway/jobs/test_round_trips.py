"""Any directory, exported, imported into an empty tenant and exported again, is the same but for ids."""

import csv
import json
import random
from io import StringIO
from typing import Any

import pytest

from local.gateway import Gateway
from tests.gateway.access import make_tenant, secret_of
from tests.gateway.client import ENTERPRISE, GROUP, USER, Client
from tests.gateway.transfer import at_rest, exported, imported
from tests.sampled import sampled

SIGNS = [
    "a",
    "Z",
    "é",
    "ß",
    "日",
    "😀",
    " ",
    "  ",
    ",",
    ";",
    "|",
    '"',
    '""',
    "'",
    "\\",
    "\n",
    "\r\n",
    "\r",
    "\t",
]
SIGNS += ["=1+1", "bulkId:x", "-", "null", "true", "[", "]", "{0}", "#", "\u2028", "\u00a0x", "%20"]
TYPES = ["work", "home", "other", None]
SUBS = ["value", "type", "primary", "display"]
COLUMNS: dict[str, Any] = {
    "type": "meta.resourceType",
    "id": "id",
    "login": "userName",
    "name": "displayName",
    "nick": "nickName",
    "job": "title",
    "active": "active",
    "external": "externalId",
    "first": "name.givenName",
    "last": "name.familyName",
    "cost": f"{ENTERPRISE}:costCenter",
    "manager": f"{ENTERPRISE}:manager.value",
    "members": "members.value",
    "kinds": "members.type",
    **{f"mail {sub}": f"emails.{sub}" for sub in SUBS},
    **{f"phone {sub}": f"phoneNumbers.{sub}" for sub in SUBS},
    "streets": "addresses.streetAddress",
    "places": "addresses.type",
}
MAPPINGS = {"csv": {"columns": COLUMNS}, "bulk": None, "ndjson": None}


class Dice(random.Random):
    """Makes up a directory."""

    def text(self) -> str:
        """Return a text of signs that formats use themselves; spaces alone would be none in a cell."""
        text = "".join(self.choices(SIGNS, k=self.randint(0, 6))) + "x" + self.choice(SIGNS)
        # What begins so is a reference wherever it stands (RFC 7644 section 3.7.2).
        return text.removeprefix("bulkId:")

    def values(self) -> list[dict[str, Any]]:
        """Return elements with and without a type, two of one type among them."""
        found = [
            {"value": f"{n}{self.text()}", "type": self.choice(TYPES)}
            for n in range(self.randint(0, 4))
        ]
        found += [{**each, "value": f"again {each['value']}"} for each in found[:1]]
        if found and self.random() < 0.5:
            self.choice(found)["primary"] = True
        for each in found:
            if self.random() < 0.3:
                each["display"] = self.text()
        return [{name: v for name, v in each.items() if v is not None} for each in found]

    def user(self, number: int) -> dict[str, Any]:
        """Return a user; half of what it may have is missing, and something nobody knows is there."""
        whole: dict[str, Any] = {
            "displayName": self.text(),
            "nickName": self.text(),
            "title": self.text(),
            "active": self.random() < 0.5,
            "externalId": self.text(),
            "name": {"givenName": self.text(), "familyName": self.text()},
            "emails": self.values(),
            "phoneNumbers": self.values(),
            "addresses": [{"streetAddress": self.text(), "type": "work"}],
            ENTERPRISE: {"costCenter": self.text()},
            "favouriteColour": "blue",
        }
        kept = {name: each for name, each in whole.items() if self.random() < 0.6 and each}
        schemas = [USER, ENTERPRISE] if ENTERPRISE in kept else [USER]
        return {"schemas": schemas, "userName": f'user {number}; "é"', **kept}


def filled(client: Client, dice: Dice) -> None:
    """Make people, groups of them, groups in groups, and a manager."""
    ids = [made(client, "/Users", dice.user(n)) for n in range(4)]
    for n in range(3):
        group: dict[str, Any] = {"schemas": [GROUP], "displayName": f"group {n} {dice.text()}"}
        members = [{"value": each} for each in ids if dice.random() < 0.5]
        ids.append(made(client, "/Groups", {**group, "members": members}))
    value = {ENTERPRISE: {"manager": {"value": ids[1]}}}
    patch = {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "add", "value": value}],
    }
    assert client.send("PATCH", f"/Users/{ids[0]}", patch).status in {200, 204}


def made(client: Client, path: str, body: dict[str, Any]) -> str:
    answer = client.send("POST", path, body)
    assert answer.status == 201, answer.body
    return str(answer.body["id"])


def names_in(client: Client) -> dict[str, str]:
    """Return what a resource is known by to a person, by its id."""
    found = {}
    for path, name in (("/Users", "userName"), ("/Groups", "displayName")):
        for each in client.send("GET", f"{path}?count=100").body["Resources"]:
            found[each["id"]] = f"<{each[name]}>"
    return found


def in_names(content: bytes, format_: str, names: dict[str, str]) -> list[Any]:
    """Return what a file says, in an order of its own, with names in place of ids."""

    def named(value: Any) -> Any:
        match value:
            case dict():
                return {key: named(each) for key, each in value.items()}
            case list():
                return sorted((named(each) for each in value), key=json.dumps)
            case str():
                for id_, name in names.items():
                    value = value.replace(id_, name)
                return value
            case _:
                return value

    text = content.decode()
    if format_ == "csv":
        rows: list[Any] = list(csv.DictReader(StringIO(text, newline="")))
        for row in rows:
            pairs = zip(row.pop("members").split(";"), row.pop("kinds").split(";"), strict=True)
            row["members"] = [" ".join(pair) for pair in pairs]
    elif format_ == "bulk":
        rows = json.loads(text)["Operations"]
    else:
        rows = [json.loads(line) for line in text.split("\n") if line]
    return sorted((named(row) for row in rows), key=json.dumps)


def client_of(gateway: Gateway, tenant: str) -> Client:
    with at_rest(Client(gateway)):
        make_tenant(gateway, tenant)
        return Client(gateway, secret_of(gateway, tenant, "*"))


@pytest.mark.parametrize("format_", sampled(MAPPINGS, 3))
@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(n, marks=pytest.mark.long) for n in range(1, 6))]
)
def test_a_directory_comes_back_as_it_was(gateway: Gateway, seed: int, format_: str) -> None:
    mapping = MAPPINGS[format_]
    asked = {"format": format_, **({} if mapping is None else {"mapping": mapping})}
    before, after = (client_of(gateway, f"{end}-{format_}-{seed}") for end in ("from", "to"))
    filled(before, Dice(seed))
    file = exported(before, **asked)
    job, entries = imported(after, file, **asked)
    refused = [each for each in entries if each["effect"] != "create" and each["method"] != "PATCH"]
    assert (job["status"], refused) == ("completed", [])
    again = exported(after, **asked)
    sent = in_names(file, format_, names_in(before))
    assert len(sent) == 7
    assert in_names(again, format_, names_in(after)) == sent


@pytest.mark.parametrize("format_", ["bulk", "ndjson"])
def test_a_directory_with_numbers_as_ids_comes_back(gateway: Gateway, format_: str) -> None:
    expanded = "urn:ietf:params:scim:schemas:expanded:2.0:User"
    clients = []
    for tenant in (f"numbers-from-{format_}", f"numbers-to-{format_}"):
        with at_rest(Client(gateway)):
            make_tenant(gateway, tenant, profile="forsta")
        clients.append(Client(gateway, secret_of(gateway, tenant, "*"), f"/{tenant}/v2"))
    before, after = clients
    for number in range(3):
        user = {"emails": [{"value": f"n{number}@forsta.test"}], expanded: {"languageId": 9}}
        assert before.send("POST", "/users", user).status == 200
    # The group 1 has a user with its own number as a member.
    group = {"displayName": "numbers", "members": [{"value": "1"}, {"value": "3"}]}
    assert before.send("POST", "/groups", group).body["id"] == "1"
    job, entries = imported(after, exported(before, format=format_), format=format_)
    assert (job["status"], [entry["effect"] for entry in entries]) == ("completed", ["create"] * 4)
    shown = [client.send("GET", "/groups").body[0]["members"] for client in clients]
    names = [sorted(member["display"] for member in members) for members in shown]
    assert names == [["n0@forsta.test", "n2@forsta.test"]] * 2
