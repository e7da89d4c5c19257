"""The web application: the API with the chat window beside it, and the server that runs it."""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from types import FrameType
from typing import TYPE_CHECKING

from assistant.api_access import Access, rules_of
from assistant.api_health import Readiness
from assistant.api_jobs import Jobs
from assistant.api_metrics import Measured, Metrics
from assistant.api_rate import RateLimit
from assistant.api_requests import Requests
from assistant.extensions import AdminPage, Extensions, Ingesting
from assistant.kept import KeptAnswers, library_fingerprint
from assistant.keys import Keys
from assistant.library import Library
from assistant.service import Answering
from assistant.starting import starting
from assistant.web_policy import App, WebPolicy
from corpus.errors import SettingsError
from corpus.settings import ServerSettings, Settings

if TYPE_CHECKING:
    import uvicorn

DISTRIBUTION = "programme-guide-assistant"

GRACE_S = 10
"""What is being answered when the server is stopped has so long."""
STOP_S = 15.0
"""After that time the process has ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desks:
    """What the web application needs besides the assistant; opened by `open_desks`.

    Attributes:
        kept: where answers are kept.
        keys: the API keys.
        jobs: documents to add and remove; None where the library cannot be changed over HTTP.
    """

    kept: KeptAnswers
    keys: Keys
    jobs: Jobs | None = None


@contextlib.contextmanager
def open_desks(
    service: Answering, settings: Settings, ingesting: Ingesting | None = None
) -> Iterator[Desks]:
    """Opens the files that the web application writes to, in the data folder of the settings.

    Raises:
        LibraryError: if one of them cannot be used.
    """
    home = settings.home
    with contextlib.ExitStack() as stack:
        kept = KeptAnswers.open(
            home,
            settings=settings.keep,
            fingerprint=lambda: library_fingerprint(service.records()),
        )
        stack.enter_context(contextlib.closing(kept))
        keys = stack.enter_context(contextlib.closing(Keys(home)))
        jobs = None
        if ingesting is not None:
            jobs = stack.enter_context(contextlib.closing(Jobs(home, ingesting)))
        yield Desks(kept=kept, keys=keys, jobs=jobs)


def build_app(
    service: Answering,
    desks: Desks,
    settings: Settings,
    *,
    probe: Callable[[], None] = lambda: None,
    then: Callable[[], object] = lambda: None,
    pages: Sequence[AdminPage] = (),
) -> App:
    """The whole web application around one opened assistant, as ASGI.

    Args:
        service: answers.
        desks: the files that it writes to.
        settings: of the server, its access and its limits.
        probe: raises `LibraryError` where the store cannot be reached.
        then: done in the background once questions can be answered.
        pages: more pages for admins.
    """
    from assistant.api import create_api
    from assistant.ui import mount_window

    metrics = Metrics()
    measured = Measured(service, metrics, log_questions=settings.log.questions)
    readiness = Readiness(measured, probe, then)
    readiness.begin()
    app = create_api(
        measured,
        desks.kept,
        version=version(DISTRIBUTION),
        settings=settings,
        jobs=desks.jobs,
        metrics=metrics,
        readiness=readiness,
    )
    mount_window(app, measured, desks.kept, desks.jobs, pages)
    return Requests(guarded(app, desks.keys, settings), metrics)


def guarded(app: App, keys: Keys, settings: Settings) -> App:
    """An application behind the rules of `assistant.api_access` and `assistant.web_policy`."""
    access = Access(
        app,
        rules=rules_of(settings),
        keys=keys,
        limit=RateLimit(settings.access.per_minute),
    )
    # Outermost, so that it also covers what the framework answers to faults.
    return WebPolicy(
        access,
        upload_bytes=settings.limits.max_file_mb << 20,
        body_timeout_s=settings.server.body_timeout_s,
    )


def serve(settings: Settings, extensions: Extensions | None = None) -> None:
    """Opens the assistant and serves it until the process is told to stop.

    Args:
        settings: of the library and the server.
        extensions: what changes the library for the API, and further pages for admins.

    Raises:
        SettingsError: if the address cannot be listened on.
        GuideError: if the library or a model cannot be opened.
    """
    # As on Ctrl+C: what is open is closed, and the process ends well.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    brought = extensions or Extensions()
    ingesting = brought.ingesting(settings) if brought.ingesting else None
    listener = listen(settings.server)
    with contextlib.closing(listener), contextlib.ExitStack() as opened:
        with starting():
            from assistant.wiring import open_assistant, reading_ahead

            assistant = opened.enter_context(contextlib.closing(open_assistant(settings)))
            desks = opened.enter_context(open_desks(assistant, settings, ingesting))
            pages = [opened.enter_context(page(assistant, settings)) for page in brought.pages]

            def probe() -> None:
                reach_store(assistant.library, assistant.records()[0].id)

            ahead = reading_ahead(assistant)
            opened.callback(ahead.stop)
            app = build_app(assistant, desks, settings, probe=probe, then=ahead.run, pages=pages)
        run(app, listener, settings)


def reach_store(library: Library, document_id: str) -> None:
    """Asks the vector store for one neighbour of nothing in particular.

    Raises:
        LibraryError: if it cannot be reached.
    """
    import numpy as np

    vector = np.zeros((1, library.embedder().dimension), dtype=np.float32)
    vector[0, 0] = 1
    library.dense_search(vector, top_k=1, document_ids=[document_id])


def listen(server: ServerSettings) -> socket.socket:
    """A socket that listens on the address of the settings; port 0 takes a free one.

    Raises:
        SettingsError: if the address is in use, unknown or forbidden.
    """
    family = socket.AF_INET6 if ":" in server.host else socket.AF_INET
    try:
        return socket.create_server((server.host, server.port), family=family, backlog=128)
    except (OSError, UnicodeError) as error:
        why = getattr(error, "strerror", None) or error
        raise SettingsError(
            f"Cannot listen on {server.host}, port {server.port}: {why}. "
            "Choose another: guide serve --host ADDRESS --port PORT"
        ) from error


def run(app: App, listener: socket.socket, settings: Settings) -> None:
    """Serves an application on a listening socket; says on standard error where it is."""
    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    prefix = settings.server.root_path.rstrip("/")
    behind = f" (through the proxy: {prefix}/)" if prefix else ""
    print(f"Chat window: http://{shown}:{port}/{behind}", file=sys.stderr)  # noqa: T201
    if rules_of(settings).keys:
        said = "A key is asked for (in a browser as the password): guide keys create NAME"
        print(said, file=sys.stderr)  # noqa: T201
    with contextlib.suppress(KeyboardInterrupt):
        make_server(app, settings).run(sockets=[listener])


def make_server(app: App, settings: Settings, *, stop_s: float = STOP_S) -> uvicorn.Server:
    """The server that runs an application; answers in flight may finish when it is stopped.

    Args:
        app: what is served.
        settings: of the server.
        stop_s: when the process ends in any case, after a signal to stop.
    """
    import uvicorn

    from assistant.web_protocol import PatientProtocol

    class Server(uvicorn.Server):
        """Ends when it is told to, also where threads hang in what they wait for."""

        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            if not self.should_exit:
                end_process_after(stop_s)
            super().handle_exit(sig, frame)

    config = uvicorn.Config(
        app,
        http=PatientProtocol,
        log_config=None,
        root_path=settings.server.root_path.rstrip("/"),
        log_level=settings.log.level.lower(),
        ws="none",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_S,
    )
    return Server(config)


def end_process_after(seconds: float) -> None:
    """Ends the process then, if it has not ended by itself.

    Python waits for its threads, and one that waits for the vector store may take long. A server
    that is killed loses nothing that it said yes to; so little is lost by this.
    """

    def end() -> None:
        logging.getLogger(__name__).warning("Threads still wait; the process ends without them.")
        for child in multiprocessing.active_children():
            child.terminate()
        os._exit(0)

    waiting = threading.Timer(seconds, end)
    waiting.daemon = True
    waiting.start()
