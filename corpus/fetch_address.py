"""Which addresses a download may go to.

A catalogue names hosts on the internet; where it is led on by a redirect, it must not end on a
machine of the user's own network. Only a catalogue entry that is itself such an address (a mirror
inside a house) may lead to others like it.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

from corpus.errors import DownloadError

Resolve = Callable[[str], tuple[str, ...]]
"""From a host name to its IP addresses.

Raises:
    OSError: if the name has none.
"""


def resolve(host: str) -> tuple[str, ...]:
    """The IP addresses of a host as the system knows them."""
    return tuple({str(found[4][0]) for found in socket.getaddrinfo(host, None)})


def is_private(address: str, look_up: Resolve) -> bool:
    """Whether an address leads to a machine that is not on the public internet.

    One private address of several is enough.

    Raises:
        OSError, UnicodeError: if the host is not known.
    """
    host = urlsplit(address).hostname or ""
    try:
        found: tuple[str, ...] = (str(ipaddress.ip_address(host)),)
    except ValueError:
        found = look_up(host)
    return any(not ipaddress.ip_address(ip.partition("%")[0]).is_global for ip in found)


def next_address(current: str, location: str, *, private_allowed: bool, look_up: Resolve) -> str:
    """Where a redirect leads, if it may.

    Args:
        current: the address that answered.
        location: what it sent; may be relative.
        private_allowed: whether the catalogue's own address is a private one.
        look_up: finds IP addresses of names.

    Raises:
        DownloadError: if it leads to another kind of address, from https to http, or to a
            private address.
        OSError, UnicodeError: if the host is not known.
    """
    try:
        target = urljoin(current, location)
        parts = urlsplit(target)
    except ValueError as error:
        raise DownloadError(f"{current} leads to {location!r}, which is no web address.") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise DownloadError(f"{current} leads to {target!r}, which is no web address.")
    if urlsplit(current).scheme == "https" and parts.scheme != "https":
        raise DownloadError(f"{current} leads to {target}, which is not encrypted.")
    if not private_allowed and is_private(target, look_up):
        raise DownloadError(f"{current} leads to {target}, which is not on the public internet.")
    return target
