"""The API: a gateway event in, a SCIM answer out; errors become responses here."""
