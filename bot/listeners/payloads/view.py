"""A modal or a Home tab in a payload. Shape: docs.slack.dev, "View interactions payload"."""

from collections.abc import Mapping

from pydantic import JsonValue, SkipValidation

from bot.listeners.payloads.base import PayloadModel
from bot.slack.interaction import PrivateMetadata
from bot.slack.views import ViewRef


class _ViewState(PayloadModel):
    values: Mapping[str, SkipValidation[JsonValue]] = {}


class View(PayloadModel):
    """An open modal, or a Home tab."""

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
