"""Which path below the mount is served by what: a module for what one function serves."""
