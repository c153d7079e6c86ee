"""The traffic between Slack and the app, for developers: one entry per interaction."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qs, quote

from pydantic import JsonValue

from bot.dev.emulator.slack.payloads import json_or_none
from bot.dev.emulator.slack.workspace import (
    AppRequest,
    RecordedInteraction,
    SlackEmulator,
)

_BLOCK_KIT_BUILDER: Final = "https://app.slack.com/block-kit-builder/#"
_SHOWN: Final = 100
_INVISIBLE: Final = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_KINDS: Final[Mapping[str, str]] = {
    "block_actions": "click",
    "message_action": "message shortcut",
    "shortcut": "global shortcut",
    "view_submission": "form submitted",
}

_Tree = Mapping[str, JsonValue]


@dataclass(frozen=True)
class InspectorEntry:
    """One interaction, and the requests that the app sent after it, in order.

    Long texts are formatted lazily, because most are never opened.
    """

    interaction: RecordedInteraction
    responses: tuple[AppRequest, ...]

    @property
    def what(self) -> str:
        """What the user did, in a few words."""
        return _what(_payload(self.interaction.request_body))

    @property
    def request(self) -> str:
        return _indented(_payload(self.interaction.request_body))

    @property
    def uses(self) -> int | None:
        """How many of the five uses of its response URL are spent; None if it has none."""
        return self.interaction.uses if self.interaction.response_url else None

    @property
    def is_rejected(self) -> bool:
        """Whether the interaction failed or Slack rejected one of the app's requests."""
        return bool(self.interaction.failed) or not all(each.is_accepted for each in self.responses)

    def after_ms(self, response: AppRequest) -> int:
        """The time from the interaction to a response."""
        return round((response.at - self.interaction.started_at) * 1000)


def builder_link(payload: _Tree) -> str:
    """A link to Slack's Block Kit Builder with a message's blocks, or a view or a method's `view`.

    The builder reads the URL fragment (docs.slack.dev: block-kit, "Block Kit Builder").
    """
    view = payload.get("view")
    payload = view if isinstance(view, dict) else payload
    if payload.get("type") in {"modal", "home"}:
        shown: JsonValue = dict(payload)
    elif payload.get("blocks"):
        shown = {"blocks": payload["blocks"]}
    else:
        return ""
    # In ASCII, so that lone surrogates are kept: the page shows anything the app sends.
    return _BLOCK_KIT_BUILDER + quote(json.dumps(shown, separators=(",", ":")))


def entries(slack: SlackEmulator) -> list[InspectorEntry]:
    """The last hundred interactions, newest first."""
    shown = slack.interactions[-_SHOWN:]
    calls = _attributed(shown, slack.view_calls)
    return [_entry(each, calls.get(each.token, ())) for each in reversed(shown)]


def entry(slack: SlackEmulator, token: str) -> InspectorEntry:
    """One entry, by its token. Raises LookupError when it isn't kept any more."""
    for each in entries(slack):
        if each.interaction.token == token:
            return each
    raise LookupError(token)


def _entry(interaction: RecordedInteraction, calls: Iterable[AppRequest]) -> InspectorEntry:
    responses = sorted([*interaction.posts, *calls], key=lambda each: each.at)
    return InspectorEntry(interaction, tuple(responses))


def _attributed(
    interactions: Iterable[RecordedInteraction], calls: Iterable[AppRequest]
) -> dict[str, list[AppRequest]]:
    """Map interaction tokens to the Web API calls that belong to them.

    A modal is opened with an interaction's trigger ID. A later change belongs to the last
    interaction with that view, or with the user's Home tab; otherwise to the last interaction of
    all. Calls without an interaction have an empty token.
    """
    found: dict[str, list[AppRequest]] = {}
    owners: dict[str, str] = {}
    latest = ""
    steps: list[tuple[float, RecordedInteraction | AppRequest]] = [
        (each.started_at, each) for each in interactions
    ]
    steps += [(call.at, call) for call in calls]
    for _, step in sorted(steps, key=lambda step: step[0]):
        if isinstance(step, RecordedInteraction):
            latest = step.token
            owners.update(dict.fromkeys(_subjects(step), latest))
            continue
        names = (_text(step.arguments, name) for name in ("trigger_id", "view_id", "user_id"))
        token = owners.get(next(filter(None, names), ""), latest)
        found.setdefault(token, []).append(step)
        owners.setdefault(_text(step.result, "view", "id"), token)
    return found


def _subjects(interaction: RecordedInteraction) -> Iterator[str]:
    """Yield its trigger ID, its view ID, and the user ID if it was on their Home tab."""
    payload = _payload(interaction.request_body)
    yield interaction.trigger_id
    yield _text(payload, "view", "id")
    yield _text(payload, "event", "user")
    if _text(payload, "view", "type") == "home":
        yield _text(payload, "user", "id")


@lru_cache(maxsize=2 * _SHOWN)
def _payload(body: str) -> _Tree:
    """The request's content: a form's fields, its JSON `payload`, or a JSON body."""
    whole = json_or_none(body)
    if isinstance(whole, dict):
        return whole
    fields = {name: values[-1] for name, values in parse_qs(body, keep_blank_values=True).items()}
    payload = json_or_none(fields.get("payload", ""))
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


def readable(text: str) -> str:
    """Indented JSON if the text is a JSON object; otherwise the text as is."""
    value = json_or_none(text)
    return _indented(value) if isinstance(value, dict) else text


def _indented(value: _Tree) -> str:
    """Indented JSON with invisible characters and bidi controls escaped."""
    return _INVISIBLE.sub(
        lambda unseen: f"\\u{ord(unseen[0]):04x}", json.dumps(value, ensure_ascii=False, indent=2)
    )
