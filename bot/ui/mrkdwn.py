"""The only door through which text from outside reaches a message.

Callers choose their SIP names, so `from` and `to` are an attacker's to write: `<!channel>`, a link
with another name on it, backticks, line breaks, characters that turn the reading direction. What
comes out of here is inert. It must know nothing of voice logs.
"""

import re
from datetime import datetime
from decimal import Decimal
from typing import Final

import phonenumbers

from bot.voicelogs.unicode import one_line

BLANK: Final = "(blank)"

_E164: Final = re.compile(r"\+[1-9]\d{6,14}")
_DATE_TOKEN: Final = re.compile(r"<!date\^\d+\^[^|]*\|([^>]*)>")
_NOT_PLAIN: Final = re.compile(r"[^\w .()/-]|_")
_CUT_ENTITY: Final = re.compile(r"&[^;]*\Z")
_LONGEST_READ: Final = 1000
"""Characters; no line shown is as long, and a body may hold a million."""
_NOT_DIGITS: Final = re.compile(r"[^0-9]")
_LONGEST_EXACT_MS: Final = 1_000_000
_SECOND: Final = 1000
_MINUTE: Final = 60 * _SECOND
_HOUR: Final = 60 * _MINUTE


def clean(text: str) -> str:
    """`text` on one line as `one_line` makes it, and no more of it than any line shows."""
    return one_line(text if len(text) <= _LONGEST_READ else text[:_LONGEST_READ] + "…")


def clip(text: str, limit: int) -> str:
    """`text` in at most `limit` characters, an ellipsis in place of what is cut."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def escape(text: str) -> str:
    """Slack's three control characters as entities (docs.slack.dev: formatting message text)."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def code(text: str, limit: int = 120) -> str:
    """Outside text as inline code: shown as it is, never a link, mention, emoji or format.

    Args:
        text: anything.
        limit: of characters between the code marks, counted as they are sent: escaped.
    """
    escaped = escape(clean(text.replace("`", "'")))
    if len(escaped) > limit:  # cut between entities, never in one
        escaped = _CUT_ENTITY.sub("", escaped[: limit - 1]).rstrip() + "…"
    return f"`{escaped or BLANK}`"


def plain_word(text: str, limit: int = 40) -> str:
    """An outside word for a headline: letters, digits and a few signs, nothing that formats."""
    return clip(clean(_NOT_PLAIN.sub(" ", text)), limit) or BLANK


def strip_markup(mrkdwn: str) -> str:
    """Mrkdwn that this package built, without code marks and with date tokens as their fallback."""
    return _DATE_TOKEN.sub(r"\1", mrkdwn).replace("`", "")


def mrkdwn_to_text(mrkdwn: str) -> str:
    """The plain-text equivalent of a piece of mrkdwn that this package built.

    Code marks go, a date token becomes its UTC fallback, and a URL in outside text is broken so
    that nothing makes it a link where only the plain text is shown.
    """
    return strip_markup(mrkdwn).replace("://", ":\N{WORD JOINER}//")


def address(text: str, limit: int = 120) -> str:
    """A phone number in international form, `+1 206-555-1212`; anything else as it was sent."""
    if not _E164.fullmatch(text):
        return code(text, limit)
    try:
        number = phonenumbers.parse(text)
    except phonenumbers.NumberParseException:
        return code(text, limit)
    shown = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    # The library drops what it takes for a national prefix; that would be another number.
    same = _NOT_DIGITS.sub("", shown) == _NOT_DIGITS.sub("", text)
    return code(shown if same else text, limit)


def money(dollars: Decimal) -> str:
    """US dollars with every digit that was given, at least two of them decimals."""
    exponent = dollars.as_tuple().exponent
    decimals = max(2, -exponent if isinstance(exponent, int) else 0)
    return f"{'-' if dollars < 0 else ''}${dollars.copy_abs():,.{decimals}f}"


def duration(milliseconds: int) -> str:
    """A length of time for people: `9 s`, `3 min 12 s`, `1 h 02 min`. What is finer is cut off."""
    if milliseconds >= _HOUR:
        return f"{milliseconds // _HOUR} h {milliseconds % _HOUR // _MINUTE:02} min"
    if milliseconds >= _MINUTE:
        return f"{milliseconds // _MINUTE} min {milliseconds % _MINUTE // _SECOND:02} s"
    return "under 1 s" if 0 < milliseconds < _SECOND else f"{milliseconds // _SECOND} s"


def exact_duration(milliseconds: int) -> str:
    """The same with the milliseconds it was made from: `9 s (9638 ms)`.

    Without them from 1,000 seconds on, where they say little more and look like a phone number.
    """
    exact = f" ({milliseconds} ms)" if milliseconds < _LONGEST_EXACT_MS else ""
    return f"{duration(milliseconds)}{exact}"


def date_token(when: datetime) -> str:
    """A time each reader sees in their own zone, with UTC where tokens are not rendered.

    docs.slack.dev: formatting message text, "Date formatting"; whole seconds only.
    """
    fallback = f"{when:%Y-%m-%d %H:%M:%S} UTC"
    seconds = int(when.replace(microsecond=0).timestamp())
    if seconds < 0:  # the token takes no minus sign
        return fallback
    return f"<!date^{seconds}^{{date_short_pretty}} at {{time_secs}}|{fallback}>"
