"""The routes below the mount: one module for the routes of each function."""
