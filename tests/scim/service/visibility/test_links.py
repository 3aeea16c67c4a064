"""Back links read like a mapping, and unread ones cost nothing."""

from scim.resource.record import Link
from scim.service.visibility.visible import VisibleLinks

MEMBERS, OWNERS = Link("Group", "members"), Link("Group", "owners")


def test_only_requested_links_are_looked_at() -> None:
    asked: list[Link] = []

    def narrow(link: Link, ids: frozenset[str]) -> frozenset[str]:
        asked.append(link)
        return ids - {"hidden"}

    links = VisibleLinks(
        {MEMBERS: frozenset({"a", "hidden"}), OWNERS: frozenset({"hidden"})}, narrow
    )
    assert len(links) == 2
    assert list(links) == [MEMBERS, OWNERS]
    assert links.get(Link("Group", "guests"), frozenset()) == frozenset()
    assert asked == []
    assert links[MEMBERS] == {"a"}
    assert links.get(OWNERS) == frozenset()
    assert asked == [MEMBERS, OWNERS]
    assert links.stored[OWNERS] == {"hidden"}
