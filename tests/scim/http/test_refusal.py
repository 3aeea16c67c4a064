"""The log says why a request was refused, without values of the client."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from scim.errors import InvalidValue, ScimError, Unavailable
from scim.http.log_lines import client_kind
from scim.http.refusal import reason_of
from scim.patch.request import request_of
from scim.profile import Profile, Tolerance
from scim.resource.intake import intake_of
from scim.schema.catalogue import Catalogue
from scim.schema.loading import shipped_catalogue
from scim.service.transfer.mapping import Columns
from scim.store.jobs.files import S3Payloads
from tests.fakes.endpoint import USER_URN

CANARY = "c4n4ry"
STRICT = Profile(tolerances=frozenset())


@pytest.fixture(name="catalogue", scope="module")
def _catalogue() -> Catalogue:
    return shipped_catalogue()


def _refused(catalogue: Catalogue, body: dict[str, object], profile: Profile) -> ScimError:
    user = catalogue.resource_type("User")
    assert user is not None
    with pytest.raises(ScimError) as raised:
        intake_of(user, body, profile)
    return raised.value


@pytest.mark.parametrize(
    ("body", "guard", "attribute", "rule"),
    [
        pytest.param(
            {"active": CANARY}, "resource.value", "active", "expected … , not …", id="wrong type"
        ),
        pytest.param(
            {"name": {"givenName": 7}}, "resource.value", "name.givenName", "expected …", id="part"
        ),
        pytest.param(
            {"emails": [{"value": CANARY, "primary": CANARY}]},
            "resource.value",
            "emails.primary",
            "expected …",
            id="part of an element",
        ),
        pytest.param(
            {CANARY: CANARY},
            "resource.value",
            "",
            "no attribute of that name is defined",
            id="an unknown name is the client's own word",
        ),
        pytest.param(
            {"userName": "a\nb"}, "resource.value", "userName", "contains a", id="control character"
        ),
    ],
)
def test_a_refusal_names_guard_rule_and_attribute(
    catalogue: Catalogue, body: dict[str, object], guard: str, attribute: str, rule: str
) -> None:
    sent = {"schemas": [USER_URN], **body}
    reason = reason_of(_refused(catalogue, sent, STRICT), catalogue)
    assert reason["guard"] == guard
    assert reason.get("attribute", "") == attribute
    assert str(reason["rule"]).startswith(rule.partition(" …")[0])
    assert CANARY not in repr(reason)


def test_the_reason_names_the_error_class_the_scim_type_and_the_check(catalogue: Catalogue) -> None:
    reason = reason_of(_refused(catalogue, {"schemas": [USER_URN], "active": 7}, STRICT), catalogue)
    assert reason["scimType"] == "invalidValue"
    assert reason["error"] == "InvalidValue"
    assert reason["check"] == "boolean"


def test_the_reason_names_the_tolerances_used_before_the_refusal(catalogue: Catalogue) -> None:
    body = {"schemas": [USER_URN], "nickName": None, "active": "TRUE", "userName": {}}
    reason = reason_of(_refused(catalogue, body, Profile()), catalogue)
    assert reason["tolerated"] == [Tolerance.STRING_BOOLEAN.value]


def test_an_operation_of_a_patch_is_no_attribute(catalogue: Catalogue) -> None:
    body = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [CANARY]}
    with pytest.raises(ScimError) as raised:
        request_of(body, Profile(), 10)
    reason = reason_of(raised.value, catalogue)
    assert "attribute" not in reason
    assert (reason["guard"], CANARY in repr(reason)) == ("patch.request", False)


@pytest.mark.parametrize(
    ("members", "rule"),
    [
        pytest.param({}, "is missing.", id="one of several texts that a function returns"),
        pytest.param({"Operations": 5}, "must be an array.", id="another of them"),
        pytest.param(
            {"Operations": [{"op": "remove"}]},
            ".path is missing; remove needs one.",
            id="a text with a name, and one of two errors",
        ),
    ],
)
def test_a_detail_made_before_the_error_has_its_rule(members: dict[str, Any], rule: str) -> None:
    body = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], **members}
    with pytest.raises(ScimError) as raised:
        request_of(body, Profile(), 10)
    assert reason_of(raised.value, None)["rule"] == rule


@pytest.mark.timeout(15)
def test_a_detail_that_repeats_a_long_text_is_not_searched(catalogue: Catalogue) -> None:
    sent = {"resourceType": "[" * 200_000, "columns": {"name": "userName"}}
    mapping = Columns.of_json(sent, needs_columns=True)
    with pytest.raises(InvalidValue) as raised:
        mapping.require_served(catalogue.resource_types)
    reason = reason_of(raised.value, catalogue)
    assert reason["rule"] == "mapping.resourceType: there is no type …."
    assert "attribute" not in reason


def test_an_error_from_elsewhere_is_named_by_its_class() -> None:
    with pytest.raises(InvalidValue) as raised:
        raise InvalidValue(CANARY)
    assert reason_of(raised.value, None) == {"error": "InvalidValue", "scimType": "invalidValue"}


@pytest.mark.parametrize(
    ("agent", "kind"),
    [
        ("Okta SCIM Client 1.0.0", "okta"),
        ("Microsoft Azure AD SCIM provisioning 1.2.3", "entra"),
        ("goauthentik.io", "authentik"),
        ("", "none"),
        (CANARY, "other"),
    ],
)
def test_a_client_is_told_by_its_kind(agent: str, kind: str) -> None:
    assert client_kind(agent) == kind


def test_the_call_of_aws_that_failed_is_named() -> None:
    class Closed:
        def put_object(self, **_: object) -> None:
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": CANARY}}, "PutObject")

    closed: Any = Closed()
    with pytest.raises(Unavailable) as raised:
        S3Payloads(lambda: closed, "bucket").put("acme", "j1", "a", b"")
    reason = reason_of(raised.value, None)
    assert reason["cause"] == "PutObject: AccessDenied"
    assert CANARY not in str(reason)
