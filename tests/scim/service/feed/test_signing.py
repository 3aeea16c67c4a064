"""A repeated SET is signed once."""

from collections.abc import Mapping

from scim.service.feed.signing import LARGEST, SIGNATURES, signed_with


class CountedKey:
    """Counts what KMS would be asked."""

    def __init__(self) -> None:
        self.signed = 0

    @property
    def kid(self) -> str:
        return "k1"

    def public_jwks(self) -> list[Mapping[str, str]]:
        return [{"kid": "k1"}]

    def sign(self, message: bytes) -> bytes:
        self.signed += 1
        return bytes(64)


def test_a_repeated_set_is_not_signed_again() -> None:
    key = CountedKey()
    sign = signed_with(key)
    sets = [{"jti": str(number)} for number in range(100)]
    first = [sign(each) for each in sets]
    assert key.signed == 100
    assert [sign(each) for each in sets] == first
    assert key.signed == 100
    sign({"jti": "0", "txn": "another"})
    assert key.signed == 101


def test_the_number_and_length_of_kept_signatures_are_limited() -> None:
    key = CountedKey()
    sign = signed_with(key)
    for number in range(SIGNATURES + 1):
        sign({"jti": number})
    sign({"jti": 0})
    assert key.signed == SIGNATURES + 2
    for _ in range(2):
        sign({"jti": "x" * LARGEST})
    assert key.signed == SIGNATURES + 4
