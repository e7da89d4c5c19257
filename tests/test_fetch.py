"""Downloads from a server that is slow, cuts off, lies, redirects, changes its mind."""

from __future__ import annotations

import gzip
import hashlib
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.errors import DownloadError, OfflineError
from corpus.fetch import Manners, download, user_agent
from corpus.fetch_part import PartFile
from tests.fault_server import (
    Server,
    cut_off,
    gives,
    in_turn,
    official_pdf,
    redirects,
    says,
    serving,
    stalls,
)

PDF = official_pdf(weight=200_000)
SHA256 = hashlib.sha256(PDF).hexdigest()


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as state:
        yield state


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def manners(pauses: list[float]) -> Manners:
    return Manners(read_timeout_s=0.5, wait=pauses.append)


def fetch(server: Server, part: Path, manners: Manners, sha256: str = SHA256) -> bytes:
    got = download(f"{server.address}/guide.pdf", part, manners=manners, sha256=sha256)
    data = got.path.read_bytes()
    assert got.sha256 == hashlib.sha256(data).hexdigest()
    assert got.size == len(data)
    return data


def ranges(server: Server) -> list[str]:
    return [request.headers.get("Range", "") for request in server.requests]


def test_a_file_arrives_with_progress_and_a_name_on_the_door(
    server: Server, tmp_path: Path, manners: Manners
) -> None:
    server.behaviours["/guide.pdf"] = gives(PDF)
    seen: list[tuple[int, int | None]] = []
    got = download(
        f"{server.address}/guide.pdf",
        tmp_path / "new" / "x.part",
        manners=manners,
        on_progress=lambda done, total: seen.append((done, total)),
    )
    assert got.path.read_bytes() == PDF
    assert seen[0] == (0, len(PDF))
    assert seen[-1] == (len(PDF), len(PDF))
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert server.requests[0].headers["User-Agent"] == user_agent()
    assert user_agent().startswith("programme-guide-assistant/0")
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["x.part"]


def test_what_was_cut_off_is_gone_on_with(
    server: Server, tmp_path: Path, manners: Manners, pauses: list[float]
) -> None:
    server.behaviours["/guide.pdf"] = in_turn(cut_off(PDF, 70_000), gives(PDF))
    seen: list[tuple[int, int | None]] = []
    got = download(
        f"{server.address}/guide.pdf",
        tmp_path / "x.part",
        manners=manners,
        on_progress=lambda done, total: seen.append((done, total)),
    )
    assert got.sha256 == SHA256
    assert (70_000, len(PDF)) in seen
    assert {total for _, total in seen} == {len(PDF)}
    assert ranges(server) == ["", "bytes=70000-"]
    assert server.requests[1].headers["If-Range"] == '"v1"'
    assert pauses == [2.0]


def test_a_later_call_goes_on_with_what_an_earlier_one_left(
    server: Server, tmp_path: Path, manners: Manners, pauses: list[float]
) -> None:
    server.behaviours["/guide.pdf"] = cut_off(PDF, 70_000)
    with pytest.raises(DownloadError, match="4 attempts"):
        fetch(server, tmp_path / "x.part", manners)
    assert (tmp_path / "x.part").stat().st_size == 70_000
    assert pauses == [2.0, 4.0, 8.0]
    server.behaviours["/guide.pdf"] = gives(PDF)
    server.requests.clear()
    assert fetch(server, tmp_path / "x.part", manners) == PDF
    assert ranges(server) == ["bytes=70000-"]


def test_a_stalled_line_is_hung_up_and_tried_again(
    server: Server, tmp_path: Path, manners: Manners
) -> None:
    server.behaviours["/guide.pdf"] = in_turn(stalls(server, PDF, 80_000), gives(PDF))
    assert fetch(server, tmp_path / "x.part", manners) == PDF
    assert ranges(server) == ["", "bytes=80000-"]


def test_a_file_that_changed_meanwhile_is_fetched_anew(
    server: Server, tmp_path: Path, manners: Manners
) -> None:
    new = official_pdf(line="Version 2 (2031): 01-02-2031", weight=200_000)
    server.behaviours["/guide.pdf"] = in_turn(
        cut_off(PDF, 70_000, etag='"old"'), gives(new, {"ETag": '"new"'})
    )
    assert fetch(server, tmp_path / "x.part", manners, sha256="") == new


def test_parts_of_two_versions_are_never_put_together(
    server: Server, tmp_path: Path, manners: Manners
) -> None:
    """Even where the server takes no notice of If-Range."""
    new = official_pdf(line="Version 2 (2031): 01-02-2031", weight=300_000)
    careless = says(
        206,
        new[70_000:],
        {"ETag": '"new"', "Content-Range": f"bytes 70000-{len(new) - 1}/{len(new)}"},
    )
    server.behaviours["/guide.pdf"] = in_turn(
        cut_off(PDF, 70_000, etag='"old"'), careless, gives(new, {"ETag": '"new"'})
    )
    assert fetch(server, tmp_path / "x.part", manners, sha256="") == new


@pytest.mark.parametrize("etag", ["", 'W/"weak"'])
def test_without_a_sure_sign_of_the_version_it_starts_anew(
    server: Server, tmp_path: Path, manners: Manners, etag: str
) -> None:
    server.behaviours["/guide.pdf"] = in_turn(cut_off(PDF, 70_000, etag=etag), gives(PDF))
    assert fetch(server, tmp_path / "x.part", manners) == PDF
    assert ranges(server) == ["", ""]


def test_a_part_that_is_longer_than_the_file_is_thrown_away(
    server: Server, tmp_path: Path, manners: Manners
) -> None:
    server.behaviours["/guide.pdf"] = in_turn(
        cut_off(PDF, 150_000), says(416), gives(PDF, {"ETag": '"v2"'})
    )
    assert fetch(server, tmp_path / "x.part", manners) == PDF


def test_a_part_that_was_not_asked_for_is_refused(
    server: Server, tmp_path: Path, manners: Manners
) -> None:
    server.behaviours["/guide.pdf"] = in_turn(
        says(206, PDF[100:], {"Content-Range": "bytes 100-200"}), gives(PDF)
    )
    assert fetch(server, tmp_path / "x.part", manners) == PDF


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed(
    server: Server, tmp_path: Path, manners: Manners, status: int
) -> None:
    server.behaviours["/guide.pdf"] = redirects("/a?x=1#y", status)
    server.behaviours["/a?x=1"] = redirects(f"{server.address}/b")
    server.behaviours["/b"] = gives(PDF)
    assert fetch(server, tmp_path / "x.part", manners) == PDF


@pytest.mark.parametrize(
    ("location", "said"),
    [
        ("/guide.pdf", "leads on and on"),
        ("file:///etc/passwd", "no web address"),
        ("ftp://example.org/x.pdf", "no web address"),
        ("http://[", "no web address"),
        ("http://" + "a" * 70 + ".example/", "no web address"),
        ("http://93.184.215.14/" + "%20" * 30_000, "Invalid URL"),
    ],
)
def test_redirects_that_lead_nowhere_good_are_not_followed(
    server: Server, tmp_path: Path, manners: Manners, location: str, said: str
) -> None:
    server.behaviours["/guide.pdf"] = redirects(location)
    with pytest.raises(DownloadError, match=said):
        fetch(server, tmp_path / "x.part", manners)
    assert not (tmp_path / "x.part").exists()


def test_a_public_address_never_leads_into_the_users_own_network(
    server: Server, tmp_path: Path, pauses: list[float]
) -> None:
    """The catalogue's host counts as public here; it redirects to loopback."""
    public = Manners(wait=pauses.append, resolve=lambda _: ("93.184.215.14",))
    port = server.address.rpartition(":")[2]
    server.behaviours["/guide.pdf"] = redirects(f"{server.address}/secret.pdf")
    server.behaviours["/secret.pdf"] = gives(PDF)
    with pytest.raises(DownloadError, match="not on the public internet"):
        download(f"http://localhost:{port}/guide.pdf", tmp_path / "x.part", manners=public)
    assert [request.path for request in server.requests] == ["/guide.pdf"]


@pytest.mark.parametrize(
    ("status", "said"), [(404, "is gone"), (410, "is gone"), (403, "cannot be had"), (204, "had")]
)
def test_what_is_gone_is_not_asked_for_again(
    server: Server, tmp_path: Path, manners: Manners, status: int, said: str
) -> None:
    server.behaviours["/guide.pdf"] = says(status)
    with pytest.raises(DownloadError, match=said):
        fetch(server, tmp_path / "x.part", manners)
    assert len(server.requests) == 1


def test_a_busy_server_is_asked_again_when_it_says(
    server: Server, tmp_path: Path, manners: Manners, pauses: list[float]
) -> None:
    server.behaviours["/guide.pdf"] = in_turn(
        says(429, b"", {"Retry-After": "7"}),
        says(503, b"", {"Retry-After": "86400"}),
        says(500, b"", {"Retry-After": "Fri, 31 Dec 1999 23:59:59 GMT"}),
        gives(PDF),
    )
    assert fetch(server, tmp_path / "x.part", manners) == PDF
    assert pauses == [7.0, 60.0, 8.0]


@pytest.mark.parametrize("body", [b"<!doctype html><title>Not found</title>", b"", b"x" * 5000])
def test_a_page_in_place_of_the_file_is_refused(
    server: Server, tmp_path: Path, manners: Manners, body: bytes
) -> None:
    server.behaviours["/guide.pdf"] = says(200, body, {"Content-Type": "text/html; charset=utf-8"})
    with pytest.raises(DownloadError, match="gave text/html in place of a PDF"):
        fetch(server, tmp_path / "x.part", manners, sha256="")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_not_the_one_of_the_catalogue_is_refused(
    server: Server, tmp_path: Path, manners: Manners
) -> None:
    server.behaviours["/guide.pdf"] = gives(official_pdf(line="Version 2 (2031): 01-02-2031"))
    with pytest.raises(DownloadError, match="not the file of the catalogue"):
        fetch(server, tmp_path / "x.part", manners)
    assert list(tmp_path.iterdir()) == []


def test_a_length_that_is_too_small_shows_by_the_missing_end(
    server: Server, tmp_path: Path, manners: Manners
) -> None:
    server.behaviours["/guide.pdf"] = lambda handler: handler.answer(200, PDF, length=50_000)
    with pytest.raises(DownloadError, match="without its end"):
        fetch(server, tmp_path / "x.part", manners, sha256="")
    assert list(tmp_path.iterdir()) == []


def test_a_length_that_is_too_large_never_makes_a_complete_file(
    server: Server, tmp_path: Path, manners: Manners
) -> None:
    server.behaviours["/guide.pdf"] = lambda handler: handler.answer(200, PDF, length=2 * len(PDF))
    with pytest.raises(DownloadError, match="attempts"):
        fetch(server, tmp_path / "x.part", manners, sha256="")


def test_a_file_without_a_length_arrives(server: Server, tmp_path: Path, manners: Manners) -> None:
    body = b"%x\r\n%b\r\n0\r\n\r\n" % (len(PDF), PDF)
    server.behaviours["/guide.pdf"] = says(200, body, {"Transfer-Encoding": "chunked"})
    assert fetch(server, tmp_path / "x.part", manners) == PDF


def test_a_packed_answer_is_unpacked(server: Server, tmp_path: Path, manners: Manners) -> None:
    packed = {"Content-Encoding": "gzip", "ETag": '"v1"'}
    server.behaviours["/guide.pdf"] = says(200, gzip.compress(PDF), packed)
    assert fetch(server, tmp_path / "x.part", manners) == PDF


def test_a_badly_packed_answer_is_no_file(server: Server, tmp_path: Path, manners: Manners) -> None:
    server.behaviours["/guide.pdf"] = says(200, b"no gzip", {"Content-Encoding": "gzip"})
    with pytest.raises(DownloadError, match="attempts"):
        fetch(server, tmp_path / "x.part", manners)


def test_a_file_that_is_too_large_is_refused_before_and_while_it_comes(
    server: Server, tmp_path: Path, pauses: list[float]
) -> None:
    small = Manners(wait=pauses.append, max_bytes=100_000)
    body = b"%x\r\n%b\r\n0\r\n\r\n" % (len(PDF), PDF)
    for behaviour in (gives(PDF), says(200, body, {"Transfer-Encoding": "chunked"})):
        server.behaviours["/guide.pdf"] = behaviour
        with pytest.raises(DownloadError, match=r"limits\.max_file_mb"):
            fetch(server, tmp_path / "x.part", small)
        assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_noticed_before_it_is_full(
    server: Server, tmp_path: Path, pauses: list[float]
) -> None:
    huge = Manners(wait=pauses.append, max_bytes=10**18)
    server.behaviours["/guide.pdf"] = lambda handler: handler.answer(200, PDF, length=10**17)
    with pytest.raises(DownloadError, match="no room"):
        fetch(server, tmp_path / "x.part", huge)


def test_a_note_that_is_no_note_is_no_harm(
    server: Server, tmp_path: Path, manners: Manners
) -> None:
    server.behaviours["/guide.pdf"] = gives(PDF)
    for note in ("{", "[]", '{"address": "http://elsewhere/", "validator": "x"}'):
        (tmp_path / "x.part").write_bytes(b"%PDF-left over")
        (tmp_path / "x.json").write_text(note)
        assert fetch(server, tmp_path / "x.part", manners) == PDF
    assert set(ranges(server)) == {""}


def test_without_a_network_it_says_so_at_once(tmp_path: Path, pauses: list[float]) -> None:
    def unknown(host: str) -> tuple[str, ...]:
        raise socket.gaierror(socket.EAI_NONAME, f"Name or service not known: {host}")

    offline = Manners(wait=pauses.append, resolve=unknown)
    with pytest.raises(OfflineError, match=r"There is no network: guides\.example cannot"):
        download("https://guides.example/x.pdf", tmp_path / "x.part", manners=offline)
    assert pauses == []


def test_a_host_whose_name_is_lost_on_the_way_is_offline_too(
    tmp_path: Path, pauses: list[float]
) -> None:
    known = Manners(wait=pauses.append, resolve=lambda _: ("127.0.0.1",))
    with pytest.raises(OfflineError):
        download("http://no-such-host.invalid/x.pdf", tmp_path / "x.part", manners=known)
    assert pauses == []


def test_a_server_that_does_not_listen_is_tried_and_named(
    tmp_path: Path, manners: Manners, pauses: list[float]
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}/x.pdf"
        with pytest.raises(DownloadError, match="attempts"):
            download(address, tmp_path / "x.part", manners=manners)
    assert len(pauses) == 3


def test_a_part_that_another_download_wrote_into_is_refused(tmp_path: Path) -> None:
    part = PartFile(tmp_path / "x.part", "http://a/", max_bytes=10**6)
    with part.start("") as file:
        file.write(PDF)
    with part.go_on() as file:
        file.write(PDF)
    with pytest.raises(DownloadError, match="once at a time"):
        part.finish("http://a/", sha256="", size=len(PDF))
    assert list(tmp_path.iterdir()) == []
