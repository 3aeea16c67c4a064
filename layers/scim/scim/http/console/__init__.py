"""The setup portal and the operator's console: their pages, and the routes that the pages call."""
