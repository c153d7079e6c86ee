"""What is in the channel, and in which order."""

from dataclasses import replace
from itertools import count
from typing import Final

import pytest
from pydantic import JsonValue

from bot.dev.emulator.slack.workspace import PostedMessage
from bot.dev.playground.web.channel import Channel, ChannelMessage
from bot.dev.playground.web.config import SeedMessage
from tests.dev.page_harness import WORKSPACE

HERE: Final = WORKSPACE.channel_id
BLOCKS: Final[list[JsonValue]] = [{"type": "divider"}]


def channel(*typed: SeedMessage) -> Channel:
    numbers = count(1000)
    return Channel(WORKSPACE, "Weather", typed, lambda: f"{next(numbers)}.000000")


def typed(ts: str, text: str) -> SeedMessage:
    return SeedMessage(ts, "U0OTHER", text)


def posted(ts: str, text: str, thread_ts: str | None = None, where: str = HERE) -> PostedMessage:
    return PostedMessage(ts, where, "in_channel", {"text": text}, thread_ts)


def texts(messages: list[ChannelMessage]) -> list[str]:
    """The texts, replies with an arrow."""
    return [f"→ {each.text}" if each.is_reply else each.text for each in messages]


ORDERED: dict[str, tuple[list[SeedMessage], list[PostedMessage], list[str]]] = {
    "by time, whoever wrote it": (
        [typed("5.0", "b"), typed("1.0", "a"), typed("10.0", "e")],
        [posted("9.5", "d"), posted("7.0", "c")],
        ["a", "b", "c", "d", "e"],
    ),
    "by number within a second": (
        [],
        [posted("5.000010", "second"), posted("5.000002", "first")],
        ["first", "second"],
    ),
    "replies below their parent message": (
        [typed("1.0", "one"), typed("2.0", "two")],
        [
            posted("9.0", "late", "1.0"),
            posted("4.0", "to two", "2.0"),
            posted("3.0", "early", "1.0"),
        ],
        ["one", "→ early", "→ late", "two", "→ to two"],
    ),
    "replies to the app": ([], [posted("1.0", "a"), posted("5.0", "b", "1.0")], ["a", "→ b"]),
    "replies without a parent message": (
        [typed("5.0", "after")],
        [posted("3.0", "orphan", "1.0")],
        ["orphan", "after"],
    ),
    "those of other conversations among them": (
        [typed("2.0", "here")],
        [posted("3.0", "there", None, "C0THERE")],
        ["here", "there"],
    ),
}


@pytest.mark.parametrize(("said", "answered", "shown"), ORDERED.values(), ids=ORDERED)
def test_messages_are_in_order(
    said: list[SeedMessage], answered: list[PostedMessage], shown: list[str]
) -> None:
    assert texts(channel(*said).messages(answered)) == shown


@pytest.mark.parametrize(
    ("where", "place"),
    [
        (HERE, ""),
        ("C0OTHER", "#elsewhere"),
        ("C0UNKNOWN", "#C0UNKNOWN"),
        ("D0OTHER", "direct message with Front desk"),
    ],
)
def test_a_message_says_where_it_is(where: str, place: str) -> None:
    names = {**WORKSPACE.names, "C0OTHER": "elsewhere", "D0OTHER": "Front desk"}
    here = Channel(replace(WORKSPACE, names=names), "Weather", (), lambda: "1.0")
    [message] = here.messages([posted("3.0", "x", None, where)])
    assert message.place == place


@pytest.mark.parametrize(("kind", "is_private"), [("ephemeral", True), ("in_channel", False)])
def test_a_message_says_who_wrote_it_and_who_sees_it(kind: str, *, is_private: bool) -> None:
    here = channel(typed("1.0", "x"), SeedMessage("2.0", "U0GHOST", "y"))
    here.notice("No app here has that command.")
    app = PostedMessage("3.0", HERE, kind, {"text": "z", "blocks": BLOCKS}, edits=3)
    assert here.messages([app]) == [
        ChannelMessage("1.0", "Front desk", "x"),
        ChannelMessage("2.0", "U0GHOST", "y"),
        ChannelMessage("3.0", "Weather", "z", BLOCKS, is_app=True, is_private=is_private, edits=3),
        ChannelMessage(
            "1000.000000",
            "Slackbot",
            "No app here has that command.",
            is_app=True,
            is_private=True,
        ),
    ]


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("a & b", "a &amp; b"),
        ("<!channel>", "&lt;!channel&gt;"),
        ("""<a href="x">'&'</a>""", """&lt;a href="x"&gt;'&amp;'&lt;/a&gt;"""),
        ("&lt;", "&amp;lt;"),
        ("<javascript:alert(1)|x>", "&lt;javascript:alert(1)|x&gt;"),
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
def test_a_users_text_is_stored_escaped_with_urls_as_links(written: str, stored: str) -> None:
    here = channel()
    here.say(written)
    [message] = here.messages([])
    assert (message.author, message.text) == ("You", stored)


def test_the_latest_two_hundred_messages_are_kept() -> None:
    here = channel(typed("1.0", "first"))
    for number in range(300):
        here.say(f"message {number}")
        here.notice(f"notice {number}")
    kept = texts(here.messages([]))
    assert kept == [f"{kind} {n}" for n in range(200, 300) for kind in ("message", "notice")]


def test_a_shortcut_gets_a_users_message_as_slack_stores_it() -> None:
    here = channel(typed("1.0", "a &lt; b"))
    assert here.message("1.0", []) == {
        "type": "message",
        "user": "U0OTHER",
        "ts": "1.0",
        "text": "a &lt; b",
    }


def test_a_shortcut_gets_the_apps_message_and_its_thread() -> None:
    # docs.slack.dev: a reply has the thread_ts of its root; answering to the reply's own ts would
    # begin a thread within a thread.
    answered = [posted("2.0", "no"), posted("3.0", "yes", "1.0")]
    message = channel().message("3.0", answered)
    assert (message["ts"], message["text"], message["thread_ts"]) == ("3.0", "yes", "1.0")
    assert "thread_ts" not in channel().message("2.0", answered)


def test_a_message_that_does_not_exist_cannot_be_used() -> None:
    here = channel()
    here.notice("Slackbot's notices are not messages")
    for ts in ("9.0", here.messages([])[0].ts):
        with pytest.raises(LookupError):
            here.message(ts, [posted("1.0", "x")])
