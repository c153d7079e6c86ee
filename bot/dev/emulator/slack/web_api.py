"""The emulated Web API methods: auth.test, and views.* for modals and the Home tab.

Facts: docs.slack.dev: apis/web-api, reference/methods/auth.test, views.open, views.push,
views.update and views.publish.
"""

import json
from collections.abc import Mapping
from typing import Final

from pydantic import JsonValue
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.dev.emulator.slack.block_elements import Model
from bot.dev.emulator.slack.block_kit import Home, Modal, problems_of
from bot.dev.emulator.slack.errors import RejectedError
from bot.dev.emulator.slack.installation import Installation
from bot.dev.emulator.slack.interactions import AppRequest
from bot.dev.emulator.slack.payloads import (
    BOT_ID,
    BOT_USER_ID,
    JSON_TYPE,
    TEAM_DOMAIN,
    json_or_none,
)
from bot.dev.emulator.slack.views import OpenView, sized

Arguments = Mapping[str, JsonValue]


# Slack ignores unknown arguments. It is easy to miss a misspelled `hash`, so Model rejects them.
class _Open(Model):
    trigger_id: str
    view: Modal


class _Update(Model):
    view_id: str
    view: Modal
    hash: str | None = None


class _Publish(Model):
    user_id: str
    view: Home


_ARGUMENTS: Final[Mapping[str, type[Model]]] = {
    "views.open": _Open,
    "views.push": _Open,
    "views.update": _Update,
    "views.publish": _Publish,
}


def _arguments(content_type: str, body: str) -> dict[str, JsonValue]:
    """Parse the arguments of a request; raises RejectedError.

    Slack takes a form, too, and a view as text; this bot sends JSON.
    """
    if content_type.partition(";")[0].strip().lower() != JSON_TYPE:
        raise RejectedError("invalid_post_type")
    arguments = json_or_none(body)
    if not isinstance(arguments, dict):
        raise RejectedError("invalid_json" if arguments is None else "json_not_object")
    return arguments


class WebApi:
    """The Web API, for one bot in one workspace."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation

    async def handle(self, request: Request) -> Response:
        """Handle one request, as a Starlette endpoint with the path parameter `method`."""
        method = str(request.path_params["method"])
        body = (await request.body()).decode(errors="replace")
        self._installation.requested_methods.append(method)
        if method not in _ARGUMENTS:
            return JSONResponse(self._result(method, body, request))
        fail = await self._installation.failure(self._installation.fail_next_api)
        if fail is None:
            status, response = 200, json.dumps(self._result(method, body, request))
        else:
            status, response = fail.status, fail.body
        recorded = AppRequest(self._installation.clock(), method, body, status, response)
        self._record(recorded)
        return recorded.http_response(fail.headers if fail else None)

    def _result(self, method: str, body: str, request: Request) -> dict[str, JsonValue]:
        try:
            return {"ok": True, **self._accepted(method, body, request)}
        except RejectedError as error:
            return error.response

    def _accepted(self, method: str, body: str, request: Request) -> dict[str, JsonValue]:
        if method not in {"auth.test", *_ARGUMENTS}:
            raise RejectedError("unknown_method")
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        if given != self._installation.bot_token:
            raise RejectedError("invalid_auth" if given else "not_authed")
        if method == "auth.test":
            return self._identity()
        arguments = _arguments(request.headers.get("content-type", ""), body)
        return {"view": self._apply(method, arguments).payload_for_app()}

    def _identity(self) -> dict[str, JsonValue]:
        enterprise_id = self._installation.enterprise_id
        return {
            "url": f"https://{TEAM_DOMAIN}.slack.com/",
            "team": "Acme",
            "user": "voicelog",
            "team_id": self._installation.team_id,
            "user_id": BOT_USER_ID,
            "bot_id": BOT_ID,
            "is_enterprise_install": self._installation.is_enterprise_install,
            **({"enterprise_id": enterprise_id} if enterprise_id else {}),
        }

    def _record(self, request: AppRequest) -> None:
        """Keep a request, also in the last interaction that its arguments name, or in the last."""
        self._installation.view_requests.append(request)
        names = {str(request.arguments.get(name)) for name in ("trigger_id", "view_id", "user_id")}
        interactions = self._installation.interactions
        named = [each for each in interactions if names & each.subjects]
        for owner in (named or interactions)[-1:]:
            owner.requests.append(request)
            view = request.result.get("view")
            if isinstance(view, dict):
                owner.subjects.add(str(view["id"]))
        self._installation.changes.bump()

    def _apply(self, method: str, arguments: Arguments) -> OpenView:
        slack, views = self._installation, self._installation.views
        found = problems_of(_ARGUMENTS[method].model_validate, arguments)
        if found:
            raise RejectedError("invalid_arguments", *found)
        # The view is checked first: one that is too large leaves the trigger ID unused.
        view = sized(arguments["view"])
        if method == "views.publish":
            return views.publish(str(arguments["user_id"]), slack.team_id, view)
        if method == "views.update":
            known_hash = str(arguments["hash"]) if "hash" in arguments else None
            return views.update(str(arguments["view_id"]), view, known_hash)
        trigger_id = str(arguments["trigger_id"])
        used = slack.by_token.get(trigger_id.rpartition(".")[2])
        if used is None or used.trigger_id != trigger_id:
            raise RejectedError("invalid_trigger_id")
        used.use_trigger(slack.clock())
        if method == "views.push":
            return views.push(used.view_id, view)
        return views.open(used.user_id, used.team_id, view)
