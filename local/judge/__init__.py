"""Independent test tools for the running service: scim2-tester and scim-sanity, over HTTP."""
