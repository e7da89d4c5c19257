"""A way to a server that can be cut, as when its machine goes away, and mended."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread
from urllib.parse import urlsplit


class Cable:
    """Passes on what comes to a port of its own, while it is whole."""

    def __init__(self, address: str) -> None:
        """A whole cable to the server at an address."""
        self._port = 0
        self._listener: socket.socket | None = None
        self._open: list[socket.socket] = []
        self.lead_to(address)
        self.mend()

    def lead_to(self, address: str) -> None:
        """Leads new connections to another server."""
        there = urlsplit(address)
        self._there = (str(there.hostname), there.port or 80)

    @property
    def address(self) -> str:
        """Where the server is reached by it."""
        return f"http://127.0.0.1:{self._port}"

    def mend(self) -> None:
        """Lets everything pass (again), at the same address."""
        self._listener = socket.create_server(("127.0.0.1", self._port))
        self._port = self._listener.getsockname()[1]
        Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def cut(self) -> None:
        """Ends every connection and takes no new one."""
        listener, self._listener = self._listener, None
        for end in filter(None, (listener, *self._open)):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self._open.clear()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                here, _ = listener.accept()
                try:
                    there = socket.create_connection(self._there)
                except OSError:
                    here.close()
                    continue
                self._open += [here, there]
                for source, target in ((here, there), (there, here)):
                    Thread(target=_pass_on, args=(source, target), daemon=True).start()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while part := source.recv(65536):
            target.sendall(part)
    for end in (source, target):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


@contextmanager
def cable_to(address: str) -> Iterator[Cable]:
    """A cable that is cut in the end."""
    cable = Cable(address)
    try:
        yield cable
    finally:
        cable.cut()
