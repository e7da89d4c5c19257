from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.ui_printable import all_printable, printable

FACE = frozenset(map(ord, "abc 12(),.\u0301αβ✓بא"))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("abc αβ ✓", "abc αβ ✓"),
        ("a 🎓 b", "a  b"),
        ("ba\u0301", "ba\u0301"),
        ("بب، بب (12)", "[…] (12)"),
        ("a אא b", "a […] b"),
        ("a 中中, 中 b 中", "a […] b […]"),
        ("ب\u0301 a", "[…] a"),
        ("a\nb", "a\nb"),
        ("", ""),
    ],
)
def test_what_cannot_be_printed_is_left_out(text: str, shown: str) -> None:
    assert printable(text, FACE) == shown
    assert all_printable(text, FACE) == ("[…]" not in shown)


@given(st.text())
def test_what_is_left_can_be_printed(text: str) -> None:
    left = printable(text, FACE).replace("[…]", "")
    assert all(ord(sign) in FACE or sign.isspace() for sign in left)
