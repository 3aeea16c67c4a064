"""Values that a response leaves out, and where they are listed."""

import pytest

from scim.http.message.links import OmittedValues, omitted_values
from scim.profile.shipped import shipped
from scim.resource.record import Key
from scim.schema.loading import catalogue_of
from tests.fakes.endpoint import BASE, GROUP_URN, FakeDeployment


@pytest.mark.parametrize(
    ("profile", "listing"),
    [
        ("rfc+groupMembers", f"{BASE}/GroupMembers?filter=group.value%20eq%20%22ID%22"),
        ("rfc", f"{BASE}/Users?filter=groups.value%20eq%20%22ID%22"),
        ("forsta", None),
    ],
    ids=["by memberships", "by what mirrors them", "by nothing"],
)
def test_values_are_listed_by_memberships_by_what_mirrors_them_or_not(
    profile: str, listing: str | None
) -> None:
    endpoint = FakeDeployment(catalogue=catalogue_of(shipped(profile))).endpoint("Group")
    assert list(omitted_values(endpoint)) == []
    endpoint.unshown[Key("Group", "g1"), "members"] = None
    of_one = listing and listing.replace("ID", "g1")
    of_any = listing and listing.replace("ID", "{id}")
    told = OmittedValues(f"{GROUP_URN}:members", f"{BASE}/Groups/g1", of_one, of_any)
    assert list(omitted_values(endpoint)) == [told]
