"""An HTTP server of the standard library on loopback, for tests that script what a service says."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@contextmanager
def listening(handler: type[BaseHTTPRequestHandler], over: threading.Event) -> Iterator[int]:
    """The free port on which requests are handled until the end of the block.

    Args:
        handler: one object for each connection.
        over: set at the end, so that a handler that holds an answer back lets go.
    """
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as http:
        http.daemon_threads = True
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield http.server_address[1]
        finally:
            over.set()
            http.shutdown()
            thread.join()
