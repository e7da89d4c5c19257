"""A Chroma server of its own for a test, which may be held as if it hung."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class ChromaServer:
    """A running server."""

    url: str
    process: subprocess.Popen[bytes]

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """While it lasts the server takes connections, and answers nothing."""
        os.kill(self.process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self.process.pid, signal.SIGCONT)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def running_chroma(folder: Path, port: int = 0) -> Iterator[ChromaServer]:
    """Runs `chroma run` on a folder until the end; port 0 takes a free one."""
    port = port or free_port()
    program = Path(sys.executable).with_name("chroma")
    process = subprocess.Popen(
        [str(program), "run", "--path", str(folder), "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + 30.0
        while not _listens(port):
            assert time.monotonic() < deadline, "the Chroma server does not listen"
            with contextlib.suppress(subprocess.TimeoutExpired):
                pytest.fail(f"the Chroma server ended with {process.wait(timeout=0.05)}")
        yield ChromaServer(f"http://127.0.0.1:{port}", process)
    finally:
        process.kill()
        process.wait()


def _listens(port: int) -> bool:
    with socket.socket() as attempt:
        return attempt.connect_ex(("127.0.0.1", port)) == 0
