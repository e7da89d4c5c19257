"""A server that a test may kill: real files for answers, keys and jobs, a small library."""

from __future__ import annotations

import shutil
from multiprocessing.connection import Connection
from pathlib import Path

from assistant.api import create_api
from assistant.model import Answer, Status
from assistant.serve import guarded, listen, make_server, open_desks
from corpus.settings import ServerSettings, Settings
from tests.test_api_jobs import Result
from tests.web import Double, citation, document

GUIDE = document()
ANSWER = Answer(
    question="How much?",
    status=Status.ANSWERED,
    text="EUR 30 000. [1]",
    language="en",
    citations=(citation(GUIDE),),
)


class Shelf:
    """Takes files into a folder; the same file again changes nothing, as in the real library."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._folder.mkdir(exist_ok=True)

    def add(self, path: Path, *, again: bool = False) -> Result:
        part = self._folder / f"{path.name}.part"
        shutil.copyfile(path, part)
        part.replace(self._folder / path.name)
        return Result(path.stem)

    def correct(self, document_id: str, correction: object) -> None:
        """Nothing here is corrected."""

    def remove(self, document_id: str) -> None:
        (self._folder / f"{document_id}.pdf").unlink(missing_ok=True)

    def stop(self) -> None:
        """Nothing it does takes long."""


def run(home: str, told: Connection) -> None:
    """Serves until it is killed; tells its port."""
    settings = Settings(home=Path(home), server=ServerSettings(port=0))
    double = Double(documents=(GUIDE,), answers={"How much?": ANSWER})
    with open_desks(double, settings, Shelf(settings.home / "shelf")) as desks:
        app = create_api(double, desks.kept, version="1", settings=settings, jobs=desks.jobs)
        listener = listen(settings.server)
        told.send(listener.getsockname()[1])
        make_server(guarded(app, desks.keys, settings), settings).run(sockets=[listener])
