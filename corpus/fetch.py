"""Downloads one file: in pieces, resumed where it was cut off, checked before anybody sees it.

The only home of httpx. What arrives is kept in a `.part` file; the finished file is handed over
as that, and whoever asked for it moves it to its place.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from corpus.errors import DownloadError, OfflineError
from corpus.fetch_address import Resolve, is_private, next_address, resolve
from corpus.fetch_part import Downloaded, PartFile

if TYPE_CHECKING:
    import httpx

DISTRIBUTION = "programme-guide-assistant"

_MAX_REDIRECTS = 5
_ATTEMPTS = 4
_MAX_PAUSE_S = 60.0

Progress = Callable[[int, int | None], None]
"""Told of (bytes there, bytes in all or None where the server does not say)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How a server is treated.

    Attributes:
        connect_timeout_s, read_timeout_s: longest silence before an attempt ends.
        pause_s: before the second attempt; doubled for each that follows.
        between_files_s: a pause between files, so that nobody's server is hurried.
        max_bytes: larger files are refused.
        wait: how to pause. resolve: how to look names up.
    """

    connect_timeout_s: float = 10.0
    read_timeout_s: float = 30.0
    pause_s: float = 2.0
    between_files_s: float = 1.0
    max_bytes: int = 200_000_000
    wait: Callable[[float], None] = time.sleep
    resolve: Resolve = resolve


class _TryAgainError(Exception):
    """This attempt failed in a way that another may not; `after_s` is the server's wish."""

    def __init__(self, message: str, after_s: float = 0.0) -> None:
        super().__init__(message)
        self.after_s = after_s


def user_agent() -> str:
    """What servers are told about us."""
    return f"{DISTRIBUTION}/{version(DISTRIBUTION)}"


def download(
    address: str,
    part: Path,
    *,
    manners: Manners,
    sha256: str = "",
    on_progress: Progress = lambda _done, _total: None,
) -> Downloaded:
    """Downloads a PDF into a `.part` file.

    Args:
        address: http or https.
        part: the file to fill; what an earlier call left there is gone on with, where the server
            still has the same version.
        manners: limits and pauses.
        sha256: of the file that is wanted; "" where any PDF will do.
        on_progress: called as bytes arrive.

    Raises:
        OfflineError: if there is no network.
        DownloadError: if the file cannot be had, or what came is not it. An incomplete file
            stays for the next call, a wrong one is deleted.
    """
    import httpx

    private = _check_network(address, manners)
    file = PartFile(part, address, max_bytes=manners.max_bytes)
    timeout = httpx.Timeout(manners.read_timeout_s, connect=manners.connect_timeout_s)
    headers = {
        "User-Agent": user_agent(),
        "Accept": "application/pdf",
        "Accept-Encoding": "identity",
    }
    with httpx.Client(timeout=timeout, headers=headers) as client:
        job = _Job(client, address, file, manners, private=private, tell=on_progress)
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                final, size = job.attempt()
                return file.finish(final, sha256=sha256, size=size)
            except (httpx.InvalidURL, UnicodeError) as error:
                raise DownloadError(f"{address} leads to what is no web address.") from error
            except (_TryAgainError, httpx.RequestError) as error:
                if _is_offline(error):
                    raise OfflineError(_no_network(address)) from error
                if attempt == _ATTEMPTS:
                    reason = str(error) or type(error).__name__
                    raise DownloadError(
                        f"{address} could not be downloaded in {attempt} attempts: {reason}."
                    ) from error
                asked = error.after_s if isinstance(error, _TryAgainError) else 0.0
                manners.wait(max(asked, manners.pause_s * 2 ** (attempt - 1)))
    raise AssertionError("the last attempt returns or raises")


class _Job:
    """One file on its way."""

    def __init__(
        self,
        client: httpx.Client,
        address: str,
        file: PartFile,
        manners: Manners,
        *,
        private: bool,
        tell: Progress,
    ) -> None:
        self._client = client
        self._address = address
        self._file = file
        self._manners = manners
        self._private = private
        self._tell = tell

    def attempt(self) -> tuple[str, int]:
        """Asks for the file, or for what is missing of it.

        Returns:
            The address that gave it, and the size that the file must have (0: not known).
        """
        address = self._address
        validator, there = self._file.validator, self._file.size
        wish = {"Range": f"bytes={there}-", "If-Range": validator} if there and validator else {}
        for _ in range(_MAX_REDIRECTS + 1):
            with self._client.stream("GET", address, headers=wish) as answer:
                if not answer.has_redirect_location:
                    return address, self._take(answer, address, validator)
                address = self._led_to(address, answer.headers["location"])
        raise DownloadError(f"{self._address} leads on and on ({_MAX_REDIRECTS} redirects).")

    def _led_to(self, address: str, location: str) -> str:
        # By a proxy, names are the proxy's to look up: only literal addresses are judged here.
        look_up = _unknown if _by_proxy(address) else self._manners.resolve
        try:
            return next_address(address, location, private_allowed=self._private, look_up=look_up)
        except (OSError, UnicodeError) as error:
            raise DownloadError(
                f"{address} leads to {location[:200]}, which is not known."
            ) from error

    def _take(self, answer: httpx.Response, address: str, validator: str) -> int:
        status = answer.status_code
        if status == 416:  # there is more than the server has: it has another file by now
            self._start_anew("the server has another file by now")
        if status in (408, 425, 429) or status >= 500:
            after_s = _seconds(answer.headers.get("retry-after", ""))
            raise _TryAgainError(f"the server said {status}", after_s)
        if status in (404, 410):
            raise DownloadError(f"{address} is gone (the server said {status}).")
        if status not in (200, 206):
            raise DownloadError(f"{address} cannot be had (the server said {status}).")
        there = self._file.size if status == 206 else 0
        found = _validator(answer)
        if status == 206:
            begins = answer.headers.get("content-range", "").startswith(f"bytes {there}-")
            if not validator or not begins or (found and found != validator):
                self._start_anew("the server sent another part than it was asked for")
        length = answer.headers.get("content-length", "")
        missing = int(length) if length.isdigit() and not _is_packed(answer) else 0
        total = there + missing if missing else 0
        self._file.check_room(total, missing=missing)
        self._tell(there, total or None)
        wrong = False
        with self._file.go_on() if status == 206 else self._file.start(found) as file:
            # In pieces as they arrive: gathered into larger ones, the last would be lost in a cut.
            for piece in answer.iter_bytes():
                wrong = self._file.looks_wrong(piece)
                if wrong:
                    break
                file.write(piece)
                there += len(piece)
                self._file.check_room(there)
                self._tell(there, total or None)
        if wrong or self._file.looks_wrong(b"", last=True):
            self._file.forget()
            kind = answer.headers.get("content-type", "").partition(";")[0] or "something"
            raise DownloadError(f"{address} gave {kind} in place of a PDF.")
        return total

    def _start_anew(self, why: str) -> None:
        self._file.forget()
        raise _TryAgainError(why)


def _validator(answer: httpx.Response) -> str:
    """What tells this version of the file from others; "" where nothing does for sure."""
    if _is_packed(answer):
        return ""
    etag = str(answer.headers.get("etag", ""))
    return (etag if not etag.startswith("W/") else "") or str(
        answer.headers.get("last-modified", "")
    )


def _is_packed(answer: httpx.Response) -> bool:
    return bool(answer.headers.get("content-encoding", "identity") != "identity")


def _check_network(address: str, manners: Manners) -> bool:
    """Finds out at once whether there is any sense in trying; whether the address is private.

    Raises:
        OfflineError: if the host cannot be found.
    """
    if _by_proxy(address):
        return False
    try:
        private = is_private(address, manners.resolve)
    except (OSError, UnicodeError) as error:
        raise OfflineError(_no_network(address)) from error
    if not private and not _has_route():
        raise OfflineError(_no_network(address))
    return private


def _seconds(retry_after: str) -> float:
    """What a server asks to wait, as far as we are willing to."""
    with suppress(ValueError):
        return min(_MAX_PAUSE_S, max(0.0, float(retry_after)))
    return 0.0


def _by_proxy(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme in getproxies() and not proxy_bypass(parts.hostname or "")


def _unknown(_host: str) -> tuple[str, ...]:
    return ()


def _has_route() -> bool:
    """Whether packets could leave this machine; none is sent."""
    for family, target in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((target, 9))
            return True
    return False


def _is_offline(error: BaseException) -> bool:
    """Whether a connection failed because a name cannot be looked up."""
    seen: BaseException | None = error
    while seen is not None and not isinstance(seen, socket.gaierror):
        seen = seen.__cause__ or seen.__context__
    return seen is not None


def _no_network(address: str) -> str:
    return f"There is no network: {urlsplit(address).hostname} cannot be reached."
