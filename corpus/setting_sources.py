"""Where settings come from, as trees: the variables of an environment, and a TOML file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from corpus.errors import SettingsError

PREFIX = "GUIDE_"
CONFIG_VARIABLE = "GUIDE_CONFIG"


def environment_tree(environment: Mapping[str, str]) -> dict[str, Any]:
    """What variables of this program say; "a__b" is b in the group a.

    Raises:
        SettingsError: where one stands for a setting and a group of settings.
    """
    tree: dict[str, Any] = {}
    for variable, value in sorted(environment.items()):
        if not variable.startswith(PREFIX) or variable == CONFIG_VARIABLE:
            continue
        *groups, name = variable.removeprefix(PREFIX).lower().split("__")
        branch = tree
        for group in groups:
            branch = branch.setdefault(group, {})
            if not isinstance(branch, dict):
                raise SettingsError(f"{variable} and a shorter name with the same start are set.")
        branch[name] = value
    return tree


def read_toml(path: Path) -> dict[str, Any]:
    """What a file says.

    Raises:
        SettingsError: if it cannot be read.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"The settings file {path} cannot be read: {error}") from error


def merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Two trees as one; what the second says wins."""
    tree = dict(base)
    for key, value in over.items():
        below = tree.get(key)
        if isinstance(below, dict) and isinstance(value, dict):
            tree[key] = merged(below, value)
        else:
            tree[key] = value
    return tree
