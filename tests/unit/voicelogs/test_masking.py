"""Phone numbers are masked wherever they are, and everything else stays readable."""

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from urllib.parse import quote
from uuid import UUID

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.settings import Settings, SettingsError
from bot.signalwire.models import JsonObject, LogEvent, Timeline, VoiceLog
from bot.voicelogs import masking
from bot.voicelogs.masking import Masking
from bot.voicelogs.results import CallLegs, Details, Found, Match, SearchResult
from tests.support.raw_json import as_text, document, raw

ID = "b7182dc2-00f3-40e4-a5ce-20f164b329df"
QUICK = settings(deadline=None, max_examples=100, derandomize=True, database=None)
BETWEEN_DIGITS = re.compile(r"[\s().\-/]+")
LONGEST = 64 * 1024
"""Bytes; a quadratic algorithm would take far too long."""


def seven_of(number: str) -> set[str]:
    """Return what must not be visible of a number: any seven consecutive digits."""
    digits = "".join(character for character in number if character.isdigit())
    return {digits[start : start + 7] for start in range(len(digits) - 6)}


def assert_hidden(number: str, masked: str) -> None:
    joined = BETWEEN_DIGITS.sub("", masked)
    assert not {part for part in seven_of(number) if part in joined}, masked


@st.composite
def e164(draw: st.DrawFn) -> str:
    """Draw an international number, of any length that E.164 allows."""
    code = draw(st.sampled_from(sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE)))
    length = draw(st.integers(8, 15)) - len(str(code))
    first = draw(st.sampled_from("123456789"))
    rest = draw(st.text("0123456789", min_size=length - 1, max_size=length - 1))
    return f"+{code}{first}{rest}"


def formatted(form: int) -> Callable[[str], str]:
    def write(number: str) -> str:
        return phonenumbers.format_number(phonenumbers.parse(number), form)

    return write


ANYWHERE: dict[str, Callable[[str], str]] = {
    "E.164": str,
    "bare": lambda number: number[1:],
    "dialled": lambda number: f"00{number[1:]}",
    "international": formatted(phonenumbers.PhoneNumberFormat.INTERNATIONAL),
    "tel URI": formatted(phonenumbers.PhoneNumberFormat.RFC3966),
    "SIP": lambda number: f"sip:{number}@acme.example;user=phone",
    "SIP, bare": lambda number: f'"Desk" <sip:{number[1:]}@acme.example:5060>',
    "SIP, after a word": lambda number: f"sip:desk-{number[1:]}@acme.example",
    "after a word": lambda number: f"conference_{number[1:]}",
    "WhatsApp": lambda number: f"whatsapp:{number}",
    "in a sentence": lambda number: f"Rang {number}, then {number[1:]}.",
    "beside an id": lambda number: f"{ID} {number} {ID}",
    "in a URL": lambda number: f"https://acme.example/hook?From={quote(number)}&To=1",
    "in a query": lambda number: f"From={number}&Caller={number[1:]}",
    "in a path": lambda number: f"/calls/{number[1:]}/status",
    "in JSON within": lambda number: json.dumps({"caller": number}),
}
NORTH_AMERICAN = (
    *("+1 (206) 555-0100", "+1-206-555-0100", "+1.206.555.0100", "(206) 555-0100", "206-555-0100"),
    *("206.555.0100", "206 555 0100", "1-206-555-0100", "1 206 555 0100", "1.206.555.0100"),
    *("1 (206) 555-0100", "1(206)555-0100", "001 206 555 0100", "2065550100"),
)


@pytest.mark.parametrize("form", ANYWHERE)
@QUICK
@given(number=e164())
def test_no_number_is_visible_in_an_address(form: str, number: str) -> None:
    assert_hidden(number, masking.mask_address(ANYWHERE[form](number).replace(ID, "")))


@pytest.mark.parametrize("form", ANYWHERE)
@QUICK
@given(number=e164())
def test_no_number_is_visible_in_a_text(form: str, number: str) -> None:
    assert_hidden(number, masking.mask_text(ANYWHERE[form](number)))


@pytest.mark.parametrize("form", ANYWHERE)
@QUICK
@given(number=e164())
def test_no_number_is_visible_in_json(form: str, number: str) -> None:
    written = ANYWHERE[form](number)
    sent = json.dumps({"id": ID, "from": written, "params": {"note": [written]}, written: 1})
    masked = masking.mask_json(document(sent))

    assert_hidden(number, as_text(masked))
    assert masked["id"] == ID


@pytest.mark.parametrize("number", NORTH_AMERICAN)
@pytest.mark.parametrize("mask", [masking.mask_address, masking.mask_text])
def test_no_number_is_visible_in_a_north_american_notation(
    number: str, mask: Callable[[str], str]
) -> None:
    for written in (number, f"call {number} now", f"({number})", f"from:{number},"):
        assert_hidden("2065550100", mask(written))


MARKS = ("\u2010", "\u2011", "\u2013", "\u00a0", "\u202f", "\u200b", "\u2060")


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("mask", [masking.mask_address, masking.mask_text])
def test_typographic_separators_do_not_reveal_a_number(
    mark: str, mask: Callable[[str], str]
) -> None:
    masked = mask(mark.join(["+1", "206", "555", "0100"]))
    assert_hidden("12065550100", masked.replace(mark, ""))


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
        ("sip:reception@acme.example:5060", "sip:reception@acme.example:5060"),
        ("1206555@1212.acme.example", "•••••55@••12.acme.example"),
        ("sip:10025@192.0.2.7:5060", "sip:•••25@192.0.2.7:5060"),
        ("/private/reception", "/private/reception"),
        ("Anonymous", "Anonymous"),
        ("911", "911"),
        ("", ""),
    ],
)
def test_an_address_keeps_the_country_code_and_the_last_two_digits(sent: str, shown: str) -> None:
    assert masking.mask_address(sent) == shown


def test_masked_text_keeps_everything_else() -> None:
    said = "+1 206 555 0103 rang (206) 555-0104 at 2026-11-02 15:30:00: 42310 ms, $0.0132"
    assert masking.mask_text(said) == (
        "+1 ••••••••03 rang (••••••••04 at 2026-11-02 15:30:00: 42310 ms, $0.0132"
    )


READABLE = st.one_of(
    st.uuids().map(str),
    st.uuids().map(lambda one: str(one).upper()),
    st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1)).map(str),  # noqa: DTZ001 - both forms
    st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001
        lambda moment: moment.isoformat()
    ),
    st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1)).map(  # noqa: DTZ001
        lambda moment: moment.isoformat(timespec="milliseconds") + "Z"
    ),
    st.dates(date(1970, 1, 1), date(2099, 1, 1)).map(str),
    st.times().map(str),
    st.decimals(0, 1, places=6).map("{:f}".format),
    st.decimals(0, 99, places=4).map("{:f}".format),
    st.integers(0, 999_999).map(str),
    st.ip_addresses(v=4).map(str),
    st.sampled_from(["completed", "laml_call", "/private/desk", "4.41", "1.20e2", "PCMU/8000"]),
)


@QUICK
@given(words=st.lists(READABLE, min_size=1, max_size=5).map(" and ".join))
def test_ids_dates_amounts_and_words_are_unchanged(words: str) -> None:
    assert masking.mask_text(words) == words


@QUICK
@given(known=st.dictionaries(st.sampled_from(["a", "note", "created_at"]), READABLE))
def test_json_without_a_number_is_unchanged(known: dict[str, str]) -> None:
    sent = json.dumps({**known, "charge": 0.0870, "duration_ms": 372_500, "b": [True, None]})
    assert as_text(masking.mask_json(document(sent))) == as_text(document(sent))


def test_json_keeps_all_digits_of_other_numbers() -> None:
    sent = document('{"charge":0.504150,"mos":4.50,"rtt":1.20e2,"lost":-0,"packets":123456}')
    assert as_text(masking.mask_json(sent)) == as_text(sent)


@pytest.mark.parametrize("exponent", ["e1000000", "e-1000000", "E9999999999999999999"])
def test_a_number_with_a_huge_exponent_is_masked(exponent: str) -> None:
    masked = masking.mask_json(document(f'{{"n":12065550100{exponent}}}'))
    assert_hidden("12065550100", as_text(masked))
    assert len(as_text(masked)) < 60


@pytest.mark.parametrize("number", [12065550100, 442079460123])
@pytest.mark.parametrize("key", ["from", "to", "caller"])
def test_a_phone_number_sent_as_a_json_number_is_masked(number: int, key: str) -> None:
    masked = masking.mask_json({key: Decimal(number), "id": ID})
    assert_hidden(str(number), as_text(masked))
    assert masked["id"] == ID


@pytest.mark.parametrize("key", ["from", "to", "From"])
def test_an_extension_in_a_json_address_is_masked(key: str) -> None:
    sent: JsonObject = {"a": [{key: Decimal(10025)}, {key: "sip:10025@acme.example"}]}
    masked: JsonObject = {"a": [{key: "•••25"}, {key: "sip:•••25@acme.example"}]}
    assert masking.mask_json(sent) == event(sent).details == masked
    assert masking.mask_json({"extension": Decimal(10025)}) == {"extension": Decimal(10025)}


def event(details: JsonObject) -> LogEvent:
    """Return a masked event."""
    timeline = masking.mask_details(detailed(details=details)).timeline
    assert isinstance(timeline, Timeline)
    return timeline.events[0]


def detailed(
    *,
    log: dict[str, object] | None = None,
    sent: str = "{}",
    name: str = "calling_call_initiated",
    level: str = "info",
    details: JsonObject | None = None,
    events: str = "{}",
    other: dict[str, object] | None = None,
) -> Details:
    """Build the details of a log."""
    own = VoiceLog.model_validate({"id": ID, **(log or {})})
    leg = VoiceLog.model_validate({"id": ID, **(other or {})})
    return Details(
        Found(UUID(ID), "acme", own, raw(sent)),
        Timeline((LogEvent(name=name, level=level, details=details or {}),), raw(events)),
        CallLegs(own, (own, leg)),
    )


def everything(shown: Details) -> str:
    """Return all texts of the details."""
    timeline, call_legs = shown.timeline, shown.legs
    assert isinstance(timeline, Timeline)
    assert isinstance(call_legs, CallLegs)
    logs = [shown.found.log, call_legs.log, *call_legs.legs]
    return "\n".join(
        [
            as_text(shown.found.json),
            as_text(timeline.json),
            *(event.model_dump_json() for event in timeline.events),
            *(log.model_dump_json() for log in logs),
        ]
    )


def in_field(field: str) -> Callable[[str], Details]:
    return lambda number: detailed(log={field: number}, other={field: number})


LOG_FIELDS = ("from", "to", "parent_id", "status", "type", "source", "direction")
PLACES: dict[str, Callable[[str], Details]] = {
    **{field: in_field(field) for field in LOG_FIELDS},
    "charge line": lambda number: detailed(
        log={"charge_details": [{"description": f"Call to {number}", "charge": 0.01}]}
    ),
    "record": lambda number: detailed(sent=json.dumps({"from": number, "x": {"y": [number]}})),
    "events": lambda number: detailed(events=json.dumps({"data": [{"name": number}]})),
    "event's name": lambda number: detailed(name=f"calling {number}"),
    "event's level": lambda number: detailed(level=number),
    "event's details": lambda number: detailed(details={"caller": number}),
    "address in an event": lambda number: detailed(details={"params": [{"to": number}]}),
    "key in an event": lambda number: detailed(details={number: {number: [[number]]}}),
    "whole number in an event": lambda number: detailed(details={"caller": Decimal(number[1:])}),
}


@pytest.mark.parametrize("place", PLACES)
@QUICK
@given(number=e164().filter(lambda number: len(number) > len("+123456789")))
def test_no_number_is_visible_in_the_details_of_a_log(place: str, number: str) -> None:
    assert_hidden(number, everything(masking.mask_details(PLACES[place](number))).replace(ID, ""))


def test_keys_that_are_equal_once_masked_stay_separate() -> None:
    legs: JsonObject = {"+12065550100": "busy", "+14255550100": "answered"}
    assert sorted(map(str, event(legs).details.values())) == ["answered", "busy"]


def test_missing_and_failed_parts_are_unchanged() -> None:
    pending = Details(Found(UUID(ID), "acme", VoiceLog(id=ID)))
    broken = Details(pending.found, "broken", "broken")
    assert masking.mask_details(pending) == pending
    assert masking.mask_details(broken) == broken


def test_the_times_and_amounts_of_a_log_are_unchanged() -> None:
    whole = VoiceLog.model_validate(
        {
            "id": ID,
            "from": "+12065550100",
            "to": "+12065550101",
            "parent_id": ID,
            "charge": "0.121176",
            "charge_details": [{"description": "Text to Speech", "charge": "0.037000"}],
            "duration_ms": 372500,
            "billing_ms": 378000,
            "created_at": "2026-11-02T15:30:00Z",
            "status": "completed",
            "type": "laml_call",
        }
    )
    masked = masking.mask_log(whole)
    assert (masked.from_, masked.to) == ("+1 ••••••••00", "+1 ••••••••01")
    assert masked.model_copy(update={"from_": whole.from_, "to": whole.to}) == whole


def test_the_matches_of_a_search_are_masked() -> None:
    hit = Match("acme", VoiceLog.model_validate({"id": ID, "from": "+12065550100"}))
    (masked,) = masking.mask_search(SearchResult((hit,), scanned=1)).matches
    assert (masked.project, masked.log.from_, masked.log_id) == ("acme", "+1 ••••••••00", UUID(ID))


@QUICK
@given(number=e164())
def test_a_masked_address_is_not_masked_again(number: str) -> None:
    once = masking.mask_address(number)
    assert masking.mask_address(once) == once
    assert masking.mask_text(once) == once


LONG: dict[str, str] = {
    "digits": "1",
    "digits and blanks": "1 ",
    "digits and letters": "1a",
    "blanks after four digits": "1 2 3 4" + " " * 5000 + "x",
    "four digits far apart": ("1" + " " * 1000) * 4 + "x",
    "six digits and a letter": "123456a",
    "seven digits and a letter": "1234567a",
    "plus signs": "+",
    "plus signs and digits": "+1",
    "brackets": "(206",
    "almost ids": "b7182dc2-00f3-40e4-a5ce-",
    "hex": "abcdef0123",
    "ids": ID,
    "numbers": "+12065550100,",
    "quotes": '"',
    "escaped quotes": '\\"',
    "backslashes": "\\",
    "keys": '"from":',
    "colons": ":",
}


def json_string(said: str) -> str:
    """A text within JSON, masked."""
    return as_text(masking.mask_json({"a": said, said: [said]}))


@pytest.mark.parametrize("shape", LONG)
@pytest.mark.parametrize("mask", [masking.mask_address, masking.mask_text, json_string])
def test_no_number_is_visible_in_a_long_text(shape: str, mask: Callable[[str], str]) -> None:
    piece = LONG[shape]
    for before in ("", '"', "+"):
        sent = (before + piece * (LONGEST // len(piece) + 1))[:LONGEST]
        assert shape in {"ids", "almost ids"} or not re.search("[0-9]{7}", mask(sent))


@pytest.mark.parametrize(
    ("setting", "public", "alone"),
    [(Masking.SHARED, True, False), (Masking.ALWAYS, True, True), (Masking.NEVER, False, False)],
)
def test_the_setting_decides_where_numbers_are_masked(
    setting: Masking,
    public: bool,  # noqa: FBT001
    alone: bool,  # noqa: FBT001
) -> None:
    assert setting.applies(public=True) is public
    assert setting.applies(public=False) is alone


def test_shared_numbers_are_masked_by_default() -> None:
    assert Settings.from_environment({}).mask_numbers is Masking.SHARED


@pytest.mark.parametrize("written", ["shared", "always", "never", "Always", "NEVER"])
def test_the_setting_may_have_any_case(written: str) -> None:
    read = Settings.from_environment({"MASK_NUMBERS": written})
    assert read.mask_numbers is Masking(written.lower())


@pytest.mark.parametrize("written", ["yes", "true", "1", "off", "+12065550100", "shared,always"])
def test_an_unknown_setting_is_an_error_that_names_the_valid_ones(written: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment({"MASK_NUMBERS": written})
    (mistake,) = caught.value.errors

    assert mistake == "MASK_NUMBERS: input should be 'shared', 'always' or 'never'"
    assert "Masking" not in mistake
