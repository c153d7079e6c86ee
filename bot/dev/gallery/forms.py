"""The forms **Find a call** and **Share…**: as they open, with errors, and what comes of them."""

from datetime import timedelta

from bot.access import Denial
from bot.dev.gallery.errors import EVERY_WORDING, NOT_FOUND
from bot.dev.gallery.fixtures import LOG_ID, NOW, PROJECT
from bot.dev.gallery.model import Examples, RejectedForm
from bot.dev.gallery.replies import CHANNEL, METADATA, REFERENCE, in_modal, reply
from bot.ui import search_form, share_form
from bot.ui.card_buttons import CardOptions
from bot.voicelogs import query
from bot.voicelogs.query import SINCE_DAY, Fields, QueryError
from bot.voicelogs.results import InternalError, NotFound


def search() -> Examples:
    """The form when it opens, to change a search, and with errors after an invalid submission."""
    before, yesterday, tomorrow = (f"{NOW + timedelta(days=days):%Y-%m-%d}" for days in (-2, -1, 1))
    searches = {
        "two numbers": "5550100, +1 206 555 0103 3 days missed busy inbound",
        "the number that called": "from alice@acme.example today",
        "the number that was called": f"to 5550103 since {before} whatsapp anonymous",
        "from one number to another": "5550100 to 5550103 yesterday",
        "between two times": f"failed since {before} 14:00 until {yesterday} 15:00",
        "no time": "0134",
    }
    invalid = {
        "a word instead of a number": Fields("reception"),
        "two digits": Fields("12"),
        "a number without a unit": Fields("5550103 2"),
        "more digits than a number has": Fields("1" * 16),
        "more characters than an address has": Fields("sip:" + "a" * 300),
        "three numbers": Fields("sip:alice@acme.example 5550147 5550148"),
        "no day": Fields(window=SINCE_DAY),
        "a future day": Fields(window=SINCE_DAY, day=tomorrow),
        "over ten years back": Fields(window=SINCE_DAY, day="2001-01-01"),
        "a day and another time span": Fields(window="last hour", day=before),
        "hostile text": Fields("<!channel> `code`"),
    }
    metadata = f'{{"channel":"{CHANNEL}"}}'
    form = search_form.form(metadata)
    return {
        "as it opens": form,
        **{
            f"changing a search: {name}": search_form.form(metadata, query.find(text, now=NOW))
            for name, text in searches.items()
        },
        **{
            f"submitted with: {name}": RejectedForm(form, search_form.field_errors(_errors(fields)))
            for name, fields in invalid.items()
        },
    }


def _errors(fields: Fields) -> list[QueryError]:
    try:
        query.from_fields(fields, now=NOW)
    except ExceptionGroup as group:
        return [error for error in group.exceptions if isinstance(error, QueryError)]
    raise ValueError(f"{fields} is understood")


def share() -> Examples:
    """The form as it opens, what is wrong with a choice, and the result."""
    form = share_form.form(CardOptions(), METADATA)
    rejected = {
        "Slack gave no response URL": share_form.NO_RESPONSE_URL,
        "the bot may not be used there": share_form.denied(Denial("channel", "C0ENGINEERING")),
    }
    missed: dict[str, NotFound | InternalError] = {
        "the log is no longer found": NotFound(LOG_ID, {PROJECT: NOT_FOUND}),
        "SignalWire had an error": NotFound(LOG_ID, {PROJECT: EVERY_WORDING["500"]}),
        "an internal error": InternalError(LOG_ID),
    }
    messages = {
        "submitted": share_form.sharing(),
        "shared in a channel": share_form.shared(CHANNEL),
        "shared in a direct message": share_form.shared("D0FRONTDESK"),
        "Slack rejected the card": share_form.failed(share_form.rejected(REFERENCE), LOG_ID),
        **{
            name: share_form.failed(share_form.not_found(reply(each)), LOG_ID)
            for name, each in missed.items()
        },
    }
    return {
        "as it opens": form,
        "numbers aren't masked": share_form.form(CardOptions(masks_shared=False), METADATA),
        **{
            f"submitted: {what}": RejectedForm(form, {share_form.FIELD: why})
            for what, why in rejected.items()
        },
        **{name: in_modal(share_form.TITLE, message) for name, message in messages.items()},
    }
