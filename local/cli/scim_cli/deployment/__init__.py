"""Commands about a deployment as a whole, and how AWS is asked."""
