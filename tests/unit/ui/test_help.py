# ruff: noqa: E501 - a golden card is as wide as the card
from datetime import UTC, datetime, timedelta

import pytest
from inline_snapshot import snapshot

from bot.cli.terminal import render
from bot.ui import help as help_
from bot.ui import subcommands
from bot.ui.block_kit import Message
from bot.ui.subcommands import COMMAND, FIND, HELP, LOOK_UP, RECENT, STATUS, SUBCOMMANDS, Subcommand
from bot.voicelogs import ids
from bot.voicelogs import query as queries

NOW = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
EACH = pytest.mark.parametrize("subcommand", SUBCOMMANDS, ids=lambda each: each.word or "ids")


def drawn(message: Message) -> str:
    return render(message.blocks)


def test_help_fits_in_a_few_lines() -> None:
    message = help_.help_card()
    assert drawn(message) == snapshot("""\
┃ 📞 VoiceLog
┃
┃ • /voicelog <id> [more ids] shows a call's card: from and to, status, duration, charge. Up to ten ids at a time, or a dashboard or API link.
┃ • /voicelog find <number or part of it> [2h|3d|since 2026-11-20] [failed|live|inbound|…] finds calls without an id, by a number however it is written, by time, by status or direction.
┃ • /voicelog recent [n] lists the latest calls, ten unless told otherwise.
┃ • /voicelog status says whether the bot can reach SignalWire, and whether you may look calls up here.
┃ • /voicelog help shows this.
┃ • On a message with ids or a phone number, use its menu (⋮) and choose Look up voice log.
┃ • Find a call, among the shortcuts in the message box, is a form for the same search.
┃ • Only you see the answers, until you press Share.
┃
┃ For example /voicelog find 5550134 2h.
┃ In the SignalWire dashboard, open Logs, then Voice, then the call: the id is its Voice Segment ID. It looks like this: b7182dc2-00f3-40e4-a5ce-20f164b329df\
""")
    assert message.text == snapshot("""\
VoiceLog.
• /voicelog &lt;id&gt; [more ids] shows a call's card: from and to, status, duration, charge. Up to ten ids at a time, or a dashboard or API link.
• /voicelog find &lt;number or part of it&gt; [2h|3d|since 2026-11-20] [failed|live|inbound|…] finds calls without an id, by a number however it is written, by time, by status or direction.
• /voicelog recent [n] lists the latest calls, ten unless told otherwise.
• /voicelog status says whether the bot can reach SignalWire, and whether you may look calls up here.
• /voicelog help shows this.
• On a message with ids or a phone number, use its menu (⋮) and choose Look up voice log.
• Find a call, among the shortcuts in the message box, is a form for the same search.
• Only you see the answers, until you press Share.

For example /voicelog find 5550134 2h.
In the SignalWire dashboard, open Logs, then Voice, then the call: the id is its Voice Segment ID. It looks like this: b7182dc2-00f3-40e4-a5ce-20f164b329df\
""")


def test_help_as_it_is_posted() -> None:
    assert help_.help_card().blocks == snapshot(
        [
            {
                "type": "header",
                "text": {"type": "plain_text", "text": "📞 VoiceLog", "emoji": False},
            },
            {
                "type": "section",
                "text": {
                    "type": "mrkdwn",
                    "text": """\
• `/voicelog &lt;id&gt; [more ids]` shows a call's card: from and to, status, duration, charge. Up to ten ids at a time, or a dashboard or API link.
• `/voicelog find &lt;number or part of it&gt; [2h|3d|since 2026-11-20] [failed|live|inbound|…]` finds calls without an id, by a number however it is written, by time, by status or direction.
• `/voicelog recent [n]` lists the latest calls, ten unless told otherwise.
• `/voicelog status` says whether the bot can reach SignalWire, and whether you may look calls up here.
• `/voicelog help` shows this.
• On a message with ids or a phone number, use its menu (⋮) and choose *Look up voice log*.
• *Find a call*, among the shortcuts in the message box, is a form for the same search.
• Only you see the answers, until you press *Share*.

For example `/voicelog find 5550134 2h`.
In the SignalWire dashboard, open Logs, then Voice, then the call: the id is its *Voice Segment ID*. It looks like this: `b7182dc2-00f3-40e4-a5ce-20f164b329df`\
""",
                    "verbatim": True,
                },
            },
        ]
    )


@EACH
def test_help_has_a_line_for_every_subcommand(subcommand: Subcommand) -> None:
    shown = f"{COMMAND} {subcommand.usage} {subcommand.does}."
    lines = drawn(help_.help_card()).splitlines()
    assert [line for line in lines if line.endswith(shown)] == [f"\u2503 \u2022 {shown}"]


def typed(example: str) -> tuple[Subcommand, str]:
    """The subcommand of a command as a person types it, and the rest for its own parser."""
    command, _, text = example.partition(" ")
    assert command == COMMAND
    word, _, rest = text.partition(" ")
    subcommand = subcommands.named(word)
    return (LOOK_UP, text) if subcommand is None else (subcommand, rest)


@EACH
def test_every_example_is_of_its_own_subcommand(subcommand: Subcommand) -> None:
    assert typed(subcommand.example)[0] is subcommand


def test_every_example_is_understood_by_its_own_parser() -> None:
    found = ids.in_text(typed(LOOK_UP.example)[1])
    assert ([str(log_id) for log_id in found.complete], found.truncated) == ([help_.EXAMPLE_ID], ())
    search = typed(FIND.example)[1]
    query = queries.find(search, now=NOW)
    assert [number.digits for number in query.numbers] == ["5550134"]
    assert query.since == NOW - timedelta(hours=2)
    assert ids.in_text(search) == ids.Ids(), "what is to be found isn't taken for an id"
    assert queries.recent(typed(RECENT.example)[1], now=NOW).limit == 5
    assert typed(STATUS.example)[1] == typed(HELP.example)[1] == ""


def test_every_argument_that_the_usage_of_find_names_is_understood() -> None:
    number, windows, words = FIND.arguments.replace("]", "").split(" [")
    assert number == "<number or part of it>"
    for window in windows.split("|"):
        assert queries.find(window, now=NOW).since is not None
    *named, more = words.split("|")
    assert (bool(named), more) == (True, "\u2026")
    for word in named:
        assert queries.find(word, now=NOW).filters == (word,)


def test_text_without_an_id_is_told_what_one_looks_like_and_where_it_is() -> None:
    message = help_.no_id([])
    assert drawn(message) == snapshot("""\
┃ 🔎 There is no voice log id in that
┃
┃ In the SignalWire dashboard, open Logs, then Voice, then the call: the id is its Voice Segment ID. It looks like this: b7182dc2-00f3-40e4-a5ce-20f164b329df\
""")
    assert message.text == snapshot("""\
There is no voice log id in that.
In the SignalWire dashboard, open Logs, then Voice, then the call: the id is its Voice Segment ID. It looks like this: b7182dc2-00f3-40e4-a5ce-20f164b329df\
""")


def test_an_id_cut_short_is_shown_and_explained() -> None:
    message = help_.no_id(["b7182dc2\u2026"])
    assert drawn(message) == snapshot("""\
┃ ✂️ Part of this id is missing
┃
┃ Found b7182dc2….
┃ The dashboard's list cuts ids short. Open the call there and copy the whole Voice Segment ID.
┃ A whole one looks like this: b7182dc2-00f3-40e4-a5ce-20f164b329df\
""")
    assert message.text == snapshot("""\
Part of this id is missing.
Found b7182dc2….
The dashboard's list cuts ids short. Open the call there and copy the whole Voice Segment ID.
A whole one looks like this: b7182dc2-00f3-40e4-a5ce-20f164b329df\
""")


def test_at_most_three_cut_ids_are_shown() -> None:
    message = help_.no_id([f"b7182dc{n}\u2026" for n in range(5)])
    assert "Found b7182dc0\u2026, b7182dc1\u2026, b7182dc2\u2026." in message.text
    assert "b7182dc3" not in message.text


def test_a_message_without_an_id_is_told_what_was_searched() -> None:
    message = help_.no_id_in_message([])
    assert drawn(message) == snapshot("""\
┃ 🔎 There is no voice log id in this message
┃
┃ Searched its text, links, attachments, forwarded messages and file names.
┃ In the SignalWire dashboard, open Logs, then Voice, then the call: the id is its Voice Segment ID. It looks like this: b7182dc2-00f3-40e4-a5ce-20f164b329df\
""")
    assert message.text == snapshot("""\
There is no voice log id in this message.
Searched its text, links, attachments, forwarded messages and file names.
In the SignalWire dashboard, open Logs, then Voice, then the call: the id is its Voice Segment ID. It looks like this: b7182dc2-00f3-40e4-a5ce-20f164b329df\
""")


def test_a_message_with_an_id_cut_short_is_answered_like_a_command() -> None:
    assert help_.no_id_in_message(["b7182dc2\u2026"]) == help_.no_id(["b7182dc2\u2026"])


@pytest.mark.parametrize("message", [help_.help_card(), help_.no_id([]), help_.no_id(["x\u2026"])])
def test_the_id_that_is_shown_as_an_example_is_one(message: Message) -> None:
    assert [str(log_id) for log_id in ids.in_text(message.text).complete] == [help_.EXAMPLE_ID]


@pytest.mark.parametrize(
    ("count", "note"),
    [
        (1, "1 more id was left out: ten at a time. Ask again with the rest."),
        (5, "5 more ids were left out: ten at a time. Ask again with the rest."),
    ],
)
def test_ids_left_out_are_counted(count: int, note: str) -> None:
    assert help_.left_out(count) == note


def test_the_note_on_cut_ids_shows_and_explains_them() -> None:
    assert help_.also_cut_short(["b7182dc2\u2026"]) == snapshot(
        "Found `b7182dc2…`. The dashboard's list cuts ids short. Open the call there and copy the whole Voice Segment ID."
    )


def test_a_cut_id_is_shown_inert() -> None:
    assert help_.also_cut_short(["<`!here>"]).startswith("Found `&lt;'!here&gt;`.")
