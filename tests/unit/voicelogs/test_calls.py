"""Totals, relations and the order of the ends of several legs."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

import pytest

from bot.signalwire.errors import LogNotFoundError, UnavailableError
from bot.signalwire.models import VoiceLog
from bot.voicelogs import calls
from bot.voicelogs.calls import LegEnd, TotalCharge
from bot.voicelogs.results import CallLegs, TimeSpan

NOW: Final = datetime(2026, 11, 20, 15, 4, 9, 640_000, tzinfo=UTC)
HOUR: Final = 3600.0
A, B, C, D, E = (f"1e90000{n}-aaaa-4000-8000-00000000000{n}" for n in range(1, 6))


def log(log_id: str = A, begins: float | None = 0, **fields: object) -> VoiceLog:
    """Return a log that was created `begins` seconds after an hour ago."""
    created = None if begins is None else NOW + timedelta(seconds=begins - HOUR)
    body = {"id": log_id, "created_at": created, "status": "completed", **fields}
    return VoiceLog.model_validate(body)


# ── The total ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("charges", "dollars"),
    [
        (["0.01", 0, "0.0132"], "0.0232"),
        (["0.0100", 0], "0.0100"),
        (["999999999999999.9", "0." + "0" * 29 + "1"], "999999999999999.9" + "0" * 28 + "1"),
        (["0.1"] * 20, "2.0"),
    ],
)
def test_a_total_has_every_digit(charges: Sequence[object], dollars: str) -> None:
    total = calls.total_charge([log(charge=charge) for charge in charges], NOW)
    assert str(total.dollars) == dollars
    assert (total.charged, total.is_final) == (len(charges), True)


def test_a_total_has_only_charges_in_dollars() -> None:
    legs = [log(charge=1), log(charge=2, currency="EUR"), log(charge=4, currency="usd")]
    assert calls.total_charge(legs, NOW) == TotalCharge(
        Decimal(5), charged=2, is_final=True, leaves_out_currencies=True
    )


def test_a_total_is_not_final_while_a_leg_is_live() -> None:
    legs = [log(charge=1), log(charge=0, status="ringing")]
    assert not calls.total_charge(legs, NOW).is_final


# ── Answered or not ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        *(({"billing_ms": 60_000}, True), ({"billing_ms": 60_000, "charge": 0}, True)),
        *(
            ({"billing_ms": billed, "charge": charge, "status": status}, expected)
            for billed, charge, status, expected in (
                *((None, 0, "ended", False), (0, 0, "ended", False), (0, None, "failed", False)),
                *((None, None, "ended", None), (None, None, "failed", None)),
                *((None, 0, "completed", None), (0, 0, "completed", None)),
            )
        ),
        *(({"status": "no-answer", "charge": "0.0004"}, False), ({"status": "busy"}, False)),
        *(({"billing_ms": None, "charge": "0.0004"}, None), ({"charge": 0}, None)),
        ({"billing_ms": "much", "charge": 0}, None),
        ({"charge": "0.01", "status": "something new"}, None),
        *(
            ({"billing_ms": None, "charge": 0, "status": status}, None)
            for status in ("answered", "something new")
        ),
    ],
)
def test_whether_a_leg_was_answered(fields: dict[str, object], *, expected: bool | None) -> None:
    assert calls.was_answered(log(A, 0, **fields)) is expected


# ── Of one call ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("parents", "expected"),
    [
        ([(A, None), (B, None)], []),
        ([(A, None), (B, A)], [(A, {A, B})]),
        ([(B, A), (A, None)], [(A, {A, B})]),
        ([(B, A), (C, A)], [(A, {B, C})]),
        ([(B, A), (C, B), (D, None)], [(A, {B, C})]),
        ([(A, None), (B, A.upper())], [(A, {A, B})]),
        ([(A, None), (B, A), (C, None), (D, C)], [(A, {A, B}), (C, {C, D})]),
        ([(B, A), (D, C), (C, A), (E, None)], [(A, {B, C, D})]),
        ([(B, A), (C, B), (D, A)], [(A, {B, C, D})]),
        ([(A, B), (B, A)], [(A, {A, B})]),
        ([(A, A)], []),
    ],
)
def test_legs_are_of_one_call_by_their_parent_ids_alone(
    parents: list[tuple[str, str | None]], expected: list[tuple[str, set[str]]]
) -> None:
    legs = [log(log_id, parent_id=parent) for log_id, parent in parents]
    found = [(call.first_id, {leg.id for leg in call.legs}) for call in calls.related_legs(legs)]
    assert sorted(found) == expected


# ── The order of the ends ─────────────────────────────────────────────────────────────────────


def ends(*legs: VoiceLog) -> list[tuple[str, int]]:
    return [(end.log.id, end.at_ms) for end in calls.known_ends(legs)]


@pytest.mark.parametrize(
    ("created_at", "fields", "earlier_ms", "later_ms"),
    [
        ("2026-11-20T15:04:09.640Z", {"duration_ms": 9638}, 0, 0),
        ("2026-11-20T15:04:09.000Z", {"duration_ms": 9638}, 0, 0),
        ("2026-11-20T15:04:09Z", {"duration_ms": 9638}, 0, 999),
        (datetime(2026, 11, 20, 15, 4, 9, tzinfo=UTC), {"duration_ms": 9638}, 0, 999),
        ("2026-11-20T15:04:09.640Z", {"duration": 9}, 1000, 1000),
        ("2026-11-20T15:04:09Z", {"duration": 9}, 1000, 1999),
    ],
)
def test_an_end_in_whole_seconds_is_a_range(
    created_at: object, fields: dict[str, object], earlier_ms: int, later_ms: int
) -> None:
    (end,) = calls.known_ends([log(A, None, **fields, created_at=created_at)])
    assert (end.at_ms - end.earliest_ms, end.latest_ms - end.at_ms) == (earlier_ms, later_ms)
    assert end.is_exact is (earlier_ms == later_ms == 0)


@pytest.mark.parametrize(
    "leg",
    [
        *(log(B, None, duration_ms=9), log(B)),
        *(log(B, status=each, duration_ms=9) for each in ("answered", "something new", None)),
    ],
)
def test_only_a_leg_that_is_over_has_a_known_end(leg: VoiceLog) -> None:
    assert [log_id for log_id, _ in ends(log(A, duration_ms=1), leg)] == [A]


def test_an_absurd_duration_is_not_an_error() -> None:
    assert ends(log(A, duration=10**15))[0][1] == 10**18


@pytest.mark.parametrize(
    ("earliest_ms", "latest_ms", "first", "last"),
    [
        *((earliest, latest, True, False) for earliest, latest in ((1, 1), (1, 1000))),
        *((earliest, latest, False, True) for earliest, latest in ((-1, -1), (-1000, -1))),
        # The ranges overlap.
        *((earliest, latest, False, False) for earliest, latest in ((0, 0), (-999, 1000))),
        (-1000, 0, False, False),
    ],
)
def test_the_order_is_certain_only_if_the_ranges_do_not_overlap(
    earliest_ms: int, latest_ms: int, *, first: bool, last: bool
) -> None:
    one = LegEnd(log(A), 0, 0, 0)
    near = LegEnd(log(B), earliest_ms, earliest_ms, latest_ms)
    far = LegEnd(log(C), near.at_ms * 10, earliest_ms * 10, latest_ms * 10)
    assert calls.is_certainly_first(one, [near, far]) is first
    assert calls.is_certainly_last(one, [near, far]) is last


# ── Whether legs may be missing ───────────────────────────────────────────────────────────────

SPAN: Final = TimeSpan(NOW - timedelta(hours=1, minutes=5), NOW + timedelta(minutes=1))
WHOLE: Final = CallLegs(log(), (log(duration=9), log(B, 5, status="ringing")), SPAN)


def changed(**changes: object) -> CallLegs:
    return CallLegs(**{**vars(WHOLE), **changes})


def test_no_legs_are_missing_if_the_list_was_read_for_their_whole_time() -> None:
    assert WHOLE.is_complete(NOW)


@pytest.mark.parametrize(
    "changes",
    [
        *({"searched_span": None}, {"omitted": 1}, {"list_error": UnavailableError("503", 3)}),
        *({"parent_error": error} for error in ("cycle", LogNotFoundError())),
        {"searched_span": TimeSpan(NOW - timedelta(minutes=59), SPAN.until)},
        {"searched_span": TimeSpan(SPAN.since, NOW - timedelta(seconds=1))},
        *({"legs": (log(duration=9), last)} for last in (log(B), log(B, None, duration=9))),
        *({"legs": (log(duration=seconds),)} for seconds in (3661, 10**15)),
        {"legs": (log(B, -301, duration=9),)},
    ],
)
def test_legs_may_be_missing_otherwise(changes: dict[str, object]) -> None:
    assert not changed(**changes).is_complete(NOW)


def test_legs_may_be_missing_after_a_leg_that_never_ended() -> None:
    live = changed(legs=(log(status="answered"),))
    assert live.is_complete(NOW)
    assert not live.is_complete(NOW + timedelta(days=270))
