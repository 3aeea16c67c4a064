"""Messages: an event read as a request, and the response it gets."""
