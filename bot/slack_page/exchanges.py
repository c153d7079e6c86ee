"""What passed between Slack and the app, for whoever develops it: an entry for each exchange.

It must not know what the app is for, nor how an entry is drawn.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, quote

from pydantic import JsonValue

from bot.sandbox.slack import Exchange, Post, Slack, ViewCall

_BUILDER: Final = "https://app.slack.com/block-kit-builder/#"
_SHOWN: Final = 100
_KINDS: Final[Mapping[str, str]] = {
    "block_actions": "click",
    "message_action": "message shortcut",
    "shortcut": "global shortcut",
    "view_submission": "form sent",
    "view_closed": "window closed",
}

_Tree = Mapping[str, JsonValue]


@dataclass(frozen=True)
class Answer:
    """One thing that the app sent back, or sent by itself.

    Attributes:
        what: where to, such as `response_url`, or the Web API's method.
        after_ms: milliseconds since the exchange began.
        status: the HTTP status it was answered with.
        verdict: what Slack made of it: `ok`, or the reasons for which it was refused.
        is_refused: whether it was.
        sent: what was sent, as indented JSON where it is JSON.
        builder: a link that shows it in Slack's Block Kit Builder, empty if there are no blocks.
    """

    what: str
    after_ms: int
    status: int
    verdict: str
    is_refused: bool
    sent: str
    builder: str


@dataclass(frozen=True)
class Entry:
    """One exchange.

    Attributes:
        token: names it.
        began: epoch seconds.
        what: what the person did, in a few words.
        headers: of the request.
        request: its body, as indented JSON.
        ack_status: the HTTP status of the acknowledgement, 0 if there was none.
        ack_ms: how long it took.
        ack: its body.
        failed: what Slack told the person instead, empty if all is well.
        uses: how many of the five uses of its response_url are spent; None if it has none.
        answers: what came after it.
    """

    token: str
    began: float
    what: str
    headers: Mapping[str, str]
    request: str
    ack_status: int
    ack_ms: float
    ack: str
    failed: str
    uses: int | None
    answers: tuple[Answer, ...]

    @property
    def is_refused(self) -> bool:
        """Whether anything of it was refused."""
        return bool(self.failed) or any(answer.is_refused for answer in self.answers)


def builder_link(payload: _Tree) -> str:
    """A link to Slack's Block Kit Builder with this message's blocks, or this view.

    The builder reads what stands after the # (docs.slack.dev: block-kit, "Block Kit Builder").
    """
    if payload.get("type") in {"modal", "home"}:
        shown: JsonValue = dict(payload)
    elif payload.get("blocks"):
        shown = {"blocks": payload["blocks"]}
    else:
        return ""
    return _BUILDER + quote(json.dumps(shown, ensure_ascii=False, separators=(",", ":")))


def entries(slack: Slack) -> list[Entry]:
    """The last hundred exchanges, newest first."""
    shown = slack.exchanges[-_SHOWN:]
    calls = _attributed(shown, slack.view_calls)
    return [_entry(exchange, calls.get(exchange.token, ())) for exchange in reversed(shown)]


def entry(slack: Slack, token: str) -> Entry:
    """One of them, by its token. Raises LookupError when it isn't kept any more."""
    for each in entries(slack):
        if each.token == token:
            return each
    raise LookupError(token)


def _entry(exchange: Exchange, calls: Sequence[ViewCall]) -> Entry:
    answers = [(post.at, _of_post(exchange, post)) for post in exchange.posts]
    answers += [(call.at, _of_call(exchange, call)) for call in calls]
    payload = _payload(exchange.request_body)
    return Entry(
        exchange.token,
        exchange.began,
        _what(payload),
        exchange.request_headers,
        _indented(payload),
        exchange.ack_status,
        exchange.ack_seconds * 1000,
        _readable(exchange.ack_body),
        exchange.failed or "",
        exchange.uses if exchange.response_url else None,
        tuple(answer for _, answer in sorted(answers, key=lambda pair: pair[0])),
    )


def _of_post(exchange: Exchange, post: Post) -> Answer:
    refused = post.status != 200  # noqa: PLR2004 - OK
    payload = post.payload
    return Answer(
        "response_url",
        round((post.at - exchange.began) * 1000),
        post.status,
        _readable(post.answer),
        refused,
        _readable(post.body),
        builder_link(payload) if isinstance(payload, dict) else "",
    )


def _of_call(exchange: Exchange, call: ViewCall) -> Answer:
    said = "ok" if call.answer.get("ok") is True else _indented(call.answer)
    return Answer(
        call.method,
        round((call.at - exchange.began) * 1000),
        call.status,
        said,
        said != "ok",
        _indented({**call.arguments, "view": dict(call.view)}),
        builder_link(call.view),
    )


def _attributed(
    exchanges: Iterable[Exchange], calls: Iterable[ViewCall]
) -> dict[str, list[ViewCall]]:
    """The calls of the Web API by the exchange they belong to.

    A window is opened with an exchange's trigger id. What is changed afterwards belongs to the last
    exchange that had to do with the view; what has none, to the last one altogether.
    """
    found: dict[str, list[ViewCall]] = {}
    of_view: dict[str, str] = {}
    of_trigger: dict[str, str] = {}
    latest = ""
    steps: list[tuple[float, Exchange | ViewCall]] = [(each.began, each) for each in exchanges]
    steps += [(call.at, call) for call in calls]
    for _, step in sorted(steps, key=lambda step: step[0]):
        if isinstance(step, Exchange):
            latest = step.token
            of_trigger[step.trigger_id] = latest
            of_view[_text(_payload(step.request_body), "view", "id")] = latest
            continue
        trigger_id = _text(step.arguments, "trigger_id")
        view_id = _text(step.answer, "view", "id") or _text(step.arguments, "view_id")
        token = of_trigger.get(trigger_id) if trigger_id else of_view.get(view_id)
        token = token or latest
        found.setdefault(token, []).append(step)
        of_view.setdefault(view_id, token)
    return found


def _payload(body: str) -> dict[str, JsonValue]:
    """The request's content: a form's fields, or the JSON that stands in it or for it."""
    whole = _parsed(body)
    if isinstance(whole, dict):
        return whole
    fields = {name: values[-1] for name, values in parse_qs(body, keep_blank_values=True).items()}
    payload = _parsed(fields.get("payload", ""))
    return payload if isinstance(payload, dict) else {**fields}


def _what(payload: _Tree) -> str:
    if "command" in payload:
        return f"{_text(payload, 'command')} {_text(payload, 'text')}".rstrip()
    kind = _text(payload, "type")
    match payload.get("actions"):
        case [{"action_id": str(action_id)}, *_]:
            return f"click on {action_id}"
    name = _text(payload, "callback_id") or _text(payload, "view", "callback_id")
    return f"{_KINDS.get(kind, kind)} {name or _text(payload, 'event', 'type')}".rstrip()


def _text(tree: _Tree, *path: str) -> str:
    value: JsonValue = dict(tree)
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""


def _parsed(text: str) -> JsonValue:
    try:
        value: JsonValue = json.loads(text)
    except ValueError:
        return None
    return value


def _readable(text: str) -> str:
    value = _parsed(text)
    return _indented(value) if isinstance(value, dict) else text


def _indented(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
