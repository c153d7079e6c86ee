"""Hostile untrusted text, and what may remain of it in mrkdwn."""

import json
import re
import unicodedata
from typing import Final

from hypothesis import strategies as st
from pydantic import JsonValue

from bot.signalwire.errors import (
    NOT_THE_API,
    ApiError,
    AuthenticationError,
    BadRequestError,
    InvalidResponseError,
    LogNotFoundError,
    LogTooOldError,
    RateLimitedError,
    SignalWireError,
    UnavailableError,
)
from tests.support.json_paths import objects
from tests.unit.ui.details_examples import A, after

MARK: Final = "\u0416"
"""In every untrusted text, and in no text of the bot."""
HOSTILE: Final = (
    *("<!channel>", "<!here|x>", "<@U0001>", "<#C0001>", "<https://evil.example|SignalWire>"),
    *("<!date^0^{date}|never>", "`", "```", "*b*", "_i_", "~s~", "&", "&amp;", "<", ">", "@here"),
    *("\n", "\r\n> ", "\u2028", "\u202e", "\u2066", "\u200b", "\ufeff", "\u2060", "\U000e0041"),
    *(":fire:", "\x00", "\x1b[31m", "\u0301", "\U0001f4de", "\u05d0", "A", " ", '"', "\\"),
    *("%s", "{}", "<!subteam^S0001>", "a` <!channel> `b", "<\u200b!channel>", "a\n> quote"),
)
OWN_DATE: Final = re.compile(
    r"<!date\^\d+\^\{date_short_pretty\} at \{time_secs\}\|"
    r"\d{1,4}-\d\d-\d\d \d\d:\d\d:\d\d UTC>"
)
CODE: Final = re.compile("`[^`<>\n]+`")
OWN_AT: Final = re.compile("(?:an|with an|needs an) @ or sip: (?:before|in) it")

IDS: Final = (A, *(f"{n:08x}-0000-4000-8000-000000000000" for n in range(20)))
"""The IDs of the legs of a call."""

_BOLD: Final = re.compile(r"\*[^*\n]+\*")
_ENTITY: Final = re.compile("&(?:amp|lt|gt);")
_HIDDEN: Final = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
"""Unicode categories of invisible characters."""

_PIECES: Final = st.one_of(
    st.sampled_from(HOSTILE), st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
)


def untrusted_text(max_length: int) -> st.SearchStrategy[str]:
    """Draw a text with MARK. It has no capital N, so it can't contain `None`."""
    bodies = st.one_of(
        st.lists(_PIECES, max_size=12).map("".join),
        st.tuples(_PIECES, st.integers(1, max_length)).map(lambda pair: pair[0] * pair[1]),
    )
    return bodies.map(lambda body: MARK + body.replace("N", "n")[: max_length - 1])


def moments(text: st.SearchStrategy[str]) -> st.SearchStrategy[str | int | None]:
    return st.one_of(
        st.none(),
        st.floats(-7200, 7200).map(lambda seconds: after(seconds).isoformat()),
        st.datetimes().map(lambda when: when.isoformat()),
        st.integers(-(10**10), 10**12),
        text,
    )


def known_fields(
    log_id: st.SearchStrategy[str], text: st.SearchStrategy[str]
) -> st.SearchStrategy[dict[str, object]]:
    """Draw a voice log as SignalWire might send it, with any value in any field."""
    number = st.one_of(
        st.none(),
        st.integers(-10, 10**16),
        st.decimals(allow_nan=True, allow_infinity=True).map(str),
        st.decimals(0, 100, places=8).map(str),
        text,
    )
    moment = moments(text)
    line = st.fixed_dictionaries({}, optional={"description": text, "charge": number})
    lines = st.tuples(line, st.integers(0, 150)).map(lambda pair: [pair[0]] * pair[1])

    def word_or(*known: str) -> st.SearchStrategy[str | None]:
        return st.one_of(st.none(), st.sampled_from(known), text)

    statuses = ("completed", "in-progress", "failed", "ended", "no-answer", "queued")
    return st.fixed_dictionaries(
        {"id": log_id},
        optional={
            "type": word_or("laml_call", "relay_sip_call", "fabric_subscriber_device_leg"),
            "from": word_or("+12065550100", "sip:alice@acme.example"),
            "to": word_or("+12065550101", "Anonymous"),
            "source": word_or("laml", "dialogflow", "realtime_api"),
            "direction": word_or("inbound", "outbound-api"),
            "status": word_or(*statuses),
            "parent_id": word_or(*IDS),
            "charge": number,
            "duration": number,
            "duration_ms": number,
            "billing_ms": number,
            "created_at": moment,
            "discarded_at": moment,
            "charge_details": lines | st.lists(line, max_size=3),
        },
    )


def errors(text: st.SearchStrategy[str]) -> st.SearchStrategy[SignalWireError]:
    return st.one_of(
        st.builds(LogNotFoundError),
        st.builds(AuthenticationError),
        st.builds(LogTooOldError, st.sampled_from([None, "2026-10-01"])),
        st.builds(
            BadRequestError,
            st.sampled_from([400, 422]),
            st.lists(st.builds(ApiError, text, text), max_size=9),
        ),
        st.builds(RateLimitedError, st.one_of(st.none(), st.floats(0, 1e9))),
        st.builds(UnavailableError, text, st.integers(0, 9)),
        st.builds(InvalidResponseError, text | st.just(NOT_THE_API)),
    )


def hidden_in(text: str) -> set[str]:
    plain = text.replace("\n", "")
    return {unicodedata.category(character) for character in plain} & _HIDDEN


def as_shown(text: str) -> str:
    """What is shown of a URL that was broken up, so that it is no link."""
    return text.replace(":\u2060//", "")


def assert_inert(payload: dict[str, JsonValue]) -> None:
    """Nothing is hidden, and nothing is a mention, a link or formatting, wherever Slack formats."""
    assert "None" not in json.dumps(payload)
    for item in objects(payload, "mrkdwn", "plain_text"):
        assert (item["type"], item.get("verbatim"), item.get("emoji")) in {
            ("mrkdwn", True, None),
            ("plain_text", None, False),
        }
        assert not hidden_in(as_shown(str(item["text"])))
    for item in objects(payload, "text"):
        assert not hidden_in(str(item["text"]))
    for item in objects(payload, "mrkdwn"):
        own = OWN_AT.sub("", CODE.sub("x", OWN_DATE.sub("", str(item["text"]))))
        assert not set(_BOLD.sub("", own)) & set("<>&`@#~_*")
        assert "://" not in own
    spoken = str(payload.get("text", ""))
    assert not set(spoken) & set("<>`")
    assert "&" not in _ENTITY.sub("", spoken)
    assert "://" not in spoken
