"""`guide keys`: make, list and revoke API keys."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from corpus.cli import group, print_json, read_settings

if TYPE_CHECKING:
    from assistant.keys import Keys


@group("keys", short_help="Make, list and revoke API keys.")
def keys() -> None:
    """API keys, asked for when the server listens on more than this machine."""


@keys.command("create")
@click.argument("name")
@click.option(
    "--scope",
    type=click.Choice(["ask", "admin"]),
    default="ask",
    show_default=True,
    help="ask: questions and documents; admin: adding and removing documents, too.",
)
def create(name: str, scope: str) -> None:
    """Make a key for NAME and print it. It cannot be shown again."""
    from assistant.keys import Scope

    with _keys() as store:
        key, text = store.create(name, Scope(scope))
    click.echo(
        f"Key {key.id} for {key.name} ({scope}). Keep it: it is shown this once only.", err=True
    )
    click.echo(text)


@keys.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def list_keys(as_json: bool) -> None:
    """List all keys, without their secrets."""
    from dataclasses import asdict

    with _keys() as store:
        found = store.all()
    if as_json:
        print_json({"keys": [asdict(key) for key in found]})
        return
    for key in found:
        state = f"revoked {key.revoked_at}" if key.revoked_at else "works"
        click.echo(f"{key.id}  {key.scope.value:5}  {key.created_at}  {state}  {key.name}")


@keys.command("revoke")
@click.argument("key_id", metavar="ID")
def revoke(key_id: str) -> None:
    """Make the key ID useless from now on."""
    with _keys() as store:
        store.revoke(key_id)
    click.echo(f"Key {key_id} is revoked.", err=True)


@contextlib.contextmanager
def _keys() -> Iterator[Keys]:
    from assistant.keys import Keys

    with contextlib.closing(Keys(read_settings().home)) as store:
        yield store
