"""Fails when its path says so, and cannot be loaded when its environment says so."""

import os

if "UNLOADABLE" in os.environ:
    raise ImportError(os.environ["UNLOADABLE"])


def handler(event, context):
    if event["path"] == "/broken/set":
        return {"statusCode": {1, 2}}
    raise RuntimeError("a secret")
