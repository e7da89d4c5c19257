"""A Chroma server: how `corpus.chroma` reaches it, and how long it waits for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from corpus.errors import SettingsError

if TYPE_CHECKING:
    from chromadb.api import ClientAPI

WRITING = 10
"""Vectors that are written go into a graph first: that may take so many times as long."""

_AWAY = (502, 503, 504)
"""What a proxy answers for a server that is not there."""


def connect(url: str, *, timeout_s: float, writing: bool) -> ClientAPI:
    """A client of the server at an address.

    Args:
        url: of the server.
        timeout_s: longest wait for it to take or to send anything.
        writing: whether vectors will be written, which may take `WRITING` times as long.

    Raises:
        SettingsError: if the address is none.
        ValueError: if the server does not answer as one; Chroma raises further errors.
    """
    host, port, encrypted = _address(url)
    import httpx
    from chromadb.api.client import Client
    from chromadb.config import Settings

    def is_there(response: httpx.Response) -> None:
        if response.status_code in _AWAY:
            response.raise_for_status()  # else Chroma raises what says nothing of it

    sessions: list[httpx.Client] = []

    def limit(client: Any, read_s: float) -> None:
        session = client._server._session
        sessions.append(session)
        session.timeout = httpx.Timeout(timeout_s, read=read_s)
        session.event_hooks = {"response": [is_there]}

    class Patient(Client):
        """Chroma's own client waits for ever, and there is no setting for it.

        It asks twice while it is made, with a session each; these are the first who see them.
        """

        def get_user_identity(self) -> Any:
            limit(self, timeout_s)
            return super().get_user_identity()

        def _validate_tenant_database(self, tenant: str, database: str) -> None:
            limit(self._admin_client, timeout_s)
            super()._validate_tenant_database(tenant=tenant, database=database)

        def close(self) -> None:
            super().close()
            hang_up()

    def hang_up() -> None:
        # Chroma leaves its connections to Python's search for garbage.
        for session in sessions:
            session.close()

    settings = Settings(
        # Chroma reads the environment and a `.env` file in the current folder; what matters is set.
        anonymized_telemetry=False,
        chroma_otel_collection_endpoint="",
        chroma_api_impl="chromadb.api.fastapi.FastAPI",
        chroma_server_host=host,
        chroma_server_http_port=port,
        chroma_server_ssl_enabled=encrypted,
    )
    try:
        client = Patient(settings=settings)
    except BaseException:
        hang_up()
        raise
    limit(client, timeout_s * (WRITING if writing else 1))
    return client


def is_away(error: BaseException) -> bool:
    """Whether a server that cannot be reached, or does not answer in time, is behind an error."""
    import httpx

    return any(
        isinstance(behind, httpx.TransportError)
        or (isinstance(behind, httpx.HTTPStatusError) and behind.response.status_code in _AWAY)
        for behind in _chain(error)
    )


def is_late(error: BaseException) -> bool:
    """Whether it is there and does not answer in time."""
    import httpx

    return any(isinstance(behind, httpx.TimeoutException) for behind in _chain(error))


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An error and those behind it: Chroma hides what the connection says behind its own."""
    behind: BaseException | None = error
    while behind is not None:
        yield behind
        behind = behind.__cause__ or behind.__context__


def _address(url: str) -> tuple[str, int, bool]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/"):
        raise SettingsError(
            f"Setting store.url is not the address of a Chroma server: {url}. "
            "An example: http://localhost:8000"
        )
    encrypted = parts.scheme == "https"
    return parts.hostname, port or (443 if encrypted else 8000), encrypted
