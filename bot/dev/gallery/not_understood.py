"""Commands that can't be carried out as typed, and the buttons that lead on."""

from datetime import timedelta
from typing import Final

from bot.dev.gallery.fixtures import LOG_ID, NOW, logged
from bot.dev.gallery.model import Examples
from bot.dev.gallery.replies import reply
from bot.listeners import command_text
from bot.listeners.command_text import (
    DidYouMean,
    Find,
    NearMissId,
    NotUnderstood,
    TwilioSid,
)
from bot.services.command_replies import numbers_in
from bot.ui import block_kit, mrkdwn, not_understood
from bot.ui.block_kit import Message
from bot.ui.not_understood import SearchButtonBuilder
from bot.ui.subcommands import COMMAND

_TOMORROW: Final = f"{NOW + timedelta(days=1):%Y-%m-%d}"
_TYPED: Final = {
    "words": "hello there",
    "a word after find": "find reception",
    "a number and a word": "find 555-0103 reception",
    "words beside a search": "demo call failed today, any idea?",
    "a number, filters and words": "the caller from 555-0103 claims it failed today",
    "a sentence with a number": "the customer at +1 206-555-0103 complained",
    "hostile text": "find <!channel> `code` *bold*",
    "a misspelled subcommand": "fnd 5550103",
    "a misspelled subcommand, with much more": "fnd 5550103 555-0100 3d failed inbound",
    "a misspelled subcommand, one side": "fnd from 5550103 30m",
    "a misspelled subcommand, both sides": "fnd from 5550103 to sip:alice since 2026-11-20",
    "a misspelled subcommand alone": "fnd",
    "a misspelled subcommand, filters": "serach failed until 2026-11-21",
    "status, misspelled": "statsu",
    "help, misspelled": "hlep",
    "recent, misspelled": "recnet 5",
    "the latest, misspelled": "recnet 1",
    "a misspelled filter": "find inbuond 5550103",
    "a duration of calls": "find failed longer than 5 min",
    "misspelled words and an unknown one": "faild cals yestrday frm 555-0103 tmrw",
    "a misspelled time": "find 5550103 tody",
    "a misspelled time after since": "find 5550103 since yesturday",
    "a number without a unit": "find 5550103 2",
    "a number without a unit, and a word": "find 5550103 2 reception",
    "a number without a unit, smallest": "find 5550103 1",
    "a number, a number of calls and a word": "last 5 from 555-0103 reception",
    "an ambiguous date": "find 11/12",
    "an ambiguous date with a time": "find since 3/4 10:00",
    "an ambiguous day": "find on 3/4",
    "an ambiguous hour": "find 5550103 at 3",
    "a number that may be a time": "find 1795000000 failed",
    "two ambiguous dates": "find since 3/4 until 3/5",
    "two digits": "find 12",
    "an address of two characters": "find sip:a",
    "more digits than a number has": f"find {'1' * 16}",
    "more characters than an address has": f"find sip:{'a' * 300}",
    "three numbers": "find 5550100 5550103 5550104",
    "one of two numbers": "find 5550100 or 5550103 today",
    "a Slack user": "find <@U012ABCDEF>",
    "a Slack user and a number": "@dana please check 555-0103 today",
    "a Slack channel": "find <#C012ABCDEF|support>",
    "a masked number": "find +1 ••••••••03",
    "two spans of time": "find 2h 3d",
    "two numbers of calls": "recent 5 10",
    "nothing after since": "find since",
    "nothing after from": "find failed from",
    "no time after since": "find since lunch",
    "no such day": "find since 2026-02-30",
    "a future day": f"find since {_TOMORROW}",
    "over ten years back": "find since 2001-01-01",
    "more than the twenty latest": "recent 21",
    "a Twilio call SID": f"CA{'0123456789abcdef' * 2}",
    "a Twilio SID of a rare type": f"MM{'0123456789abcdef' * 2}",
    "an id with a missing digit": str(LOG_ID)[:-1],
    "an id with two extra digits": f"{LOG_ID}00",
    "an id with a letter that isn't a hex digit": f"{str(LOG_ID)[:-1]}x",
    "an id with two mistakes": f"o{str(LOG_ID)[2:-1]}l",
    "an id with dashes in the wrong places": "b7182dc20-0f3-40e4-a5ce-20f164b329df",
}
"""In the order: words, numbers and times, ids."""


def commands() -> Examples:
    """The replies to what isn't understood, or only in part."""
    call = reply(logged(str(LOG_ID)))
    return {
        **{
            f"{name}: {COMMAND} {mrkdwn.clip(text, 60)}": _reply(text)
            for name, text in _TYPED.items()
        },
        "a word beside an id": block_kit.with_notes(call, [not_understood.ignored(["transcript"])]),
        "numbers are masked": _reply("find 5550103 reception", masked=True),
    }


def _reply(text: str, *, masked: bool = False) -> Message:
    """Build the reply to a command; raises if the command is understood."""
    searches = SearchButtonBuilder(lambda _: "sealed", NOW, masked)
    match command_text.decide(text, now=NOW):
        case NotUnderstood(rest, errors, query):
            numbers = numbers_in(rest, errors, query)
            return not_understood.not_understood(errors, query, numbers, searches)
        case DidYouMean(word, subcommand, meant):
            query_meant = meant.query if isinstance(meant, Find) else None
            return not_understood.did_you_mean(word, subcommand, query_meant, searches)
        case TwilioSid(sid):
            return not_understood.twilio_sid(sid)
        case NearMissId(id_, missing, not_hex):
            return not_understood.near_miss(id_, missing, not_hex)
        case _:
            raise ValueError(f"{text!r} is understood")
