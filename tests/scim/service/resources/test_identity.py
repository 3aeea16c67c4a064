"""Ids are random, or count up for each type of each tenant."""

import pytest

from scim.profile import Profile
from scim.profile.parts import IdKind, Wire
from scim.service.resources.create import fresh_id
from tests.fakes.endpoint import FakeDeployment, id_


def test_ids_are_random_where_the_profile_does_not_count() -> None:
    assert fresh_id(FakeDeployment().endpoint("User")) == id_(1)


@pytest.mark.parametrize("kind", ["number", "digits"])
def test_numbers_count_up_for_each_type_and_tenant(kind: IdKind) -> None:
    counting = FakeDeployment(profile=Profile(wire=Wire(ids={"/Users": kind, "/Groups": kind})))
    users, groups = counting.endpoint("User"), counting.endpoint("Group")
    other = counting.endpoint("User", tenant="other")
    made = [fresh_id(each) for each in (users, users, groups, other, users)]
    assert made == ["1", "2", "1", "1", "3"]


def test_a_type_that_is_not_named_keeps_its_random_ids() -> None:
    counting = FakeDeployment(profile=Profile(wire=Wire(ids={"/Users": "number"})))
    assert fresh_id(counting.endpoint("Group")) == id_(1)
