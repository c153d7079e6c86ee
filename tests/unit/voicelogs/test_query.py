from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.signalwire.models import STATUSES, VoiceLog
from bot.voicelogs.phone_numbers import Number
from bot.voicelogs.query import (
    DEFAULT_WINDOW,
    FILTERS,
    FIND_LIMIT,
    SINCE_DAY,
    Fields,
    Query,
    QueryError,
    find,
    from_fields,
    parse_saved,
)

NOW = datetime(2026, 11, 22, 17, 0, 30, 500, UTC)


def log(**fields: object) -> VoiceLog:
    named = {key.rstrip("_"): value for key, value in fields.items()}
    return VoiceLog.model_validate({"id": "x", **named})


def number(text: str) -> Number:
    """Parse a number as the form does."""
    (found,) = from_fields(Fields(text), now=NOW).numbers
    return found


def finds(text: str, **fields: object) -> bool:
    return find(text, now=NOW).matches(log(**fields))


@pytest.mark.parametrize(
    "written",
    [
        *("+12065550100", "2065550100", "0012065550100", "206/555-0100", "1 - 206 - 555 - 0100"),
        *("+1\u00a0206\u2011555\u20130100", "\u202a+1 206 555 0100\u202c"),
        *("tel:+1-206-555-0100", "whatsapp:+12065550100", "<tel:2065550100>"),
        *('"+1 206 555 0100",', "5550100", "555-01", "065", "0100", "206"),
    ],
)
@pytest.mark.parametrize(
    "sent",
    [
        *("+12065550100", "12065550100", "whatsapp:+12065550100", "001 (206) 555-0100"),
        "sip:+12065550100@sip.signalwire.com",
        "sip:+12065550100@203.0.113.7:5060;transport=udp",
        "+\u0661\u0662\u0660\u0666\u0665\u0665\u0665\u0660\u0661\u0660\u0660",
    ],
)
def test_a_number_is_found_in_each_notation(written: str, sent: str) -> None:
    assert finds(written, from_=sent)
    assert finds(written, to=sent)


@pytest.mark.parametrize("sent", ["2065550100", "(206) 555-0100", "5550100"])
def test_a_full_number_matches_one_without_a_country_code(sent: str) -> None:
    assert finds("+12065550100", from_=sent)


@pytest.mark.parametrize("sent", ["550100", "100", "", None, "freeswitch", "Anonymous"])
def test_a_short_number_does_not_match_a_full_one(sent: str | None) -> None:
    assert not finds("+12065550100", from_=sent)


@pytest.mark.parametrize("written", ["+44 (0)20 7946 0958", "0044 20 79460958", "020 7946 0958"])
def test_a_trunk_prefix_is_ignored(written: str) -> None:
    assert finds(written, to="+442079460958")


@pytest.mark.parametrize("written", ["+52 55 5555 1234", "+52 1 55 5555 1234", "5215555551234"])
@pytest.mark.parametrize("sent", ["+525555551234", "+5215555551234", "sip:5215555551234@10.0.0.5"])
def test_a_mexican_mobile_number_is_found_with_and_without_its_old_1(
    written: str, sent: str
) -> None:
    assert finds(written, to=sent)


@pytest.mark.parametrize("written", ["+12065550101", "555-0200", "3065550100"])
def test_another_number_does_not_match(written: str) -> None:
    assert not finds(written, from_="+12065550100", to="+12065550199")


def test_a_number_does_not_match_a_host() -> None:
    assert not finds("203", from_="sip:reception@203.0.113.7", to="sip:x@203.example")


def test_the_addresses_of_a_log_are_not_joined() -> None:
    assert not finds("01002", from_="+12065550100", to="+20")


@pytest.mark.parametrize("zeros", ["000", "0000000"])
def test_zeros_alone_do_not_match_everything(zeros: str) -> None:
    assert not finds(zeros, from_="+12065550100")


def test_leading_zeros_of_a_short_fragment_are_significant() -> None:
    assert finds("001", from_="+12065550014")
    assert not finds("001", from_="+12065550114")


@pytest.mark.parametrize(
    "written",
    [
        *("sip:reception@acme.dapp.signalwire.com", "SIP:Reception@ACME.dapp.signalwire.com"),
        *("sips:reception", "sip:recep", "reception@acme", "@acme.dapp"),
        "<sip:reception@acme.dapp.signalwire.com|reception>",
        "<mailto:reception@acme.dapp.signalwire.com|reception@acme.dapp.signalwire.com>",
    ],
)
def test_an_address_matches_by_any_part(written: str) -> None:
    assert finds(written, to="sip:Reception@acme.dapp.signalwire.com")
    assert not finds(written, to="+12065550100", from_="sip:someone@example.com")


def test_a_private_address_matches() -> None:
    assert finds("/private/rec", to="/private/reception")
    assert not finds("/private/rec", to="/private/sales")


@pytest.mark.parametrize(
    ("text", "since"),
    [
        ("3D", NOW - timedelta(days=3)),
        ("Since Yesterday", NOW - timedelta(hours=48)),
        ("since 2026\u201111\u201120", datetime(2026, 11, 20, tzinfo=UTC)),
        ("since 2026-11-20t14:00:05z", datetime(2026, 11, 20, 14, 0, 5, tzinfo=UTC)),
        ("since 2026-11-20T14:00+02:00", datetime(2026, 11, 20, 12, tzinfo=UTC)),
        ("3650d", NOW - timedelta(days=3650)),
    ],
)
def test_a_span_begins_in_whole_seconds_of_utc(text: str, since: datetime) -> None:
    query = find(text, now=NOW)
    assert query == Query(
        since=since.replace(microsecond=0), length=query.length, in_hours=query.in_hours
    )
    assert query.since is not None
    assert query.since.utcoffset() == timedelta(0)


def test_the_first_second_of_a_span_is_included() -> None:
    assert finds("since 2026-11-20", created_at="2026-11-20T00:00:00Z")
    assert not finds("since 2026-11-20", created_at="2026-11-19T23:59:59.999Z")


def test_a_log_without_a_time_is_in_every_span() -> None:
    assert finds("1h")


@pytest.mark.parametrize("status", STATUSES)
def test_each_status_is_a_filter_in_any_spelling(status: str) -> None:
    for written in {status, status.upper(), status.replace("-", " "), status.replace("-", "_")}:
        assert find(written, now=NOW).filters == (status,)
    assert find(status.replace("-", ""), now=NOW).filters == (status,)
    found = {other for other in STATUSES if finds(status, status=other, billing_ms=1)}
    assert found == {
        "completed": {"completed", "ended"},
        "answered": {"in-progress", "answered", "joined", "ending", "completed", "ended", "failed"},
    }.get(status, {status})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("no answer failed in progress", ("in-progress", "failed", "no-answer")),
        ("inbound failed failed", ("failed", "inbound")),
    ],
)
def test_filters_have_one_spelling_and_one_order(text: str, words: tuple[str, ...]) -> None:
    assert find(text, now=NOW).filters == words


def test_live_matches_every_live_status() -> None:
    live = {status for status in STATUSES if finds("live", status=status)}
    assert live == {
        *("queued", "initiated", "created", "ringing"),
        *("in-progress", "answered", "joined", "ending"),
    }


@pytest.mark.parametrize(
    ("word", "fields"),
    [
        ("inbound", {"direction": "inbound"}),
        *(("outbound", {"direction": f"outbound{more}"}) for more in ("", "-api", "-dial")),
        *(("sip", {"type": kind}) for kind in ("relay_sip_call", "video_room_sip_leg")),
        *(("pstn", {"type": kind}) for kind in ("relay_pstn_call", "video_room_pstn_leg")),
        *((word, {"type": "relay_webrtc_call"}) for word in ("webrtc", "relay")),
        ("laml", {"type": "laml_call"}),
        ("video", {"type": "video_room_pstn_leg"}),
        ("fabric", {"type": "fabric_subscriber_device_leg"}),
        ("dialogflow", {"type": "dialogflow_call"}),
        ("whatsapp", {"to": "whatsapp:+15557654321", "type": "relay_pstn_call"}),
    ],
)
def test_a_direction_and_a_kind_match(word: str, fields: dict[str, object]) -> None:
    assert finds(word, **fields)
    assert not finds(word, type="unknown", direction="unknown", to="+15557654321")
    assert not finds(word)


@pytest.mark.parametrize(
    ("fields", "outcome"),
    [
        *(({"status": status}, "missed") for status in ("no-answer", "busy", "canceled")),
        ({"status": "ended", "type": "relay_sip_call", "billing_ms": None}, "missed"),
        ({"status": "ended", "type": "relay_sip_call", "billing_ms": 0}, "missed"),
        ({"status": "ended", "type": "relay_sip_call", "billing_ms": 5209}, "answered"),
        ({"status": "completed", "type": "laml_call", "billing_ms": 60_000}, "answered"),
        ({"status": "ended", "type": "video_room_sip_leg"}, "answered"),
        ({"status": "completed", "type": "dialogflow_call"}, "answered"),
        *(({"status": status}, "answered") for status in ("in-progress", "answered", "joined")),
        *(({"status": status}, None) for status in ("queued", "ringing", "odd", None)),
    ],
)
def test_a_call_is_answered_missed_or_neither(
    fields: dict[str, object], outcome: str | None
) -> None:
    found = {word for word in ("missed", "answered") if finds(word, **fields)}
    assert found == ({outcome} if outcome else set())


@pytest.mark.parametrize(
    ("sent", "is_withheld"),
    [
        *((sent, True) for sent in ("anonymous", "Restricted", "+266696687", "Anonymous")),
        *((sent, True) for sent in ("sip:anonymous@anonymous.invalid", "266696687")),
        *((sent, False) for sent in ("+12065550100", "freeswitch", "anonymous-cat", "", None)),
    ],
)
def test_a_withheld_number_is_anonymous(sent: str | None, is_withheld: bool) -> None:  # noqa: FBT001 - a row
    assert finds("anonymous", from_=sent) is is_withheld
    assert not finds("anonymous", to=sent)


def test_two_numbers_match_calls_between_them_in_either_direction() -> None:
    text = "5550100 5550103"
    assert finds(text, from_="+12065550100", to="+12065550103")
    assert finds(text, from_="+12065550103", to="+12065550100")
    assert not finds(text, from_="+12065550100", to="+12065550102")
    assert not finds(text, from_="+12065550103", to="+12065550103")


def test_from_and_to_match_that_side_only() -> None:
    assert finds("from 5550100", from_="+12065550100", to="+12065550103")
    assert not finds("from 5550103", from_="+12065550100", to="+12065550103")
    assert finds("to 5550103", from_="+12065550100", to="+12065550103")
    assert not finds("to 5550100", from_="+12065550100", to="+12065550103")


def test_the_end_of_a_span_is_excluded() -> None:
    text = "on 2026-11-20"
    assert finds(text, created_at="2026-11-20T23:59:59.999Z")
    assert not finds(text, created_at="2026-11-21T00:00:00Z")


def test_filters_of_one_kind_are_alternatives() -> None:
    text = "failed busy inbound"
    assert finds(text, status="failed", direction="inbound")
    assert finds(text, status="busy", direction="inbound")
    assert not finds(text, status="failed", direction="outbound")
    assert not finds(text, status="completed", direction="inbound")
    assert finds("live failed", status="ringing")


def test_number_span_and_filters_must_all_match() -> None:
    fits = {"from_": "+12065550100", "created_at": "2026-11-22T16:00:00Z", "status": "failed"}
    text = "206 555 0100 2h failed"
    assert finds(text, **fits)
    assert not finds(text, **{**fits, "from_": "+12065550101"})
    assert not finds(text, **{**fits, "created_at": "2026-11-22T14:00:00Z"})
    assert not finds(text, **{**fits, "status": "busy"})


def test_the_order_of_words_does_not_matter() -> None:
    words = ("failed", "since 2026-11-20", "+1 206 555 0100")
    since = datetime(2026, 11, 20, tzinfo=UTC)
    expected = Query((number("+1 206 555 0100"),), since, ("failed",), FIND_LIMIT)
    for order in permutations(words):
        assert find(" ".join(order), now=NOW) == expected


INVALID: Final[dict[tuple[str, str], dict[str, str]]] = {
    ("words", "unknown"): {"206 fialed": "fialed", "<!channel>": "!channel"},
    ("number", "too_short"): {each: each for each in ("+", "@a", "sip:")},
    ("number", "too_long"): {each: each for each in ("1" * 16, "@" + "a" * 300)},
    ("number", "several"): {
        "206 failed 5550100 5550101": "5550101",
        "sip:alice sip:bob sip:carol": "sip:carol",
        "from 206 from 5550100": "5550100",
    },
    ("window", "future"): {"since 2026-11-22T18:00": "2026-11-22T18:00"},
    ("window", "not_a_date"): {
        "0h": "0h",
        "since 2026-11-20T25:00": "2026-11-20T25:00",
        "since failed": "failed",
    },
    ("window", "too_far"): {each: each for each in ("600w", "9" * 30 + "d")},
    ("window", "missing"): {"failed since": "since"},
    ("window", "several"): {"today since 2h": "2h"},
}
"""By field and reason: texts, and what is invalid in each."""


@pytest.mark.parametrize(("field", "reason"), INVALID)
def test_what_is_invalid_is_named(field: str, reason: str) -> None:
    for text, token in INVALID[field, reason].items():
        with pytest.raises(QueryError) as caught:
            find(text, now=NOW)
        error = caught.value
        assert (error.field, error.reason, error.token) == (field, reason, token)


def test_recent_finds_ten_or_the_given_count() -> None:
    assert find("", now=NOW, latest=True) == Query(limit=10)
    assert find("5", now=NOW, latest=True) == Query(limit=5)
    assert find("failed 20 3d", now=NOW, latest=True) == replace(
        find("failed 3d", now=NOW), limit=20
    )


@pytest.mark.parametrize(
    ("text", "reason", "token"),
    [("0", "out_of_range", "0"), ("21", "out_of_range", "21"), ("5 6", "several", "6")],
)
def test_recent_takes_one_count_from_one_to_twenty(text: str, reason: str, token: str) -> None:
    with pytest.raises(QueryError) as caught:
        find(text, now=NOW, latest=True)
    assert (caught.value.field, caught.value.reason, caught.value.token) == ("count", reason, token)


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        (
            Fields("+1 206 555 0100", window="last 2 days", filters=("inbound", "failed")),
            "+1 206 555 0100 2d failed inbound",
        ),
        (Fields(), ""),
        (Fields(window=" ", filters=("live",)), "live"),
        (Fields("5550100, 5550103"), "5550100 5550103"),
        (Fields("5550100", side="from"), "from 5550100"),
        (Fields("5550100", side="to"), "to 5550100"),
        (Fields("5550100 5550103", side="from"), "from 5550100 to 5550103"),
        (Fields("5550100 5550103", side="to"), "to 5550100 from 5550103"),
        (Fields("to 5550100", side="from"), "to 5550100"),
        (Fields(window=SINCE_DAY, day="2026-11-20"), "since 2026-11-20"),
        (Fields(window=DEFAULT_WINDOW, day="2026-11-20"), "since 2026-11-20"),
        (Fields(window=DEFAULT_WINDOW), "24h"),
        (Fields(filters=("busy", "missed", "sip", "anonymous")), "busy missed sip anonymous"),
    ],
)
def test_a_form_starts_the_same_search_as_the_command(fields: Fields, text: str) -> None:
    assert from_fields(fields, now=NOW) == find(text, now=NOW)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (Fields("failed"), ("number", "unknown", "failed")),
        (Fields("2065550100 2065550101 2065550102"), ("number", "several", "2065550102")),
        (Fields("206", window="failed"), ("window", "not_a_date", "failed")),
        (Fields("206", window="2h 3d"), ("window", "several", "3d")),
        (Fields("206", window="206"), ("window", "not_a_date", "206")),
        (Fields(window=SINCE_DAY), ("day", "missing", "")),
        (Fields(window=SINCE_DAY, day="2027-01-01"), ("day", "future", "2027-01-01")),
        (Fields(window=SINCE_DAY, day="2001-01-01"), ("day", "too_far", "2001-01-01")),
        (Fields(window="last hour", day="2026-11-20"), ("day", "unused", "2026-11-20")),
        (Fields("206", window="2h", filters=("2h",)), ("words", "unknown", "2h")),
        (Fields("206", window="2h", filters=("5550100",)), ("words", "unknown", "5550100")),
    ],
)
def test_a_forms_error_names_its_field(fields: Fields, expected: tuple[str, str, str]) -> None:
    (error,) = wrong_fields(fields)
    assert (error.field, error.reason, error.token) == expected


def test_each_invalid_field_of_the_form_is_named() -> None:
    errors = wrong_fields(Fields("12", window="soon", filters=("sad",)))
    assert [(error.field, error.reason, error.token) for error in errors] == [
        ("number", "too_short", "12"),
        ("window", "not_a_date", "soon"),
        ("words", "unknown", "sad"),
    ]


def wrong_fields(fields: Fields) -> list[QueryError]:
    with pytest.raises(ExceptionGroup) as caught:
        from_fields(fields, now=NOW)
    return [error for error in caught.value.exceptions if isinstance(error, QueryError)]


def test_the_repr_does_not_contain_the_number() -> None:
    assert "206" not in repr(find("+1 206 555 0100 failed", now=NOW))
    assert "alice" not in repr(find("sip:alice", now=NOW))


def test_the_span_and_the_filters_can_be_written_as_a_command() -> None:
    query = find("+12065550100 no answer inbound since 2026-11-20T14:00", now=NOW)
    assert query.filter_text() == "since 2026-11-20T14:00:00Z no-answer inbound"
    assert find("+12065550100", now=NOW).filter_text() == ""


moments = st.integers(1, 9 * 365 * 86_400).map(
    lambda seconds: NOW.replace(microsecond=0) - timedelta(seconds=seconds)
)
number_texts = st.sampled_from(["+12065550100", "0100", "sip:Alice@acme", "/private/a", "007"])
any_number = number_texts.map(number)
queries = st.builds(
    Query,
    numbers=st.lists(any_number, max_size=2).map(tuple),
    since=st.none() | moments,
    filters=st.sets(st.sampled_from(FILTERS)).map(
        lambda some: tuple(w for w in FILTERS if w in some)
    ),
    limit=st.integers(1, 20),
    from_=st.none() | any_number,
    to=st.none() | any_number,
    until=st.none() | moments,
    length=st.none() | st.integers(1, 10**8).map(lambda seconds: timedelta(seconds=seconds)),
    in_hours=st.booleans(),
)


@given(queries)
def test_a_query_is_saved_and_restored(query: Query) -> None:
    assert parse_saved(query.serialize()) == query


@pytest.mark.parametrize(
    "saved",
    [
        *("", "x", "20 failed", "[]", "null", "[20]", '"20"', '{"filters":["fialed"]}'),
        *('{"limit":21}', '{"numbers":7}', '{"since":"then"}', '{"length":"long"}'),
        '{"added_later":1}',
    ],
)
def test_invalid_saved_text_is_an_error(saved: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_saved(saved)


fragments = st.sampled_from([*"0123456789 +-()<>|@/:;.", "since ", "sip:", "tel:", "2h ", *FILTERS])


@example("000 0")  # no time
@given(st.text(max_size=200) | st.lists(fragments, max_size=30).map("".join))
def test_any_text_is_a_query_or_an_error(text: str) -> None:
    for latest in (False, True):
        try:
            query = find(text, now=NOW, latest=latest)
        except QueryError as error:
            assert error.field in {"number", "window", "words", "count"}  # noqa: PT017
        else:
            assert query == parse_saved(query.serialize())
