"""Runs of `guide ingest` that are killed at random moments and gone on with."""

from __future__ import annotations

import random
from pathlib import Path

from benchmarks.kills import contents, cut, finish, kill_once, prepare
from corpus.embedders import open_embedder
from corpus.settings import Settings

KILLS = 3


def test_a_killed_ingest_that_goes_on_ends_as_an_undisturbed_one(
    tmp_path: Path, starter: Path, model_home: Path
) -> None:
    models = model_home / "models"
    models.mkdir(exist_ok=True)
    files = cut(starter, tmp_path, files=2, pages=2)
    undisturbed = prepare(tmp_path / "undisturbed", models)
    embedder = open_embedder(Settings(home=undisturbed))
    work_s = finish(undisturbed, files)
    expected = contents(undisturbed, embedder)
    moments = random.Random()
    for number in range(KILLS):
        # One in each third of the work, so that each run is killed in another phase.
        after_s = work_s * (number + moments.random()) / KILLS
        home = prepare(tmp_path / f"run-{number}", models)
        run = kill_once(home, files, after_s, expected, embedder)
        assert run.same, run
