"""Distinguished names, written in one way and in another."""

import pytest

from scim.service.transfer.formats.ldif_format import compared_name

SAME = {
    "case": ("CN=Ann,DC=Example", "cn=ann,dc=example"),
    "spaces": ("cn = Ann , dc= example", "cn=ann,dc=example"),
    "a hexadecimal pair for a comma": (r"cn=Lee\2C Ann,dc=x", r"cn=Lee\, Ann,dc=x"),
    "hexadecimal pairs for UTF-8": (r"cn=M\C3\BCller", "cn=Müller"),
    "a needless escape": (r"cn=\Ann", "cn=Ann"),
    "a semicolon": ("cn=a;dc=b", "cn=a,dc=b"),
    "several in one part": ("cn=a + sn=b,dc=x", "cn=a+sn=b,dc=x"),
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME)
def test_names_are_the_same_however_they_are_written(one: str, other: str) -> None:
    assert compared_name(one) == compared_name(other)


def test_a_comma_in_a_value_divides_nothing() -> None:
    assert compared_name(r"cn=a\,dc=b") != compared_name("cn=a,dc=b")
    assert compared_name("") == ""
    assert compared_name("no name\\") == "no name\\\\"
