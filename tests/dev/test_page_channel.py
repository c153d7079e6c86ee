"""What stands in the channel, and in which order."""

from collections.abc import Callable
from itertools import count
from typing import TYPE_CHECKING, Final

import pytest

from bot.dev.emulator.slack.workspace import PostedMessage
from bot.dev.playground.web.channel import Channel, ChannelMessage, escape
from bot.dev.playground.web.config import SeedMessage
from tests.dev.page_harness import WORKSPACE

if TYPE_CHECKING:
    from pydantic import JsonValue

HERE: Final = WORKSPACE.channel_id


def timestamps(first: int = 1000) -> Callable[[], str]:
    numbers = count(first)
    return lambda: f"{next(numbers)}.000000"


def channel(*said: SeedMessage) -> Channel:
    return Channel(WORKSPACE, "Weather", said, timestamps())


def posted(
    ts: str,
    text: str = "posted",
    *,
    thread_ts: str | None = None,
    where: str = HERE,
    kind: str = "in_channel",
    edits: int = 0,
) -> PostedMessage:
    return PostedMessage(ts, where, kind, {"text": text}, thread_ts, edits)


def texts(lines: list[ChannelMessage]) -> list[str]:
    return [line.text for line in lines]


def test_everything_stands_in_the_order_of_time_whoever_wrote_it() -> None:
    here = channel(SeedMessage("5.0", "U0OTHER", "second"), SeedMessage("1.0", "U0OTHER", "first"))
    here.notice("last")
    assert texts(here.messages([posted("9.0", "fourth"), posted("7.0", "third")])) == [
        *("first", "second", "third", "fourth", "last")
    ]


def test_time_is_compared_as_a_number() -> None:
    here = channel(SeedMessage("10.0", "U0OTHER", "later"))
    assert texts(here.messages([posted("9.5", "earlier")])) == ["earlier", "later"]


def test_messages_of_the_same_second_stand_in_the_order_of_their_numbers() -> None:
    lines = channel().messages([posted("5.000010", "second"), posted("5.000002", "first")])
    assert texts(lines) == ["first", "second"]


def test_replies_stand_under_what_they_reply_to() -> None:
    here = channel(SeedMessage("1.0", "U0OTHER", "one"), SeedMessage("2.0", "U0OTHER", "two"))
    lines = here.messages(
        [
            posted("9.0", "to one, late", thread_ts="1.0"),
            posted("4.0", "to two", thread_ts="2.0"),
            posted("3.0", "to one, early", thread_ts="1.0"),
        ]
    )
    assert texts(lines) == ["one", "to one, early", "to one, late", "two", "to two"]
    assert [line.is_reply for line in lines] == [False, True, True, False, True]


def test_a_reply_to_a_message_of_the_app_stands_under_it() -> None:
    lines = channel().messages([posted("1.0", "root"), posted("5.0", "reply", thread_ts="1.0")])
    assert [(line.text, line.is_reply) for line in lines] == [("root", False), ("reply", True)]


def test_a_reply_to_what_has_gone_stands_by_itself() -> None:
    here = channel(SeedMessage("5.0", "U0OTHER", "after"))
    lines = here.messages([posted("3.0", "orphan", thread_ts="1.0")])
    assert [(line.text, line.is_reply) for line in lines] == [("orphan", False), ("after", False)]


def test_a_reply_to_a_reply_stands_in_the_same_thread() -> None:
    here = channel(SeedMessage("1.0", "U0OTHER", "root"))
    lines = here.messages(
        [posted("3.0", "reply", thread_ts="1.0"), posted("4.0", "further", thread_ts="3.0")]
    )
    assert [(line.text, line.is_reply) for line in lines] == [
        ("root", False),
        ("reply", True),
        ("further", True),
    ]


def test_no_thread_goes_round_in_circles() -> None:
    lines = channel().messages(
        [posted("3.0", "a", thread_ts="4.0"), posted("4.0", "b", thread_ts="3.0")]
    )
    assert texts(lines) == ["a", "b"]


def test_what_stands_in_another_channel_is_not_shown() -> None:
    assert channel().messages([posted("1.0", where="C0THERE"), posted("2.0", where="")]) == []


def test_a_message_of_a_person_says_who_wrote_it() -> None:
    [known, unknown] = channel(
        SeedMessage("1.0", "U0OTHER", "x"), SeedMessage("2.0", "U0GHOST", "y")
    ).messages([])
    assert (known.author, known.is_app, known.is_private) == ("Front desk", False, False)
    assert unknown.author == "U0GHOST"


@pytest.mark.parametrize(("kind", "is_private"), [("ephemeral", True), ("in_channel", False)])
def test_a_message_of_the_app_says_who_sees_it_and_how_often_it_was_replaced(
    kind: str, *, is_private: bool
) -> None:
    [line] = channel().messages([posted("1.0", kind=kind, edits=3)])
    assert (line.author, line.is_app, line.is_private, line.edits) == (
        *("Weather", True, is_private),
        3,
    )


def test_a_message_keeps_its_blocks() -> None:
    blocks: list[JsonValue] = [{"type": "divider"}]
    [theirs, own] = channel(SeedMessage("1.0", "U0OTHER", "x", blocks)).messages(
        [PostedMessage("2.0", HERE, "ephemeral", {"text": "y", "blocks": blocks})]
    )
    assert [*theirs.blocks] == [*own.blocks] == blocks


def test_what_slack_itself_says_is_private() -> None:
    here = channel()
    here.notice("No app here has that command.")
    [line] = here.messages([])
    assert (line.author, line.is_app, line.is_private) == ("Slackbot", True, True)
    assert line.text == "No app here has that command."


def said(text: str) -> str:
    here = channel()
    here.say(text)
    [line] = here.messages([])
    assert line.author == "You"
    return line.text


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("a & b", "a &amp; b"),
        ("<!channel>", "&lt;!channel&gt;"),
        ("<@U0OTHER>", "&lt;@U0OTHER&gt;"),
        ("<img src=x onerror=y>", "&lt;img src=x onerror=y&gt;"),
        ("&lt;", "&amp;lt;"),
        ("<javascript:alert(1)|x>", "&lt;javascript:alert(1)|x&gt;"),
    ],
)
def test_what_is_written_means_itself(typed: str, stored: str) -> None:
    assert said(typed) == stored


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("https://acme.example/x", "<https://acme.example/x>"),
        ("see http://acme.example now", "see <http://acme.example> now"),
        ("https://acme.example/?a=1&b=2", "<https://acme.example/?a=1&amp;b=2>"),
        ("<https://acme.example/x>", "&lt;<https://acme.example/x>&gt;"),
        ("https://acme.example/x|here", "<https://acme.example/x>|here"),
        ("Look (https://acme.example/x).", "Look (<https://acme.example/x>)."),
        ("https://acme.example/x, and", "<https://acme.example/x>, and"),
        ("https://a.example https://b.example", "<https://a.example> <https://b.example>"),
        ("https://", "https://"),
    ],
)
def test_an_address_of_the_web_becomes_a_link(typed: str, stored: str) -> None:
    assert said(typed) == stored


def test_only_slacks_three_characters_are_escaped() -> None:
    assert escape("""<a href="x">'&'</a>""") == """&lt;a href="x"&gt;'&amp;'&lt;/a&gt;"""


def test_only_the_latest_of_what_people_write_is_kept() -> None:
    here = channel(SeedMessage("1.0", "U0OTHER", "first"))
    for number in range(300):
        here.say(f"message {number}")
        here.notice(f"notice {number}")
    lines = here.messages([])
    assert len(lines) == 200
    kept = texts(lines)
    assert "first" not in kept
    assert kept[-2:] == ["message 299", "notice 299"]
    assert "message 199" not in kept
    assert "message 200" in kept


def test_a_shortcut_gets_a_persons_message_as_slack_stores_it() -> None:
    blocks: list[JsonValue] = [{"type": "divider"}]
    here = channel(
        SeedMessage("1.0", "U0OTHER", "a &lt; b", blocks), SeedMessage("2.0", "U0OTHER", "plain")
    )
    assert here.message("1.0", []) == {
        "type": "message",
        "user": "U0OTHER",
        "ts": "1.0",
        "text": "a &lt; b",
        "blocks": blocks,
    }
    assert "blocks" not in here.message("2.0", [])


def test_a_shortcut_gets_a_message_of_the_app() -> None:
    message = channel().message("3.0", [posted("2.0", "no"), posted("3.0", "yes")])
    assert (message["ts"], message["text"]) == ("3.0", "yes")
    assert "thread_ts" not in message


def test_a_shortcut_on_a_reply_learns_which_thread_it_stands_in() -> None:
    # docs.slack.dev: a reply has the thread_ts of its root; answering to the reply's own ts would
    # begin a thread within a thread.
    message = channel().message("3.0", [posted("3.0", "reply", thread_ts="1.0")])
    assert message["thread_ts"] == "1.0"


def test_a_message_that_is_not_there_cannot_be_used() -> None:
    here = channel()
    here.notice("Slack's own words are no message")
    with pytest.raises(LookupError):
        here.message("9.0", [posted("1.0")])
    with pytest.raises(LookupError):
        here.message(here.messages([])[0].ts, [])
