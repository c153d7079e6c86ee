# ruff: noqa: E501 - a golden card is as wide as the card
"""`/voicelog find` and `recent`: what a person gets who doesn't have the call's id."""

import re

import pytest
from inline_snapshot import snapshot

from bot.cli.terminal import render
from bot.ui import actions
from tests.integration.harness import DOCUMENTED, OpenWorld, Space, World, only, reference_in
from tests.integration.search_helpers import (
    FURTHER,
    WANTED,
    WRITTEN,
    assert_no_number_is_kept_by_slack,
    further,
    labels,
    listed,
    lists_asked,
    log_id,
    many,
    presses,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

SIP = "add00000-0000-4000-8000-000000000001"
WHATSAPP = "add00000-0000-4000-8000-000000000002"


@pytest.mark.parametrize(
    "written",
    [
        *(
            "+1 (206) 555-3434",
            "206.555.3434",
            "0012065553434",
            "tel:+12065553434",
            "".join(chr(ord(digit) + 0xFEE0) for digit in "5553434"),
        ),
        *(
            "<tel:+12065553434|+1 206-555-3434>",
            "555 34 34",
            "\u202a+1 206\u2011555\u20113434\u202c",
        ),
    ],
)
async def test_a_call_is_found_by_its_number_however_it_is_written(
    world: World, written: str
) -> None:
    message = await world.answer(f"find {written}")

    assert listed(message.blocks) == [DOCUMENTED]
    assert message.text.startswith("1 voice log found.\nLooked for: with this number\n")


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("sip:+12065550110@sip.signalwire.com", SIP),
        ("Reception@ACME", SIP),
        ("whatsapp:+12065550147", WHATSAPP),
        ("0147", WHATSAPP),
    ],
)
async def test_an_address_or_a_part_of_a_number_finds_the_call_too(
    world: World, written: str, found: str
) -> None:
    assert listed((await world.answer(f"find {written}")).blocks) == [found]


async def test_what_was_found_is_a_list_of_rows_with_card(world: World) -> None:
    message = await world.answer("find 5550100 4h failed no-answer")

    assert render(message.blocks) == snapshot("""\
┃ 🔎 2 voice logs found
┃
┃ Looked for: with this number · failed · no-answer · since 2026-11-02 11:30:00 UTC
┃
┃ 📵 No answer · 20 s  [ Card ]
┃ +1 206-555-0100 → +1 206-555-0101
┃ $0.00 · 2026-11-02 14:30:00 UTC
┃ c0570000-0000-4000-8000-000000000002
┃
┃ 📵 No answer · 18 s  [ Card ]
┃ +1 206-555-0100 → +1 206-555-0102
┃ $0.00 · 2026-11-02 12:30:02 UTC
┃ fa000000-0000-4000-8000-000000000002
┃
┃ Looked at 22 logs: that is all since 2026-11-02 11:30:00 UTC.\
""")
    assert message.text == snapshot("""\
2 voice logs found.
Looked for: with this number · failed · no-answer · since 2026-11-02 11:30:00 UTC
No answer · 20 s. +1 206-555-0100 → +1 206-555-0101. $0.00 · 2026-11-02 14:30:00 UTC. c0570000-0000-4000-8000-000000000002
No answer · 18 s. +1 206-555-0100 → +1 206-555-0102. $0.00 · 2026-11-02 12:30:02 UTC. fa000000-0000-4000-8000-000000000002
Looked at 22 logs: that is all since 2026-11-02 11:30:00 UTC.\
""")
    assert message.payload["replace_original"] is False
    assert_no_number_is_kept_by_slack(world)


async def test_the_order_of_number_window_and_words_does_not_matter(world: World) -> None:
    one = await world.answer("find failed 5550100 4h no-answer")
    other = await world.answer("find 4h no-answer failed 555 0100")

    assert listed(one.blocks) == listed(other.blocks)
    assert len(listed(one.blocks)) == 2


async def test_a_window_ends_the_search_where_it_says(open_world: OpenWorld) -> None:
    world = await open_world(Space(entries=many(300)))
    message = await world.answer("find since 2026-11-02T15:20")

    assert listed(message.blocks) == [log_id(number) for number in range(10)]
    assert "Looked at 10 logs: that is all since 2026-11-02 15:20:00 UTC." in message.text
    assert FURTHER not in labels(message.blocks)
    assert lists_asked(world) == 1


async def test_nothing_found_says_how_much_was_looked_at(world: World) -> None:
    message = await world.answer("find +44 20 7946 0000")

    assert re.sub(r"\d+ logs", "N logs", message.text) == snapshot("""\
No voice logs found.
Looked for: with this number
Looked at N logs: that is all there is.\
""")
    assert presses(message.blocks) == []


async def test_what_is_not_understood_is_named_and_explained(world: World) -> None:
    asked = lists_asked(world)
    said = []
    for typed in (
        *("find 12", "find 12345678901234567", "find sip:a", "find bob"),
        *("find 5550134 2h 5550135 5550136", "find 2h 3d", "find since", "find since then"),
        *("find since 2026-02-30", "find since 2027-01-01", "find 1990-01-01"),
        *("recent 0", "recent 99", "recent 3 4"),
    ):
        exchange = await world.type(typed)
        assert exchange.posts == []
        title, what, next_step, usage = only(exchange).text.splitlines()
        assert title == "The search isn't clear."
        assert usage.startswith(f"/voicelog {typed.split()[0]} ")
        assert reference_in(only(exchange))
        said += [typed, f"  {what}", f"  {next_step}"]

    assert "\n".join(said) == snapshot("""\
find 12
  12 is too short to search for.
  Give at least three digits, or three characters of an address.
find 12345678901234567
  12345678901234567 has more digits than any number.
  Give one at a time, or a part of it.
find sip:a
  sip:a is too short to search for.
  Give at least three digits, or three characters of an address.
find bob
  bob isn't understood.
  The words are queued, initiated, created, ringing, in-progress, answered, joined, ending, completed, ended, busy, failed, no-answer, canceled, missed, live, inbound, outbound, outbound-api, outbound-dial, sip, pstn, webrtc, laml, relay, video, fabric, dialogflow, whatsapp, anonymous. An address needs an @ or sip: in it.
find 5550134 2h 5550135 5550136
  5550136 is one too many: two numbers at most, one span of time.
  Leave one out.
find 2h 3d
  3d is one too many: two numbers at most, one span of time.
  Leave one out.
find since
  After since there is nothing.
  Write 30m, 2h, 3d or 1w, today, yesterday, or a day such as 2026-11-20.
find since then
  then is neither a day nor a span of time.
  Write 30m, 2h, 3d or 1w, today, yesterday, or a day such as 2026-11-20.
find since 2026-02-30
  2026-02-30 is neither a day nor a span of time.
  Write 30m, 2h, 3d or 1w, today, yesterday, or a day such as 2026-11-20.
find since 2027-01-01
  2027-01-01 hasn't been yet.
  Write 30m, 2h, 3d or 1w, today, yesterday, or a day such as 2026-11-20.
find 1990-01-01
  1990-01-01 is more than ten years back.
  Write 30m, 2h, 3d or 1w, today, yesterday, or a day such as 2026-11-20.
recent 0
  0 isn't a count from 1 to 20.
  Give a number from 1 to 20, or none for ten.
recent 99
  99 isn't a count from 1 to 20.
  Give a number from 1 to 20, or none for ten.
recent 3 4
  4 is one too many: two numbers at most, one span of time.
  Leave one out.\
""")
    assert lists_asked(world) == asked


async def test_outside_text_in_what_is_not_understood_is_shown_as_it_is(world: World) -> None:
    message = await world.answer("find a<!b&*bob*_`")

    assert "`a&lt;!b&amp;*bob*_` isn't understood." in str(message.blocks)


async def test_an_address_that_is_too_long_is_not_said_to_have_digits(world: World) -> None:
    message = await world.answer(f"find {'a' * 300}@acme")

    assert "digits" not in message.text
    assert "characters" in message.text


async def test_what_recent_does_not_understand_is_explained_by_what_recent_takes(
    world: World,
) -> None:
    message = await world.answer("recent bob")

    assert "/voicelog recent" in message.text
    # It takes no number and no address, so neither is asked for.
    assert "sip:" not in message.text
    assert "/voicelog find" not in message.text


async def test_find_with_an_id_is_a_lookup(world: World) -> None:
    asked = lists_asked(world)
    message = await world.answer(f"find {DOCUMENTED} 2h")

    assert message.text.startswith("Completed · 9 s")
    assert lists_asked(world) == asked


@pytest.mark.parametrize(("typed", "count"), [("recent", 10), ("recent 3", 3), ("RECENT 20", 20)])
async def test_recent_lists_the_latest_calls(open_world: OpenWorld, typed: str, count: int) -> None:
    world = await open_world(Space(entries=many(50)))
    message = await world.answer(typed)

    assert listed(message.blocks) == [log_id(number) for number in range(count)]
    assert message.text.startswith(f"{count} voice logs found.")
    assert labels(message.blocks)[-1] == FURTHER
    assert lists_asked(world) == 1


async def test_card_shows_a_row_beside_the_list(world: World) -> None:
    message = await world.answer("find 5553434")
    clicked = await world.slack.click(message, actions.CARD, value=DOCUMENTED)
    await world.idle()

    assert only(clicked).text.startswith("Completed · 9 s")
    assert only(clicked).ts != message.ts
    assert message in world.slack.screen.of(world.slack.exchanges[-2].token)


@pytest.mark.parametrize("typed", [f"find {WRITTEN}", "find", "recent", "recent 99", WANTED])
async def test_somebody_who_may_not_is_refused_whatever_they_type(
    open_world: OpenWorld, typed: str
) -> None:
    world = await open_world(environment={"ALLOWED_USERS": "U0ANNA"})
    exchange = await world.type(typed, user_id="U0EVE")

    assert exchange.posts == []
    assert only(exchange).text.startswith("You can't look up voice logs here.")
    (line,) = world.log.lines("search.refused", user="U0EVE", outcome="user")
    assert line["ref"] == reference_in(only(exchange))
    assert lists_asked(world) == 0


async def test_looking_further_back_is_authorised_afresh(open_world: OpenWorld) -> None:
    world = await open_world(Space(entries=many(50)), environment={"ALLOWED_USERS": "U0SUPPORT"})
    message = await world.answer("find inbound")
    clicked = await world.slack.click(message, actions.SEARCH_OLDER, user_id="U0EVE")
    await world.idle()

    assert only(clicked).text.startswith("You can't look up voice logs here.")
    assert world.log.lines("search.refused", user="U0EVE")
    assert lists_asked(world) == 1


async def test_each_search_leaves_one_audit_line_without_the_number(
    open_world: OpenWorld,
) -> None:
    world = await open_world(Space(entries=many(50, wanted=[7])))
    message = await world.answer(f"find {WRITTEN} 2h inbound", user_id="U0ANNA")
    (line,) = world.log.lines("search.done")

    assert listed(message.blocks) == [log_id(7)]
    assert isinstance(line.pop("ms"), int)
    assert {line.pop("timestamp"), line.pop("level")}
    assert sorted(line.items()) == snapshot(
        [
            ("asked", "since 2026-11-02T13:30:00Z inbound"),
            ("by_number", True),
            ("channel", "C0SUPPORT"),
            ("event", "search.done"),
            ("found", 1),
            ("looked_at", 50),
            ("outcome", "done"),
            ("ref", "ref0001"),
            ("team", "T0ACME"),
            ("user", "U0ANNA"),
        ]
    )


async def test_numbers_are_masked_where_they_always_are(open_world: OpenWorld) -> None:
    world = await open_world(
        Space(entries=many(50, wanted=range(30))), environment={"MASK_NUMBERS": "always"}
    )
    message = await world.answer(f"find {WRITTEN}")

    assert len(listed(message.blocks)) == 20
    for shown in (message, await further(world, message)):
        everything = shown.text + str(shown.blocks)
        assert not re.search(r"555\D?\d", everything)
        assert "+1 ••••••••99" in everything
