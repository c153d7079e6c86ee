"""The `views.*` methods of npm's `emulate`, which is an emulator of Slack that isn't ours.

It keeps state: trigger IDs work once and for three seconds, updates need an open modal.
"""

import asyncio
import json
import shutil
import subprocess
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Final

import httpx
import pytest
import pytest_asyncio
from pydantic import JsonValue, TypeAdapter
from starlette.requests import Request
from starlette.responses import Response

from bot.ui import actions
from tests.integration.harness import OpenWorld
from tests.integration.intercept import Forward, intercept
from tests.support import texts
from tests.support.reading import only
from tests.support.samples import DOCUMENTED
from tests.surfaces.node import node_modules

pytestmark = pytest.mark.asyncio(loop_scope="module")

_SERVICE: Final = Path(__file__).parent / "slack_service.mjs"
_OBJECT: Final = TypeAdapter(dict[str, JsonValue])


class EmulateSlack:
    """Answers the bot's `views.*` requests with emulate's Slack.

    Attributes:
        views: the views that it accepted, by method, in order.
        errors: what it rejected.
    """

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http
        self.views: list[tuple[str, str]] = []
        self.errors: list[str] = []
        self.trigger_id: str | None = None
        """If set, it is used instead of a new one."""

    async def new_trigger_id(self) -> str:
        response = await self._request("views.generateTriggerId", {"user_id": "U000000001"})
        return str(response["trigger_id"])

    async def use(self, trigger_id: str) -> None:
        title: JsonValue = {"type": "plain_text", "text": "x"}
        view: JsonValue = {"type": "modal", "title": title, "blocks": []}
        assert (await self._request("views.open", {"trigger_id": trigger_id, "view": view}))["ok"]

    async def handle(self, request: Request, _forward: Forward) -> Response:
        method = request.url.path.rpartition("/")[2]
        body = _OBJECT.validate_python(await _body(request))
        if "trigger_id" in body:
            body["trigger_id"] = self.trigger_id or await self.new_trigger_id()
        if "user_id" in body:
            body["user_id"] = "U000000001"
        response = await self._request(method, body)
        if response["ok"]:
            self.views.append((method, json.dumps(response["view"])))
        else:
            self.errors.append(str(response["error"]))
        return Response(json.dumps(response), media_type="application/json")

    async def _request(self, method: str, body: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
        headers = {"Authorization": "Bearer xoxb-1"}
        response = await self._http.post(f"/api/{method}", json=body, headers=headers)
        return _OBJECT.validate_json(response.content)


async def _body(request: Request) -> object:
    if request.headers["content-type"].startswith("application/json"):
        return await request.json()
    form = {key: str(value) for key, value in (await request.form()).items()}
    return {**form, "view": json.loads(form["view"])}


@pytest_asyncio.fixture(loop_scope="module")
async def emulate(tmp_path: Path) -> AsyncIterator[EmulateSlack]:
    (tmp_path / "node_modules").symlink_to(node_modules())
    script = shutil.copy(_SERVICE, tmp_path)
    process = await asyncio.create_subprocess_exec(
        "node", script, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        url = (await process.stdout.readline()).decode().strip()
        async with httpx.AsyncClient(base_url=url, trust_env=False) as http:
            yield EmulateSlack(http)
    finally:
        process.stdin.close()
        await asyncio.wait_for(process.wait(), 10)


async def test_details_open_and_fill(emulate: EmulateSlack, open_world: OpenWorld) -> None:
    world = await open_world(slack_middleware=intercept(r"/api/views\.", emulate.handle))
    await world.slack.click(await world.ask(DOCUMENTED), actions.DETAILS)
    await world.idle()

    methods = [method for method, _ in emulate.views]
    assert methods == ["views.open", "views.update"]
    assert "Timeline" in emulate.views[-1][1]
    assert emulate.errors == []


async def test_form_opens_and_home_tab_is_published(
    emulate: EmulateSlack, open_world: OpenWorld
) -> None:
    world = await open_world(slack_middleware=intercept(r"/api/views\.", emulate.handle))
    await world.slack.global_shortcut()
    await world.slack.open_home("U0ANNA")
    await world.idle()

    assert {method for method, _ in emulate.views} == {"views.open", "views.publish"}
    assert emulate.errors == []


async def test_user_is_told_if_the_trigger_id_was_used(
    emulate: EmulateSlack, open_world: OpenWorld
) -> None:
    world = await open_world(slack_middleware=intercept(r"/api/views\.", emulate.handle))
    emulate.trigger_id = await emulate.new_trigger_id()
    await emulate.use(emulate.trigger_id)
    click = await world.slack.click(await world.ask(DOCUMENTED), actions.DETAILS)
    await world.idle()

    assert emulate.errors == ["exchanged_trigger_id"]
    assert only(click).text.startswith(texts.MODAL_FAILED)


@pytest.mark.slow
async def test_user_is_told_if_the_trigger_id_has_expired(
    emulate: EmulateSlack, open_world: OpenWorld
) -> None:
    world = await open_world(slack_middleware=intercept(r"/api/views\.", emulate.handle))
    emulate.trigger_id = await emulate.new_trigger_id()
    await asyncio.sleep(3.1)
    click = await world.slack.click(await world.ask(DOCUMENTED), actions.DETAILS)
    await world.idle()

    assert emulate.errors == ["expired_trigger_id"]
    assert only(click).text.startswith(texts.MODAL_FAILED)
