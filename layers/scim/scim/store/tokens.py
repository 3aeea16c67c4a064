"""Tokens: what is kept of a credential is its SHA-256 and whom it stands for, never the secret.

A token is 256 random bits, so one fast hash is enough, and a lookup by hash leaves no
comparison to time (docs/decisions/0004-opaque-tokens.md).
"""

import base64
import hashlib
import secrets
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

PREFIX = "TOKEN#"
BITS = 256


@dataclass(frozen=True, slots=True)
class Token:
    """What is known of a token; times are RFC 3339 in UTC."""

    token_id: str
    tenant: str
    scopes: tuple[str, ...]
    label: str
    created_at: str
    expires_at: str
    not_before: str | None = None
    revoked_at: str | None = None


def minted(token_id: str) -> str:
    """Return a new secret: `scim_<token id>_<256 random bits><checksum>`, base64url.

    The prefix lets secret scanners find it where it does not belong.
    """
    random = base64.urlsafe_b64encode(secrets.token_bytes(BITS // 8)).rstrip(b"=").decode()
    checksum = base64.urlsafe_b64encode(zlib.crc32(random.encode()).to_bytes(4, "big"))
    return f"scim_{token_id}_{random}{checksum.rstrip(b'=').decode()}"


def hash_of(secret: str) -> str:
    """Return the SHA-256 of a secret in hex: all that is stored of it."""
    return hashlib.sha256(secret.encode()).hexdigest()


def find(client: "DynamoDBClient", table_name: str, token_hash: str) -> Token | None:
    """Return the token with that hash, or None; one consistent read."""
    key = {"pk": {"S": f"{PREFIX}{token_hash}"}, "sk": {"S": "-"}}
    item = client.get_item(TableName=table_name, Key=key, ConsistentRead=True).get("Item")
    if item is None:
        return None
    text = {name: value["S"] for name, value in item.items() if "S" in value}
    return Token(
        token_id=text["id"],
        tenant=text["tenant"],
        scopes=tuple(text.get("scopes", "").split()),
        label=text.get("label", ""),
        created_at=text["at"],
        expires_at=text["expires"],
        not_before=text.get("from"),
        revoked_at=text.get("revoked"),
    )


def save(client: "DynamoDBClient", table_name: str, token_hash: str, token: Token) -> None:
    """Store a token under its hash, or what has changed of it."""
    text = {
        "pk": f"{PREFIX}{token_hash}",
        "sk": "-",
        "k": "token",
        "id": token.token_id,
        "tenant": token.tenant,
        "scopes": " ".join(token.scopes),
        "label": token.label,
        "at": token.created_at,
        "expires": token.expires_at,
        "from": token.not_before,
        "revoked": token.revoked_at,
    }
    item = {name: {"S": value} for name, value in text.items() if value is not None}
    # A transaction for its client token: an answer that was lost is asked for again harmlessly.
    client.transact_write_items(
        TransactItems=[{"Put": {"TableName": table_name, "Item": {**item, "s": {"N": "1"}}}}]
    )
