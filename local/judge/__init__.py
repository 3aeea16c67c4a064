"""Outside judges of the running service: scim2-tester and scim-sanity, over HTTP."""
