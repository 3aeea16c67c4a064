"""Rules of the SCIM 2.0 Interoperability Profile about changing and removing resources."""

from typing import Final

from scim_cli.conform.answer import GROUP, USER, NotTried, expect, expect_error, expect_status
from scim_cli.conform.probe import Probe
from scim_cli.conform.rfc_patch import patched
from scim_cli.conform.rule import Level, Profile, Rules

CHANGES = Rules(Profile.INTEROP)
_EMAILS: Final = [
    {"value": "w@example.com", "type": "work", "primary": True},
    {"value": "h@example.com", "type": "home"},
]


@CHANGES.must("section 6.5, Updating Resources", "PATCH is supported.")
def patch_is_supported(probe: Probe) -> None:
    expect(probe.supports("patch"), "ServiceProviderConfig does not say so")


@CHANGES.must_write(
    "section 6.5.1.1, Mandatory Use of the 'path' Attribute",
    "An operation without a path is 400 invalidSyntax.",
)
def paths_are_needed(probe: Probe) -> None:
    path = f"/Users/{probe.user()['id']}"
    for operation in (
        {"op": "replace", "value": {"nickName": "x"}},
        {"op": "add", "value": {"nickName": "x"}},
        {"op": "remove"},
    ):
        expect_error(probe.patch(path, operation), 400, "invalidSyntax")


@CHANGES.must_write(
    "section 6.5.2.1, Singular Attributes", "add and replace of a simple attribute are the same."
)
def add_is_replace(probe: Probe) -> None:
    user = probe.user(nickName="N")
    for op in ("add", "replace"):
        patched_user = patched(probe, user, {"op": op, "path": "nickName", "value": op})
        expect(
            patched_user.get("nickName") == op, f"after {op} it is {patched_user.get('nickName')}"
        )


@CHANGES.must_write(
    "section 6.5.2.1, Singular Attributes",
    "replace of a complex attribute replaces it completely; add merges.",
)
def complex_is_replaced_or_merged(probe: Probe) -> None:
    user = probe.user(name={"givenName": "G", "familyName": "F"})
    patched_user = patched(probe, user, {"op": "add", "path": "name", "value": {"familyName": "H"}})
    name = patched_user.get("name") or {}
    expect((name.get("givenName"), name.get("familyName")) == ("G", "H"), f"after add it is {name}")
    patched_user = patched(
        probe, user, {"op": "replace", "path": "name", "value": {"familyName": "I"}}
    )
    name = patched_user.get("name") or {}
    expect(
        ("givenName" in name, name.get("familyName")) == (False, "I"), f"after replace it is {name}"
    )


@CHANGES.must_write(
    "section 6.5.2.2, Multi-valued Attributes", "replace of a list replaces all of it; add appends."
)
def lists_are_replaced_or_appended(probe: Probe) -> None:
    user = probe.user(emails=_EMAILS)
    new_email = {"value": "o@example.com", "type": "other"}
    patched_user = patched(probe, user, {"op": "add", "path": "emails", "value": [new_email]})
    expect(len(patched_user.get("emails") or []) == 3, "add did not append")
    patched_user = patched(probe, user, {"op": "replace", "path": "emails", "value": [new_email]})
    expect(
        [email.get("type") for email in patched_user.get("emails") or []] == ["other"],
        "not replaced",
    )


@CHANGES.must_write(
    "section 6.5.2.2, Multi-valued Attributes",
    "A PATCH changes a sub-attribute of the element that a filter selects.",
)
def elements_are_changed(probe: Probe) -> None:
    change = {"op": "replace", "path": 'emails[type eq "work"].value', "value": "n@example.com"}
    patched_user = patched(probe, probe.user(emails=_EMAILS), change)
    values = {email.get("type"): email.get("value") for email in patched_user.get("emails") or []}
    expect(values == {"work": "n@example.com", "home": "h@example.com"}, f"they are {values}")


@CHANGES.should_write(
    "section 6.5.3, Error Handling",
    "If a path with a filter and no sub-attribute is refused, the error is invalidPath.",
)
def elements_are_no_targets(probe: Probe) -> None:
    change = {
        "op": "replace",
        "path": 'emails[type eq "work"]',
        "value": {"value": "n@example.com"},
    }
    answer = probe.patch(f"/Users/{probe.user(emails=_EMAILS)['id']}", change)
    if answer.status in {200, 204}:
        raise NotTried("it is not refused, and need not be")
    expect_error(answer, 400, "invalidPath")


@CHANGES.should_write(
    "section 6.5.3, Error Handling",
    "If a filter that matches several elements is refused, the error is invalidFilter.",
)
def filters_match_one(probe: Probe) -> None:
    emails = [{"value": f"{letter}@example.com", "type": "work"} for letter in "ab"]
    change = {"op": "replace", "path": 'emails[type eq "work"].value', "value": "n@example.com"}
    answer = probe.patch(f"/Users/{probe.user(emails=emails)['id']}", change)
    if answer.status in {200, 204}:
        raise NotTried("it is not refused, and need not be")
    expect_error(answer, 400, "invalidFilter")


@CHANGES.must_write("section 6.6, Resource Lifecycle", "A PATCH never removes a resource.")
def patch_removes_nothing(probe: Probe) -> None:
    patched_user = patched(
        probe, probe.user(active=True), {"op": "replace", "path": "active", "value": False}
    )
    expect(patched_user.get("active") is False, f"active is {patched_user.get('active')}")


@CHANGES.must_write(
    "section 6.6, Resource Lifecycle",
    "A deleted resource is 404 for every operation, and in no query result.",
)
def deleted_is_gone(probe: Probe) -> None:
    user = probe.user()
    path = f"/Users/{user['id']}"
    expect_status(probe.send("DELETE", path), 204)
    operation = {"op": "replace", "path": "active", "value": True}
    for answer in (probe.get(path), probe.patch(path, operation), probe.send("DELETE", path)):
        expect_status(answer, 404)
    listing = probe.get("/Users", filter=f'userName eq "{user["userName"]}"')
    expect(listing.body.get("totalResults") == 0, "it is in a query")


@CHANGES.must_write(
    "section 6.6, Resource Lifecycle", "The unique values of a deleted resource are free."
)
def names_of_the_deleted_are_free(probe: Probe) -> None:
    user = probe.user()
    probe.send("DELETE", f"/Users/{user['id']}")
    answer = probe.send("POST", "/Users", {"schemas": [USER], "userName": user["userName"]})
    expect_status(answer, 201)


@CHANGES.must_write(
    "section 6.9.1, Uniqueness Conflicts",
    "A POST or PATCH that gives a unique value to a second resource is 409 uniqueness.",
)
def twins_are_refused(probe: Probe) -> None:
    user = probe.user()
    body = {"schemas": [USER], "userName": user["userName"]}
    expect_error(probe.send("POST", "/Users", body), 409, "uniqueness")
    operation = {"op": "replace", "path": "userName", "value": user["userName"]}
    expect_error(probe.patch(f"/Users/{probe.user()['id']}", operation), 409, "uniqueness")
    group = probe.group()
    unique = (probe.attribute(GROUP, "displayName") or {}).get("uniqueness")
    answer = probe.send(
        "POST", "/Groups", {"schemas": [GROUP], "displayName": group["displayName"]}
    )
    expect_status(answer, 409 if unique in {"server", "global"} else 201)


@CHANGES.should("section 7.2, Authentication", "HTTP Basic is not offered.")
def basic_is_not_offered(probe: Probe) -> None:
    schemes = probe.once("/ServiceProviderConfig").body.get("authenticationSchemes") or []
    expect("httpbasic" not in {scheme.get("type") for scheme in schemes}, "httpbasic is a scheme")


CHANGES.unseen(
    "section 7.1, Transport Security",
    Level.MUST,
    "All connections use TLS, and TLS 1.3 is supported.",
    "needs TLS tools",
)


@CHANGES.must_write(
    "section 4, Scope and Conformance",
    "If interopProfileConformant is true, every MUST above is met.",
)
def what_is_claimed_is_so(probe: Probe) -> None:
    claim = probe.once("/ServiceProviderConfig").body.get("interopProfileConformant", False)
    expect(isinstance(claim, bool), f"interopProfileConformant is {claim}")
    broken = "; ".join(probe.broken)
    expect(not (claim and broken), f"it is true, but these are not met: {broken}")
