"""Rules of the IPSIE AL SCIM 2.0 Profile for the application: those of all levels, and AL1."""

from typing import Any, Final

from scim_cli.conform.answer import USER, NotTried, Undecided, expect, expect_status, schemas_in
from scim_cli.conform.authorization import metadata_of, request_token
from scim_cli.conform.key_client import KeyClient
from scim_cli.conform.probe import Probe, made_up
from scim_cli.conform.rfc_patch import patched
from scim_cli.conform.rule import Level, Profile, Rules

AL1 = Rules(Profile.IPSIE_AL1)
_AUTH: Final = "section 4.1, Authentication and Authorization"
_PERFORMANCE: Final = "section 4.3, Performance and Efficiency"
_SECURITY: Final = "section 8, Security Considerations"


def _client(probe: Probe) -> KeyClient:
    if probe.client is None:
        raise Undecided("needs a client's key: --client, --key")
    return probe.client


def _token(probe: Probe) -> dict[str, Any]:
    """Return the response to a client's assertion."""
    assertion = _client(probe).assertion(str(metadata_of(probe)["issuer"]))
    answer = request_token(probe, assertion)
    expect_status(answer, 200)
    return dict(answer.body)


@AL1.must(_AUTH, "Every request needs a token.")
def tokens_are_needed(probe: Probe) -> None:
    for path in ("/Users", "/Groups", "/Schemas", "/ServiceProviderConfig"):
        expect_status(probe.send("GET", path, headers={"Authorization": None}), 401)


@AL1.must(_AUTH, "The authorization server's metadata has its token_endpoint (RFC 8414).")
def metadata_is_there(probe: Probe) -> None:
    expect(metadata_of(probe).get("token_endpoint"), "it has none")


@AL1.must(_AUTH, "Clients get tokens with client_credentials.")
def client_credentials_are_taken(probe: Probe) -> None:
    grant_types = metadata_of(probe).get("grant_types_supported") or []
    expect("client_credentials" in grant_types, f"grant_types_supported is {grant_types}")


@AL1.must(_AUTH, "Clients authenticate with a JWT (RFC 7523 section 2.2).")
def clients_prove_themselves_by_jwt(probe: Probe) -> None:
    methods = metadata_of(probe).get("token_endpoint_auth_methods_supported") or []
    expect("private_key_jwt" in methods, f"token_endpoint_auth_methods_supported is {methods}")


@AL1.must(_AUTH, "If the metadata has scopes, scim is among them.")
def the_scope_is_scim(probe: Probe) -> None:
    scopes = metadata_of(probe).get("scopes_supported")
    if scopes is None:
        raise NotTried("there is no scopes_supported, which RFC 8414 recommends")
    expect("scim" in scopes, f"scopes_supported is {scopes}")


@AL1.must(_AUTH, "A signed JWT is exchanged for a token with only the scope scim.")
def a_token_is_got(probe: Probe) -> None:
    response = _token(probe)
    expect(
        str(response.get("token_type")).lower() == "bearer",
        f"token_type is {response.get('token_type')}",
    )
    # RFC 6749 section 5.1: without a scope it is the one that was asked for.
    expect(
        str(response.get("scope", "scim")).split() == ["scim"], f"scope is {response.get('scope')}"
    )


@AL1.must(_AUTH, "Only tokens are accepted; other schemes are not offered.")
def oauth_alone_is_offered(probe: Probe) -> None:
    schemes = probe.once("/ServiceProviderConfig").body.get("authenticationSchemes") or []
    types = {scheme.get("type") for scheme in schemes}
    expect(
        types and types <= {"oauth2", "oauthbearertoken"}, f"types are {sorted(map(str, types))}"
    )


@AL1.must(_PERFORMANCE, "25 sequential requests are not refused.")
def many_requests_are_taken(probe: Probe) -> None:
    for _ in range(25):
        answer = probe.send("GET", "/Users", parameters={"count": "0"}, is_patient=False)
        expect_status(answer, 200)


@AL1.must(_PERFORMANCE, "/Bulk is supported.")
def bulk_is_supported(probe: Probe) -> None:
    expect(probe.supports("bulk"), "ServiceProviderConfig does not say so")


@AL1.must_write(_PERFORMANCE, "One PATCH changes several attributes.")
def several_attributes_change(probe: Probe) -> None:
    changes: list[dict[str, Any]] = [
        {"op": "replace", "path": path, "value": "x"} for path in ("displayName", "nickName")
    ]
    changes.append({"op": "replace", "path": "active", "value": False})
    patched_user = patched(probe, probe.user(), *changes)
    values = (
        patched_user.get("displayName"),
        patched_user.get("nickName"),
        patched_user.get("active"),
    )
    expect(values == ("x", "x", False), f"they are {values}")


@AL1.must_write(
    "section 5.1, Deactivate or Reactivate User", "A user is deactivated and activated again."
)
def users_are_deactivated(probe: Probe) -> None:
    user = probe.user(active=True)
    for active in (False, True):
        patched_user = patched(probe, user, {"op": "replace", "path": "active", "value": active})
        expect(patched_user.get("active") is active, f"active is {patched_user.get('active')}")


@AL1.must_write("section 5.2, Delete User", "The name of a deleted user can be used again.")
def names_can_be_given_again(probe: Probe) -> None:
    user = probe.user()
    answer = probe.send("DELETE", f"/Users/{user['id']}")
    if answer.status in {403, 405, 501}:
        raise NotTried("users cannot be deleted, which is allowed")
    expect_status(answer, 204)
    body = {"schemas": [USER], "userName": user["userName"]}
    expect_status(probe.send("POST", "/Users", body), 201)


@AL1.must_write("section 5.3, Get User By ID", "A user can be read by id.")
def users_are_read(probe: Probe) -> None:
    expect_status(probe.get(f"/Users/{probe.user()['id']}"), 200)


@AL1.must_write(
    "section 5.4, List Users By Alternate Identifier",
    "Users are found by userName, externalId and emails.",
)
def users_are_found(probe: Probe) -> None:
    mail = made_up()
    user = probe.user(externalId=made_up(), emails=[{"value": mail, "type": "work"}])
    for text in (
        f'userName eq "{user["userName"]}"',
        f'externalId eq "{user["externalId"]}"',
        f'emails[value eq "{mail}"]',
        f'emails[type eq "work" and value eq "{mail}"]',
    ):
        listing = probe.get("/Users", filter=text)
        expect_status(listing, 200)
        expect(listing.ids == [user["id"]], f"not found by {text}")


@AL1.must("section 8, Security Considerations", "Errors are SCIM errors without internal details.")
def errors_tell_nothing(probe: Probe) -> None:
    for answer in (probe.get(f"/Users/{made_up()}"), probe.get("/Users", filter="((")):
        expect(
            "urn:ietf:params:scim:api:messages:2.0:Error" in schemas_in(answer.body),
            "not a SCIM error",
        )
        fragments = ("Traceback", "Exception", ".py", ".java", "at line", "SELECT ")
        expect(
            not any(fragment in answer.text for fragment in fragments),
            "the error contains internal details",
        )


@AL1.must(_SECURITY, "A token response has its expiry.")
def tokens_expire(probe: Probe) -> None:
    seconds = _token(probe).get("expires_in")
    if seconds is None:
        raise NotTried("there is no expires_in, which RFC 6749 recommends")
    expect(isinstance(seconds, int) and seconds > 0, f"expires_in is {seconds}")


@AL1.must(_SECURITY, "A signed JWT is accepted only once.")
def assertions_are_taken_once(probe: Probe) -> None:
    assertion = _client(probe).assertion(str(metadata_of(probe)["issuer"]))
    expect_status(request_token(probe, assertion), 200)
    expect_status(request_token(probe, assertion), 400, 401)


@AL1.must(_PERFORMANCE, "Requests over the limit get 429 with Retry-After.")
def limits_are_told(probe: Probe) -> None:
    if not probe.throttled:
        raise NotTried("no request exceeded the limit; this needs a flood of requests")
    for answer in probe.throttled:
        expect(answer.headers.get("retry-after"), "a 429 has no Retry-After")


for section, text, reason in (
    (_AUTH, "Clients do not send credentials in a request's body.", "a requirement for clients, and RFC 7523 section 2.2 sends the JWT there"),
    ("section 4.2, SCIM Interoperability Requirements", "Users and groups are changed only by SCIM.", "other interfaces are not observable"),
    ("section 5.1, Deactivate or Reactivate User", "Sessions, tokens and keys of a deactivated user end.", "sessions are not observable"),
    (_SECURITY, "Creating, changing and deleting resources is logged.", "logs are not observable"),
):  # fmt: skip
    AL1.unseen(section, Level.MUST, text, reason)
