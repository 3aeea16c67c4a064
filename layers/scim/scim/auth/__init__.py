"""The authorizer: a credential in, a cacheable policy out."""
