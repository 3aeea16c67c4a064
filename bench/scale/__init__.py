"""How the service scales: with the size of a request's subject, and with the number of concurrent clients."""
