"""The routes of a tenant's setup portal, and what serves them."""
