"""Applies the app's response to a modal's submission: close, update or show errors.

Other response actions, which this bot doesn't use, are rejected.

Facts: docs.slack.dev: surfaces/modals, "Responding to a view_submission" (response_action).
"""

from dataclasses import replace
from typing import Annotated, Final, Literal

from pydantic import Field, TypeAdapter

from bot.dev.emulator.slack.block_elements import Model
from bot.dev.emulator.slack.block_kit import Input, Modal, problems_of
from bot.dev.emulator.slack.element_state import parsed
from bot.dev.emulator.slack.errors import RejectedError
from bot.dev.emulator.slack.payloads import json_or_none
from bot.dev.emulator.slack.views import OpenView, Views, sized


class _Errors(Model):
    response_action: Literal["errors"]
    errors: dict[str, Annotated[str, Field(min_length=1)]] = Field(min_length=1)


class _Update(Model):
    response_action: Literal["update"]
    view: Modal


_RESPONSE: Final[TypeAdapter[_Errors | _Update]] = TypeAdapter(
    Annotated[_Errors | _Update, Field(discriminator="response_action")]
)


def apply_response_action(views: Views, view: OpenView, body: str) -> None:
    """Apply the response to the submission of `view`; an empty one closes the modal.

    Does nothing if the user has closed the modal before the response. Raises RejectedError for a
    response that Slack rejects; the modal then stays unchanged.
    """
    if not body:
        views.close(view)
        return
    response = json_or_none(body)
    if not isinstance(response, dict):
        raise RejectedError("invalid_response", "not a JSON object")
    wrong = problems_of(_RESPONSE.validate_python, response)
    if wrong:
        raise RejectedError("invalid_response", *wrong)
    errors = response.get("errors")
    if isinstance(errors, dict):
        _check_fields(view, set(errors))
    now = next((one for one in views.modals(view.user_id) if one.id == view.id), None)
    if now is None:
        return
    if isinstance(errors, dict):
        views.change(replace(now, errors={name: str(text) for name, text in errors.items()}))
    else:
        views.update(view.id, sized(response["view"]))


def _check_fields(view: OpenView, block_ids: set[str]) -> None:
    blocks = parsed(view.blocks_with_ids)
    inputs = {block.block_id for block in blocks if isinstance(block, Input)}
    if not block_ids <= inputs:
        unknown = sorted(block_ids - inputs)
        raise RejectedError("invalid_response", f"{unknown} are not input blocks of this view")
