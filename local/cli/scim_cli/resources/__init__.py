"""Commands about the resources of a tenant's directory, over HTTP."""
