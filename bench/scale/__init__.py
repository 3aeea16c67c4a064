"""How the service scales: with what a request is about, and with how many ask at once."""
