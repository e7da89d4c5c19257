"""How often one key or address may ask: a bucket of requests for each, refilled over time."""

from __future__ import annotations

import ipaddress
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

_ROUNDED = 1e-9
"""What sums of times lose: who waited as long as was said is let in."""
MOST_BUCKETS = 10_000
"""Keys and addresses that are remembered; the ones seen longest ago are forgotten."""


class RateLimit:
    """Allows each name so many requests a minute, and as many at once."""

    def __init__(self, per_minute: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        """A limit.

        Args:
            per_minute: requests.
            clock: seconds that only ever rise.
        """
        self._most = float(per_minute)
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait_s(self, name: str) -> int:
        """Counts a request: 0 if it is allowed, else the seconds until one will be."""
        now = self._clock()
        with self._lock:
            left, seen = self._buckets.pop(name, (self._most, now))
            left = min(self._most, left + (now - seen) * self._most / 60)
            allowed = left >= 1 - _ROUNDED
            self._buckets[name] = (left - 1 if allowed else left, now)
            if len(self._buckets) > MOST_BUCKETS:
                self._buckets.popitem(last=False)
        return 0 if allowed else math.ceil((1 - left) * 60 / self._most)


def network_of(address: str) -> str:
    """What is counted together: an IPv4 address, or the /64 network that one IPv6 user holds."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine."""
    host = host.strip("[]").lower()
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        parsed = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    return (mapped or parsed).is_loopback
