"""Measurements: the cost of requests, at several sizes, and compared with other servers. Never deployed."""
