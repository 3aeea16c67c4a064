"""The setup portal and the operator's console: their pages, and what the pages ask for."""
