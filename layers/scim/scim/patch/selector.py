"""Selectors `[extId='x']` of a dialect, written as the value filters of RFC 7644 section 3.5.2."""

import json
import re
from collections.abc import Mapping
from typing import Final

_SELECTOR: Final = re.compile(
    r"""
    (?P<attribute> [^][\s"']+ )
    \[ \s* (?P<name> \$? [A-Za-z] [\w$-]* ) \s* ==? \s*
        (?P<mark> ["'] ) (?P<value> .* ) (?P=mark) \s* \]
    (?P<part> \. [^][\s"']+ )?
    """,
    re.VERBOSE | re.DOTALL,
)


def plainly_selected(path: str, value: object) -> tuple[str, object]:
    """Return the path with `[name eq "value"]` for its `[name='value']`, and the operation's value.

    What is selected is all between the first mark and the last: marks and brackets may be part
    of it. An object that takes the place of what is selected keeps the name it was selected by.
    """
    found = _SELECTOR.fullmatch(path)
    if found is None:
        return path, value
    name, wanted, part = found["name"], found["value"], found["part"] or ""
    literal = json.dumps(wanted, ensure_ascii=False)
    if not part and isinstance(value, Mapping) and value:
        is_named = any(str(key).lower() == name.lower() for key in value)
        value = value if is_named else {name: wanted, **value}
    return f"{found['attribute']}[{name} eq {literal}]{part}", value
