"""Base64url without padding (RFC 4648 section 5), as JWS and our tokens and cursors use it."""

from base64 import urlsafe_b64decode, urlsafe_b64encode


def base64url(content: bytes) -> str:
    """Return bytes as text that needs no quoting in a URL."""
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def bytes_in(text: str) -> bytes:
    """Return the bytes in the text, ignoring what is not of its alphabet. Raises ValueError for a wrong length."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
