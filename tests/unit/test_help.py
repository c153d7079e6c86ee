# ruff: noqa: E501 - a golden card is as wide as the card
import pytest
from inline_snapshot import snapshot

from bot import ids
from bot.cards import help as help_
from bot.cards.blocks import Message
from bot.terminal import render


def drawn(message: Message) -> str:
    return render(message.blocks)


def test_help_fits_in_a_few_lines() -> None:
    message = help_.help_card()
    assert drawn(message) == snapshot("""\
┃ 📞 VoiceLog
┃
┃ • /voicelog b7182dc2-00f3-40e4-a5ce-20f164b329df shows a call's voice log: from and to, status, duration, charge.
┃ • Paste up to ten ids, or a dashboard or API link; quotes, labels and capitals don't matter.
┃ • On a message that holds ids, use the message menu (⋮) and choose Look up voice log.
┃ • Only you see the answer.
┃
┃ In the SignalWire dashboard, open Logs, then Voice, then the call: the id is its Voice Segment ID. It looks like this: b7182dc2-00f3-40e4-a5ce-20f164b329df\
""")
    assert message.text == snapshot("""\
VoiceLog.
• /voicelog b7182dc2-00f3-40e4-a5ce-20f164b329df shows a call's voice log: from and to, status, duration, charge.
• Paste up to ten ids, or a dashboard or API link; quotes, labels and capitals don't matter.
• On a message that holds ids, use the message menu (⋮) and choose Look up voice log.
• Only you see the answer.

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
• `/voicelog b7182dc2-00f3-40e4-a5ce-20f164b329df` shows a call's voice log: from and to, status, duration, charge.
• Paste up to ten ids, or a dashboard or API link; quotes, labels and capitals don't matter.
• On a message that holds ids, use the message menu (⋮) and choose *Look up voice log*.
• Only you see the answer.

In the SignalWire dashboard, open Logs, then Voice, then the call: the id is its *Voice Segment ID*. It looks like this: `b7182dc2-00f3-40e4-a5ce-20f164b329df`\
""",
                    "verbatim": True,
                },
            },
        ]
    )


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
    assert [str(log_id) for log_id in ids.in_text(message.text).whole] == [help_.EXAMPLE_ID]


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
