"""The form **Share…**, with its errors, and what comes of it in its place."""

from typing import Final

from bot.access import Denial
from bot.dev.gallery import build
from bot.dev.gallery.fixtures import CHANNEL, LOG_ID, METADATA, PROJECT, REFERENCE, answer
from bot.dev.gallery.model import Example, Section
from bot.signalwire.errors import LogNotFoundError, UnavailableError
from bot.ui import share_form as forms
from bot.ui.block_kit import Message
from bot.ui.card_buttons import CardOptions
from bot.voicelogs.results import InternalError, NotFound

_ELSEWHERE: Final = Denial("channel", "C0ENGINEERING")


def share_form() -> Section:
    """The form as it opens, what is wrong with a choice, and the result."""
    form = forms.form(CardOptions(), METADATA)
    in_full = forms.form(CardOptions(masks_shared=False), METADATA)
    refused = {
        "Slack gave no way to post there": forms.NO_WAY_THERE,
        "the bot may not be used there": forms.denied(_ELSEWHERE),
    }
    return Section(
        "The form to share",
        (
            build.view("as it opens", form),
            build.view("numbers aren't masked", in_full),
            *(
                build.view(f"sent: {what}", form, {forms.FIELD: why})
                for what, why in refused.items()
            ),
            _shown("sent", forms.sharing()),
            _shown("shared in a channel", forms.shared(CHANNEL)),
            _shown("shared in a direct message", forms.shared("D0FRONTDESK")),
            _shown("Slack rejected the card", _with_way_back(forms.rejected(REFERENCE))),
            *(
                _shown(name, _with_way_back(forms.not_found(answer(missed))))
                for name, missed in _missed().items()
            ),
        ),
    )


def _missed() -> dict[str, NotFound | InternalError]:
    return {
        "the log isn't found any more": NotFound(LOG_ID, {PROJECT: LogNotFoundError()}),
        "SignalWire had an error": NotFound(LOG_ID, {PROJECT: UnavailableError("500")}),
        "the bot broke": InternalError(LOG_ID),
    }


def _with_way_back(message: Message) -> Message:
    return forms.failed(message, LOG_ID)


def _shown(name: str, message: Message) -> Example:
    return build.view(name, forms.window(message, METADATA))
