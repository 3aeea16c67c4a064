"""Distinguished names in one form for comparison: RFC 4514 allows many spellings of the same name."""

from collections.abc import Iterator

_HEX = frozenset("0123456789abcdefABCDEF")
_SPECIAL = frozenset(',+="\\<>;')


def compared_name(name: str) -> str:
    """Return a distinguished name case-folded, without spaces around its parts or needless escapes.

    Any other text is only case-folded.
    """
    parts = [part if sign else _guarded(part.strip()) for sign, part in _parts(name)]
    return "".join(parts).casefold()


def _parts(name: str) -> Iterator[tuple[bool, str]]:
    """Yield the parts of a name, unescaped, and the separators between them (flag True)."""
    text = bytearray()
    position = 0
    while position < len(name):
        sign = name[position]
        if sign == "\\" and position + 1 < len(name):
            pair = name[position + 1 : position + 3]
            is_hex = len(pair) == 2 and _HEX.issuperset(pair)
            text += bytes.fromhex(pair) if is_hex else name[position + 1].encode()
            position += 3 if is_hex else 2
            continue
        if sign in ",;+=":
            yield False, text.decode(errors="replace")
            # RFC 4514 section 2.4: LDAP version 2 wrote a semicolon for a comma.
            yield True, "," if sign == ";" else sign
            text.clear()
        else:
            text += sign.encode()
        position += 1
    yield False, text.decode(errors="replace")


def _guarded(text: str) -> str:
    return "".join(f"\\{sign}" if sign in _SPECIAL else sign for sign in text)
