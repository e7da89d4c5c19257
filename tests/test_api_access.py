"""Who may come in, over the whole application."""

from __future__ import annotations

import base64
import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from assistant.api import create_api
from assistant.api_jobs import Jobs
from assistant.keys import Scope
from assistant.serve import Desks, guarded, open_desks
from corpus.settings import AccessSettings, ServerSettings, Settings
from tests.test_api_jobs import Library
from tests.web import Double, document

GUIDE = document()
QUESTION = {"question": "q"}


@dataclass
class Site:
    """A server with its keys."""

    client: TestClient
    desks: Desks

    def key(self, scope: Scope = Scope.ASK) -> dict[str, str]:
        _, text = self.desks.keys.create("test", scope)
        return {"authorization": f"Bearer {text}"}


@contextlib.contextmanager
def site(
    home: Path,
    *,
    host: str = "127.0.0.1",
    name: str = "http://localhost:7860",
    client: tuple[str, int] = ("127.0.0.1", 50000),
    **access: object,
) -> Iterator[Site]:
    settings = Settings(
        home=home,
        server=ServerSettings(host=host),
        access=AccessSettings.model_validate(access),
    )
    double = Double(documents=(GUIDE,))
    with open_desks(double, settings, Library()) as desks:
        app = create_api(double, desks.kept, version="1", settings=settings, jobs=desks.jobs)
        assert isinstance(desks.jobs, Jobs)
        whole = guarded(app, desks.keys, settings)
        with TestClient(whole, base_url=name, client=client) as test_client:
            yield Site(test_client, desks)


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with site(tmp_path_factory.mktemp("here")) as here:
        yield here


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with site(
        tmp_path_factory.mktemp("public"),
        host="0.0.0.0",
        name="http://guide.example.org",
        client=("192.0.2.7", 50000),
        per_minute=100_000,
    ) as public:
        yield public


def test_this_machine_needs_no_key(here: Site) -> None:
    assert here.client.post("/api/v1/answers", json=QUESTION).status_code == 200
    assert here.client.get("/api/v1/jobs").status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example.org", "evil.example.org:7860", "localhost.evil.org", "192.0.2.7", "["]
)
def test_a_foreign_name_that_points_here_is_refused(here: Site, host: str) -> None:
    response = here.client.get("/api/v1/documents", headers={"host": host})
    assert response.status_code == 421
    assert response.headers["content-type"] == "application/problem+json"


def test_a_name_of_the_settings_is_known(tmp_path: Path) -> None:
    with site(tmp_path, hosts="guide.example.org, other.example.org") as here:
        for host, status in (("guide.example.org", 200), ("[::1]:7860", 200), ("x.org", 421)):
            got = here.client.get("/api/v1/documents", headers={"host": host})
            assert got.status_code == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "https://evil.example.org"}, 403),
        ({"origin": "http://localhost:3000"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://["}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "http://localhost:7860", "sec-fetch-site": "same-origin"}, 200),
        ({}, 200),
    ],
)
def test_a_page_of_another_site_changes_nothing(
    here: Site, headers: dict[str, str], status: int
) -> None:
    response = here.client.post("/api/v1/answers", json=QUESTION, headers=headers)
    assert response.status_code == status
    assert "access-control-allow-origin" not in response.headers
    assert here.client.get("/api/v1/documents", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/api/v1/documents",
        "/v1/models",
        "/api/v1/openapi.json",
        "/ui/window.js",
        f"/documents/{GUIDE.id}.pdf",
        "/healthz/../api/v1/documents",
        "//healthz",
        "/nothing",
    ],
)
def test_elsewhere_everything_needs_a_key(public: Site, path: str) -> None:
    response = public.client.get(path)
    assert response.status_code == 401
    assert response.json()["title"] == "Unauthorized"
    browser = public.client.get(path, headers={"accept": "text/html"})
    assert browser.status_code == 401
    for_people = not browser.url.path.startswith(("/api/", "/v1/"))
    assert browser.headers["content-type"].startswith("text/html") == for_people
    assert "www-authenticate" in response.headers
    for wrong in (
        "Bearer x",
        "Basic x",
        "Basic " + "x" * 9000,
        "Digest",
        "Bearer \xff",
        "Basic \xe9",
        "",
    ):
        headers = {b"authorization": wrong.encode("latin-1")}
        assert public.client.get(path, headers=headers).status_code == 401


def test_only_health_is_open_to_all(public: Site) -> None:
    assert public.client.get("/healthz").status_code == 200
    assert public.client.get("/readyz").status_code in (200, 503)  # the models are being loaded


def test_a_key_comes_in_three_ways(public: Site) -> None:
    _, text = public.desks.keys.create("a", Scope.ASK)
    password = base64.b64encode(f"anybody:{text}".encode()).decode()
    for headers in (
        {"authorization": f"Bearer {text}"},
        {"authorization": f"Basic {password}"},
        {"x-api-key": text},
    ):
        assert public.client.get("/v1/models", headers=headers).status_code == 200
    assert public.client.get("/").headers["www-authenticate"].startswith("Basic ")
    assert public.client.get("/v1/models").headers["www-authenticate"] == "Bearer"


def test_a_revoked_key_is_refused_at_once(public: Site) -> None:
    key, text = public.desks.keys.create("a", Scope.ASK)
    headers = {"authorization": f"Bearer {text}"}
    assert public.client.get("/v1/models", headers=headers).status_code == 200
    public.desks.keys.revoke(key.id)
    assert public.client.get("/v1/models", headers=headers).status_code == 401


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/v1/documents?name=a.pdf"),
        ("DELETE", f"/api/v1/documents/{GUIDE.id}"),
        ("GET", "/api/v1/jobs"),
        ("GET", f"/api/v1/jobs/{'0' * 16}"),
    ],
)
def test_only_admins_change_the_library(public: Site, method: str, path: str) -> None:
    refused = public.client.request(method, path, headers=public.key())
    assert refused.status_code == 403
    assert "--scope admin" in refused.json()["detail"]
    allowed = public.client.request(method, path, headers=public.key(Scope.ADMIN))
    assert allowed.status_code in (200, 202, 404, 415)


def test_one_key_may_ask_so_often(tmp_path: Path) -> None:
    with site(tmp_path, keys="always", per_minute=3) as site_:
        first, second = site_.key(), site_.key()
        codes = [site_.client.get("/v1/models", headers=first).status_code for _ in range(4)]
        assert codes == [200, 200, 200, 429]
        refused = site_.client.get("/v1/models", headers=first)
        assert int(refused.headers["retry-after"]) in range(1, 21)
        assert refused.json()["status"] == 429
        assert site_.client.get("/v1/models", headers=second).status_code == 200
        assert site_.client.get("/ui/window.js", headers=first).status_code == 200


def test_whoever_tries_keys_is_slowed_down(tmp_path: Path) -> None:
    with site(tmp_path, keys="always", per_minute=3) as site_:
        headers = {"authorization": "Bearer guide_00000000_" + "x" * 43}
        codes = [site_.client.get("/", headers=headers).status_code for _ in range(4)]
        assert codes == [401, 401, 401, 429]


def test_an_address_may_ask_so_often_where_no_key_is_asked_for(tmp_path: Path) -> None:
    with site(tmp_path, client=("192.0.2.7", 1), keys="never", per_minute=2) as site_:
        codes = [site_.client.get("/v1/models").status_code for _ in range(3)]
        assert codes == [200, 200, 429]


def test_web_sockets_are_closed(here: Site) -> None:
    with pytest.raises(WebSocketDisconnect), here.client.websocket_connect("/api/v1/answers"):
        pass
