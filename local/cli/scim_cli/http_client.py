"""HTTP clients: for servers elsewhere, through the proxies of the environment, and for this machine."""

from functools import cache
from ssl import SSLContext
from typing import Any, Final
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import click
import httpx2

from scim_cli.local_run import HOSTS

_TIMEOUT: Final = 60.0


def http_client(**options: Any) -> httpx2.Client:
    """Return a client that goes through the proxies of the environment (HTTPS_PROXY, NO_PROXY).

    It trusts the authorities of this machine and of SSL_CERT_FILE. Ends the command where one of these cannot be used.
    """
    try:
        return httpx2.Client(**{"timeout": _TIMEOUT, "verify": _trusted(), **options})
    except ImportError as error:
        raise click.UsageError(
            "The environment names a SOCKS proxy (HTTPS_PROXY, ALL_PROXY): expected http:// or https://."
        ) from error
    except (ValueError, httpx2.InvalidURL) as error:
        raise click.UsageError(
            f"The proxy in the environment (HTTPS_PROXY, ALL_PROXY) is no URL: {error}."
        ) from error


def local_client(**options: Any) -> httpx2.Client:
    """Return a client for servers on this machine, which uses no proxy."""
    return httpx2.Client(
        **{"timeout": _TIMEOUT, "trust_env": False, "verify": _authorities(), **options}
    )


def client_for(url: str, **options: Any) -> httpx2.Client:
    """Return the client for a server: no proxy sees what is sent to this machine."""
    parts = urlsplit(url)
    if parts.hostname not in HOSTS:
        return http_client(**options)
    # Without the environment httpx2 would not read SSL_CERT_FILE either.
    return local_client(**({"verify": _trusted()} if parts.scheme == "https" else {}), **options)


@cache
def _authorities() -> SSLContext:
    """Return the trust in the authorities of this machine; to read them takes longer than most requests."""
    return httpx2.create_ssl_context(trust_env=False)


def _trusted() -> SSLContext:
    """Return whom to trust: the authorities of this machine or of SSL_CERT_FILE. Ends the command if that is unreadable."""
    try:
        return httpx2.create_ssl_context()
    except OSError as error:
        raise click.UsageError(
            f"SSL_CERT_FILE or SSL_CERT_DIR cannot be read: {error.strerror or error}."
        ) from error


def is_proxied(url: str) -> bool:
    """Tell whether a proxy of the environment is asked for a URL."""
    parts, proxies = urlsplit(url), getproxies()
    host = parts.hostname or ""
    has_proxy = bool(proxies.get(parts.scheme) or proxies.get("all"))
    return has_proxy and host not in HOSTS and not proxy_bypass(host)
