"""A trial of a provider's list of people, before the provider sends anybody.

The list is CSV as providers export it. Each row is the dry run of a creation, so that the result is
what the service would return.
"""

import csv
from collections.abc import Iterator, Mapping
from io import StringIO
from typing import Any, Final

from scim.errors import InvalidValue, ScimError
from scim.http.console.app import Call
from scim.http.console.resources import TenantResources
from scim.http.console.trial import Trials
from scim.schema.resource_type import ResourceType
from scim.service.transfer.columns import Column
from scim.service.transfer.words import folded_name

MOST = 100
"""The most people in one list."""
_USER: Final = "User"
_OK, _CONFLICT = 300, 409
_LONGEST = 80
_KNOWN: Final[Mapping[str, str]] = {
    "login": "userName",
    "username": "userName",
    "user name": "userName",
    "userprincipalname": "userName",
    "user principal name": "userName",
    "email": "emails",
    "e-mail": "emails",
    "mail": "emails",
    "email address": "emails",
    "email address [required]": "emails",
    "primary email": "emails",
    "firstname": "name.givenName",
    "first name": "name.givenName",
    "first name [required]": "name.givenName",
    "givenname": "name.givenName",
    "given name": "name.givenName",
    "lastname": "name.familyName",
    "last name": "name.familyName",
    "last name [required]": "name.familyName",
    "familyname": "name.familyName",
    "family name": "name.familyName",
    "surname": "name.familyName",
    "display name": "displayName",
    "job title": "title",
    "jobtitle": "title",
}
"""The column names in providers' lists, and the attribute that each stands for."""


def try_people(trials: Trials, resources: TenantResources, call: Call) -> dict[str, object]:
    """Return what would happen to each person in the list `text`, and the attribute of each column.

    A person is `new`, `known` (the provider will find and update the existing user), `twice` in the
    list, or `refused` with the reason. Raises InvalidValue when `text` is not such a list.
    """
    user = resources.resource_type(call.tenant, _USER)
    names, rows = _read(call.body.get("text"))
    columns = [_column(name, user) for name in names]
    if not any(column and column.path == "userName" for column in columns):
        raise InvalidValue("The first line must name the columns; one of them must be userName.")
    people, seen_names = [], set[str]()
    for row in rows:
        person = _person(trials, call, user, list(zip(columns, row, strict=False)), seen_names)
        people.append(person)
    return {
        "people": people,
        "columns": [
            {
                "column": name,
                "attribute": column.path if column else None,
                "sample": next(
                    (row[index][:_LONGEST] for row in rows if row[index : index + 1]), ""
                ),
            }
            for index, (name, column) in enumerate(zip(names, columns, strict=True))
        ],
    }


def _read(text: object) -> tuple[list[str], list[list[str]]]:
    if not isinstance(text, str) or not text.strip():
        raise InvalidValue("text: expected the lines of a CSV file.")
    first = text.strip().partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        rows = [row for row in csv.reader(StringIO(text.strip()), delimiter=delimiter) if any(row)]
    except csv.Error as error:
        raise InvalidValue(f"text: no CSV ({error}).") from error
    if not 2 <= len(rows) <= MOST + 1:
        raise InvalidValue(
            f"Enter the names of the columns in the first line, and 1 to {MOST} people below it."
        )
    return rows[0], rows[1:]


def _column(name: str, user: ResourceType) -> Column | None:
    """Return the column's attribute, found by its own or a provider's name; None if there is none."""
    column = Column(name, _KNOWN.get(folded_name(name), name.strip()))
    try:
        column.holds_all(user)
    except ScimError:
        return None
    return column


def _person(
    trials: Trials,
    call: Call,
    user: ResourceType,
    cells: list[tuple[Column | None, str]],
    seen_names: set[str],
) -> dict[str, object]:
    body: dict[str, object] = {"schemas": [user.schema.id]}
    try:
        for column, text in cells:
            if column is not None and text.strip():
                column.put(body, user, text.strip())
    except ScimError as error:
        return {"name": _name(cells), "becomes": "refused", "why": error.detail}
    name = _name(cells)
    if name.casefold() in seen_names:
        return {"name": name, "becomes": "twice"}
    seen_names.add(name.casefold())
    answer = trials.response_to(
        call, call.tenant, {"method": "POST", "path": user.endpoint, "body": body}
    )
    return {"name": name, **_outcome(int(answer["status"]), answer["body"])}


def _outcome(status: int, body: Any) -> dict[str, object]:
    if status < _OK:
        return {"becomes": "new"}
    if status == _CONFLICT:
        return {"becomes": "known"}
    return {"becomes": "refused", "why": str((body or {}).get("detail") or status)}


def _name(cells: list[tuple[Column | None, str]]) -> str:
    names: Iterator[str] = (
        text.strip() for column, text in cells if column and column.path == "userName"
    )
    return next(names, "")[:_LONGEST]
