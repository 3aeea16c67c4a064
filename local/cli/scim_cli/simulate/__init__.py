"""Simulated identity providers, to show the service without a real one."""
