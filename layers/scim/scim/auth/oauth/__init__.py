"""OAuth: the token endpoint and the clients that use it."""
