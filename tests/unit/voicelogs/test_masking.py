"""What masked data shows; test_masking_property tests that no number is visible in it."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.signalwire.models import ChargeDetail, JsonObject, LogEvent, Timeline, VoiceLog
from bot.voicelogs import masking
from bot.voicelogs.results import Details, Found, Match, SearchResult
from tests.support.raw_json import as_text, document
from tests.support.samples import DOCUMENTED
from tests.support.texts import ID


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("+12065550112", "+1 ••••••••12"),
        ("+1 206-555-0112", "+1 ••••••••12"),
        ("12065550112", "•••••••••12"),
        ("+442079460123", "+44 ••••••••23"),
        ("+35312345678", "+353 ••••••78"),
        ("+999123456789", "+••••••••••89"),
        ("sip:+12065550110@sip.acme.example", "sip:+1 ••••••••10@sip.acme.example"),
        ("whatsapp:+12065550147", "whatsapp:+1 ••••••••47"),
        ("sip:10025@acme.example", "sip:•••25@acme.example"),
        ("1206555@1212.acme.example", "•••••55@••12.acme.example"),
        ("sip:10025@192.0.2.7:5060", "sip:•••25@192.0.2.7:5060"),
    ],
)
def test_an_address_keeps_the_country_code_and_the_last_two_digits(sent: str, shown: str) -> None:
    assert masking.mask_address(sent) == shown


@pytest.mark.parametrize(
    "address",
    [
        *("1001", "sip:1001@acme.example", "sip:1001@10.0.0.1:5060", "sip:bob@192.168.1.10"),
        *("sip:bob@sip2.acme.example:5060;transport=udp", "sip:bob%2Fsmith@acme.example", "911"),
        *("/private/desk-12", "\u4e09\u4e95\u4e00\u90ce", "desk@acme.example", "Anonymous", ""),
    ],
)
def test_an_address_without_a_number_is_unchanged(address: str) -> None:
    assert masking.mask_address(address) == address


def test_masked_text_is_unchanged_otherwise() -> None:
    text = "+1 206 555 0103 rang (206) 555-0104 at 2026-11-02 15:30:00: 42310 ms, $0.0132"
    assert masking.mask_text(text) == (
        "+1 ••••••••03 rang (••••••••04 at 2026-11-02 15:30:00: 42310 ms, $0.0132"
    )


@pytest.mark.parametrize(
    "text",
    [
        *("c=IN IP4 198.51.100.23 t=0 0", "203.0.113.17:5060 -> 198.51.100.23:5061"),
        "203.0.113.17, 198.51.100.23, 192.0.2.1",
    ],
)
def test_adjacent_ip_addresses_and_those_in_sdp_are_unchanged(text: str) -> None:
    assert masking.mask_text(text) == text


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("<b>1206</b><i class='a'>555</i>0103", "<b>••••</b><i class='a'>•••</i>••03"),
        ("12065550103ww4821#", "•••••••••••ww••21#"),
    ],
)
def test_markup_and_pauses_are_part_of_a_number(sent: str, shown: str) -> None:
    assert masking.mask_text(sent) == shown


@pytest.mark.parametrize("mask", [masking.mask_text, masking.mask_address])
def test_text_that_expands_when_it_is_decoded_is_masked_completely(
    mask: Callable[[str], str],
) -> None:
    """Otherwise 60 KB would take a second of CPU time."""
    assert mask("\ufdfa" * 100 + "%2541") == "•" * 7  # each is eighteen letters and blanks
    for harmless in ("\u3316" * 100 + "%2541", "\ufdfa" * 100):  # six letters
        assert mask(harmless) == harmless


@pytest.mark.parametrize(
    "text",
    [
        *("Thu, 24 Oct 2024 22:08:25 +2065550100", "Thu, 24 Oct 2065 22:08:25 +0000 5550100"),
        *("Thu, 24 Oct 2024 22:08:25 +206 555 0100", "24 Oct 2024 2065550100"),
        *("20241024-220825_12065550100_4410.wav", "1206_20241024-220825_5550100"),
        *("20241024-220825-1206-555-0100", "20241024-2208252065550100", "+20241024-220825 0100"),
    ],
)
def test_a_number_beside_a_date_is_masked(text: str) -> None:
    assert "0100" not in masking.mask_text(text)


MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1))  # noqa: DTZ001 - both forms
READABLE = st.one_of(
    st.uuids().map(str),
    st.uuids().map(lambda one: str(one).upper()),
    MOMENTS.map(str),
    MOMENTS.map(lambda moment: moment.replace(tzinfo=UTC).isoformat()),
    MOMENTS.map(lambda moment: moment.isoformat(timespec="milliseconds") + "Z"),
    *(
        MOMENTS.map(written.format)
        for written in ("{:%Y%m%dT%H%M%SZ}", "/rec/{:%Y%m%d-%H%M%S}.wav", "rec_{:%Y%m%d_%H%M%S}")
    ),
    MOMENTS.map(lambda moment: format_datetime(moment.replace(tzinfo=UTC))),
    st.dates(date(1970, 1, 1), date(2099, 1, 1)).map(str),
    st.times().map(str),
    st.decimals(0, "0.999999", places=6).map("{:f}".format),
    st.decimals(0, 99, places=4).map("{:f}".format),
    st.integers(0, 999_999).map(str),
    st.ip_addresses(v=4).map(str),
    st.sampled_from(["2001:db8:85a3::8a2e:370:7334", "[2001:db8::1]:5061", "06.05.2024"]),
    st.dates(date(1970, 1, 1), date(2099, 1, 1)).map("{:%m/%d/%Y}".format),
    st.sampled_from(["completed", "laml_call", "/private/desk", "4.41", "1.20e2", "PCMU/8000"]),
)


@given(words=st.lists(READABLE, min_size=1, max_size=5).map(" and ".join))
def test_ids_dates_amounts_and_words_are_unchanged(words: str) -> None:
    assert masking.mask_text(words) == words


@given(known=st.dictionaries(st.sampled_from(["a", "note", "created_at"]), READABLE))
def test_json_without_a_number_is_unchanged(known: dict[str, str]) -> None:
    numbers = '"charge":0.504150,"mos":4.50,"rtt":1.20e2,"lost":-0,"duration_ms":372500'
    sent = document(f'{{"known":{json.dumps(known)},{numbers},"b":[true,null]}}')
    assert as_text(masking.mask_json(sent)) == as_text(sent)


def test_json_keeps_the_first_digits_of_a_number_with_a_fraction() -> None:
    sent = document('{"a":1.129493,"b":203.333333,"c":-0.9134567,"d":4.500000,"e":"4.500000"}')
    assert json.loads(as_text(masking.mask_json(sent))) == {
        "a": "1.12949•",
        "b": "203.333•••",
        "c": "-0.913456•",
        "d": "4.50000•",
        "e": "•••••00",
    }


def test_json_keeps_durations_quantities_and_times_since_1970() -> None:
    sent = document(
        '{"duration_ms":1234567,"billing_ms":123456789,"start_time":1714998000000,"note":"206",'
        '"answered_time":"1714998003200123","event-timestamp":"1714998003","a":"555",'
        '"ts":1714998003.123456,"call_end_date":1714998003123456,"app_stamp":"1714998003123456",'
        '"answer_time_us":1714998003123456,"audio_in_bytes":"21234567","elapsed_us":1204567,'
        '"samples":12045670,"frames":1204567,"packet_count":120456789,"size":1204567,'
        '"gap_ns":1204567,"number_of_frames":1204567,'
        '"end_time_ms":1795194240123,"timestamp_ms":1795194240123,"iat":1714998003,'
        '"packets_lost":1204567,"bytesReceived":21234567,"octets":7713760,'
        '"ports":"16384-32768","rtp_port_range":"16384-32768","ssrc":3735928559,'
        '"rtp_timestamp_start":2147483648,"start_stamp":"20240506122000","date":20240506,'
        '"user_agent":"Grandstream GXP2170 1.0.11.64","sip_User-Agent":"snomD785/10.1.64.14",'
        '"a_user_agent":"FPBX-16.0.40.7(18.20.0)","user_agent_b":"Mitel 6867i/6.3.0.1020"}'
    )
    assert as_text(masking.mask_json(sent)) == as_text(sent)


@pytest.mark.parametrize(
    "sent",
    [
        # Too large, not a number, or in a list.
        *('{"duration_ms":2065550100}', '{"duration_ms":"2065550100"}'),
        *('{"duration_ms":2065550.1}', '{"elapsed_us":2065550100}', '{"samples":"5550100"}'),
        *('{"frames":-5550100}', '{"size":[5550100]}', '{"packets":[555,100,100]}'),
        *('{"packets_lost":[555,100,100]}', '{"a":[["packets",5550100]]}'),
        # No time since 1970.
        *('{"start_time":2065550100}', '{"start_time":12065550100}', '{"timer":1714998000}'),
        *('{"end_time_ms":2065550100}', '{"start_stamp":"20259906122000"}', '{"date":2025050612}'),
        '{"date":20250532}',
        # The key is about something else.
        *('{"packets":{"a":5550100}}', '{"caller_count":{"number":5550100}}'),
        *('{"number_us":5550100}', '{"number_us_in":5550100}', '{"phone_bytes":"5550100"}'),
        # No port, and no version.
        *('{"ports":"206555-0100"}', '{"user_agent":"Bob 206 555 0100"}'),
        '{"user_agent":"Bob 2065 55.01.00"}',
        *('{"user_agent":"Bob 206.555.0100"}', '{"user_agent":"Bob 20.65.55.01.00"}'),
        *('{"user_agent":"20.65.55.0100"}', '{"user_agent":"Bob1 206.55.50.100"}'),
        *('{"user_agent":"Bob 1.2 0.65 5.5 1.0"}', '{"user_agent":"Bob 20.65.55 0100a"}'),
    ],
)
def test_json_keeps_no_other_number_as_a_duration_a_quantity_or_a_time(sent: str) -> None:
    assert "•••" in as_text(masking.mask_json(document(sent)))


@pytest.mark.parametrize("exponent", ["e1000000", "e-1000000", "E9999999999999999999"])
def test_a_number_with_a_huge_exponent_is_masked(exponent: str) -> None:
    masked = masking.mask_json(document(f'{{"n":12065550100{exponent}}}'))
    assert "206" not in as_text(masked)
    assert len(as_text(masked)) < 60


@pytest.mark.parametrize(("level", "is_kept"), [(None, True), ("Warn", True), ("odd", False)])
def test_events_that_are_only_counted_are_kept(level: str | None, *, is_kept: bool) -> None:
    """A timeline may have a hundred thousand of them."""
    sent = LogEvent(level=level)
    masked = masking.mask_details(
        Details(Found(ID, "acme", VoiceLog(id=DOCUMENTED)), Timeline((sent,), None))
    ).timeline
    assert isinstance(masked, Timeline)
    assert (masked.events == (sent,), masked.events[0] is sent) == (True, is_kept)


def test_keys_with_equal_masks_stay_separate() -> None:
    legs: JsonObject = {"+12065550100": "busy", "+14255550100": "answered"}
    assert sorted(map(str, masking.mask_json(legs).values())) == ["answered", "busy"]


def test_missing_and_failed_parts_are_unchanged() -> None:
    pending = Details(Found(ID, "acme", VoiceLog(id=DOCUMENTED)))
    broken = Details(pending.found, "internal_error", "internal_error")
    assert masking.mask_details(pending) == pending
    assert masking.mask_details(broken) == broken


def test_a_value_of_an_unknown_type_is_not_shown() -> None:
    unknown = Details(Found(ID, "acme", VoiceLog(id=DOCUMENTED)), b"1")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="bytes"):
        masking.mask_details(unknown)


def test_the_ends_of_a_log_are_masked_as_addresses_and_the_rest_is_unchanged() -> None:
    whole = VoiceLog.model_validate(
        {
            "id": DOCUMENTED,
            "parent_id": DOCUMENTED,
            "from": "10025",
            "to": "sip:a@b.example",
            "charge": "0.121176",
            "charge_details": [{"description": "Text to Speech"}] * 101,
            "duration_ms": 372500,
            "billing_ms": 378000,
            "created_at": "2026-11-02T15:30:00Z",
            "status": "completed",
            "type": "laml_call",
        }
    )
    masked = masking.mask_log(whole)
    lines = (*whole.charge_details[:100], ChargeDetail())
    assert len(whole.charge_details) == 101
    assert masked == whole.model_copy(update={"from_": "•••25", "charge_details": lines})


def test_the_matches_of_a_search_are_masked_but_for_the_names_of_projects() -> None:
    project = "acme-2065550100"
    match = Match(project, VoiceLog.model_validate({"id": DOCUMENTED, "from": "+12065550100"}))
    (masked,) = masking.mask_search(SearchResult((match,), scanned=1)).matches
    assert (masked.project, masked.log.from_, masked.log_id) == (project, "+1 ••••••••00", ID)
