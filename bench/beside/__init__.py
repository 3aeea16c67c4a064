"""The CPU of requests beside that of other servers."""
