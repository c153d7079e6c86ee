"""The page's requests for changes and for one interaction."""

import asyncio
import json
from typing import TYPE_CHECKING

import httpx
import pytest
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.requests import Request
from starlette.responses import Response

from bot.dev.emulator.http_server import serve_on_loopback
from tests.dev.emulator_harness import section
from tests.dev.page_harness import AS_THE_PAGE, HELLO, Page, open_page

if TYPE_CHECKING:
    from pydantic import JsonValue


async def test_a_request_without_a_version_gets_a_response_at_once(page: Page) -> None:
    response = await page.http.get("/live")
    assert response.status_code == 200
    assert 'data-version="0"' in response.text


async def test_a_waiting_request_gets_its_response_at_the_next_change(page: Page) -> None:
    waiting = asyncio.create_task(page.http.get("/live?after=0"))
    for _ in range(20):
        await asyncio.sleep(0)
    assert not waiting.done()
    await page.http.post("/act", content=json.dumps(HELLO), headers=AS_THE_PAGE)
    async with asyncio.timeout(5):
        response = await waiting
    assert response.status_code == 200
    assert 'data-version="1"' in response.text
    assert "hello" in response.text


async def test_a_waiting_request_times_out_without_a_change() -> None:
    async with open_page(long_poll_seconds=0) as page:
        async with asyncio.timeout(2):
            response = await page.http.get("/live?after=0")
        assert (response.status_code, response.content) == (204, b"")
        page.world.slack.changes.bump()
        assert (await page.http.get("/live?after=0")).status_code == 200


async def test_a_waiting_request_ends_when_the_page_is_closed(page: Page) -> None:
    began, ended = asyncio.Event(), asyncio.Event()

    async def watch(request: Request, call_next: RequestResponseEndpoint) -> Response:
        began.set()
        response = await call_next(request)
        ended.set()
        return response

    page.app.add_middleware(BaseHTTPMiddleware, dispatch=watch)
    async with serve_on_loopback(page.app) as url, httpx.AsyncClient() as browser:
        waiting = asyncio.create_task(browser.get(f"{url}/live?after=0"))
        async with asyncio.timeout(5):
            await began.wait()
            waiting.cancel()
            await ended.wait()
    assert page.world.slack.changes.count == 0


@pytest.mark.parametrize("after", ["", "x", "-1", "1.5", "²", "9" * 5000])
async def test_a_request_with_an_invalid_version_gets_a_response_at_once(
    page: Page, after: str
) -> None:
    async with asyncio.timeout(5):
        response = await page.http.get("/live", params={"after": after})
    assert response.status_code == 200


async def test_an_interaction_can_be_shown(page: Page) -> None:
    interaction = await page.world.slack.command("Oslo", command="/weather", channel_id="C0HERE")
    page.world.now += 0.5
    await page.world.posted(interaction, text="Rain", blocks=[section("Rain")])
    response = await page.http.get(f"/interaction/{interaction.token}")
    assert response.status_code == 200
    assert "1 of 5 uses" in response.text
    assert "<code>response_url</code> after 500 ms: 200" in response.text
    assert "https://app.slack.com/block-kit-builder/#" in response.text
    # No script from the app is run.
    assert "<script" not in response.text


async def test_the_latest_hundred_interactions_are_listed_newest_first(page: Page) -> None:
    for number in range(103):
        await page.world.slack.command(f"town {number}", command="/weather")
    page.world.ack = Response("", 500)
    await page.world.slack.global_shortcut("find")
    rows = (await page.http.get("/live")).text.split("<details data-source=")[1:]
    assert len(rows) == 100
    assert ("global shortcut find" in rows[0], 'class="rejected"' in rows[0]) == (True, True)
    assert ("/weather town 4<" in rows[-1], 'class="rejected"' in rows[-1]) == (True, False)


async def test_an_unknown_interaction_is_not_found(page: Page) -> None:
    response = await page.http.get("/interaction/0000")
    assert (response.status_code, response.text) == (404, "no longer kept")


@pytest.mark.parametrize(
    "text",
    ["<img src=x onerror=alert(1)>", "<script>x()</script>", "lone \ud83d surrogate", "\x00"],
)
async def test_any_payload_can_be_shown(page: Page, text: str) -> None:
    interaction = await page.world.slack.command("x", command="/weather", channel_id="C0HERE")
    block: dict[str, JsonValue] = {"type": "section", "text": {"type": "mrkdwn", "text": text}}
    for payload in ({"text": text}, {"text": "x", "blocks": [block]}, {"blocks": [{"type": text}]}):
        # As ASCII JSON, which can have a lone surrogate.
        await page.world.to_slack.post(
            interaction.response_url,
            content=json.dumps(payload),
            headers={"content-type": "application/json"},
        )
    for path in ("/", "/live", f"/interaction/{interaction.token}"):
        response = await page.http.get(path)
        assert response.status_code == 200, path
        assert "<img" not in response.text
        assert "<script>" not in response.text
