"""A client that authenticates with signed assertions (RFC 7523 section 2.2)."""

import json
import time
import uuid
from dataclasses import dataclass, field
from typing import Final

import jwt

_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class KeyClient:
    """The id of a client of an authorization server, and its private key as a JWK (RFC 7517)."""

    id: str
    key: str = field(repr=False)

    def assertion(self, audience: str) -> str:
        """Return a signed JWT that names the client; raises ValueError if the key is not a private key."""
        try:
            key = jwt.PyJWK.from_dict(json.loads(self.key))
        except (jwt.PyJWTError, ValueError, TypeError) as error:
            raise ValueError("The key is no private key as a JWK.") from error
        now = int(time.time())
        claims = {"iss": self.id, "sub": self.id, "aud": audience, "jti": str(uuid.uuid4())}
        headers = {"kid": key.key_id} if key.key_id else None
        times = {"iat": now, "exp": now + _SECONDS}
        return jwt.encode({**claims, **times}, key.key, key.algorithm_name, headers)
