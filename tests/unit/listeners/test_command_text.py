"""What people type after `/voicelog`, and what they want by it."""

from datetime import UTC, datetime
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.listeners import command_text
from bot.listeners.command_text import (
    Decision,
    DidYouMean,
    Find,
    Lookup,
    NearMissId,
    NotUnderstood,
    TwilioSid,
)
from bot.voicelogs.phone_numbers import Number
from bot.voicelogs.query import FIND_LIMIT, Query

NOW: Final = datetime(2026, 11, 28, 18, 0, 30, 500, UTC)
"""A Saturday."""
ID: Final = "b7182dc2-00f3-40e4-a5ce-20f164b329df"


def decided(text: str) -> str:
    return said(command_text.decide(text, now=NOW))


def said(decision: Decision) -> str:
    """A decision in one line."""
    match decision:
        case Find(Query(limit=limit) as query):
            what = "find" if limit == FIND_LIMIT else f"recent {limit}"
            return f"{what} {asked(query)}".rstrip()
        case Lookup(ids, ignored):
            several = [*map(str, ids.complete), *ids.truncated]
            return " ".join(
                ["look up", *(each[:8] for each in several), *(f"?{w}" for w in ignored)]
            )
        case TwilioSid():
            return "Twilio"
        case NearMissId(missing=missing, not_hex=not_hex):
            return f"almost an id {missing:+}{not_hex}"
        case DidYouMean(word, subcommand, meant):
            return f"{word}: {subcommand.word}? {said(meant)}"
        case NotUnderstood(errors=errors, query=query):
            wrong = [f"{error.reason}:{error.token}" for error in errors]
            readings = [f"({asked(reading)})" for error in errors for reading in error.readings]
            return " ".join(
                ["?", *wrong, *readings, *([f"| {asked(query)}"] if asked(query) else [])]
            )
        case _:
            return type(decision).__name__


def asked(query: Query) -> str:
    sides = [("from=", query.from_), ("to=", query.to)]
    bounds = [("since=", query.since), ("until=", query.until)]
    return " ".join(
        [
            *map(sought, query.numbers),
            *(f"{side}{sought(number)}" for side, number in sides if number),
            *([f"{query.length.total_seconds() / 3600:g}h"] if query.length else []),
            *(f"{bound}{at:%m-%dT%H:%M}" for bound, at in bounds if at and not query.length),
            *query.filters,
        ]
    )


def sought(number: Number) -> str:
    return number.digits or number.fragment


TYPED: Final = {
    # The rows of the table of what must be understood.
    "Help!": "Help",
    "“help”": "Help",
    "?": "Help",
    "--help": "Help",
    "status?": "Status",
    "5550103": "find 5550103",
    "+1 (206) 555-0103": "find 12065550103",
    "sip:alice@example.com": "find alice@example.com",
    "search 5550103": "find 5550103",
    "fnd 5550103": "fnd: find? find 5550103",
    "last 5": "recent 5",
    "find": "OpenForm",
    "failed today": "find 24h failed",
    "live": "find live",
    "hello there": "? unknown:hello there",
    "CAc4714c845a06b3bad6a4f6113ddb1798": "Twilio",
    ID[:-1]: "almost an id +1",
    f"{ID} details": "look up b7182dc2 ?details",
    "find 5550100 5550103": "find 5550100 5550103",
    "find 555-0100, 555-0103": "find 5550100 5550103",
    "find from +1 206 555 0100": "find from=12065550100",
    "find to 5550103": "find to=5550103",
    "find 5550103 2": "? ambiguous:2 (5550103 2h) (5550103 48h) | 5550103",
    "find 5550103 last 2 hours": "find 5550103 2h",
    "find 5550103 2 hours": "find 5550103 2h",
    "find 5550103 today": "find 5550103 24h",
    "find 5550103 yesterday": "find 5550103 48h",
    "find since 2026-11-20 17:24": "find since=11-20T17:24",
    "find 2026-11-28 10:00:00 UTC": "find since=11-28T10:00",
    "find on 2026-11-20": "find since=11-20T00:00 until=11-21T00:00",
    "find since 2026-11-20 until 2026-11-22": "find since=11-20T00:00 until=11-23T00:00",
    "find 11/20/2026": "find since=11-20T00:00",
    "find 12/1": "? ambiguous:12/1 (since=12-01T00:00) (since=01-12T00:00)",
    "find completed": "find completed",
    "find missed": "find missed",
    "find answered": "find answered",
    "find incoming": "find inbound",
    "find outgoing": "find outbound",
    "find phone": "find pstn",
    "find outbound-api": "find outbound-api",
    "find whatsapp": "find whatsapp",
    "find anonymous": "find anonymous",
}

FURTHER: Final = {
    # The first word, in one hand and in a hurry.
    "": "Help",
    " \u200b ": "Help",
    "HELP": "Help",
    "help me": "Help",
    "help find": "Help",
    "-h": "Help",
    "/help": "Help",
    "'help'": "Help",
    "`help`": "Help",
    "he\u200blp": "Help",
    "ayuda": "Help",
    "how does this work?": "Help",
    "what can you do": "Help",
    "hlep": "hlep: help? Help",
    "helpp": "helpp: help? Help",
    "Status": "Status",
    "stauts": "stauts: status? Status",
    "sttatus!": "sttatus!: status? Status",
    "status please": "Status",
    "show status": "Status",
    "status now": "Status",
    "Recent": "recent 10",
    "recents 5": "recents: recent? recent 5",
    "latest": "recent 10",
    "latest 3": "recent 3",
    "list": "recent 10",
    "recent 5 failed": "recent 5 failed",
    "last 5 calls": "recent 5",
    "last call": "recent 1",
    "most recent call from 5550103": "recent 1 from=5550103",
    "the latest calls": "recent 10",
    "who was the last caller": "recent 1",
    "last 5 callers": "recent 5",
    "5550103 called": "? missing:called | 5550103",
    "5550103 called today": "find 5550103 24h",
    "10 last calls": "recent 10",
    "10 most recent calls": "recent 10",
    "5 recent": "recent 5",
    "3 failed calls today": "recent 3 24h failed",
    "5550103 2 missed inbound calls": "recent 2 5550103 missed inbound",
    "2 last hours": "find 2h",
    "recent 5 last week": "recent 5 168h",
    "show me the last 10": "recent 10",
    "the last 10 calls": "recent 10",
    "10 latest": "recent 10",
    "last 1000": "? out_of_range:1000",
    "recent 0103": "recent 10 0103",
    "recent 50": "? out_of_range:50",
    "last 5 calls from 5550103": "recent 5 from=5550103",
    "last 2 hours": "find 2h",
    "last hour": "find 1h",
    "last night": "find 48h",
    "last 24 hours failed": "find 24h failed",
    "Find": "OpenForm",
    "find a call": "OpenForm",
    "search": "OpenForm",
    "form": "OpenForm",
    "open the search form, please": "OpenForm",
    "form 5550103": "? unknown:form (from=5550103) | 5550103",
    "calls": "OpenForm",
    "voice logs": "OpenForm",
    "logs from 5550103": "find from=5550103",
    "find:5550103": "find 5550103",
    "Find. 5550103": "find 5550103",
    "lookup 5550103": "find 5550103",
    "look up 5550103": "find 5550103",
    "serach 5550103": "serach: find? find 5550103",
    "lokup 5550103": "lokup: find? find 5550103",
    "finf 5550103 2h": "finf: find? find 5550103 2h",
    "/voicelog find 5550103": "find 5550103",
    "calls from 5550103": "find from=5550103",
    "fine weather": "? unknown:fine weather",
    # Ids.
    ID: "look up b7182dc2",
    f"find {ID}": "look up b7182dc2",
    f"lookup {ID}": "look up b7182dc2",
    f"status {ID}": "look up b7182dc2 ?status",
    f"please show {ID}": "look up b7182dc2",
    f"what happened to {ID}?": "look up b7182dc2",
    f"why did {ID} drop": "look up b7182dc2 ?why ?drop",
    f"look up {ID}": "look up b7182dc2",
    f"can you pull up {ID}?": "look up b7182dc2",
    f"{ID} CA{'0' * 32}": f"look up b7182dc2 ?CA{'0' * 32}",
    f"call id: {ID}": "look up b7182dc2",
    f"call_id={ID} asap": "look up b7182dc2 ?asap",
    f"https://acme.signalwire.com/logs/voices/{ID}": "look up b7182dc2",
    ID.upper(): "look up b7182dc2",
    ID.replace("-", ""): "look up b7182dc2",
    f"“{ID}”": "look up b7182dc2",
    f"{ID} and fa000000-0000-4000-8000-000000000000": "look up b7182dc2 fa000000",
    "b7182dc2…": "look up b7182dc2",
    "b7182dc2": "look up b7182dc2",
    "b7182dc2-00f3-40e4-": "look up b7182dc2",
    f"{ID}0": "almost an id -1",
    ID.replace("b", "g", 1): "almost an id +0g",
    ID[:-2]: "almost an id +2",
    ID.replace("-", "")[:-1]: "almost an id +1",
    "b7182dc200f3-40e4-a5ce-20f1-64b329df": "almost an id +0",
    "b7182dc2-00f340e4-a5ce-20f164b329df": "almost an id +0",
    ID.replace("-", " "): "almost an id +0",
    "find CAc4714c845a06b3bad6a4f6113ddb1798": "Twilio",
    "cac4714c845a06b3bad6a4f6113ddb1798": "Twilio",
    # Numbers and sides.
    "206.555.0103": "find 2065550103",
    "(206)555-0103": "find 2065550103",
    "1-206-555-0103": "find 12065550103",
    "001 206 555 0103": "find 12065550103",
    "+44 20 7946 0958": "find 442079460958",
    "+44 20 7946 0958 2": "? ambiguous:2 (442079460958 2h) (442079460958 48h) | 442079460958",
    "<tel:+12065550103|+1 206-555-0103>": "find 12065550103",
    "<mailto:alice@example.com|alice@example.com>": "find alice@example.com",
    "\u0662\u0660\u0666 \u0665\u0665\u0665 \u0660\u0661\u0660\u0663": "find 2065550103",
    "\uff15\uff15\uff15\uff10\uff11\uff10\uff13": "find 5550103",
    "0103": "find 0103",
    "ending in 0103": "find 0103",
    "from a number starting with +1206": "find from=1206",
    "containing 555-01": "find 55501",
    "last four 0103": "find 0103",
    "last 4 digits: 0103": "find 0103",
    "last three digits 103": "find 103",
    "last 4 5550103": "recent 4 5550103",
    "ending 5550103": "find 5550103 ending",
    "starting 2026-11-20": "find since=11-20T00:00",
    "206-555-0103 x204": "find 2065550103",
    "from +1 206 555 0103, ext. 12 to 5550100": "find from=12065550103 to=5550100",
    "0100 0103": "find 0100 0103",
    "0100 and 0103": "find 0100 0103",
    "5550100/5550103": "find 5550100 5550103",
    "+12065550100+12065550103": "find 12065550100 12065550103",
    "206 555 0100 206 555 0103": "find 2065550100 2065550103",
    "+1 206 555 0100 +1 206 555 0103": "find 12065550100 12065550103",
    "206 5550100": "find 2065550100",
    "5550100 -> 5550103": "find from=5550100 to=5550103",
    "5550100-&gt;5550103": "find from=5550100 to=5550103",
    "+12065550100 → +12065550103": "find from=12065550100 to=12065550103",
    "5550100 to 5550103": "find from=5550100 to=5550103",
    "from 5550100 to 5550103 failed": "find from=5550100 to=5550103 failed",
    "to 5550103 from 5550100": "find from=5550100 to=5550103",
    "From: 5550100 To: 5550103": "find from=5550100 to=5550103",
    "from:5550100": "find from=5550100",
    "between 5550100 and 5550103": "find 5550100 5550103",
    "calls between 5550100 & 5550103 yesterday": "find 5550100 5550103 48h",
    "who called 5550103": "find to=5550103",
    "received by 5550103": "find to=5550103",
    "answered by 5550103": "find to=5550103 answered",
    "not picked up by 5550103": "find to=5550103 missed",
    "calls from <@U012ABCDEF>": "? mention:@U012ABCDEF",
    "<#C012ABCDEF|support> 5550103": "? mention:#C012ABCDEF | 5550103",
    "011 44 20 7946 0958": "find 442079460958",
    "(011) 44 20 7946 0958": "find 442079460958",
    "+44 020 7946 0958": "find 442079460958",
    "+44 20": "find 4420",
    "0114 496 0000": "find 1144960000",
    "sip:<mailto:a@example.com|a@example.com> today": "find a@example.com 24h",
    '"Alice" &lt;sip:alice@10.0.0.5:5060;transport=udp&gt;;tag=19': "find alice@10.0.0.5",
    "From: <sip:+12065550103@10.0.0.5>;tag=19": "find from=12065550103",
    "tel:+12065550103;phone-context=example.com": "find 12065550103",
    "a@example.com,b@example.com": "find a@example.com b@example.com",
    "10.0.0.5": "find 10.0.0.5",
    "20.12.34.56": "find 20123456",
    "From=%2B12065550100&To=%2B12065550103": "find from=12065550100 to=12065550103",
    '{"from": "+12065550100", "to": "+12065550103"}': "find from=12065550100 to=12065550103",
    "=+12065550103": "find 12065550103",
    "12065550103.0": "find 12065550103",
    ":phone: 5550103": "find 5550103",
    "tel://+12065550103": "find 12065550103",
    "mobile no. 98765 43210": "find 9876543210",
    "Phone: 206-555-0103": "find 2065550103",
    "2 0 6 5 5 5 0 1 0 3": "find 2065550103",
    '{"status":"failed","from":"+12065550103"}': "find from=12065550103 failed",
    "from_number: 5550100, to_number: 5550103": "find from=5550100 to=5550103",
    "ani=5550100 dnis=5550103": "find from=5550100 to=5550103",
    "CallStatus=no-answer&Direction=inbound": "find no-answer inbound",
    "sms:+12065550103": "find 12065550103",
    "?status=failed&from=%2B12065550103": "find from=12065550103 failed",
    "src=5550100 dst=5550103": "find from=5550100 to=5550103",
    "5550100|5550103|2026-11-20 15:15|ANSWERED": "find 5550100 5550103 since=11-20T15:15 answered",
    "GET /api/voice/logs": "? unknown:/api/voice/logs",
    "/private/alice": "find /private/alice",
    # A number twice, in two notations.
    '"(206) 555-0103" &lt;+12065550103&gt;': "find 12065550103",
    "+12065550103 5550103 today": "find 12065550103 24h",
    "\U0001f50d 5550103": "find 5550103",
    "&gt;5550103": "find 5550103",
    # Numbers of which digits are hidden.
    "+1206555XXXX": "find 1206555",
    "xxx-xxx-0103": "find 0103",
    "206-555-****": "find 206555",
    "+1206***0103": "? hidden:+1206***0103",
    "+1 206 *** 0103": "? hidden:+1 206 *** 0103",
    "from +1 \u2022\u2022\u2022\u2022\u2022\u2022\u2022\u202203": "? hidden:+1 "
    "\u2022\u2022\u2022\u2022\u2022\u2022\u2022\u202203",
    "XXXX": "? unknown:XXXX",
    "5550100 or 5550103": "? unsupported:or 5550103 (5550100) (5550103) | 5550100",
    "5550100 to 5550102 or 5550103 failed": "? unsupported:or 5550103"
    " (from=5550100 to=5550102 failed) (from=5550100 to=5550103 failed)"
    " | from=5550100 to=5550102 failed",
    "busy or failed to 5550103": "find to=5550103 busy failed",
    "5550100 called 5550103 today": "find from=5550100 to=5550103 24h",
    "5550100 sip:alice@example.com": "find 5550100 alice@example.com",
    "from anonymous to 5550103": "find to=5550103 anonymous",
    "from": "? missing:from",
    "5550103 from": "? missing:from | 5550103",
    "5550100 5550101 5550103": "? several:5550103 | 5550100 5550101",
    "12": "? too_short:12",
    "customer 5550103": "? unknown:customer | 5550103",
    "5550103 asap": "? unknown:asap | 5550103",
    # Times.
    "5550103 2h": "find 5550103 2h",
    "5550103 2 h": "find 5550103 2h",
    "5550103, 2hrs": "find 5550103 2h",
    "5550103 in the last 2 hours": "find 5550103 2h",
    "5550103 30 min": "find 5550103 0.5h",
    "5550103 half an hour": "find 5550103 0.5h",
    "5550103 past half hour": "find 5550103 0.5h",
    "5550103 an hour and a half ago": "find 5550103 1.5h",
    "5550103 over the last hour": "find 5550103 1h",
    "5550103 of all time": "find 5550103",
    "5550103 an hour ago": "find 5550103 1h",
    "5550103 1h30m": "find 5550103 1.5h",
    "5550103 24hrs": "find 5550103 24h",
    "5550103 past week": "find 5550103 168h",
    "5550103 two days": "find 5550103 48h",
    "5550103 this morning": "find 5550103 24h",
    "Tuesday afternoon": "find since=11-24T00:00",
    "on Tuesday evening": "find since=11-24T00:00 until=11-26T00:00",
    "5550103 1,5 h": "find 5550103 1.5h",
    "a fortnight": "find 336h",
    "5550103 at 0930": "find 5550103 since=11-28T09:30",
    "since 1500 hrs": "find since=11-28T15:00",
    "since 2026": "? not_a_date:2026",
    "since the 20th": "find since=11-20T00:00",
    "on the 30th": "find since=10-30T00:00 until=10-31T00:00",
    "Friday the 20th": "find since=11-20T00:00",
    "November the 20th": "find since=11-20T00:00",
    "the 20th of November": "find since=11-20T00:00",
    "the 1st call": "? unknown:1st",
    "99th": "? not_a_date:99th",
    "20-Nov-26": "find since=11-20T00:00",
    "--since=2h": "find 2h",
    "now-6h to now": "find 6h",
    "-2h": "find 2h",
    "@3pm": "find since=11-28T15:00",
    "around 5:30p yesterday": "find since=11-27T17:30",
    "earlier today": "find 24h",
    "created_after=2026-11-20&amp;created_before=2026-11-22": "find since=11-20T00:00"
    " until=11-22T00:00",
    "20. November 2026": "find since=11-20T00:00",
    "20. 11. 2026 failed": "find since=11-20T00:00 failed",
    "5550103 Today!": "find 5550103 24h",
    "today 5550103": "find 5550103 24h",
    "5550103 24": "? ambiguous:24 (5550103 24h) (5550103 576h) | 5550103",
    "failed 3": "? ambiguous:3 (3h failed) (72h failed) | failed",
    "on monday": "find since=11-23T00:00 until=11-24T00:00",
    "since fri": "find since=11-27T00:00",
    "monday": "find since=11-23T00:00",
    "since monday 9am": "find since=11-23T09:00",
    "28 Nov": "find since=11-28T00:00",
    "Nov 20th": "find since=11-20T00:00",
    "on November 20, 2026": "find since=11-20T00:00 until=11-21T00:00",
    "20-Nov-2026": "find since=11-20T00:00",
    "20/11/2026": "find since=11-20T00:00",
    "20.11.2026": "find since=11-20T00:00",
    "2026/11/20": "find since=11-20T00:00",
    "11/20": "find since=11-20T00:00",
    "11/20/26": "find since=11-20T00:00",
    "3/4/2026": "? ambiguous:3/4/2026 (since=03-04T00:00) (since=04-03T00:00)",
    "on 3/4": "? ambiguous:3/4 (since=03-04T00:00 until=03-05T00:00)"
    " (since=04-03T00:00 until=04-04T00:00)",
    "11/11": "find since=11-11T00:00",
    "2026-11-20T17:24:05Z": "find since=11-20T17:24",
    "2026-11-20T17:24:05.123-05:00": "find since=11-20T22:24",
    "since 2026-11-20 5:24 pm EST": "find since=11-20T22:24",
    "Fri, 20 Nov 2026 17:24:05 +0000": "find since=11-20T17:24",
    "today at 13:21:58": "find since=11-28T13:21",
    "since 17:24": "find since=11-28T17:24",
    "since 23:00": "find since=11-27T23:00",
    "after 9am": "find since=11-28T09:00",
    "before 2026-11-20": "find until=11-20T00:00",
    "older than 2 days": "find until=11-26T18:00",
    "between 2026-11-20 and 2026-11-22": "find since=11-20T00:00 until=11-23T00:00",
    "from 2026-11-20 to 2026-11-22": "find since=11-20T00:00 until=11-23T00:00",
    "2026-11-20 - 2026-11-22": "find since=11-20T00:00 until=11-23T00:00",
    "between Nov 22 and Nov 20": "find since=11-20T00:00 until=11-23T00:00",
    "2026-11-20 10:00 to 11:00": "find since=11-20T10:00 until=11-20T11:00",
    "in november": "find since=11-01T00:00 until=12-01T00:00",
    "5550103 from yesterday": "find 5550103 48h",
    "calls from 5550103 yesterday": "find from=5550103 48h",
    "5550103 w": "? unknown:w | 5550103",
    "5550103 until yesterday": "find 5550103 until=11-27T18:00",
    "before yesterday": "find until=11-26T18:00",
    "during yesterday": "find 48h",
    "2026-11-20..2026-11-22": "find since=11-20T00:00 until=11-23T00:00",
    "yesterday\u2019s failed calls": "find 48h failed",
    "todays calls": "find 24h",
    "#5550103": "find 5550103",
    "1.5 hours": "find 1.5h",
    # How long calls lasted isn't how far back to search.
    "longer than 5 min": "? unsupported:longer than 5 min",
    "calls longer than 60": "? unsupported:longer than 60",
    "calls <30": "? unsupported:< 30",
    "calls under 10s today": "? unsupported:under 10s | 24h",
    "5550103 > 2m": "? unsupported:> 2m | 5550103",
    "duration:>=90s inbound": "? unsupported:duration >= 90s | inbound",
    "failed 5 minutes or longer": "? unsupported:5 minutes or longer | failed",
    "&gt; 10 min": "? unsupported:> 10 min",
    "duration: 0:42 failed": "? unsupported:duration 0:42 | failed",
    "duration > 60": "? unsupported:duration > 60",
    "between 1 and 2 minutes long": "? unsupported:between 1 and 2 minutes long",
    "more than 2 hours ago": "find until=11-28T16:00",
    "less than 2 hours ago": "find 2h",
    "older than 2 hours": "find until=11-28T16:00",
    "since": "? missing:since",
    "since lunch": "? not_a_date:lunch",
    "5550103 since yesturday": "? not_a_date:yesturday (5550103 48h) | 5550103",
    "2026-02-30": "? not_a_date:2026-02-30",
    "since 2027-01-01": "? future:2027-01-01",
    "since 1999-01-01": "? too_far:1999-01-01",
    "2h 3d": "? several:3d | 2h",
    "today 9:00-10:30": "find since=11-28T09:00 until=11-28T10:30",
    "2026-11-20 9:00-10:30": "find since=11-20T09:00 until=11-20T10:30",
    "2026-11-20T17:24-05:00": "find since=11-20T22:24",
    "2026-11-20 17:24:00-05:00": "find since=11-20T22:24",
    "9am-5pm": "find since=11-28T09:00 until=11-28T17:00",
    "2-4pm": "find since=11-28T14:00 until=11-28T16:00",
    "9-5pm": "find since=11-28T09:00 until=11-28T17:00",
    "between 11 and 1pm yesterday": "find since=11-27T11:00 until=11-27T13:00",
    "from 10:30 to 11:45 a.m.": "find since=11-28T10:30 until=11-28T11:45",
    "206-555-0103 2-4pm": "find 2065550103 since=11-28T14:00 until=11-28T16:00",
    "anything live right now": "find live",
    "now": "find live",
    "calls right now": "find live",
    "5550103 now": "find 5550103 live",
    "failed now": "find failed",
    "noon to 1pm": "find since=11-28T12:00 until=11-28T13:00",
    "yesterday noon to midnight": "find since=11-27T12:00 until=11-28T00:00",
    "missed since midnight": "find since=11-28T00:00 missed",
    "missed on 2026-10": "find since=10-01T00:00 until=11-01T00:00 missed",
    "mon-wed": "find since=11-23T00:00 until=11-26T00:00",
    "11/20-11/22": "find since=11-20T00:00 until=11-23T00:00",
    "11/20\u201311/22": "find since=11-20T00:00 until=11-23T00:00",
    "2026-11-20/2026-11-22": "find since=11-20T00:00 until=11-23T00:00",
    "5550103 Nov 20-22": "find 5550103 since=11-20T00:00 until=11-23T00:00",
    "20 - 22 November": "find since=11-20T00:00 until=11-23T00:00",
    "206-555-0103 nov 5": "find 2065550103 since=11-05T00:00",
    "yesterday between 2pm and 4pm": "find since=11-27T14:00 until=11-27T16:00",
    "2pm-4pm yesterday": "find since=11-27T14:00 until=11-27T16:00",
    "on Nov 20 after 2pm": "find since=11-20T14:00",
    "on monday before 10:00": "find since=11-23T00:00 until=11-23T10:00",
    "9am today": "find since=11-28T09:00",
    "today after 8pm": "? future:8pm",
    "on 12/11 after 2pm": "? ambiguous:12/11 (since=12-11T14:00) (since=11-12T14:00)",
    "tomorrow": "? future:tomorrow",
    "from Nov 20 until now": "find since=11-20T00:00",
    "28.11.": "find since=11-28T00:00",
    "20.11-22.11": "find since=11-20T00:00 until=11-23T00:00",
    # The beginning of a pasted line, and the command itself.
    "/voicelog 5550103": "find 5550103",
    "/voicelog /voicelog help": "Help",
    "> help": "Help",
    "&gt; 5550103": "find 5550103",
    "\u2022 recent 3": "recent 3",
    "1. 5550103": "find 5550103",
    "/?": "Help",
    # Numbers beside numbers.
    "last five": "recent 5",
    "recent one": "recent 1",
    "two calls from 5550103": "recent 2 from=5550103",
    "a call from 5550103": "find from=5550103",
    "+1 206 555 0103 / +1 206 555 0100": "find 12065550103 12065550100",
    "5550100 vs 5550103": "find 5550100 5550103",
    "both 5550100 5550103": "find 5550100 5550103",
    "5550100 > 5550103": "find from=5550100 to=5550103",
    "5550100&gt;5550103": "find from=5550100 to=5550103",
    "from 5550100 and 5550103": "? several:5550103 | from=5550100",
    "from 5550100 or 5550103": "? unsupported:or 5550103 (from=5550100) (from=5550103)"
    " | from=5550100",
    "from:5550100,to:5550103": "find from=5550100 to=5550103",
    "from 5550100 and to 5550103": "find from=5550100 to=5550103",
    "to 5550103 and today": "find to=5550103 24h",
    "calls involving 5550103": "find 5550103",
    "everything from 5550103": "find from=5550103",
    # Words.
    "failed calls": "find failed",
    "fails": "find failed",
    "failures today": "find 24h failed",
    "show me failed calls": "find failed",
    "how many failed today": "find 24h failed",
    "all missed calls yesterday please": "find 48h missed",
    "missed inbound": "find missed inbound",
    "busy/failed": "find busy failed",
    "busy or failed": "find busy failed",
    "busy, failed, no-answer": "find busy failed no-answer",
    "no answer": "find no-answer",
    "unanswered": "find missed",
    "not answered": "find missed",
    "not failed": "? unknown:not failed",
    "-failed": "? unknown:-failed",
    "not in progress 5550103": "? unknown:not in progress | 5550103",
    "except failed": "? unknown:except failed",
    "isn't failed": "? unknown:isn't failed",
    "!= failed": "? unknown:!= failed",
    "call status != failed": "? unknown:!= failed",
    "calls not from 5550103": "? unknown:not from 5550103",
    "failed but not 206 555 0103 today": "? unknown:but not 206 555 0103 | 24h",
    "all but failed": "? unknown:but failed",
    "not failed or busy": "? unknown:not failed",
    "neither failed nor busy 5550103": "? unknown:neither failed nor busy | 5550103",
    "&lt;&gt; failed": "? unknown:<> failed",
    "unsuccessful calls": "find missed",
    "unfinished": "? unknown:unfinished",
    "inactive": "? unknown:inactive",
    "not anwsered": "? unknown:not anwsered (missed)",
    "couldn\u2019t connect": "find missed",
    "declined by 5550103": "find to=5550103 missed",
    "unknown callers": "find anonymous",
    "didn't answer": "find missed",
    "wasn\u2019t answered": "find missed",
    "nobody answered today": "find 24h missed",
    "errors today": "find 24h failed",
    "successful": "find completed",
    "running": "find live",
    "private": "find anonymous",
    "all calls": "OpenForm",
    "please find": "OpenForm",
    "in progress": "find in-progress",
    "live now": "find live",
    "active calls": "find live",
    "cancelled": "find canceled",
    "status: failed": "find failed",
    "ended": "find ended",
    "sip inbound failed 2h": "find 2h failed inbound sip",
    "type: relay_pstn_call": "find pstn",
    "relay": "find relay",
    "video": "find video",
    "fabric": "find fabric",
    "faild today": "? unknown:faild (24h failed) | 24h",
    "FAILED": "find failed",
    "*failed*": "find failed",
    "`5550103` _last 2 hours_": "find 5550103 2h",
    "5550103 inbund": "? unknown:inbund (5550103 inbound) | 5550103",
}


@pytest.mark.parametrize("text", [*TYPED, *FURTHER])
def test_what_is_typed_is_understood(text: str) -> None:
    assert decided(text) == {**TYPED, **FURTHER}[text]


PIECES: Final = st.sampled_from(
    [
        *(
            "find",
            "recent",
            "last",
            "5550103",
            "+1 206 555 0100",
            "2",
            "2h",
            "12/1",
            "since",
            "from",
        ),
        *(
            "to",
            "until",
            "on",
            "between",
            "and",
            "2026-11-20",
            "17:24",
            "pm",
            "Nov",
            "28",
            "failed",
        ),
        *(
            "missed",
            "sip:a@b.c",
            ",",
            "-",
            "\u2192",
            "\u201c",
            ID,
            ID[:-1],
            "b7182dc2\u2026",
            "hello",
        ),
    ]
)


@given(st.text(max_size=200) | st.lists(PIECES, max_size=12).map(" ".join))
def test_whatever_is_typed_is_decided(text: str) -> None:
    assert decided(text)


@given(st.lists(PIECES, max_size=12).map(" ".join))
def test_a_search_asks_for_nothing_that_was_not_typed(text: str) -> None:
    decision = command_text.decide(text, now=NOW)
    if isinstance(decision, Find | NotUnderstood):
        query = decision.query
        typed_digits = "".join(filter(str.isdigit, text))
        numbers = [number for number in (*query.numbers, query.from_, query.to) if number]
        assert all(
            (number.digits or number.fragment) in (typed_digits + text) for number in numbers
        )
        assert all(word in text for word in query.filters)
        assert query.limit in {FIND_LIMIT, 10} or str(query.limit) in text


@given(st.lists(PIECES, max_size=12).map(" ".join))
def test_of_a_search_with_two_readings_each_is_complete(text: str) -> None:
    decision = command_text.decide(text, now=NOW)
    if isinstance(decision, NotUnderstood):
        for error in decision.errors:
            assert (len(error.readings) == 2) is (error.reason == "ambiguous")
            assert all(reading != decision.query for reading in error.readings)
            assert (error.reason == "unknown") <= (not error.readings or bool(error.suggestion))
