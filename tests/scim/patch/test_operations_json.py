"""Operations as JSON never show a secret."""

from scim.patch.operations_json import operations_json
from scim.patch.request import request_of
from scim.profile import Profile
from tests.fakes.endpoint import PATCH_OP_URN


def test_an_operation_whose_path_is_not_known_shows_no_value() -> None:
    operation = {"op": "add", "path": "password", "value": "t0pSecret!"}
    message = {"schemas": [PATCH_OP_URN], "Operations": [operation]}
    read = request_of(message, Profile())
    assert operations_json(read.operations) == [{"op": "add", "path": "password"}]
