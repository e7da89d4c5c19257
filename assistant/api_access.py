"""Who may come in: by the right name, from no foreign page, with a key, and not too often.

On this machine the server is open: whoever can reach it has the data folder as well. A web page
of another site can reach it, too, through the browser of who looks at it; so requests that change
something must come from a page of our own or from no page at all, and the Host must be one of
ours (a foreign name that was made to point here is not).
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from fastapi import Request
from starlette.exceptions import HTTPException

from assistant.api_rate import RateLimit, is_loopback, network_of
from assistant.keys import Key, Keys, Scope
from assistant.web_policy import App, Receive, Send, path_of, send_problem
from assistant.web_policy import Scope as AsgiScope
from corpus.settings import AccessSettings, Settings

HEALTH = ("/healthz", "/readyz")
"""Open to all: whoever watches the server has no key."""

_SAFE = ("GET", "HEAD", "OPTIONS")
_COUNTED = re.compile(r"/(?:api|v1|mcp|documents|gradio_api/(?:queue/join|call))(?:/|$)")
_FOR_PROGRAMS = re.compile(r"/(?:api|v1|mcp|metrics)(?:/|$)")
_STATE = "guide.access"
_PASSWORD = b'Basic realm="The key is the password", charset="UTF-8"'
_KEY_NEEDED = "A key is needed: `Authorization: Bearer KEY`. `guide keys create NAME` makes one."


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What is asked of a request.

    Attributes:
        keys: whether a key is.
        hosts: names under which the server is reached; empty where any will do.
        this_machine: whether the names of this machine will do as well.
    """

    keys: bool
    hosts: frozenset[str] = frozenset()
    this_machine: bool = False

    def knows_host(self, host: str) -> bool:
        """Whether a Host header may name this server."""
        if not self.hosts and not self.this_machine:
            return True
        name = _host_name(host)
        return name in self.hosts or (self.this_machine and is_loopback(name))


def rules_of(settings: Settings) -> Rules:
    """The rules that the settings ask for."""
    access, here = settings.access, is_loopback(settings.server.host)
    hosts = frozenset(h.strip().lower() for h in access.hosts.split(",") if h.strip())
    return Rules(keys=_asks_for_keys(access, here), hosts=hosts, this_machine=here)


def _asks_for_keys(access: AccessSettings, here: bool) -> bool:
    return access.keys == "always" or (access.keys == "auto" and not here)


class Access:
    """Wraps a web application (ASGI) with the rules of this module."""

    def __init__(self, app: App, *, rules: Rules, keys: Keys, limit: RateLimit) -> None:
        self._app = app
        self._rules = rules
        self._keys = keys
        self._limit = limit

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        """One request or connection."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            # Nothing here speaks over web sockets.
            await send({"type": "websocket.close", "code": 1008})
            return
        refusal, key = self._look_at(scope)
        if refusal is not None:
            await send_problem(scope, send, *refusal)
            return
        scope[_STATE] = key.scope if key else Scope.ADMIN
        await self._app(scope, receive, send)

    def _look_at(self, scope: AsgiScope) -> tuple[_Refusal | None, Key | None]:
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        host = headers.get(b"host", "")
        path = path_of(scope)
        if path in HEALTH:
            return None, None
        if not self._rules.knows_host(host):
            return _refuse(421, "This server is not reached under that name (access.hosts)."), None
        if scope["method"] not in _SAFE and not _same_site(headers, host):
            return _refuse(403, "A page of another site may not send this."), None
        key = self._keys.find(_shown_key(headers)) if self._rules.keys else None
        client = (scope.get("client") or ("unknown", 0))[0]
        if self._rules.keys or not is_loopback(client):
            wait_s = self._counted(path, key, client)
            if wait_s:
                detail = f"Too many requests. Come back in {wait_s} seconds."
                return _refuse(429, detail, [(b"retry-after", str(wait_s).encode())]), key
        if self._rules.keys and key is None:
            way = b"Bearer" if _FOR_PROGRAMS.match(path) else _PASSWORD
            return _refuse(401, _KEY_NEEDED, [(b"www-authenticate", way)]), None
        return None, key

    def _counted(self, path: str, key: Key | None, client: str) -> int:
        if key is None and self._rules.keys:
            return self._limit.wait_s(f"address {network_of(client)}")  # also who guesses keys
        if not _COUNTED.match(path):
            return 0
        return self._limit.wait_s(f"key {key.id}" if key else f"address {network_of(client)}")


def is_admin(scope: AsgiScope) -> bool:
    """Whether a request may change the library."""
    return bool(scope.get(_STATE, Scope.ADMIN) == Scope.ADMIN)


def require_admin(request: Request) -> None:
    """A dependency of routes that change the library.

    Raises:
        HTTPException: 403 if the key that was shown may only ask.
    """
    if not is_admin(request.scope):
        raise HTTPException(403, "This needs a key of scope admin: guide keys create --scope admin")


_Refusal = tuple[int, str, Iterable[tuple[bytes, bytes]]]


def _refuse(status: int, detail: str, headers: Iterable[tuple[bytes, bytes]] = ()) -> _Refusal:
    return status, detail, headers


def _shown_key(headers: dict[bytes, str]) -> str:
    """The key of a request: as a bearer, in X-API-Key, or as the password a browser asks for."""
    kind, _, value = headers.get(b"authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return value.strip()
    if kind.lower() == "basic":
        try:
            return base64.b64decode(value, validate=True).decode().partition(":")[2]
        except ValueError:  # no base64, or no text
            return ""
    return headers.get(b"x-api-key", "").strip()


def _same_site(headers: dict[bytes, str], host: str) -> bool:
    """Whether a request comes from a page of our own, or from no page at all."""
    if headers.get(b"sec-fetch-site", "none") not in ("same-origin", "none"):
        return False
    origin = headers.get(b"origin")
    if origin is None:
        return True
    try:
        return urlsplit(origin).netloc.lower() == host.lower()
    except ValueError:
        return False


def _host_name(host: str) -> str:
    host = host.lower()
    if host.startswith("["):
        return host.partition("]")[0].strip("[")
    return host.partition(":")[0]
