"""Settings: order, unknown keys, wrong values, and their documentation."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from corpus.errors import SettingsError
from corpus.settings import Settings, default_home, load_settings, setting_names
from tests.conftest import PROJECT


def test_defaults_need_nothing(tmp_path: Path) -> None:
    settings = load_settings({"GUIDE_HOME": str(tmp_path)})
    assert settings.home == tmp_path
    assert settings.server.port == 7860


def test_the_environment_wins_over_the_file_and_the_file_over_defaults(tmp_path: Path) -> None:
    (tmp_path / "guide.toml").write_text("[retrieval]\ncandidates = 7\ntop_k = 3\n")
    settings = load_settings({"GUIDE_HOME": str(tmp_path), "GUIDE_RETRIEVAL__TOP_K": "5"})
    assert settings.retrieval.candidates == 7
    assert settings.retrieval.top_k == 5
    assert settings.retrieval.rrf_k == 60


def test_an_empty_home_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert load_settings({"GUIDE_HOME": ""}).home == default_home().absolute()


def test_a_named_file_is_read_instead_of_the_one_in_the_data_folder(tmp_path: Path) -> None:
    (tmp_path / "guide.toml").write_text("[server]\nport = 1\n")
    named = tmp_path / "other.toml"
    named.write_text("[server]\nport = 2\n")
    environment = {"GUIDE_HOME": str(tmp_path), "GUIDE_CONFIG": str(named)}
    assert load_settings(environment).server.port == 2


@pytest.mark.parametrize(
    ("file", "environment", "words"),
    [
        ("[retrieval]\ncandidate = 7\n", {}, "Unknown setting retrieval.candidate"),
        ("", {"GUIDE_SERVER__PORTS": "1"}, "GUIDE_SERVER__PORTS"),
        ("", {"GUIDE_SERVER__PORT": "many"}, "GUIDE_SERVER__PORT.*wrong value"),
        ("[server]\nport = -1\n", {}, "server.port .*guide.toml.*wrong value"),
        ("port = = 1", {}, "cannot be read"),
        ('home = ""', {}, "setting home .*guide.toml is empty"),
        ("", {"GUIDE_SERVER": "x", "GUIDE_SERVER__PORT": "1"}, "GUIDE_SERVER__PORT"),
    ],
)
def test_mistakes_are_named(
    tmp_path: Path, file: str, environment: dict[str, str], words: str
) -> None:
    (tmp_path / "guide.toml").write_text(file)
    with pytest.raises(SettingsError, match=words):
        load_settings({"GUIDE_HOME": str(tmp_path), **environment})


def test_a_named_file_that_is_missing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"nowhere\.toml cannot be read"):
        load_settings({"GUIDE_CONFIG": str(tmp_path / "nowhere.toml")})


def test_other_programs_variables_are_left_alone(tmp_path: Path) -> None:
    load_settings({"GUIDE_HOME": str(tmp_path), "HOME": "/", "GUIDES": "folder"})


def test_every_setting_is_documented_with_its_default_and_meaning() -> None:
    page = (PROJECT / "docs" / "settings.md").read_text(encoding="utf-8")
    rows = {
        match[1]: (match[2], match[3])
        for match in re.finditer(r"^\| `([\w.]+)` \| `(.*?)` \| (.*) \|$", page, re.MULTILINE)
    }
    assert list(rows) == list(setting_names())
    for name, (default, meaning) in rows.items():
        *groups, last = name.split(".")
        model: type[BaseModel] = Settings
        for group in groups:
            inner = model.model_fields[group].annotation
            assert isinstance(inner, type)
            assert issubclass(inner, BaseModel)
            model = inner
        field = model.model_fields[last]
        assert meaning == field.description
        if field.default_factory is None:
            assert default == (str(field.default) or "empty")
