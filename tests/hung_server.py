"""A server whose questions hang in its vector store, in a process that is told to stop."""

from __future__ import annotations

import contextlib
import signal
import sys
from multiprocessing.connection import Connection
from pathlib import Path

from assistant.api import create_api
from assistant.serve import listen, make_server, open_desks
from corpus.settings import ServerSettings, Settings, StoreSettings
from tests.test_pipeline import open_with

NEVER_S = 300.0
STOP_S = 3.0


def settings_of(home: Path, url: str) -> Settings:
    """Settings that wait for a store for ever, as far as a test can tell."""
    store = StoreSettings(url=url, timeout_s=NEVER_S)
    return Settings(home=home, store=store, server=ServerSettings(port=0))


def run(home: str, url: str, told: Connection) -> None:
    """Serves the library of a folder until it is stopped; tells its port."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    settings = settings_of(Path(home), url)
    with (
        contextlib.closing(open_with(Path(home), settings=settings)) as assistant,
        open_desks(assistant, settings) as desks,
        contextlib.closing(listen(settings.server)) as listener,
    ):
        app = create_api(assistant, desks.kept, version="1", settings=settings)
        server = make_server(app, settings, stop_s=STOP_S)
        server.config.timeout_graceful_shutdown = 1
        told.send(listener.getsockname()[1])
        server.run(sockets=[listener])
