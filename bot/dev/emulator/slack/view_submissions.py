"""Applies the app's response to a modal's submission: close, update or show errors.

Other response actions, which this bot doesn't use, are rejected.

Facts: docs.slack.dev: surfaces/modals, "Responding to a view_submission" (response_action).
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, TypeAdapter, ValidationError

from bot.dev.emulator.slack.errors import RejectedError
from bot.dev.emulator.slack.view import OpenView, checked_view
from bot.dev.emulator.slack.view_store import Views


class _Response(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Errors(_Response):
    response_action: Literal["errors"]
    errors: dict[str, Annotated[str, Field(min_length=1)]] = Field(min_length=1)


class _Update(_Response):
    response_action: Literal["update"]
    view: JsonValue


_RESPONSE: Final[TypeAdapter[_Errors | _Update]] = TypeAdapter(
    Annotated[_Errors | _Update, Field(discriminator="response_action")]
)


def apply_response_action(views: Views, view: OpenView, body: str) -> None:
    """Apply the response to the submission of `view`; an empty one closes the modal.

    Does nothing if the user has closed the modal before the response. Raises RejectedError with
    `invalid_response` for a response that Slack rejects, and as `checked_view` and `Views` do for
    an invalid view; the modal then stays unchanged.
    """
    if not body:
        views.close(view)
        return
    try:
        response = _RESPONSE.validate_json(body)
    except ValidationError as error:
        messages = (each["msg"] for each in error.errors(include_url=False))
        raise RejectedError("invalid_response", *messages) from None
    if isinstance(response, _Errors):
        _check_fields(view, response.errors.keys())
    now = next((one for one in views.modals(view.user_id) if one.id == view.id), None)
    if now is None:
        return
    if isinstance(response, _Errors):
        views.change(replace(now, errors=response.errors))
    else:
        views.update(view.id, checked_view(response.view, "modal"))


def _check_fields(view: OpenView, block_ids: Iterable[str]) -> None:
    inputs = {
        block.get("block_id")
        for block in view.blocks_with_ids
        if isinstance(block, dict) and block.get("type") == "input"
    }
    unknown = [block_id for block_id in block_ids if block_id not in inputs]
    if unknown:
        raise RejectedError("invalid_response", f"{unknown} are not input blocks of this view")
