"""The form **Share…**, with its errors, and what comes of it in its place."""

from typing import Final

from bot.access import Denial
from bot.dev.gallery import build
from bot.dev.gallery.build import RejectedForm
from bot.dev.gallery.fixtures import CHANNEL, LOG_ID, METADATA, PROJECT, REFERENCE, reply
from bot.signalwire.errors import LogNotFoundError, UnavailableError
from bot.ui import block_kit
from bot.ui import share_form as forms
from bot.ui.card_buttons import CardOptions
from bot.voicelogs.results import InternalError, NotFound

_ELSEWHERE: Final = Denial("channel", "C0ENGINEERING")


def share_form() -> build.Examples:
    """The form as it opens, what is wrong with a choice, and the result."""
    form = forms.form(CardOptions(), METADATA)
    rejected = {
        "Slack gave no response URL": forms.NO_RESPONSE_URL,
        "the bot may not be used there": forms.denied(_ELSEWHERE),
    }
    messages = {
        "submitted": forms.sharing(),
        "shared in a channel": forms.shared(CHANNEL),
        "shared in a direct message": forms.shared("D0FRONTDESK"),
        "Slack rejected the card": forms.failed(forms.rejected(REFERENCE), LOG_ID),
        **{
            name: forms.failed(forms.not_found(reply(missed)), LOG_ID)
            for name, missed in _not_found().items()
        },
    }
    return {
        "as it opens": form,
        "numbers aren't masked": forms.form(CardOptions(masks_shared=False), METADATA),
        **{
            f"submitted: {what}": RejectedForm(form, {forms.FIELD: why})
            for what, why in rejected.items()
        },
        **{
            name: block_kit.message_modal(forms.TITLE, message, METADATA)
            for name, message in messages.items()
        },
    }


def _not_found() -> dict[str, NotFound | InternalError]:
    return {
        "the log is no longer found": NotFound(LOG_ID, {PROJECT: LogNotFoundError()}),
        "SignalWire had an error": NotFound(LOG_ID, {PROJECT: UnavailableError("500")}),
        "an internal error": InternalError(LOG_ID),
    }
