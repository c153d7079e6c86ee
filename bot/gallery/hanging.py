"""Turns what the builders return into exhibits: the one place where typed dicts become plain JSON.

It must not know what is shown.
"""

from collections.abc import Mapping
from typing import Final

from pydantic import JsonValue, TypeAdapter

from bot.cards.blocks import Message
from bot.cards.views import View
from bot.slack_page.exhibits import Exhibit

_JSON: Final = TypeAdapter(dict[str, JsonValue])


def message(name: str, shown: Message) -> Exhibit:
    """A message as it is posted; `name` says when."""
    payload = {"text": shown.text, "blocks": list(shown.blocks)}
    return Exhibit(name, _JSON.validate_python(payload))


def view(name: str, shown: View, errors: Mapping[str, str] | None = None) -> Exhibit:
    """A window or a Home tab; `errors` are what is wrong with a form's fields, by block_id."""
    payload = _JSON.validate_python(shown)
    return Exhibit(name, payload) if errors is None else Exhibit(name, payload, errors)
