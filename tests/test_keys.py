"""API keys, and how often one may ask."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.api_rate import MOST_BUCKETS, RateLimit, is_loopback, network_of
from assistant.keys import KEYS_FILE, Keys, Scope
from assistant.keys_cli import keys as command
from corpus.errors import QuestionError


@pytest.fixture
def keys(tmp_path: Path) -> Iterator[Keys]:
    with contextlib.closing(Keys(tmp_path)) as keys:
        yield keys


def test_a_key_is_found_until_it_is_revoked(keys: Keys, tmp_path: Path) -> None:
    key, text = keys.create("web site", Scope.ASK)
    with contextlib.closing(Keys(tmp_path)) as elsewhere:
        assert keys.find(text) == key
        elsewhere.revoke(key.id)
    assert keys.find(text) is None
    (listed,) = keys.all()
    assert listed.revoked_at
    with pytest.raises(QuestionError, match="no working key"):
        keys.revoke(key.id)


@pytest.mark.parametrize("change", ["", "guide", "x" * 60, " ", "\x00", "guide_00000000_"])
def test_what_is_no_key_opens_nothing(keys: Keys, change: str) -> None:
    _, text = keys.create("a", Scope.ADMIN)
    assert keys.find(change) is None
    assert keys.find(text + change) is None or not change
    assert keys.find(text[:-1] + ("A" if text[-1] != "A" else "B")) is None


def test_the_secret_is_not_on_disk(keys: Keys, tmp_path: Path) -> None:
    _, text = keys.create("a", Scope.ASK)
    secret = text.split("_", 2)[2].encode()
    for file in tmp_path.glob(f"{KEYS_FILE}*"):
        assert secret not in file.read_bytes()


def test_keys_on_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUIDE_HOME", str(tmp_path))
    made = CliRunner().invoke(command, ["create", "web site", "--scope", "admin"])
    with contextlib.closing(Keys(tmp_path)) as keys:
        found = keys.find(made.stdout.strip())
    assert found is not None
    assert found.scope is Scope.ADMIN
    assert "shown this once" in made.stderr
    assert "works  web site" in CliRunner().invoke(command, ["list"]).stdout
    assert CliRunner().invoke(command, ["revoke", found.id]).exit_code == 0
    (listed,) = json.loads(CliRunner().invoke(command, ["list", "--json"]).stdout)["keys"]
    assert listed["revoked_at"]
    assert CliRunner().invoke(command, ["revoke", found.id]).exit_code == 2


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_limit_says_when_to_come_back() -> None:
    clock = Clock()
    limit = RateLimit(6, clock=clock)
    assert [limit.wait_s("a") for _ in range(7)] == [0] * 6 + [10]
    assert limit.wait_s("b") == 0
    clock.now = 9.9
    assert limit.wait_s("a") == 1
    clock.now = 10.0
    assert limit.wait_s("a") == 0
    assert limit.wait_s("a") == 10


@given(
    per_minute=st.integers(1, 600),
    pauses=st.lists(st.floats(0, 20, allow_nan=False), max_size=60),
)
@example(per_minute=1, pauses=[0.0] * 8 + [1.6217360696121297, 0.0])
def test_no_more_than_the_limit_pass_and_waiting_helps(
    per_minute: int, pauses: list[float]
) -> None:
    clock = Clock()
    limit = RateLimit(per_minute, clock=clock)
    passed = 0
    for pause in pauses:
        clock.now += pause
        wait = limit.wait_s("a")
        passed += not wait
        if wait:
            clock.now += wait
            assert limit.wait_s("a") == 0
            passed += 1
    assert passed <= per_minute + clock.now * per_minute / 60 + 1e-6


def test_only_so_many_are_remembered() -> None:
    limit = RateLimit(1, clock=Clock())
    assert limit.wait_s("first") == 0
    assert limit.wait_s("first") == 60
    for number in range(MOST_BUCKETS):
        limit.wait_s(str(number))
    assert limit.wait_s("first") == 0


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("unknown", "unknown"),
    ],
)
def test_addresses_of_one_user_are_counted_together(address: str, network: str) -> None:
    assert network_of(address) == network


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("localhost", True),
        ("a.localhost", True),
        ("::1", True),
        ("[::1]", True),
        ("::ffff:127.0.0.1", True),
        ("0.0.0.0", False),
        ("192.0.2.7", False),
        ("localhost.example.org", False),
        ("", False),
    ],
)
def test_this_machine_is_known(host: str, here: bool) -> None:
    assert is_loopback(host) is here


@pytest.mark.parametrize("name", ["", "  ", "web\nsite", "\x1b[2J", "\udcff", "\u202e"])
def test_a_key_has_a_name_that_can_be_shown(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GUIDE_HOME", str(tmp_path))
    refused = CliRunner().invoke(command, ["create", name])
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "A key needs a name" in refused.stderr
    with contextlib.closing(Keys(tmp_path)) as keys:
        assert keys.all() == ()
