"""Identity providers that are played, to show the service without one."""
