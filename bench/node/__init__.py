"""Peers in JavaScript: npm fetches the packages in package-lock.json, Node runs the programs in this folder."""
