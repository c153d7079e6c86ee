"""Escapes and formats untrusted text for mrkdwn. All text from outside must pass through here.

Callers choose their SIP names, so an attacker controls `from` and `to`: `<!channel>`, a link with a
misleading label, backticks, line breaks, bidirectional control characters. The results are safe.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final, TypeVar

import phonenumbers

from bot.voicelogs.unicode import one_line

T = TypeVar("T")

BLANK: Final = "(blank)"

_E164: Final = re.compile(r"\+[1-9]\d{6,14}")
_DATE_TOKEN: Final = re.compile(r"<!date\^\d+\^[^|]*\|([^>]*)>")
_CODE_OR_BOLD: Final = re.compile(
    r"`[^`]*`|(?<![\w*])\*(?! )((?:`[^`]*`|[^*`\n])+)(?<! )\*(?![\w*])"
)
_NOT_PLAIN: Final = re.compile(r"[^\w .()/•-]|_")
_CUT_ENTITY: Final = re.compile(r"&[^;]*\Z")
_LONGEST_READ: Final = 1000
"""Characters. No displayed line is this long, but a response body may have a million."""
_WHATSAPP: Final = re.compile(r"whatsapp:(\+.*)", re.IGNORECASE | re.DOTALL)
_NOT_DIGITS: Final = re.compile(r"[^0-9]")


def clean(text: str) -> str:
    """Return `text` as one line (see `one_line`), cut to the first 1,000 characters."""
    return one_line(text if len(text) <= _LONGEST_READ else text[:_LONGEST_READ] + "…")


def clip(text: str, limit: int) -> str:
    """Cut `text` to at most `limit` characters; a cut text ends in an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def first_lines(items: Sequence[T], limit: int, others: str, line: Callable[[T], str]) -> list[str]:
    """Return a line for at most `limit` items, then how many others: `… and 3 more projects`."""
    omitted = len(items) - limit
    return [*map(line, items[:limit]), *([f"… and {omitted} {others}"] if omitted > 0 else [])]


def count(number: int, noun: str) -> str:
    """Return a number with its noun: `1 log`, `1,400 logs`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def fill(parts: Iterable[str], separator: str, limit: int) -> list[str]:
    """Join parts into as few texts as possible, in order; each part is within the limit."""
    texts: list[str] = []
    for part in parts:
        if texts and len(texts[-1]) + len(separator) + len(part) <= limit:
            texts[-1] += separator + part
        else:
            texts.append(part)
    return texts


def escape(text: str) -> str:
    """Escape Slack's three control characters (docs.slack.dev: formatting message text)."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def code(text: str, limit: int = 120) -> str:
    """Format untrusted text as inline code, without links, mentions, emoji or markup.

    At most `limit` characters are between the backticks, counted after escaping.
    """
    escaped = escape(clean(text.replace("`", "'")))
    if len(escaped) > limit:  # never cut within an entity
        escaped = _CUT_ENTITY.sub("", escaped[: limit - 1]).rstrip() + "…"
    return f"`{escaped or BLANK}`"


def plain_word(text: str, limit: int = 40) -> str:
    """Reduce untrusted text to letters, digits and a few safe signs, for a headline."""
    return clip(clean(_NOT_PLAIN.sub(" ", text)), limit) or BLANK


def strip_markup(mrkdwn: str) -> str:
    """Remove emphasis and backticks from mrkdwn built here, and replace date tokens by UTC.

    Inline code keeps its asterisks: they are text from outside.
    """
    text = _DATE_TOKEN.sub(r"\1", mrkdwn)
    return _CODE_OR_BOLD.sub(lambda match: match[1] or match[0], text).replace("`", "")


def mrkdwn_to_text(mrkdwn: str) -> str:
    """Convert mrkdwn built by this package to plain text.

    Besides `strip_markup`, URLs are broken up so that they don't become links where only the plain
    text is shown.
    """
    return strip_markup(mrkdwn).replace("://", ":\N{WORD JOINER}//")


def address(text: str, limit: int = 120) -> str:
    """Format an address as inline code.

    A phone number becomes `+1 206-555-1212` or `WhatsApp +1 206-555-1212`; anything else stays as
    sent.
    """
    whatsapp = _WHATSAPP.fullmatch(text)
    return code(
        f"WhatsApp {_international(whatsapp[1])}" if whatsapp else _international(text), limit
    )


def _international(text: str) -> str:
    if not _E164.fullmatch(text):
        return text
    try:
        number = phonenumbers.parse(text)
    except phonenumbers.NumberParseException:
        return text
    if not phonenumbers.is_possible_number(number):
        return text  # such as +266696687, which spells "anonymous"
    shown = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    # phonenumbers drops a presumed national prefix, which would show a different number.
    same = _NOT_DIGITS.sub("", shown) == _NOT_DIGITS.sub("", text)
    return shown if same else text


def money(amount: Decimal, currency: str | None = None) -> str:
    """Format US dollars, or another currency, with every digit given and at least two decimals."""
    exponent = amount.as_tuple().exponent
    decimals = max(2, -exponent if isinstance(exponent, int) else 0)
    digits = f"{amount.copy_abs():,.{decimals}f}"
    shown = f"${digits}" if currency is None else f"{digits} {code(currency, 10)}"
    return f"-{shown}" if amount < 0 else shown


def date_token(when: datetime) -> str:
    """Format a time as a token in the reader's time zone, with UTC as the fallback.

    docs.slack.dev: formatting message text, "Date formatting"; whole seconds since 1970 only. Times
    before 2000 don't get here (see `signalwire/models.py`).
    """
    return _token(when, "{date_short_pretty} at {time_secs}", f"{when:%Y-%m-%d %H:%M:%S} UTC")


def time_token(when: datetime) -> str:
    """Format the time of day of a time as `date_token` does."""
    return _token(when, "{time_secs}", f"{when:%H:%M:%S} UTC")


def _token(when: datetime, shown: str, fallback: str) -> str:
    seconds = int(when.replace(microsecond=0).timestamp())
    return f"<!date^{seconds}^{shown}|{fallback}>"
