"""Tests any SCIM server over HTTP against the rules of the specifications."""
