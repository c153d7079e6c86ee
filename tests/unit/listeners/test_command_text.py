"""How text after `/voicelog` is understood."""

import unicodedata
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
from bot.ui.subcommands import FIND
from bot.voicelogs import query as queries
from bot.voicelogs.phone_numbers import Number
from bot.voicelogs.query import FIND_LIMIT, InvalidReason, Query
from tests.support.marked_text import marks, plain, unmarked

NOW: Final = datetime(2026, 11, 28, 18, 0, 30, 500, UTC)
"""A Saturday."""
ID: Final = "b7182dc2-00f3-40e4-a5ce-20f164b329df"
SID: Final = "CAc4714c845a06b3bad6a4f6113ddb1798"


def decision_text(text: str) -> str:
    return as_text(command_text.decide(text, now=NOW))


def as_text(decision: Decision) -> str:
    """Return a decision in one line; of a search, its criteria."""
    match decision:
        case Find(Query(limit=limit) as query):
            count = "" if limit == FIND_LIMIT else f"recent {limit} "
            return f"{count}{query_text(query)}".rstrip()
        case Lookup(ids, ignored):
            log_ids = [*map(str, ids.complete), *ids.truncated]
            return " ".join(
                ["look up", *(each[:8] for each in log_ids), *(f"?{w}" for w in ignored)]
            )
        case TwilioSid():
            return "Twilio"
        case NearMissId(missing=missing, not_hex=not_hex):
            return f"almost an id {missing:+}{not_hex}"
        case DidYouMean(word, subcommand, meant):
            return f"{word}: {subcommand.word}? {as_text(meant)}"
        case NotUnderstood(errors=errors, query=query):
            wrong = [f"{error.reason}:{error.token}" for error in errors]
            readings = [
                f"({query_text(reading)})" for error in errors for reading in error.readings
            ]
            return " ".join(
                ["?", *wrong, *readings, *([f"| {query_text(query)}"] if query_text(query) else [])]
            )
        case subcommand:
            return "OpenForm" if subcommand is FIND else subcommand.word.capitalize()


def query_text(query: Query) -> str:
    sides = [("from=", query.from_), ("to=", query.to)]
    bounds = [("since=", query.since), ("until=", query.until)]
    return " ".join(
        [
            *map(number_text, query.numbers),
            *(f"{side}{number_text(number)}" for side, number in sides if number),
            *([f"{query.length.total_seconds() / 3600:g}h"] if query.length else []),
            *(f"{bound}{time_text(at)}" for bound, at in bounds if at and not query.length),
            *query.filters,
        ]
    )


def number_text(number: Number) -> str:
    return number.digits or number.fragment


def time_text(at: datetime) -> str:
    return f"{at:%m-%dT%H:%M}".removesuffix("T00:00")


SAME: Final[dict[str, tuple[str, ...]]] = {
    # Help, the status and the form are asked for in many ways.
    "Help": (
        *("", "?", "/?", "--help", "-h", "/help", "Help!", "“help”", "`help`", "> help"),
        *("he\u200blp", "help me", "hi, I need help please", "ayuda", "/voicelog /voicelog help"),
        *("how does this work?", "what can you do"),
    ),
    "Status": (
        *("Status", "status?", "show status", "status now", "version", "status of your servers"),
    ),
    "OpenForm": (
        *("find", "find a call", "please find", "search", "calls", "all calls", "voice logs"),
        *("form", "open the search form, please"),
    ),
    # The latest calls are counted.
    "recent 10": (
        *("Recent", "latest", "list", "the latest calls", "10 last calls", "show me the last 10"),
    ),
    "recent 5": ("last 5", "last 5 callers", "5 recent", "last five"),
    "recent 1": ("last call", "recent one", "who was the last caller"),
    # An ID is looked up, whole or truncated, without the words that add nothing.
    "look up b7182dc2": (
        *(ID, "b7182dc200f340e4a5ce20f164b329df", "b7182dc2 00f3 40e4 a5ce 20f164b329df"),
        *(f"look up {ID}", f"what happened to {ID}?", f"can you pull up {ID}?", f"{ID} :pray: 🙏"),
        *(f"call record {ID}, info please", f"call_id={ID} asap", f"call id: {ID}"),
        "call b7182dc2.00f3.40e4.a5ce.20f164b329df please",
        "Call-ID: b7182dc2-OOf3-4Oe4-a5ce-2Of164b329df",
        *(f"https://acme.signalwire.com/logs/voices/{ID}", "b7182dc2", "b7182dc2…"),
        *("b7182dc2-00f3-40e4-", "find b7182dc2"),
    ),
    # What is wrong with an ID is said, unless it is the whole ID of something else.
    "almost an id +1": ("b7182dc2-00f3-40e4-a5ce-20f164b329d", "b7182dc200f340e4a5ce20f164b329d"),
    "almost an id +0": (
        *("b7182dc200f3-40e4-a5ce-20f1-64b329df", "b7182dc2-00f340e4-a5ce-20f164b329df"),
    ),
    "Twilio": (SID, SID.lower()),
    "look up": (
        *(f"https://acme.signalwire.com/api/relay/rest/recordings/{ID}", f"{ID}.png"),
        *("00000000-0000-0000-0000-000000000000", "call 00000000-0000-0000-0000-000000000000"),
    ),
    # A number may be in letters, and be two numbers or one.
    "12065550100 12065550103": ("+12065550100+12065550103", "+1 206 555 0100 +1 206 555 0103"),
    "5550100 5550103": (
        *("find 555-0100, 555-0103", "5550100/5550103", "5550100 <-> 5550103"),
        *("between 5550100 and 5550103", "5550100 vs 5550103", "both 5550100 5550103"),
    ),
    # An address is searched for as it is, and its number if it has one.
    "alice@example.com": ("sip:alice@example.com", "<mailto:alice@example.com|alice@example.com>"),
    # From and to, arrows, labels and verbs name a side.
    "from=5550100 to=5550103": (
        *("5550100 -> 5550103", "5550100 > 5550103", "5550100&gt;5550103", "5550103<--5550100"),
        *("5550100 to 5550103", "to 5550103 from 5550100", "from 5550100 and to 5550103"),
        *("From: 5550100 To: 5550103", "A: 5550100 B: 5550103"),
        *("b-number=5550103 a-number=5550100", "from_number: 5550100, to_number: 5550103"),
        *("ani=5550100 dnis=5550103", "src=5550100 dst=5550103", "cli=5550100 cld=5550103"),
        *("from agent 5550100 into 5550103", "5550100 can't reach 5550103"),
        *("calling number 5550100 called number 5550103", "5550100 called 5550103"),
        'from_user = "5550100" AND to_user = "5550103"',
    ),
    "from=12065550100 to=12065550103": (
        *("+12065550100 → +12065550103", "+12065550103 ← +12065550100"),
        "From=%2B12065550100&To=%2B12065550103",
        '{"from": "+12065550100", "to": "+12065550103"}',
    ),
    "from=5550103": (
        *("logs from 5550103", "initiated by 5550103", "has anyone from 5550103 called?"),
        *("from_number LIKE '%5550103%'", "caller=5550103", "everything from 5550103"),
    ),
    "to=5550103": (
        *("find to 5550103", "who called 5550103", "to 5550103 and now", "received by 5550103"),
        "did the call to 5550103 go through?",
    ),
    "to=5550103 missed": (
        *("not picked up by 5550103", "declined by 5550103", "cannot get through to 5550103"),
    ),
    # A length reaches back from now.
    "2h": (
        *("PT2H", "--since=2h", "-2h", "less than 2 hours ago", "last2hours"),
        "created in the last 2 hours",
    ),
    "5550103 2h": (
        *("5550103 2h", "5550103, 2hrs", "5550103 in the last 2 hours", "`5550103` _last 2 hours_"),
    ),
    "5550103 1.5h": (
        *("5550103 1h30m", "5550103 1,5 h", "5550103 1.5 hours", "5550103 an hour and a half ago"),
    ),
    "5550103 0.5h": ("5550103 30 min", "5550103 half an hour", "5550103 ½ hour"),
    "24h": ("since P1D", "earlier today", "todays calls"),
    "48h": ("yest", "last night", "during yesterday"),
    # A date begins a period, and on a date is a day.
    "since=11-20": (
        *("20/11/2026", "2026/11/20", "2026 11 20", "11/20/26", "11/20", "20. 11. 2026"),
        *("20. November 2026", "20-Nov-26", "Nov 20th", "the 20th of November", "Friday the 20th"),
        *("since the 20th", "from Nov 20 until now", "starting 2026-11-20"),
        *("not before 2026-11-20", "created:>2026-11-20", "--start-time-after 2026-11-20"),
        "back to Nov 20",
    ),
    "since=11-28": ("28 Nov", "28.11.", "this weekend"),
    "since=11-20 until=11-21": ("find on 2026-11-20", "on November 20, 2026", "on 20261120"),
    # A Unix time is a time where nothing else is likely.
    "since=11-18T11:06": ("since 1795000000", "created_at>1795000000", "created > 1795000000"),
    # A time may have a zone, and is otherwise in UTC.
    "since=11-20T17:19": (
        *("2026-11-20T17:24:05Z", "20261120 17:24", "Fri, 20 Nov 2026 17:24:05 +0000"),
        *("Fri 20 Nov 17:24:05 GMT 2026", "2026-11-20 17:24:05,123"),
    ),
    "5550103 since=11-20T17:19": (
        *("[20/Nov/2026:17:24:05 +0000] 5550103", "20261120T17:24:05Z 5550103"),
    ),
    "since=11-20T22:19": (
        *("2026-11-20T17:24:05.123-05:00", "2026-11-20T17:24-05:00", "2026-11-20 17:24 UTC-5"),
        "2026-11-20 17:24:05.123-05",
        *("2026-11-20 17:24:00-05:00", "Fri Nov 20 17:24:05 EST 2026", "2026-11-20 5:24 pm EST"),
    ),
    "since=11-20T16:19": (
        "Fri Nov 20 2026 17:24:05 GMT+0100 (Central European Standard Time)",
        "2026-11-20 17:24 CET",
    ),
    "since=11-20T19:55": ("2026-11-20 3pm ET", "2026-11-20 3 p.m. Eastern time"),
    # A range of days includes the last one.
    "since=11-20 until=11-23": (
        *("find since 2026-11-20 until 2026-11-22", "between 2026-11-20 and 2026-11-22"),
        *("from 2026-11-20 to 2026-11-22", "2026-11-20 - 2026-11-22", "2026-11-20..2026-11-22"),
        *("2026-11-20/2026-11-22", "2026-11-20 > 2026-11-22", "between Nov 22 and Nov 20"),
        *("between Nov 20 and 22", "20 - 22 November", "11/20-11/22", "20-22/11", "11/20-22"),
        *("20.-22.11.2026", "20.11-22.11", "start=2026-11-20&amp;end=2026-11-22"),
        "date_from=2026-11-20 date_to=2026-11-22",
        "--start-time 2026-11-20 --end-time 2026-11-22",
        "StartTime>='2026-11-20' AND StartTime<='2026-11-22'",
    ),
    # A range of times may say the day, am or pm, and the zone once.
    "since=11-20T10:00 until=11-20T11:00": (
        *("2026-11-20 10:00 to 11:00", "2026-11-20T10:00:00Z/2026-11-20T11:00:00Z"),
    ),
    "since=11-28T09:00 until=11-28T17:00": ("9am-5pm", "9-5pm", "today 9:00-17:00"),
    "since=11-27T14:00 until=11-27T16:00": ("yesterday between 2pm and 4pm", "2pm-4pm yesterday"),
    "since=11-27T19:00 until=11-27T20:00": ("14:00 to 15:00 EST", "yesterday 2-3pm ET"),
    # A filter has many spellings.
    "24h failed": ("failed today", "failures today", "errors today"),
    "missed": (
        *("find missed", "unanswered", "not answered", "didn't answer", "wasn\u2019t answered"),
        *("no one picked up", "no one is answering", "couldn\u2019t connect", "unsuccessful calls"),
        "calls aren't coming through",
    ),
    "5550103 missed": (
        *("nobody's picking up at 5550103", "won't connect 5550103", "unable to connect 5550103"),
    ),
    "live": (
        *("live", "now", "running", "active calls", "anything live right now"),
        "is anyone on a call right now",
    ),
    "5550103 live": ("5550103 now", "5550103 atm", "is 5550103 on a call right now"),
    "anonymous": ("find anonymous", "private", "unknown callers"),
    # Filters are combined.
    "busy failed": ("busy or failed", "busy/failed", "busy, failed"),
    "missed inbound": ("missed inbound", "inbound but didn't answer"),
    "5550103 failed": (
        *("failed at the end of the call 5550103", "failed calls w/ 5550103"),
        "5550103 failed rn tyvm",
    ),
    "from=12065550103 failed": (
        *('{"status":"failed","from":"+12065550103"}', "?status=failed&from=%2B12065550103"),
    ),
    # Words that add nothing are left out, and complaints about no calls are no filter.
    "failed": ("failed calls", "failed now", "events failed", "Hi, are there any failed calls?"),
    "5550103": (
        *("5550103 newest first", "good morning, I would like 5550103's calls"),
        *("how did the call with 5550103 end", "5550103 isn't ringing", "cannot call 5550103"),
        "5550103 isn't getting calls",
        *("not receiving inbound calls 5550103", "5550103 can not receive any calls"),
    ),
    "5550103 24h": (
        "5550103 called today",
        *("how many calls did 5550103 make today?", "5550103 stopped ringing today"),
        "customer says cant call 5550103 since this morning",
        "show call records and info for 5550103 today",
    ),
    # Other notations of fields are read.
    "since=11-20T17:24 until=11-20T17:25": (
        'start_stamp="2026-11-20 17:24:05" end_stamp="2026-11-20 17:25:00"',
    ),
    "from=12065550103 to=12065550100 busy": (
        """{"From"=>"+12065550103", :to => "+12065550100", status=>'busy'}""",
    ),
    "from=12065550103 since=11-20T17:19": (
        '{"startTime":"2026-11-20T17:24:05.000Z","from":{"phoneNumber":"+12065550103"}}',
    ),
    "recent 5 to=12065550103 since=11-20": (
        "GET /Calls.json?To=%2B12065550103&StartTime>=2026-11-20&PageSize=5",
    ),
}
"""By what they mean: texts."""

EACH: Final = (
    # A misspelled subcommand is asked about.
    *("recents 5 ⇒ recents: recent? recent 5", "sttatus! ⇒ sttatus!: status? Status"),
    *("hlep ⇒ hlep: help? Help", "stauts ⇒ stauts: status? Status"),
    "lokup 5550103 ⇒ lokup: find? 5550103",
    *("fnd 5550103 ⇒ fnd: find? 5550103", "serach 5550103 ⇒ serach: find? 5550103"),
    # The latest calls are counted.
    *("status=failed earliest=-4h latest=now | head 10 ⇒ recent 10 4h failed", "last 2 hours ⇒ 2h"),
    *("5550103 2 missed inbound calls ⇒ recent 2 5550103 missed inbound", "2 last hours ⇒ 2h"),
    "how long was the last call from 5550103 ⇒ recent 1 from=5550103",
    *("5550103 --limit 5 ⇒ recent 5 5550103", "recent 5 last week ⇒ recent 5 168h"),
    *("a call from 5550103 ⇒ from=5550103", "last 4 5550103 ⇒ recent 4 5550103"),
    *("recent 0103 ⇒ recent 10 0103", "recent 50 ⇒ ? out_of_range:50", "• recent 3 ⇒ recent 3"),
    # An ID is looked up, whole or truncated, without the words that add nothing.
    f"{ID} {SID} ⇒ look up b7182dc2 ?{SID}",
    f"{ID} and fa000000-0000-4000-8000-000000000000 ⇒ look up b7182dc2 fa000000",
    *(f"why did {ID} drop ⇒ look up b7182dc2 ?drop", f"status {ID} ⇒ look up b7182dc2 ?status"),
    # What is wrong with an ID is said, unless it is the whole ID of something else.
    *("g7182dc2-00f3-40e4-a5ce-20f164b329df ⇒ almost an id +0g", f"{ID}0 ⇒ almost an id -1"),
    # A number may be in letters, and be two numbers or one.
    "+1 (800) MATTRESS ⇒ 18006288737",
    *("+91 98765 43210 (206) 555-0103 ⇒ 919876543210 2065550103", "1-800-GOT-JUNK ⇒ 18004685865"),
    *("44 7700 900123 206-555-0103 ⇒ 447700900123 2065550103", "0103 2065550100 ⇒ 0103 2065550100"),
    *("206 555 0100 206 555 0103 ⇒ 2065550100 2065550103", "(800) inbound ⇒ 800 inbound"),
    *("+12065550103 5550103 today ⇒ 12065550103 24h", "888-555-HELP failed ⇒ 8885554357 failed"),
    *("0100 and 0103 ⇒ 0100 0103", "0100 0103 ⇒ 0100 0103"),
    # An address is searched for as it is, and its number if it has one.
    "/private/alice?channel=video ⇒ /private/alice",
    '"Alice" &lt;sip:alice@10.0.0.5:5060;transport=udp&gt;;tag=19 ⇒ alice@10.0.0.5',
    "@to:+12065550103 status:(busy OR failed) ⇒ to=12065550103 busy failed",
    *("sip:<mailto:a@example.com|a@example.com> today ⇒ a@example.com 24h", "10.0.0.5 ⇒ 10.0.0.5"),
    *("a@example.com,b@example.com ⇒ a@example.com b@example.com", "@dana failed ⇒ @dana failed"),
    *("5550103 @example.com ⇒ 5550103 @example.com", "/private/alice ⇒ /private/alice"),
    *("20.12.34.56:5060 ⇒ 20.12.34.56", "5550103@2h ⇒ 5550103@2h"),
    # From and to, arrows, labels and verbs name a side.
    "from +1 206 555 0103, ext. 12 to 5550100 ⇒ from=12065550103 to=5550100",
    "(from:5550103 OR to:5550103) AND status:failed ⇒ 5550103 failed",
    "From: <sip:+12065550103@10.0.0.5>;tag=19 ⇒ from=12065550103",
    *("they called us on CLI 07700 900123 ⇒ from=7700900123", "to or from 5550103 ⇒ 5550103"),
    *("from #204 to 2065550103 ⇒ from=204 to=2065550103", "to/from 5550103 today ⇒ 5550103 24h"),
    *("from a number starting with +1206 ⇒ from=1206", "answered by 5550103 ⇒ to=5550103 answered"),
    # A length reaches back from now.
    "created_at > now() - interval '2 hours' AND to_number LIKE '%5550103' ⇒ to=5550103 2h",
    *("yesterday\u2019s failed calls ⇒ 48h failed", "5550103 over the last hour ⇒ 5550103 1h"),
    *("5550103 from yesterday ⇒ 5550103 48h", "5550103 this morning ⇒ 5550103 24h"),
    *("5550103 an hour ago ⇒ 5550103 1h", "5550103 two days ⇒ 5550103 48h", "a fortnight ⇒ 336h"),
    *("5550103 of all time ⇒ 5550103", "day before yesterday ⇒ 72h", "last 1200 hours ⇒ 1200h"),
    *("now-6h to now ⇒ 6h", "past week ⇒ 168h", "P1DT12H ⇒ 36h"),
    # A date begins a period, and on a date is a day.
    "swsh voice logs --created-after 2026-11-20T00:00:00Z --status failed ⇒ since=11-20 failed",
    *("on Tuesday evening ⇒ since=11-24 until=11-26", "at the weekend ⇒ since=11-28 until=11-30"),
    *("on the 30th ⇒ since=10-30 until=10-31", "in november ⇒ since=11-01 until=12-01"),
    *("on 2026-10 ⇒ since=10-01 until=11-01", "phone 2026-11-20 ⇒ since=11-20 pstn"),
    *("on monday ⇒ since=11-23 until=11-24", "Tuesday afternoon ⇒ since=11-24"),
    *("Monday's calls ⇒ since=11-23", "last weekend ⇒ since=11-21", "monday ⇒ since=11-23"),
    *("14.11 ⇒ since=11-14", "11/11 ⇒ since=11-11"),
    # A number beside a date is one, and what is no date may be a number.
    "Date: 11/27 ⇒ since=11-27",
    *("from 206 555 Nov 20-22 ⇒ from=206555 since=11-20 until=11-23", "2026 11 20 33 ⇒ 2026112033"),
    *("5550103 created_at > 2026-11-20 ⇒ 5550103 since=11-20", "to 20261120 ⇒ to=20261120"),
    "+46 8 465 004 10 - 28/11 ⇒ 46846500410 since=11-28",
    *("206-555-0103 nov 5 ⇒ 2065550103 since=11-05", "#48213 2026-11-20 ⇒ 48213 since=11-20"),
    # A Unix time is a time where nothing else is likely.
    *("5550100 to 1795000000 ⇒ from=5550100 to=1795000000", "from 1795000000 ⇒ from=1795000000"),
    *("start_time: 1795000000 ⇒ since=11-18T11:01", "until 1795000000123 ⇒ until=11-18T11:06"),
    # A time of day begins five minutes earlier, around it fifteen, and since it none.
    *("between around 2 and 4pm ⇒ since=11-28T13:45 until=11-28T16:00", "@3pm ⇒ since=11-28T14:55"),
    *("5550103 at 9am and 5550100 ⇒ 5550103 5550100 since=11-28T08:55", "about 5550103 ⇒ 5550103"),
    *("2026-11-28 18:02:05 5550103 ⇒ 5550103 since=11-28T17:57", "Nov 20 9.30 ⇒ since=11-20T09:25"),
    *("around 5:30p yesterday ⇒ since=11-27T17:15", "missed since midnight ⇒ since=11-28 missed"),
    *("after 9am on Monday ⇒ since=11-23T09:00", "on Nov 20 after 2pm ⇒ since=11-20T14:00"),
    *("yesterday at 14.05 ⇒ since=11-27T14:00", "yesterday 3.15pm ⇒ since=11-27T15:10"),
    *("20. NovemberT9am ⇒ since=11-20T08:55", "since monday 9am ⇒ since=11-23T09:00"),
    *("until around 4pm ⇒ until=11-28T16:15", "yesterday 1405Z ⇒ since=11-27T14:00"),
    "yesterday 1405 hours ⇒ since=11-27T14:00",
    *("20.11. at 9.30 ⇒ since=11-20T09:25", "since 1500 hrs ⇒ since=11-28T15:00"),
    *("Tuesday @noon ⇒ since=11-24T11:55", "not until 3pm ⇒ since=11-28T15:00"),
    *("since 17:24 ⇒ since=11-28T17:24", "since 23:00 ⇒ since=11-27T23:00"),
    *("near 16:40 ⇒ since=11-28T16:25", "today at 8 ⇒ since=11-28T07:55"),
    *("1405 hrs ⇒ since=11-28T14:00", "at 12.05 ⇒ since=11-28T12:00", "~16:40 ⇒ since=11-28T16:25"),
    "@ 14:05 ⇒ since=11-28T14:00",
    # A time may have a zone, and is otherwise in UTC.
    "17:24:05 +44 20 7946 0958 ⇒ 442079460958 since=11-28T17:19",
    "20.11.2026 15.00 Central Standard ⇒ since=11-20T20:55",
    *("find since 2026-11-20 17:24 ⇒ since=11-20T17:24", "2026-07-04 3pm PT ⇒ since=07-04T21:55"),
    *("2026-03-08 9am CT ⇒ since=03-08T13:55", "2026-11-01 9am mt ⇒ since=11-01T15:55"),
    # A time that may be a duration is a time unless it is in a pasted row.
    "2026-11-20 00:03:12 5550103 5550100 ⇒ 5550103 5550100 since=11-19T23:58",
    "17:24:05 5550100 5550103 ⇒ 5550100 5550103 since=11-28T17:19",
    "between 1h and 2h ago ⇒ since=11-28T16:00 until=11-28T17:00",
    *("00:03:12 yesterday 5550103 ⇒ 5550103 since=11-26T23:58", "after 2 min ago ⇒ 0.0333333h"),
    *("5550103 00:03:12 UTC ⇒ 5550103 since=11-27T23:58", "failed 0:42 ⇒ since=11-28T00:37 failed"),
    *("5550103 since 0:42 ⇒ 5550103 since=11-28T00:42", "last 5 minutes calls ⇒ 0.0833333h"),
    *("failed since 30 seconds ⇒ 0.00833333h failed", "5550103 00:42 ⇒ 5550103 since=11-28T00:37"),
    # A period may have an end.
    "created_after=2026-11-20&amp;created_before=2026-11-22 ⇒ since=11-20 until=11-22",
    *("on monday before 10:00 ⇒ since=11-23 until=11-23T10:00", "before 2026-11-20 ⇒ until=11-20"),
    *("5550103 start_time < 2026-11-20 ⇒ 5550103 until=11-20", "until 2026-11-22 ⇒ until=11-23"),
    *("more than 2 hours ago ⇒ until=11-28T16:00", "older than 2 hours ⇒ until=11-28T16:00"),
    *("older than 2 days ⇒ until=11-26T18:00", "no later than 5pm ⇒ until=11-28T17:00"),
    *("before yesterday ⇒ until=11-26T18:00", "until yesterday ⇒ until=11-27T18:00"),
    *("2pm to now ⇒ since=11-28T13:55", "by 5pm ⇒ until=11-28T17:00"),
    # A range of days includes the last one.
    "Saturday 9am until Wednesday 5pm ⇒ since=11-21T09:00 until=11-25T17:00",
    *("Sat to Wed ⇒ since=11-21 until=11-26", "mon-wed ⇒ since=11-23 until=11-26"),
    # A range of times may say the day, am or pm, and the zone once.
    "5550126 between 11 and 12:00pm ET ⇒ 5550126 since=11-28T16:00 until=11-28T17:00",
    "between 11am and 1:30 yesterday ⇒ since=11-27T11:00 until=11-27T13:30",
    "206-555-0103 2-4pm ⇒ 2065550103 since=11-28T14:00 until=11-28T16:00",
    "between 11 and 1pm yesterday ⇒ since=11-27T11:00 until=11-27T13:00",
    "from 10:30 to 11:45 a.m. ⇒ since=11-28T10:30 until=11-28T11:45",
    "from 9am till 0930 CST ⇒ since=11-28T15:00 until=11-28T15:30",
    "yesterday noon to midnight ⇒ since=11-27T12:00 until=11-28",
    "noon to 1pm ⇒ since=11-28T12:00 until=11-28T13:00",
    "9-5pm CEST ⇒ since=11-28T07:00 until=11-28T15:00",
    "2pm-2:30 ⇒ since=11-28T14:00 until=11-28T14:30",
    # A filter has many spellings.
    *("nobody answered today ⇒ 24h missed", "disposition: NO ANSWER ⇒ no-answer"),
    *("the call went through ⇒ answered", "hangup_cause=USER_BUSY ⇒ busy", "no answer ⇒ no-answer"),
    *("SIP/2.0 486 Busy Here ⇒ busy", "type: relay_pstn_call ⇒ pstn", "find completed ⇒ completed"),
    *("in progress ⇒ in-progress", "find answered ⇒ answered", "find outgoing ⇒ outbound"),
    *("status: failed ⇒ failed", "@status:failed ⇒ failed", "still ringing ⇒ ringing"),
    *("find incoming ⇒ inbound", "successful ⇒ completed", "cancelled ⇒ canceled"),
    *("*failed* ⇒ failed", "find phone ⇒ pstn", "created ⇒ created", "FAILED ⇒ failed"),
    # Filters are combined.
    "missed #5550103 ⇒ 5550103 missed",
    "5550100|5550103|2026-11-20 15:15|ANSWERED ⇒ 5550100 5550103 since=11-20T15:10 answered",
    "Incoming • (206) 555-0103 • Yesterday ⇒ 2065550103 48h inbound",
    "CallStatus=no-answer&Direction=inbound ⇒ no-answer inbound",
    "sip inbound failed 2h ⇒ 2h failed inbound sip",
    # Words that add nothing are left out, and complaints about no calls are no filter.
    "why did the call to 555 0103 fail? ⇒ to=5550103 failed",
    *("I'm looking for missed calls, thank you! ⇒ missed", "unable to reach 5550103 ⇒ to=5550103"),
    *("all missed calls yesterday please ⇒ 48h missed", "can't call or reach 5550103 ⇒ to=5550103"),
    "5550103 ringing ⇒ 5550103 ringing",
    # What is around something that isn't understood may not be searched for either.
    "faild longer than 5 min ⇒ ? unknown:faild unsupported:longer than 5 min (failed)",
    "on 12/11 after 2pm ⇒ ? ambiguous:12/11 (since=12-11T14:00) (since=11-12T14:00)",
    "faild 5550103 sad ⇒ ? unknown:faild unknown:sad (5550103 failed) | 5550103",
    "yesterday around 4 ⇒ ? ambiguous:4 (since=11-27T03:45) (since=11-27T15:45)",
    "faild five five five ⇒ ? unknown:faild unknown:five five five (failed)",
    "faild tmrw 5550103 ⇒ ? unknown:faild unknown:tmrw (5550103 failed) | 5550103",
    "failed but not 206 555 0103 today ⇒ ? unknown:not 206 555 0103 | 24h",
    "5550103 not getting answered ⇒ 5550103 missed",
    "not ringing or busy 5550103 ⇒ ? unknown:not ringing | 5550103",
    "neither faild nor busy ⇒ ? unknown:neither faild nor busy",
    *("why can't 5550103 reach us? ⇒ ? unknown:can't | 5550103", "today after 8pm ⇒ ? future:8pm"),
    "lastt 5 5550103 ⇒ ? unknown:lastt (5550103) | 5550103",
    "to dana today 5550103 ⇒ ? unknown:dana | 5550103 24h",
    "from @dana to 5550103 ⇒ ? mention:@dana | to=5550103",
    "error code: 11200 ⇒ ? unknown:code#11200 | failed",
    *("failed limt 5 ⇒ ? unknown:limt (failed) | failed", "nobody has answered ⇒ missed"),
    "5550103 did not call ⇒ ? unknown:not | 5550103",
    "not failed or busy ⇒ ? unknown:not failed",
    "failed but not on Nov 20 ⇒ ? unknown:not on Nov 20",
    # Other tools' queries, requests, options and records.
    "@call.status:failed -@call.direction:inbound ⇒ ? unknown:-call.direction:inbound | failed",
    "select * from calls where to = '5550103' order by created_at desc ⇒ to=5550103",
    "last 3 calls 5550103 (NOT the 0100 one) ⇒ ? unknown:NOT the 0100 one | 5550103",
    "from=1795000000000&to=1795003600000 ⇒ since=11-18T11:06 until=11-18T12:06",
    *("start=1795000000&end=1795003600 ⇒ since=11-18T11:06 until=11-18T12:06", "now-1d/d ⇒ 24h"),
    "excluding calls from 5550103 ⇒ ? unknown:excluding calls from 5550103",
    *("call.status:failed call.from:5550103 ⇒ from=5550103 failed", "earliest=-4h@h ⇒ 4h"),
    "-n 5 --from=5550103 | tail -3 ⇒ ? several:3 | from=5550103",
    "NOT type:laml 5550103 ⇒ ? unknown:NOT type laml | 5550103",
    *("created:2026-11-20..2026-11-22 ⇒ since=11-20 until=11-23", "from:* to:5550103 ⇒ to=5550103"),
    *("20261120T172405Z 5550103 ⇒ 5550103 since=11-20T17:19", "20261120172405 ⇒ since=11-20T17:19"),
    *("duration_ms:>5000 ⇒ ? unsupported:duration_ms > 5000", "@timestamp:[now-2h TO now] ⇒ 2h"),
    "—from 5550100 —to 5550103 ⇒ from=5550100 to=5550103",
    *("500 errors today ⇒ ? unknown:code#500 | 24h failed", "from!=5550103 ⇒ ? unknown:!= 5550103"),
    *("ticket id b7182dc2 ⇒ ? unknown:ticket id b7182dc2", "5550103 | tail -3 ⇒ recent 3 5550103"),
    *("call_state=ended && direction=in ⇒ ended inbound", "short id b7182dc2 ⇒ look up b7182dc2"),
    *("{'to': '5550103', 'parent': None} ⇒ to=5550103", "2026-11-20_17-24-05 ⇒ since=11-20T17:19"),
    *("status:!=completed ⇒ ? unknown:!= completed", "not the 5550103 ⇒ ? unknown:not the 5550103"),
    *("after epoch 1795000000 ⇒ since=11-18T11:06", "5550103 but only inbound ⇒ 5550103 inbound"),
    *("-from 5550103 ⇒ ? unknown:-from | 5550103", "w/o 5550103 ⇒ ? unknown:without 5550103"),
    *("status like /failed|busy/ ⇒ busy failed", "SIP 503 today ⇒ ? unknown:SIP#503 | 24h"),
    # Times of day in another zone, whose day may be another than UTC's.
    "Nov 20 between 10p and 11p EST ⇒ since=11-21T03:00 until=11-21T04:00",
    "overnight 10p-6a pacific ⇒ since=11-28T06:00 until=11-28T14:00",
    *("15:30 AEST ⇒ ? unknown:AEST | since=11-28T15:25", "10pm PST on Nov 20 ⇒ since=11-21T05:55"),
    # How long a range is, and days ago.
    *("9am until 5 minutes ago ⇒ since=11-28T09:00 until=11-28T17:55", "last nite ⇒ 48h"),
    "btw 1:30pm & 2:15pm EST ⇒ since=11-27T18:30 until=11-27T19:15",
    "2026-11-20T09:00Z/PT2H ⇒ since=11-20T09:00 until=11-20T11:00",
    "9am until 2 hours ago ⇒ since=11-28T09:00 until=11-28T16:00",
    *("9am for 2 hours ⇒ since=11-28T09:00 until=11-28T11:00", "9am for today ⇒ since=11-28T08:55"),
    *("today for 2 hours ⇒ ? several:2 hours | 24h", "2 days ago at 3pm ⇒ since=11-26T14:55"),
    # Digits that aren't a number of their own.
    "206 555 0103 / 0104 ⇒ ? unsupported:or 0104 (2065550103) (0104) | 2065550103",
    *("5550100 rang 5550103 ⇒ from=5550100 to=5550103", "no pickup at 5550103 ⇒ 5550103 missed"),
    *("+1206...0103 ⇒ ? hidden:+1206***0103", "206-555-0103 (ext. 12) ⇒ 2065550103"),
    *("5550103,,204# ⇒ 5550103", "206 area code ⇒ 206"),
    # What is around a negation isn't searched for either.
    "5550103 isn't getting any answered ⇒ ? unknown:isn't getting any answered | 5550103",
)
"""Texts, and what each of them means."""

NUMBERS: Final = (
    # With words, labels and signs that add nothing.
    *("5550103", "calls involving 5550103", "+44 20 7946 0958"),
    *("find 5550103", "search 5550103", "find:5550103", "Find. 5550103", "lookup 5550103"),
    *("look up 5550103", "/voicelog 5550103", "/voicelog find 5550103", "help me find 5550103"),
    *("5550103 called", "5550103 asap", "our line 5550103", "customer 5550103", "`5550103`"),
    *("&gt; 5550103", "&gt;5550103", "«1». 5550103", ">206-555-0103", "#5550103", "206 #5550103"),
    *(
        ":phone: 5550103",
        ":wave::skin-tone-«2»: 5550103",
        "\U0001f50d 5550103",
        "2065550103 details",
    ),
    *("Phone: 206-555-0103", "Office: 206-555-0103", "Direct: 206.555.0103", "mobile no. 5550103"),
    *("phone +1 206 555 0103", 'phone: "+1 (206) 555-0103"', "call at 1 206 555 0103"),
    *("toll-free number 800-555-0103", "(206) 555-0103 (mobile)"),
    # In each notation.
    *("206.555.0103", "(206)555-0103", "[206] 555-0103", "206 5550103", "+1 (206) 555-0103"),
    *("1-206-555-0103", "1 2065550103", "2555 0103", "2 0 6 5 5 5 0 1 0 3", "202-611-0042"),
    *("20.12.34.56", "655 55 01 03", "+46 8 465 004 10", "44 7700 900123", "98765 43210"),
    *("\u0662\u0660\u0666 \u0665\u0665\u0665 \u0660\u0661\u0660\u0663", "=+12065550103"),
    *("\uff15\uff15\uff15\uff10\uff11\uff10\uff13", "12065550103«.0»", "tel://+12065550103"),
    *("sms:+12065550103", "tel:+12065550103;phone-context=example.com"),
    *("<tel:+12065550103|«+1 206-555-0103»>", "sofia/external/+12065550103@«10.0.0.5»"),
    '"«(206) 555-0103»" &lt;+12065550103&gt;',
    # Without prefixes to dial, and without extensions.
    *("«00»1 206 555 0103", "«*67» 206 555 0103", "«011» 44 20 7946 0958", "«0»6.12.34.56.78"),
    *("(«011») 44 20 7946 0958", "+44 «0»20 7946 0958", "«0»171 1234567", "«0»171 123 45678"),
    *("(«0»221) 4710 000", "«0»151 2345 6789", "«0»114 496 0000", "030/12-34"),
    *("+52 «1» 55 5555 1234", "52 «1» 55 5555 1234", "«00»52 «1» 81 8123 4567"),
    *("206-555-0103 x«204»", "206-555-0103 ext. «204»", "ext. 204"),
    # In part.
    *("0103", "*0103", "ending in 0103", "last four 0103", "last «4» digits: 0103"),
    *("last three digits 103", "containing 555-01", "area code 206", "+44 20", "+1206555XXXX"),
    *("xxx-xxx-0103", "206-555-****"),
    # What may be a date or a time, but isn't a recent one.
    *("20241120", "1382960123", "1805000000"),
)
"""Numbers to search for, with the digits marked that aren't part of them."""

NOT_UNDERSTOOD: Final[dict[InvalidReason, tuple[str, ...]]] = {
    "unknown": (
        *("«fine weather»", "«hello there»", "«details»", "«earliest» call", "«thank you»"),
        *("«who's on the phone»", "«test» 5550103", "5550103 «w»", "«recordings» 5550103"),
        *("«callz» from 5550103", "5550103 «unavailable»", "the «1st» call", "yesterday «15-16»"),
        *("«XXXX»", "«PT»", "GET «/api/voice/logs»", "3pm «IST»", "17:24 «UTC-18:24 UTC»"),
        *("status:failed «tmrw»", "status=failed «tmrw»", "help failed calls 555 «tmrw»"),
        *("status: busy, «carrier bandwidth»", "from «acme corp» 5550100 to 5550103"),
        *("outgoing to «uk» +44 20 7946 0958 failed", "to «dana» sip:alice@example.com"),
        # Numbers of tickets, documents and errors, and decimal fractions.
        *("«ticket #48213|ticket#48213» 206-555-0103", "«#48213» +12065550103 2 days"),
        *("2065550103 «#482131» failed", "«[48213]» 206 555 0103", "«[#48213]» 2065550103 today"),
        *("missed «#48213»", "missed «#48213» 2065550103", "«2026-11-0042» failed"),
        *("«invoice 2026-11-0042», 206-555-0103", "206 «2026-11-0042»", "«2065550103.5»"),
        *("«error 31205|error#31205» from 5550103", "«46346.7»", "«12345.67» 5550103"),
        "«1732705509.1234»",
        # What is excluded: never answered with a search for it.
        *("«not failed»", "«-failed»", "«except failed»", "«isn't failed»", "«none failed»"),
        *("status «!= failed»", "status «not failed» 2h", "«&lt;&gt; failed|<> failed»"),
        *("«not in progress» 5550103", "«neither failed nor busy» 5550103", "all «but failed»"),
        *("«not from 5550103»", "«not between 2pm and 4pm» 5550103", "«unfinished»", "«inactive»"),
    ),
    "unsupported": (
        # How long calls lasted isn't how far back to search.
        *("«longer than 5 min»", "calls «longer than 60»", "calls «<30|< 30»", "«≥ 5 min»"),
        *("calls «under 10s» today", "5550103 «> 2m»", "«&gt;2h|> 2h»", "failed «after 2 min»"),
        *("failed «5 minutes or longer»", "calls «of 5 minutes»", "«5-minute calls»"),
        *("«5 minute calls»", "«between 1m and 2m»", "«between 1 and 2 minutes long»"),
        *("«every 5 minutes»", "completed within «30 seconds»", "«duration > 60»"),
        *("«duration: 0:42|duration 0:42» failed", "«duration:>=90s|duration >= 90s» inbound"),
        *("status failed «duration>30|duration > 30»", '«"duration": 32|duration 32»'),
        # In a pasted row.
        *("Completed, «3 min 12 s», from 5550103", "«1:03:12» 5550103"),
        *("2065550100,2065550103,«00:03:12»,ANSWERED", "2026-11-20 15:15 5550103 «00:03:12»"),
        *("+12065550100\t+12065550103\t«0:42»\tcompleted", "Completed «00:42» 5550100 5550103"),
        "Status\tEnded\tFrom\t+12065550100\tTo\t+12065550103\t«Duration\t11 s|Duration 11 s»",
    ),
    "mention": (
        *("calls from «<@U012ABCDEF>|@U012ABCDEF»", "«@dana» can you check 5550103"),
        "«<#C012ABCDEF>|#C012ABCDEF» 5550103",
    ),
    "hidden": ("«+1206***0103»", "«+1 206 *** 0103»", f"from «+1 {'•' * 8}03»"),
    "too_short": ("«12»", "starting with «+44»", "line «2» 5550103", "at «14»"),
    "several": (
        *("5550100 5550101 «5550103»", "from 5550100 and «5550103»", "2h «3d»"),
        "monday, «tuesday»",
    ),
    "missing": ("5550103 «from»", "who «called»", "«since»"),
    "not_a_date": ("«PT0S»", "since «2026»", "«99th»", "«2026-02-30»", "since «lunch»"),
    "future": ("«tomorrow»", "«2026-11-28 18:15:00» 5550103"),
    "too_far": ("since «1999-01-01»",),
}
"""By reason: texts with what isn't understood marked. The rest is understood as it is alone."""

ASKED_ABOUT: Final = {
    # Hours or days.
    "5550103 «2»": ("5550103 2h", "5550103 2d"),
    "+44 20 7946 0958 «2»": ("+44 20 7946 0958 2h", "+44 20 7946 0958 2d"),
    "0100 0103 «2»": ("0100 0103 2h", "0100 0103 2d"),
    "failed «3»": ("failed 3h", "failed 3d"),
    # A day or a month, a date or a number, morning or afternoon.
    "«12/1»": ("2025-12-01", "2026-01-12"),
    "on «3/4»": ("on 2026-03-04", "on 2026-04-03"),
    "«3/4/2026»": ("2026-03-04", "2026-04-03"),
    "«20261120»": ("number 2026-1120", "2026-11-20"),
    "«1795000000»": ("number 179-500-0000", "at 2026-11-18T11:06:40Z"),
    "5550103 «1795000000123»": ("5550103 +1795000000123", "5550103 2026-11-18T11:06:40Z"),
    "5550103 at «3»": ("5550103 at 3am", "5550103 at 3pm"),
    "failed since «9»": ("failed since 9am", "failed since 9pm"),
    # Either of two numbers, of which the second may be written in part.
    "5550100 «or 5550103»": ("5550100", "5550103"),
    "from 5550100 «or 5550103»": ("from 5550100", "from 5550103"),
    "from 5550100 «or to 5550103»": ("from 5550100", "to 5550103"),
    "5550100 to 5550102 «or 5550103» failed": (
        "5550100 to 5550102 failed",
        "5550100 to 5550103 failed",
    ),
    "5550103 «or 1795000000»": ("5550103", "179-500-0000"),
    "206-555-0103«/4|or 0104»": ("206-555-0103", "0104"),
    "206-555-0103«-0104|or 0104»": ("206-555-0103", "0104"),
    # A misspelled word.
    "«faild» today": ("failed today",),
    "status:«faild»": ("failed",),
    "5550103 «inbund»": ("5550103 inbound",),
    "«not anwsered»": ("not answered",),
    "«faild cals yestrday frm» 5550103": ("failed calls yesterday from 5550103",),
    "«form» 5550103": ("from 5550103",),
}
"""Texts with what is asked about marked, and the searches that they may mean."""


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        *((text, meaning) for meaning, texts in SAME.items() for text in texts),
        *(row.split(" ⇒ ") for row in EACH),
    ],
)
def test_what_is_typed_is_understood(text: str, meaning: str) -> None:
    assert decision_text(text) == meaning


@pytest.mark.parametrize("marked", NUMBERS)
def test_a_number_is_found_in_each_notation(marked: str) -> None:
    digits = [str(unicodedata.digit(one)) for one in unmarked(marked) if one.isdigit()]
    assert decision_text(plain(marked)) == "".join(digits)


def search(text: str) -> Query:
    """Return what is understood of a text."""
    return queries.parse(text, now=NOW).query


@pytest.mark.parametrize(
    ("marked", "reason"),
    [(marked, reason) for reason, texts in NOT_UNDERSTOOD.items() for marked in texts],
)
def test_what_is_not_understood_is_named(marked: str, reason: InvalidReason) -> None:
    decision = command_text.decide(plain(marked), now=NOW)
    assert isinstance(decision, NotUnderstood)
    assert [(error.reason, error.token) for error in decision.errors] == [
        (reason, token) for token in marks(marked)
    ]
    assert decision.query == search(unmarked(marked))
    assert not any(error.readings for error in decision.errors)


@pytest.mark.parametrize(("marked", "texts"), ASKED_ABOUT.items())
def test_what_may_be_meant_is_asked(marked: str, texts: tuple[str, ...]) -> None:
    decision = command_text.decide(plain(marked), now=NOW)
    assert isinstance(decision, NotUnderstood)
    assert [error.token for error in decision.errors] == marks(marked)
    assert decision.errors[0].readings == tuple(map(search, texts))
    assert decision.query == search(unmarked(marked))


PIECES: Final = st.sampled_from(
    [
        *("find", "recent", "last", "5550103", "+1 206 555 0100", "2", "2h", "12/1", "since"),
        *("from", "to", "until", "on", "between", "and", "2026-11-20", "17:24", "pm", "Nov", "28"),
        *("failed", "missed", "sip:a@b.c", ",", "-", "\u2192", "\u201c", ID, ID[:-1]),
        *("b7182dc2\u2026", "hello"),
    ]
)


@given(st.text(max_size=200) | st.lists(PIECES, max_size=12).map(" ".join))
def test_every_text_has_a_decision(text: str) -> None:
    assert decision_text(text)


@given(st.lists(PIECES, max_size=12).map(" ".join))
def test_a_search_has_only_criteria_that_were_typed(text: str) -> None:
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
def test_both_readings_of_an_ambiguous_search_are_complete(text: str) -> None:
    decision = command_text.decide(text, now=NOW)
    if isinstance(decision, NotUnderstood):
        for error in decision.errors:
            assert (len(error.readings) == 2) is (error.reason == "ambiguous")
            assert all(reading != decision.query for reading in error.readings)
            assert (error.reason == "unknown") <= (not error.readings or bool(error.suggestion))
