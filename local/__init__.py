"""What runs on a developer's machine and is never deployed: the local gateway and the rehearsals."""

from contextlib import suppress
from functools import cache

with suppress(ImportError):  # some tools run in an environment of their own, without it
    import botocore.loaders

    # Each session would read the descriptions of all AWS services anew: a fourth of what a start took.
    botocore.loaders.create_loader = cache(botocore.loaders.create_loader)
