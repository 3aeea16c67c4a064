"""The authorizer: takes a credential, returns a cacheable policy."""
