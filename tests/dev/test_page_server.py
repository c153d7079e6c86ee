"""Requests to the page's server: hosts, origins, methods and sizes."""

import json
from collections.abc import AsyncIterator
from typing import Final

import pytest

from tests.dev.page_harness import AS_THE_PAGE, HELLO, ORIGIN, Page

POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
PATHS: Final = (
    "/",
    "/live",
    "/gallery",
    "/static/page.js",
    "/static/style.css",
    "/static/icon.svg",
)


def nothing_happened(page: Page) -> bool:
    return page.world.slack.changes.count == 0


@pytest.mark.parametrize("path", [*PATHS, "/interaction/unknown", "/nowhere", "/static/nowhere.js"])
async def test_every_response_has_a_strict_content_security_policy(page: Page, path: str) -> None:
    response = await page.http.get(path)
    assert response.status_code == (200 if path in PATHS else 404)
    assert response.headers["content-security-policy"] == POLICY
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "no-referrer"
    assert response.headers["cross-origin-resource-policy"] == "same-origin"
    assert response.headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in response.headers


async def test_the_page_has_no_inline_script_or_style(page: Page) -> None:
    for path in ("/", "/live", "/gallery"):
        html = (await page.http.get(path)).text
        assert "style=" not in html
        assert "<style" not in html
        assert " on" + "click" not in html
        assert html.count("<script") == html.count('<script type="module" src="/static/page.js">')


async def test_only_static_files_are_served(page: Page) -> None:
    for path in (
        *("/static/../web.py", "/static/%2e%2e/web.py", "/static/..%2fweb.py"),
        *("/static/%2e%2e%2f%2e%2e%2f%2e%2e%2fmanifest.yml", "/static/..%5cweb.py"),
        *("/static//etc/passwd", "/static/%2fetc%2fpasswd", "/static/"),
        *("/templates/page.html", "/web.py"),
    ):
        response = await page.http.get(path)
        assert response.status_code == 404, path


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "GET"])
async def test_actions_must_be_posts(page: Page, method: str) -> None:
    response = await page.http.request(
        method, "/act", content=json.dumps(HELLO), headers=AS_THE_PAGE
    )
    assert response.status_code == 405
    assert nothing_happened(page)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:3030", "localhost", "localhost:1"])
async def test_loopback_hosts_are_accepted_with_any_port(page: Page, host: str) -> None:
    response = await page.http.get("/", headers={"host": host})
    assert response.status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:3030", "127.0.0.1.evil.example", "127.0.0.2", "", "*"]
)
@pytest.mark.parametrize("path", ["/", "/live", "/gallery", "/static/page.js", "/act"])
async def test_a_foreign_host_is_rejected(page: Page, host: str, path: str) -> None:
    # A site may point its own host name at 127.0.0.1, and read the page (DNS rebinding).
    headers = {**AS_THE_PAGE, "origin": f"http://{host}", "host": host}
    if path == "/act":
        response = await page.http.post(path, json=dict(HELLO), headers=headers)
    else:
        response = await page.http.get(path, headers=headers)
    assert response.status_code == 400
    assert "Weather" not in response.text
    assert nothing_happened(page)


async def test_actions_are_accepted_from_the_pages_own_origin(page: Page) -> None:
    response = await page.http.post("/act", content=json.dumps(HELLO), headers=AS_THE_PAGE)
    assert (response.status_code, response.json()) == (200, {"message": "", "errors": {}})
    assert not nothing_happened(page)


ORIGINS: Final = (
    *("https://evil.example", "http://127.0.0.1:3031", "http://127.0.0.1"),
    *("https://127.0.0.1:3030", "http://localhost:3030", "http://127.0.0.1:3030.evil.example"),
    *("null", "", None),
)
FORM_TYPES: Final = (
    *("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"),
    *("text/plain; application/json", ""),
)


@pytest.mark.parametrize(
    ("origin", "content_type", "status"),
    [
        *((origin, "application/json", 403) for origin in ORIGINS),
        *((ORIGIN, content_type, 415) for content_type in FORM_TYPES),
    ],
)
async def test_actions_from_other_origins_and_forms_are_rejected(
    page: Page, origin: str | None, content_type: str, status: int
) -> None:
    headers = {"content-type": content_type} | ({} if origin is None else {"origin": origin})
    response = await page.http.post("/act", content=json.dumps(HELLO), headers=headers)
    assert response.status_code == status
    assert response.headers["content-security-policy"] == POLICY
    assert nothing_happened(page)


async def test_a_body_that_is_too_large_is_not_read(page: Page) -> None:
    content = json.dumps({**HELLO, "padding": "x" * 65 * 1024})
    response = await page.http.post("/act", content=content, headers=AS_THE_PAGE)
    assert response.status_code == 413
    assert nothing_happened(page)


async def test_a_body_without_a_length_is_not_read(page: Page) -> None:
    read: list[int] = []

    async def endless() -> AsyncIterator[bytes]:
        for number in range(3):
            read.append(number)
            yield b"x" * 65 * 1024

    response = await page.http.post("/act", content=endless(), headers=AS_THE_PAGE)
    assert response.status_code == 411
    assert read == []
    assert nothing_happened(page)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "null",
        "[]",
        "{}",
        "{",
        '{"act":"burn"}',
        '{"act":"type"}',
        '{"act":"type","text":1}',
        '{"act":"type","text":"x","as":"U0OTHER"}',
        '{"act":"type","text":"\\ud800"}',
        '{"act":"click","ts":"1.0"}',
        '{"act":"click","action_id":"x","nth":"first"}',
        '{"act":"click","action_id":"x","nth":-1}',
        '{"act":"click","action_id":"x","option":-1}',
        '{"act":"control","name":"rain","value":3}',
        '{"act":"submit","view_id":"V1","values":{"a":[1]}}',
        json.dumps({"act": "type", "text": "x" * 4001}),
        "[" * 10_000,
        b'{"act":"type","text":"\xff"}',
    ],
)
async def test_an_invalid_action_is_rejected(page: Page, body: str | bytes) -> None:
    response = await page.http.post("/act", content=body, headers=AS_THE_PAGE)
    assert (response.status_code, response.text) == (400, "not a known action")
    assert nothing_happened(page)
