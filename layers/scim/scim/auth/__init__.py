"""The face of the authorizer: a credential in, a cacheable policy out."""
