"""The common parts of Slack's payloads, without the fields that the bot doesn't use.

The other parts are beside the listeners that they are for.
"""

from collections.abc import Mapping
from typing import Annotated

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    SkipValidation,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    field_validator,
    model_validator,
)

from bot.access import Actor
from bot.slack.interaction import Interaction, PrivateMetadata
from bot.slack.views import ViewRef


class PayloadModel(BaseModel):
    """A payload, or a part of one. A field with a default gets it if its value is invalid.

    Slack sends `null`, `[]` or `{}` for many of these fields.
    """

    model_config = ConfigDict(
        defer_build=True, frozen=True, extra="ignore", hide_input_in_errors=True
    )

    @field_validator("*", mode="wrap")
    @classmethod
    def _default_if_invalid(
        cls, value: object, handler: ValidatorFunctionWrapHandler, info: ValidationInfo
    ) -> object:
        try:
            return handler(value)
        except ValidationError:
            field = cls.model_fields[str(info.field_name)]
            if field.is_required():
                raise
            return field.get_default(call_default_factory=True)


class _WithId(PayloadModel):
    """An object with an id, in place of which some payloads have the bare id."""

    id: str

    @model_validator(mode="before")
    @classmethod
    def _as_object(cls, value: object) -> object:
        return {"id": value} if isinstance(value, str) else value


class _Conversation(_WithId):
    name: str = ""


class _User(_WithId):
    team_id: str = ""


class _Team(_WithId):
    enterprise_id: str = ""


class InteractionPayload(PayloadModel):
    """The common fields of shortcuts, clicks and submissions; all that a global shortcut has."""

    user: _User
    team: _Team = _Team(id="")
    enterprise: _WithId = _WithId(id="")
    channel: _Conversation = _Conversation(id="")
    trigger_id: str = ""
    response_url: str = ""

    def actor(self, channel_id: str, *, saw_private_reply: bool = False) -> Actor:
        """Return the user, who may be from another workspace in a shared channel."""
        return Actor(
            self.user.id,
            self.user.team_id or self.team.id,
            channel_id,
            self.team.enterprise_id or self.enterprise.id or None,
            self.team.id,
            saw_private_reply,
        )

    def interaction(self, request_id: str) -> Interaction:
        """Return who did it, where, and the ways to reply."""
        return Interaction(
            self.actor(self.channel.id),
            request_id,
            self.response_url or None,
            self.trigger_id,
            channel_name=self.channel.name,
            idempotency_key=idempotency_key(self.trigger_id, self.response_url),
        )


_Ts = Annotated[str, Field(pattern=r"^[0-9]{1,20}\.[0-9]{1,10}$")]
"""A message's timestamp, which identifies it within its channel."""


class MessagePayload(PayloadModel):
    """A message, and the thread it is in."""

    ts: _Ts = ""
    thread_ts: _Ts = ""


class _Option(PayloadModel):
    value: str = ""


class ElementPayload(PayloadModel):
    """A button, a menu or an input, with what was entered or chosen."""

    value: str = ""
    selected_option: _Option = _Option()
    selected_options: tuple[_Option, ...] = ()
    selected_date: str = ""

    @property
    def entered(self) -> str:
        """The option, text or date; empty if there is none."""
        return self.selected_option.value or self.value or self.selected_date


class _ViewState(PayloadModel):
    values: Mapping[str, SkipValidation[JsonValue]] = {}


class View(PayloadModel):
    """A modal or a Home tab. Shape: docs.slack.dev, "View interactions payload"."""

    id: str
    type: str = "modal"
    private_metadata: str = ""
    state: _ViewState = _ViewState()

    @property
    def metadata(self) -> PrivateMetadata:
        """The modal's private_metadata. A Home tab has none, and only its user sees it."""
        if self.type == "home":
            return PrivateMetadata(public=False)
        return PrivateMetadata.parse(self.private_metadata)

    @property
    def modal(self) -> ViewRef | None:
        """The modal; None for a Home tab, which is published instead of updated.

        The hash is left out: a click counts even if the modal has been updated since.
        """
        return ViewRef(self.id) if self.type == "modal" else None


def first(value: object) -> object:
    """Keep only the first item of a list."""
    return value[:1] if isinstance(value, list) else value


def idempotency_key(trigger_id: str, response_url: str) -> tuple[str, str] | None:
    """Return a key that is the same for each delivery of a request; None if there is none."""
    return (trigger_id, response_url) if trigger_id else None
