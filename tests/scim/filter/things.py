"""A resource type with an attribute of every kind, and bound filters as one line of text."""

from scim.filter.binding.bind import bound
from scim.filter.binding.bound_tree import (
    AllOf,
    AnyOf,
    AnyValue,
    Assigned,
    BackLinkHolds,
    BackLinkOnly,
    Bound,
    Compared,
    Constant,
    IdIn,
    Negated,
    RelationHolds,
    RelationPresent,
    Tree,
)
from scim.filter.parsing.parse import parse_filter
from scim.profile import Profile
from scim.schema.loading import shipped_catalogue
from scim.schema.resource_type import Extension, Index, Relation, ResourceType
from scim.schema.schema import Attribute, AttributeMutability, AttributeType, Returned, Schema

EXTENSION = "urn:test:extension:1.0:Thing"
BASE = "urn:test:core:1.0:Thing"
TOLERANT = Profile()
STRICT = Profile(name="strict", tolerances=frozenset())

_VALUE = Attribute("value", case_exact=True)

THING = ResourceType(
    "Thing",
    "/Things",
    "Something with an attribute of every kind",
    Schema(
        BASE,
        "Thing",
        "",
        (
            Attribute("title"),
            Attribute("code", case_exact=True),
            Attribute("count", AttributeType.INTEGER),
            Attribute("ratio", AttributeType.DECIMAL),
            Attribute("active", AttributeType.BOOLEAN),
            Attribute("born", AttributeType.DATE_TIME),
            Attribute("seal", AttributeType.BINARY, case_exact=True),
            Attribute("site", AttributeType.REFERENCE, case_exact=True),
            Attribute("secret", mutability=AttributeMutability.WRITE_ONLY),
            Attribute("pin", returned=Returned.NEVER),
            Attribute("tags", multi_valued=True),
            Attribute(
                "parts",
                AttributeType.COMPLEX,
                multi_valued=True,
                sub_attributes=(
                    Attribute("value"),
                    Attribute("kind"),
                    Attribute("weight", AttributeType.DECIMAL),
                    Attribute("primary", AttributeType.BOOLEAN),
                    Attribute("key", returned=Returned.NEVER),
                ),
            ),
            Attribute(
                "box",
                AttributeType.COMPLEX,
                sub_attributes=(
                    Attribute("width", AttributeType.INTEGER),
                    Attribute("labels", multi_valued=True),
                ),
            ),
            Attribute(
                "locks",
                AttributeType.COMPLEX,
                multi_valued=True,
                sub_attributes=(Attribute("value", returned=Returned.NEVER),),
            ),
            Attribute(
                "peers",
                AttributeType.COMPLEX,
                multi_valued=True,
                sub_attributes=(_VALUE, Attribute("display")),
            ),
            Attribute(
                "friends",
                AttributeType.COMPLEX,
                multi_valued=True,
                mutability=AttributeMutability.READ_ONLY,
                sub_attributes=(_VALUE, Attribute("display")),
            ),
        ),
    ),
    extensions=(
        Extension(
            Schema(
                EXTENSION,
                "Extension",
                "",
                (
                    Attribute("rank", AttributeType.INTEGER),
                    Attribute("label"),
                    Attribute("title"),
                    Attribute("hidden", returned=Returned.NEVER),
                    Attribute(
                        "boss",
                        AttributeType.COMPLEX,
                        sub_attributes=(_VALUE, Attribute("display")),
                    ),
                ),
            )
        ),
    ),
    indexes=(
        Index("code", is_unique=True),
        Index("title"),
        Index("tags"),
        Index("parts.value"),
        Index("parts.kind"),
        Index("count"),
        Index(f"{EXTENSION}:label"),
    ),
    relations=(Relation("peers", ("Thing",), "friends"),),
)
BACK_LINKS = ("friends",)

_SHIPPED = shipped_catalogue()
TYPES = {"Thing": THING, **{each.name: each for each in _SHIPPED.resource_types}}


def back_links_of(type_name: str) -> tuple[str, ...]:
    """The back links of a type, as the service takes them from the catalogue."""
    if type_name == "Thing":
        return BACK_LINKS
    return tuple(link.attribute for link in _SHIPPED.back_links_of(type_name))


def bound_text(type_name: str, text: str, profile: Profile = TOLERANT) -> Bound:
    """A filter, from text to bound."""
    wanted = parse_filter(text).filter
    return bound(TYPES[type_name], wanted, profile, back_links_of(type_name))


def line(tree: Tree) -> str:
    """A bound filter as the tables of these tests write it."""
    match tree:
        case Constant():
            return str(tree.holds).lower()
        case Compared():
            return f"{tree.ref} {tree.operator} '{tree.operand}'"
        case Assigned():
            return f"{tree.ref} pr"
        case AnyValue():
            return f"{tree.ref}[{line(tree.filter)}]"
        case AllOf():
            return "(" + " & ".join(map(line, tree.terms)) + ")"
        case AnyOf():
            return "(" + " | ".join(map(line, tree.terms)) + ")"
        case Negated():
            return f"!{line(tree.term)}"
        case _:
            return _link_line(tree)


def _link_line(
    tree: RelationHolds | RelationPresent | BackLinkHolds | BackLinkOnly | IdIn,
) -> str:
    match tree:
        case RelationHolds():
            return f"{tree.attribute} -> {' '.join([*tree.types, tree.target_id])}"
        case RelationPresent():
            kinds = "+".join(tree.types) or "any"
            return f"{tree.attribute} -> {kinds}{f' beyond {tree.beyond}' if tree.beyond else ''}"
        case BackLinkHolds():
            return f"{tree.attribute} <{'=' if tree.is_direct else '-'} {tree.source_id}"
        case BackLinkOnly():
            return f"{tree.attribute} <- only {tree.source_id}"
        case IdIn():
            return f"id in {sorted(tree.ids)}"
