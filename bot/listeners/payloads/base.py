"""The common parts of Slack's payloads. An invalid value in an optional field breaks nothing."""

from typing import Annotated

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    field_validator,
    model_validator,
)

from bot.access import Actor


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


class Channel(_WithId):
    """A channel or another conversation."""

    name: str = ""


class _User(_WithId):
    team_id: str = ""


class _Team(_WithId):
    enterprise_id: str = ""


class InteractionPayload(PayloadModel):
    """The common fields of shortcuts, clicks and submissions."""

    user: _User
    team: _Team | None = None
    enterprise: _WithId | None = None
    trigger_id: str = ""
    response_url: str = ""

    def actor(self, channel_id: str, *, saw_private_reply: bool = False) -> Actor:
        """Return the user, who may be from another workspace in a shared channel."""
        app_team = self.team.id if self.team else ""
        organization = self.team.enterprise_id if self.team else ""
        if not organization and self.enterprise is not None:
            organization = self.enterprise.id
        return Actor(
            user_id=self.user.id,
            team_id=self.user.team_id or app_team,
            channel_id=channel_id,
            enterprise_id=organization or None,
            app_team_id=app_team,
            saw_private_reply=saw_private_reply,
        )


_Ts = Annotated[str, Field(pattern=r"^[0-9]{1,20}\.[0-9]{1,10}$")]
"""A message's timestamp, which identifies it within its channel."""


class MessagePayload(PayloadModel):
    """A message, and the thread it is in."""

    ts: _Ts = ""
    thread_ts: _Ts = ""


def first(value: object) -> object:
    """Keep only the first item of a list."""
    return value[:1] if isinstance(value, list) else value


class Option(PayloadModel):
    """A chosen option of a menu."""

    value: str = ""


def idempotency_key(trigger_id: str, response_url: str) -> tuple[str, str] | None:
    """Return a key that is the same for each delivery of a request; None if there is none."""
    return (trigger_id, response_url) if trigger_id else None
