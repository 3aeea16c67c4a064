"""`make conform`: writes what `scim conform` finds for each profile to where the service reads it."""
