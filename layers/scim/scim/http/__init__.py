"""The API: takes a gateway event, returns a SCIM response, and converts errors to responses."""
