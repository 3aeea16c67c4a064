"""Names, operators and literals of a filter held against a resource type."""

import pytest

from scim.errors import InvalidFilter
from scim.filter.binding.bind import Scope, bound_across
from scim.filter.parsing.parse import parse_filter
from tests.scim.filter.things import EXTENSION, STRICT, TOLERANT, TYPES, bound_text, line

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
CORE = "urn:ietf:params:scim:schemas:core:2.0:User"


@pytest.mark.parametrize(
    ("type_name", "text", "expected"),
    [
        pytest.param("User", 'userName eq "bjensen"', "userName eq 'bjensen'", id="plain"),
        pytest.param("User", 'USERNAME Eq "BJensen"', "userName eq 'bjensen'", id="any-case"),
        pytest.param("User", f'{CORE}:userName eq "b"', "userName eq 'b'", id="core-urn"),
        pytest.param(
            "User", f'{CORE.upper()}:userName eq "b"', "userName eq 'b'", id="urn-in-any-case"
        ),
        pytest.param(
            "User", f'{CORE}:name.familyName sw "O"', "name.familyName sw 'o'", id="urn-and-sub"
        ),
        pytest.param(
            "User", f'{CORE}:externalId eq "A"', "externalId eq 'A'", id="common-under-core-urn"
        ),
        pytest.param(
            "User",
            'NAME.FamilyName co "O\'Malley"',
            "name.familyName co 'o'malley'",
            id="sub-in-any-case",
        ),
        pytest.param("User", 'id eq "2819c223"', "id eq '2819c223'", id="id"),
        pytest.param(
            "User", 'externalId eq "AbC"', "externalId eq 'AbC'", id="case-exact-literal-kept"
        ),
        pytest.param("User", f'schemas eq "{CORE}"', f"schemas eq '{CORE}'", id="schemas"),
        pytest.param(
            "User",
            'meta.lastModified gt "2011-05-13T04:42:34Z"',
            "meta.lastModified gt '2011-05-13T04:42:34.000000Z'",
            id="date-time",
        ),
        pytest.param(
            "User",
            'meta.created le "2011-05-13T06:42:34+02:00"',
            "meta.created le '2011-05-13T04:42:34.000000Z'",
            id="date-time-with-offset",
        ),
        pytest.param(
            "User", 'meta.version eq "W/\\"1\\""', "meta.version eq 'W/\"1\"'", id="version"
        ),
        pytest.param(
            "User",
            f'{ENTERPRISE}:employeeNumber eq "701984"',
            f"{ENTERPRISE}:employeeNumber eq '701984'",
            id="extension",
        ),
        pytest.param(
            "User",
            f'{ENTERPRISE}:manager.value eq "M"',
            f"{ENTERPRISE}:manager.value eq 'M'",
            id="extension-sub",
        ),
        pytest.param(
            "User",
            'urn:scim:schemas:extension:enterprise:2.0:department eq "X"',
            f"{ENTERPRISE}:department eq 'x'",
            id="extension-alias",
        ),
        pytest.param("User", "active eq true", "active eq 'true'", id="boolean"),
        pytest.param("User", "active ne false", "!active eq 'false'", id="ne-is-not-eq"),
        pytest.param("User", "title pr", "title pr", id="present"),
        pytest.param("User", "name pr", "name pr", id="complex-present"),
        pytest.param("User", "title eq null", "!title pr", id="eq-null"),
        pytest.param("User", "title ne null", "title pr", id="ne-null"),
        pytest.param("User", "emails eq null", "!emails pr", id="complex-eq-null"),
        pytest.param("User", 'not (title eq "x")', "!title eq 'x'", id="not"),
        pytest.param("User", 'not (title ne "x")', "title eq 'x'", id="double-negation"),
        pytest.param(
            "User",
            'title eq "a" and (title eq "b" or active pr) and title pr',
            "(title eq 'a' & (title eq 'b' | active pr) & title pr)",
            id="and-or",
        ),
        pytest.param("User", 'emails.type eq "Work"', "emails.type eq 'work'", id="sub-of-many"),
        pytest.param(
            "User",
            'emails[type eq "work" and value co "@X"]',
            "emails[(emails.type eq 'work' & emails.value co '@x')]",
            id="value-path",
        ),
        pytest.param(
            "User", 'emails[type ne "work"]', "emails[!emails.type eq 'work']", id="value-path-ne"
        ),
        pytest.param(
            "User",
            "emails[not (type pr) or primary eq true]",
            "emails[(!emails.type pr | emails.primary eq 'true')]",
            id="value-path-or",
        ),
        pytest.param(
            "User",
            'emails[type eq "work"].value eq "X"',
            "emails[(emails.type eq 'work' & emails.value eq 'x')]",
            id="entra-tail",
        ),
        pytest.param(
            "User",
            'name[familyName eq "X"]',
            "name[name.familyName eq 'x']",
            id="value-path-on-one-value",
        ),
        pytest.param("User", 'meta.resourceType eq "User"', "true", id="own-type"),
        pytest.param("User", 'meta.resourceType eq "Group"', "false", id="other-type"),
        pytest.param("User", 'meta.resourceType ne "Group"', "true", id="not-other-type"),
        pytest.param(
            "User", 'meta.resourceType eq "Group" or title pr', "title pr", id="constant-in-or"
        ),
        pytest.param(
            "User", 'meta.resourceType eq "User" and title pr', "title pr", id="constant-in-and"
        ),
        pytest.param("User", 'meta.resourceType eq "Group" and title pr', "false", id="never"),
        pytest.param("User", f"{CORE} pr", "true", id="base-schema-present"),
        pytest.param(
            "Thing",
            f"{EXTENSION} pr",
            f"({EXTENSION}:rank pr | {EXTENSION}:label pr | {EXTENSION}:title pr | {EXTENSION}:boss pr)",
            id="extension-present",
        ),
        pytest.param("Thing", "count gt 5", "count gt '2100005'", id="integer"),
        pytest.param("Thing", "count eq 5.0", "count eq '2100005'", id="integer-as-decimal"),
        pytest.param("Thing", "ratio le -1.5e3", "ratio le '08999684~'", id="decimal"),
        pytest.param("Thing", 'seal eq "QUJD"', "seal eq 'QUJD'", id="binary"),
        pytest.param("Thing", 'site sw "https://"', "site sw 'https://'", id="reference"),
        pytest.param("Thing", 'tags eq "A"', "tags eq 'a'", id="simple-many"),
        pytest.param("Thing", 'tags[value eq "A"]', "tags[tags eq 'a']", id="value-of-simple-many"),
        pytest.param("Thing", 'box.labels eq "A"', "box.labels eq 'a'", id="many-below-one"),
        pytest.param("Thing", 'title eq "x"', "title eq 'x'", id="base-before-extension"),
        pytest.param("Thing", 'title eq "  Straße "', "title eq 'strasse'", id="folded"),
        pytest.param("Thing", 'title co " B"', "title co ' b'", id="white-space-of-a-part-counts"),
        pytest.param("Thing", 'title gt "B"', "title gt 'b'", id="ordered-strings"),
    ],
)
def test_a_filter_is_bound_to_places_and_folded_operands(
    type_name: str, text: str, expected: str
) -> None:
    assert line(bound_text(type_name, text, STRICT).tree) == expected
    assert bound_text(type_name, text, STRICT).tolerated == frozenset()


@pytest.mark.parametrize(
    ("type_name", "text", "detail"),
    [
        pytest.param(
            "User", 'nonsense eq "x"', "'nonsense' is not an attribute of User", id="unknown"
        ),
        pytest.param(
            "User",
            'email co "x"',
            "'email' is not an attribute of User; did you mean 'emails'?",
            id="unknown-but-near",
        ),
        pytest.param(
            "User",
            "name.nonsense pr",
            "'name.nonsense' is not an attribute of User",
            id="unknown-sub",
        ),
        pytest.param(
            "User",
            'userName.value eq "x"',
            "'userName.value' is not an attribute of User",
            id="sub-of-simple",
        ),
        pytest.param(
            "User",
            'urn:nobody:1.0:User:title eq "x"',
            "'urn:nobody:1.0:User:title' is not an attribute of User",
            id="unknown-urn",
        ),
        pytest.param(
            "User",
            f'{ENTERPRISE}:title eq "x"',
            f"'{ENTERPRISE}:title' is not an attribute of User",
            id="not-in-that-extension",
        ),
        pytest.param(
            "User",
            f'{ENTERPRISE} eq "x"',
            f"'{ENTERPRISE}' is not an attribute of User",
            id="schema-compared",
        ),
        pytest.param(
            "User",
            'emails[nonsense eq "x"]',
            "'nonsense' is not a sub-attribute of 'emails'; possible are value, display, type, primary",
            id="unknown-in-brackets",
        ),
        pytest.param(
            "User",
            'emails[emails.type eq "x"]',
            "'emails.type' is not a sub-attribute of 'emails'; possible are value, display, type, primary",
            id="full-name-in-brackets",
        ),
        pytest.param(
            "Thing",
            'tags[kind eq "x"]',
            "'kind' is not a sub-attribute of 'tags'; possible are value",
            id="unknown-in-simple",
        ),
        pytest.param(
            "Thing",
            "parts[nope pr]",
            "'nope' is not a sub-attribute of 'parts'; possible are value, kind, weight, primary",
            id="secret-sub-not-offered",
        ),
        pytest.param(
            "User",
            'userName[value eq "x"]',
            "'userName' has no values with sub-attributes to select by",
            id="brackets-on-one-simple",
        ),
        pytest.param(
            "User",
            'emails.value[value eq "x"]',
            "'emails.value' has no values with sub-attributes to select by",
            id="brackets-on-sub",
        ),
        pytest.param(
            "User",
            'name eq "x"',
            "'name' is complex and cannot be compared; name one of its sub-attributes: formatted, familyName, givenName, middleName, honorificPrefix, honorificSuffix",
            id="complex-without-value",
        ),
        pytest.param(
            "User",
            "title gt null",
            "'title' can be compared with null by eq and ne only",
            id="null-order",
        ),
        pytest.param(
            "User",
            "title sw null",
            "'title' can be compared with null by eq and ne only",
            id="null-part",
        ),
    ],
)
def test_a_filter_that_does_not_fit_the_type_is_refused_with_what_was_expected(
    type_name: str, text: str, detail: str
) -> None:
    with pytest.raises(InvalidFilter) as refused:
        bound_text(type_name, text)
    assert refused.value.detail == detail


@pytest.mark.parametrize(
    ("text", "for_users", "for_groups"),
    [
        pytest.param('userName eq "x"', "userName eq 'x'", "false", id="eq"),
        pytest.param("userName pr", "userName pr", "false", id="pr"),
        pytest.param('userName ne "x"', "!userName eq 'x'", "true", id="ne"),
        pytest.param("userName eq null", "!userName pr", "true", id="eq-null"),
        pytest.param("userName ne null", "userName pr", "false", id="ne-null"),
        pytest.param('emails[value eq "x"]', "emails[emails.value eq 'x']", "false", id="brackets"),
        pytest.param('displayName eq "X"', "displayName eq 'x'", "displayName eq 'x'", id="both"),
        pytest.param('members.value eq "u"', "false", "members -> u", id="relation"),
        pytest.param(
            'department eq "x" or id pr',
            f"({ENTERPRISE}:department eq 'x' | id pr)",
            "id pr",
            id="short-name",
        ),
        pytest.param('givenName eq "A"', "name.givenName eq 'a'", "false", id="part-alone"),
        pytest.param(f"{CORE} pr", "true", "false", id="schema"),
        pytest.param('meta.resourceType eq "Group"', "false", "true", id="type"),
    ],
)
def test_in_a_query_over_several_types_an_undefined_attribute_has_no_value(
    text: str, for_users: str, for_groups: str
) -> None:
    scopes = (Scope(TYPES["User"], ("groups",)), Scope(TYPES["Group"]))
    both = bound_across(scopes, parse_filter(text).filter, TOLERANT)
    assert [line(each.tree) for each in both] == [for_users, for_groups]


def test_an_attribute_that_none_of_several_types_defines_is_refused() -> None:
    scopes = (Scope(TYPES["User"]), Scope(TYPES["Group"]))
    with pytest.raises(InvalidFilter, match="'nonsense' is not an attribute of User or Group"):
        bound_across(scopes, parse_filter("id pr or nonsense pr").filter, TOLERANT)
