"""Imported once by the process that servers are forked from: the service loaded, its template read."""

import local.service
from local.gateway import Gateway

__all__ = ["local"]

with Gateway.start("moto", {}):
    pass  # nothing is served: what it takes to start another one is at hand from now on
