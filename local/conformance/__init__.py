"""`make conform`: what `scim conform` finds of each profile, written down where the service tells it."""
