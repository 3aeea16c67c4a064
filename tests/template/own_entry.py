"""template.yaml with the entry of a resource type's own function that docs/resource-types.md shows."""

import re

from local.template import TEMPLATE

DOCUMENT = TEMPLATE.parent / "docs" / "resource-types.md"


def with_entry(template: str) -> str:
    """Return the text of the template with the entry that the document shows."""
    (entry,) = re.findall(r"```yaml\n(.*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL)
    place = "\n  DiscoveryFunction:\n"
    return template.replace(place, f"\n{entry}{place}", 1)
