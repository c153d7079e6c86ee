"""The messages in the channel, and their order."""

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


def channel(*seeds: SeedMessage) -> Channel:
    numbers = count(1000)
    return Channel(WORKSPACE, "Weather", seeds, lambda: f"{next(numbers)}.000000")


def seed(ts: str, text: str) -> SeedMessage:
    return SeedMessage(ts, "U0OTHER", text)


def post(ts: str, text: str, thread_ts: str | None = None, where: str = HERE) -> PostedMessage:
    return PostedMessage(ts, where, "in_channel", {"text": text}, thread_ts)


def texts(messages: list[ChannelMessage]) -> list[str]:
    """Return the texts; those of replies have an arrow."""
    return [f"→ {each.text}" if each.is_reply else each.text for each in messages]


ORDERED: dict[str, tuple[list[SeedMessage], list[PostedMessage], list[str]]] = {
    "by time, from users and the app": (
        [seed("5.0", "b"), seed("1.0", "a"), seed("10.0", "e")],
        [post("9.5", "d"), post("7.0", "c")],
        ["a", "b", "c", "d", "e"],
    ),
    "by number within a second": (
        [],
        [post("5.000010", "second"), post("5.000002", "first")],
        ["first", "second"],
    ),
    "replies below their parent message": (
        [seed("1.0", "one"), seed("2.0", "two")],
        [
            post("9.0", "late", "1.0"),
            post("4.0", "to two", "2.0"),
            post("3.0", "early", "1.0"),
        ],
        ["one", "→ early", "→ late", "two", "→ to two"],
    ),
    "replies to the app": ([], [post("1.0", "a"), post("5.0", "b", "1.0")], ["a", "→ b"]),
    "replies without a parent message": (
        [seed("5.0", "after")],
        [post("3.0", "orphan", "1.0")],
        ["orphan", "after"],
    ),
    "with those of other conversations": (
        [seed("2.0", "here")],
        [post("3.0", "there", None, "C0THERE")],
        ["here", "there"],
    ),
}


@pytest.mark.parametrize(("seeds", "posts", "shown"), ORDERED.values(), ids=ORDERED)
def test_messages_are_in_order(
    seeds: list[SeedMessage], posts: list[PostedMessage], shown: list[str]
) -> None:
    assert texts(channel(*seeds).messages(posts)) == shown


@pytest.mark.parametrize(
    ("where", "place"),
    [
        (HERE, ""),
        ("C0OTHER", "#elsewhere"),
        ("C0UNKNOWN", "#C0UNKNOWN"),
        ("D0OTHER", "direct message with Front desk"),
    ],
)
def test_a_message_has_its_conversation(where: str, place: str) -> None:
    names = {**WORKSPACE.names, "C0OTHER": "elsewhere", "D0OTHER": "Front desk"}
    here = Channel(replace(WORKSPACE, names=names), "Weather", (), lambda: "1.0")
    [message] = here.messages([post("3.0", "x", None, where)])
    assert message.place == place


@pytest.mark.parametrize(("kind", "is_private"), [("ephemeral", True), ("in_channel", False)])
def test_a_message_has_its_author_and_visibility(kind: str, *, is_private: bool) -> None:
    here = channel(seed("1.0", "x"), SeedMessage("2.0", "U0GHOST", "y"))
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
    here = channel(seed("1.0", "first"))
    for number in range(300):
        here.say(f"message {number}")
        here.notice(f"notice {number}")
    kept = texts(here.messages([]))
    assert kept == [f"{kind} {n}" for n in range(200, 300) for kind in ("message", "notice")]


def test_a_shortcut_gets_a_users_message_as_slack_stores_it() -> None:
    here = channel(seed("1.0", "a &lt; b"))
    assert here.message("1.0", []) == {
        "type": "message",
        "user": "U0OTHER",
        "ts": "1.0",
        "text": "a &lt; b",
    }


def test_a_shortcut_gets_the_apps_message_and_its_thread() -> None:
    # docs.slack.dev: a reply has the thread_ts of its root; a reply to the reply's own ts would
    # start a thread within a thread.
    posts = [post("2.0", "no"), post("3.0", "yes", "1.0")]
    message = channel().message("3.0", posts)
    assert (message["ts"], message["text"], message["thread_ts"]) == ("3.0", "yes", "1.0")
    assert "thread_ts" not in channel().message("2.0", posts)


def test_a_message_that_does_not_exist_cannot_be_used() -> None:
    here = channel()
    here.notice("Slackbot's notices are not messages")
    for ts in ("9.0", here.messages([])[0].ts):
        with pytest.raises(LookupError):
            here.message(ts, [post("1.0", "x")])
