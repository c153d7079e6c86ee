"""The only door through which text from outside reaches a message.

Callers choose their SIP names, so `from` and `to` are an attacker's to write: `<!channel>`, a link
with another name on it, backticks, line breaks, characters that turn the reading direction. What
comes out of here is inert. It must know nothing of voice logs.
"""

import re
import unicodedata
from datetime import datetime
from decimal import Decimal
from typing import Final

import phonenumbers

BLANK: Final = "(blank)"

_E164: Final = re.compile(r"\+[1-9]\d{6,14}")
_DATE_TOKEN: Final = re.compile(r"<!date\^\d+\^[^|]*\|([^>]*)>")
_PLAIN_WORD: Final = re.compile(r"[^\w .()/-]")
_MINUTE: Final = 60_000
_HOUR: Final = 60 * _MINUTE


def clean(text: str) -> str:
    """`text` on one line, without control, direction-turning, zero-width or unassigned characters.

    Unicode's category C holds all of these (Cc, Cf, Cs, Co, Cn); tags and variation selectors that
    carry hidden text are in Cf or Mn, and combining marks beyond two in a row are dropped so that
    stacked ones cannot cover the lines above.
    """
    kept: list[str] = []
    marks = 0
    for character in text:
        category = unicodedata.category(character)
        marks = marks + 1 if category == "Mn" else 0
        if category[0] == "Z" or character in "\n\r\t\v\f":
            kept.append(" ")
        elif category[0] != "C" and marks <= 2:  # noqa: PLR2004 - as many as real languages stack
            kept.append(character)
    return " ".join("".join(kept).split())


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
        limit: characters kept; an escaped one takes up to five, so the result may be longer.
    """
    inert = clip(clean(text.replace("`", "'")), limit)
    return f"`{escape(inert) or BLANK}`"


def word(text: str, limit: int = 40) -> str:
    """An outside word for a header: letters, digits and a few signs; the rest is dropped."""
    return clip(clean(_PLAIN_WORD.sub("", text)), limit) or BLANK


def spoken(mrkdwn: str) -> str:
    """The plain-text equivalent of a piece of mrkdwn that this package built.

    Code marks go, a date token becomes its UTC fallback, and a URL in outside text is broken so
    that nothing makes it a link where only the plain text is shown.
    """
    plain = _DATE_TOKEN.sub(r"\1", mrkdwn).replace("`", "")
    return plain.replace("://", ":\N{WORD JOINER}//")


def address(text: str, limit: int = 120) -> str:
    """A phone number in international form, `+1 206-555-1212`; anything else as it was sent."""
    if not _E164.fullmatch(text):
        return code(text, limit)
    try:
        number = phonenumbers.parse(text)
    except phonenumbers.NumberParseException:
        return code(text, limit)
    return code(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL))


def money(dollars: Decimal) -> str:
    """US dollars with every digit that was given, at least two of them decimals."""
    exponent = dollars.as_tuple().exponent
    decimals = max(2, -exponent if isinstance(exponent, int) else 0)
    return f"{'-' if dollars < 0 else ''}${abs(dollars):,.{decimals}f}"


def duration(milliseconds: int) -> str:
    """A length of time for people: `9 s`, `3 min 12 s`, `1 h 02 min`. Fractions are cut off."""
    if milliseconds >= _HOUR:
        return f"{milliseconds // _HOUR} h {milliseconds % _HOUR // _MINUTE:02} min"
    if milliseconds >= _MINUTE:
        return f"{milliseconds // _MINUTE} min {milliseconds % _MINUTE // 1000:02} s"
    return f"{milliseconds // 1000} s"


def exact_duration(milliseconds: int) -> str:
    """The same with the milliseconds it was made from: `9 s (9638 ms)`."""
    return f"{duration(milliseconds)} ({milliseconds} ms)"


def moment(when: datetime) -> str:
    """A time each reader sees in their own zone, with UTC where tokens are not rendered.

    docs.slack.dev: formatting message text, "Date formatting"; whole seconds only.
    """
    fallback = f"{when:%Y-%m-%d %H:%M:%S} UTC"
    seconds = int(when.timestamp())
    if seconds < 0:  # the token takes no minus sign
        return fallback
    return f"<!date^{seconds}^{{date_short_pretty}} at {{time_secs}}|{fallback}>"
