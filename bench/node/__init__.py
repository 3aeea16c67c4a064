"""Peers in JavaScript: npm fetches what package-lock.json names, Node runs the programs beside it."""
