"""A judge of any SCIM server: what the specifications ask for, rule by rule, over HTTP."""
