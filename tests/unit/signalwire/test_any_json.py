"""An unreadable field hides nothing else in a log, a list or the events."""

import json
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.signalwire.errors import InvalidResponseError
from bot.signalwire.responses import parse_events, parse_page, parse_voice_log
from bot.ui.details import view as details_view
from bot.ui.lookup_result import lookup_result
from bot.voicelogs.masking import mask_details as masked
from bot.voicelogs.results import Details, Found
from tests.support.cards import card_context
from tests.support.raw_json import raw
from tests.support.samples import DOCUMENTED

EXAMPLE = (
    f'"id":"{DOCUMENTED}","from":"+12065551212","to":"+12065553434","source":"realtime_api",'
    '"charge":0.010,"created_at":"2024-05-06T12:20:00Z","type":"relay_sip_call",'
    '"direction":"inbound","status":"completed","duration":9,"duration_ms":9638,"billing_ms":60000'
)
EVENT = '"name":"calling_call_state","event_at":"2024-05-06T12:20:01Z","level":"info"'
ODD = (
    # Exponents that are Decimal's largest, or beyond it.
    *("1e1000000000000000000", "1e-1000000000000000000", "-1E+1000000000000000000"),
    *("1e999999999999999999", "0e999999999999999999"),
    # Five thousand digits, and zeros with a sign.
    *("9" * 5000, "-" + "9" * 5000, "0." + "9" * 5000, "-0", "-0.0"),
    # No numbers.
    *("NaN", "Infinity", "-Infinity", "true", "null"),
    # Five thousand levels, the last with brackets in strings.
    *("[" * 5000 + "]" * 5000, '{"a":' * 5000 + "0" + "}" * 5000),
    '["]\\"[",' * 5000 + "0" + "]" * 5000,
    # A lone surrogate, a zero byte, and names that are equal or invisible.
    *('"\\ud800"', '"\\u0000"', '{"a":1,"a":[]}', '{"\\u202e":1,"":2,"\\ud800":3}'),
)
FIELDS = ("from", "to", "charge", "created_at", "status", "duration", "duration_ms", "parent_id")

NUMBERS = st.from_regex(r"\A-?(0|[1-9][0-9]{0,40})(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,22})?\Z")
JSON = st.recursive(
    st.sampled_from(sorted(ODD, key=len)) | NUMBERS | st.text().map(json.dumps),
    lambda inner: (
        st.lists(inner, max_size=4).map(lambda values: f"[{','.join(values)}]")
        | st.lists(st.tuples(st.text(), inner), max_size=4).map(
            lambda pairs: f"{{{','.join(f'{json.dumps(name)}:{value}' for name, value in pairs)}}}"
        )
    ),
    max_leaves=6,
)
ANY_JSON = pytest.mark.parametrize("odd", ODD, ids=lambda odd: odd[:24])
PLAIN = parse_voice_log(f"{{{EXAMPLE}}}".encode()).log


FOUND = Found(UUID(DOCUMENTED), "acme", PLAIN, raw(f"{{{EXAMPLE}}}"))
QUICK = settings(max_examples=60)


def modals(details: Details) -> str:
    """Return the text of a log's modals, with and without masking."""
    return json.dumps(
        [
            [
                details_view.view(each, card_context()),
                details_view.raw_view(each, card_context()),
            ]
            for each in (details, masked(details))
        ]
    )


@ANY_JSON
def test_an_odd_unneeded_field_does_not_break_a_log(odd: str) -> None:
    assert parse_voice_log(f'{{"more":{odd},{EXAMPLE},"yet":[{odd}]}}'.encode()).log == PLAIN


@ANY_JSON
@pytest.mark.parametrize("field", FIELDS)
def test_an_odd_field_hides_no_other_field(field: str, odd: str) -> None:
    log = parse_voice_log(f'{{{EXAMPLE},"{field}":{odd}}}'.encode()).log
    name = {"from": "from_"}.get(field, field)
    blank = {name: None}
    assert log.model_copy(update=blank) == PLAIN.model_copy(update=blank)


@ANY_JSON
def test_an_odd_field_in_a_row_does_not_break_the_list(odd: str) -> None:
    rows = f'{{{EXAMPLE}}},{{{EXAMPLE},"more":{odd}}},{odd},{{"id":"b","charge":{odd}}}'
    page = parse_page(f'{{"more":{odd},"data":[{rows}],"links":{{"self":{odd}}}}}'.encode())
    assert (page.logs[:2], page.next) == ((PLAIN, PLAIN), None)
    assert page.logs[2].id == "b"


@ANY_JSON
def test_an_odd_field_in_an_event_does_not_break_the_timeline(odd: str) -> None:
    rows = f'{{{EVENT},"details":{{"code":486,"more":{odd}}}}},{odd},{{{EVENT},"more":{odd}}}'
    timeline = parse_events(f'{{"data":[{rows}],"more":{odd}}}'.encode())
    assert [event.name for event in timeline.events] == ["calling_call_state"] * 2
    assert timeline.events[0].details["code"] == 486


@ANY_JSON
def test_an_odd_field_in_a_charge_line_hides_no_other_line(odd: str) -> None:
    lines = f'{{"description":"Voice","charge":0.5,"more":{odd}}},{odd},{{"charge":{odd}}}'
    log = parse_voice_log(f'{{"id":"x","charge_details":[{lines}]}}'.encode()).log
    assert (log.charge_details[0].description, log.charge_details[0].charge) == (
        "Voice",
        Decimal("0.5"),
    )


@QUICK
@given(odd=JSON, field=st.sampled_from([*FIELDS, "more", "charge_details", "discarded_at"]))
def test_any_json_in_any_field_but_the_id_is_shown(odd: str, field: str) -> None:
    record = parse_voice_log(f'{{{EXAMPLE},"{field}":{odd}}}'.encode())
    found = Found(FOUND.log_id, "acme", record.log, record.json)
    card = lookup_result([found], card_context(request_id="ref"))
    assert DOCUMENTED in card.text
    assert DOCUMENTED in modals(Details(found, parse_events(b'{"data":[]}')))


@QUICK
@given(odd=JSON)
def test_any_json_in_an_events_details_does_not_break_the_event(odd: str) -> None:
    timeline = parse_events(f'{{"data":[{{{EVENT},"details":{{"a":{odd}}}}}]}}'.encode())
    assert "Call state" in modals(Details(FOUND, timeline))


@pytest.mark.parametrize("end", ["", "]" * 4999, "]" * 5000, "]" * 5001])
def test_unclosed_nesting_is_not_json(end: str) -> None:
    body = f'{{"id":"x","more":{"[" * 5000}{end}'
    with pytest.raises(InvalidResponseError):
        parse_voice_log(body.encode())
