"""The emulated Web API methods: auth.test, and views.* for modals and the Home tab.

Facts: docs.slack.dev: apis/web-api, reference/methods/auth.test, views.open, views.push,
views.update and views.publish.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final
from urllib.parse import parse_qsl

from pydantic import JsonValue
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.dev.emulator.changes import ChangeCounter
from bot.dev.emulator.slack.loose_json import json_or_none
from bot.dev.emulator.slack.payloads import BOT_ID, BOT_USER_ID, FORM_TYPE, JSON_TYPE, TEAM_DOMAIN
from bot.dev.emulator.slack.trigger_ids import KEPT, TriggerRejectedError, Triggers
from bot.dev.emulator.slack.view import OpenView, checked_view
from bot.dev.emulator.slack.view_store import Views

Arguments = Mapping[str, JsonValue]

# The required and the optional arguments of each method. Slack ignores unknown arguments; it is
# easy to miss a misspelled `hash`, so here they are rejected.
_ARGUMENTS: Final[Mapping[str, tuple[frozenset[str], frozenset[str]]]] = MappingProxyType(
    {
        "views.open": (frozenset({"trigger_id", "view"}), frozenset()),
        "views.push": (frozenset({"trigger_id", "view"}), frozenset()),
        "views.update": (frozenset({"view_id", "view"}), frozenset({"hash"})),
        "views.publish": (frozenset({"user_id", "view"}), frozenset({"hash"})),
    }
)


@dataclass(frozen=True)
class FailNext:
    """How the next post to a response URL, or the next call of a views.* method, fails.

    The request is not validated and does not count as a use. With status 0 it is only delayed.
    """

    status: int
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0


@dataclass(frozen=True)
class ViewRequest:
    """One call of a views.* method: time (epoch seconds), arguments and response."""

    at: float
    method: str
    arguments: Arguments
    status: int
    answer: Mapping[str, JsonValue]

    @property
    def error(self) -> str | None:
        """Slack's error code, None if the call succeeded."""
        code = self.answer.get("error")
        return code if isinstance(code, str) else None

    @property
    def view(self) -> Mapping[str, JsonValue]:
        """The view passed to the call; empty if it was malformed."""
        view = self.arguments.get("view")
        if isinstance(view, str):
            view = json_or_none(view)
        return view if isinstance(view, dict) else {}


def json_or_text(body: str, status: int, headers: Mapping[str, str] | None = None) -> Response:
    """An HTTP response with the content type that Slack uses for such a body."""
    kind = JSON_TYPE if body.startswith("{") else "text/plain"
    return Response(body, status, headers, media_type=kind)


def _arguments(content_type: str, body: str) -> dict[str, JsonValue]:
    """Parse the arguments of a call, as a form or JSON; raises TriggerRejectedError."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind == FORM_TYPE:
        return dict(parse_qsl(body, keep_blank_values=True))
    if kind != JSON_TYPE:
        raise TriggerRejectedError("invalid_post_type")
    arguments = json_or_none(body)
    if not isinstance(arguments, dict):
        raise TriggerRejectedError("invalid_json" if arguments is None else "json_not_object")
    return arguments


def _check_names(method: str, arguments: Arguments) -> None:
    required, optional = _ARGUMENTS[method]
    wrong = [f"/{name}: is required" for name in sorted(required - set(arguments))]
    unknown = set(arguments) - required - optional
    wrong += [f"/{name}: is not a known argument of {method}" for name in sorted(unknown)]
    wrong += [
        f"/{name}: must be a string"
        for name, value in sorted(arguments.items())
        if name != "view" and name not in unknown and not isinstance(value, str)
    ]
    if wrong:
        raise TriggerRejectedError("invalid_arguments", *wrong)


def _refusal(refused: TriggerRejectedError) -> dict[str, JsonValue]:
    answer: dict[str, JsonValue] = {"ok": False, "error": refused.code}
    if refused.messages:
        answer["response_metadata"] = {"messages": [*refused.messages]}
    return answer


class WebApi:
    """The Web API, for one bot in one workspace.

    Attributes:
        team_id: the workspace.
        enterprise_id: the organization it belongs to, if any.
        is_enterprise_install: whether the app is installed in the whole organization.
        api_calls: the last thousand methods called, in order.
        view_calls: the last thousand calls of views.* methods, in full.
        fail_next_api: how the next calls of views.* methods fail; each call removes one.
        clock: the current time, epoch seconds.
        triggers: the issued trigger IDs.
        views: the modals and Home tabs that are currently visible.
        count: the last number returned by `number`.
        changes: notifies observers of changes.
    """

    def __init__(
        self,
        *,
        bot_token: str,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
        team_id: str,
        enterprise_id: str | None = None,
        is_enterprise_install: bool = False,
    ) -> None:
        """Start without calls; the arguments are those of `RequestSender`."""
        self.team_id = team_id
        self.enterprise_id = enterprise_id
        self.is_enterprise_install = is_enterprise_install
        self.api_calls: list[str] = []
        self.view_calls: list[ViewRequest] = []
        self.fail_next_api: list[FailNext] = []
        self.clock = clock
        self.count = 0
        self.triggers = Triggers(clock)
        self.changes = ChangeCounter()
        self.views = Views(clock, self.number, self.changes)
        self._bot_token = bot_token
        self._sleep = sleep

    def number(self) -> int:
        """Return a number that is unique in this workspace."""
        self.count += 1
        return self.count

    async def failure(self, told: list[FailNext]) -> FailNext | None:
        """Remove the next failure from the list and wait for its delay; None if none applies."""
        if not told:
            return None
        fail = told.pop(0)
        await self._sleep(fail.delay)
        return fail if fail.status else None

    async def handle_api_request(self, request: Request) -> Response:
        """Handle one call, as a Starlette endpoint with the path parameter `method`."""
        method = str(request.path_params["method"])
        self.api_calls.append(method)
        del self.api_calls[:-KEPT]
        if method in _ARGUMENTS:
            return await self._handle_views_request(method, request)
        if method != "auth.test":
            return JSONResponse({"ok": False, "error": "unknown_method"})
        try:
            self._check_token(request)
        except TriggerRejectedError as refused:
            return JSONResponse(_refusal(refused))
        return JSONResponse(
            {
                "ok": True,
                "url": f"https://{TEAM_DOMAIN}.slack.com/",
                "team": "Acme",
                "user": "voicelog",
                "team_id": self.team_id,
                "user_id": BOT_USER_ID,
                "bot_id": BOT_ID,
                "is_enterprise_install": self.is_enterprise_install,
                **({"enterprise_id": self.enterprise_id} if self.enterprise_id else {}),
            }
        )

    def _check_token(self, request: Request) -> None:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        if given != self._bot_token:
            raise TriggerRejectedError("invalid_auth" if given else "not_authed")

    async def _handle_views_request(self, method: str, request: Request) -> Response:
        body = (await request.body()).decode(errors="replace")
        arguments: dict[str, JsonValue] = {}
        fail = await self.failure(self.fail_next_api)
        try:
            arguments = _arguments(request.headers.get("content-type", ""), body)
            answer = {} if fail else self._answer(method, arguments, request)
        except TriggerRejectedError as refused:
            answer = _refusal(refused)
        response: Response = JSONResponse(answer)
        if fail is not None:
            told = json_or_none(fail.body)
            answer = told if isinstance(told, dict) else {}
            response = json_or_text(fail.body, fail.status, fail.headers)
        call = ViewRequest(self.clock(), method, arguments, response.status_code, answer)
        self.view_calls.append(call)
        del self.view_calls[:-KEPT]
        self.changes.bump()
        return response

    def _answer(self, method: str, arguments: Arguments, request: Request) -> dict[str, JsonValue]:
        self._check_token(request)
        _check_names(method, arguments)
        return {"ok": True, "view": self._do(method, arguments).payload_for_app()}

    def _do(self, method: str, arguments: Arguments) -> OpenView:
        # The view is validated first: an invalid one leaves the trigger ID unused.
        payload = checked_view(arguments["view"], "home" if method == "views.publish" else "modal")
        known_hash = str(arguments["hash"]) if "hash" in arguments else None
        if method == "views.publish":
            user_id = str(arguments["user_id"])
            return self.views.publish(user_id, self.team_id, payload, known_hash)
        if method == "views.update":
            return self.views.update(str(arguments["view_id"]), payload, known_hash)
        ticket = self.triggers.redeem(str(arguments["trigger_id"]))
        if method == "views.push":
            return self.views.push(ticket.view_id, payload)
        return self.views.open(ticket.user_id, ticket.team_id, payload)
