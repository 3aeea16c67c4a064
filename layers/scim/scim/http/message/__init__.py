"""Messages: reads an event as a request, and makes its response."""
