"""Rules of RFC 9967 about requests that are completed later."""

from typing import Final

from scim_cli.conform.answer import NotTried, expect, expect_status
from scim_cli.conform.probe import Probe, made_up
from scim_cli.conform.rule import Profile, Rules

ASYNC = Rules(Profile.RFC)
_BULK: Final = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"


@ASYNC.must("RFC 9967 section 4", "securityEvents.asyncRequest is none, long or request.")
def words_are_known(probe: Probe) -> None:
    events = probe.once("/ServiceProviderConfig").body.get("securityEvents")
    if events is None:
        raise NotTried("ServiceProviderConfig has no securityEvents")
    word = str(events.get("asyncRequest")).lower()
    expect(word in {"none", "long", "request"}, f"it is {word}")


@ASYNC.must_write(
    "RFC 9967 section 2.5.1.1",
    "A request with Prefer: respond-async gets the normal response, or 202 without a body,"
    " with Set-Txn and Preference-Applied, and a Location that can be read.",
)
def requests_are_accepted(probe: Probe) -> None:
    probe.need("bulk")
    body = {"schemas": [_BULK], "Operations": [{"method": "DELETE", "path": f"/Users/{made_up()}"}]}
    answer = probe.send("POST", "/Bulk", body, headers={"Prefer": "respond-async"})
    expect_status(answer, 200, 202)
    if answer.status == 200:
        return
    expect(not answer.text, "there is a body")
    expect(answer.headers.get("set-txn"), "there is no Set-Txn")
    applied = answer.headers.get("preference-applied", "")
    expect("respond-async" in applied, f"Preference-Applied is {applied}")
    location = answer.headers.get("location")
    expect(location, "there is no Location")
    expect_status(probe.get(probe.path_of(str(location))), 200, 202, 204)
