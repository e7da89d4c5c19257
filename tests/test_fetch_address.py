"""Where a download may be led: to public addresses, and never from an encrypted to an open one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import DownloadError
from corpus.fetch_address import is_private, next_address


@pytest.mark.parametrize(
    ("address", "private"),
    [
        ("http://127.0.0.1/x", True),
        ("http://[::1]:8000/x", True),
        ("http://10.1.2.3/x", True),
        ("http://169.254.169.254/latest/meta-data", True),
        ("http://[fe80::1]/x", True),
        ("http://[::ffff:127.0.0.1]/x", True),
        ("http://93.184.215.14/x", False),
        ("https://mixed.example/x", True),
        ("https://public.example/x", False),
    ],
)
def test_private_addresses_are_known(address: str, private: bool) -> None:
    names = {"mixed.example": ("93.184.215.14", "10.0.0.1"), "public.example": ("93.184.215.14",)}
    assert is_private(address, names.__getitem__) is private


def test_encryption_is_not_given_up_on_the_way() -> None:
    def look_up(_host: str) -> tuple[str, ...]:
        return ("93.184.215.14",)

    with pytest.raises(DownloadError, match="not encrypted"):
        next_address("https://a.eu/x", "http://a.eu/x", private_allowed=False, look_up=look_up)
    led = next_address("http://a.eu/x", "https://b.eu/y", private_allowed=False, look_up=look_up)
    assert led == "https://b.eu/y"


@given(st.text(max_size=60))
def test_a_redirect_ends_at_a_public_web_address_or_not_at_all(location: str) -> None:
    try:
        led = next_address(
            "https://a.eu/b/c.pdf",
            location,
            private_allowed=False,
            look_up=lambda host: ("93.184.215.14",) if host == "a.eu" else ("10.0.0.1",),
        )
    except DownloadError:
        return
    assert led.startswith("https://")
    assert not is_private(led, lambda host: ("93.184.215.14",) if host == "a.eu" else ("10.0.0.1",))
