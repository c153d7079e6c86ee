"""The messages in the channel, their order, and how the page shows them."""

from typing import Final

import pytest

from bot.dev.emulator.slack.payloads import SLACKBOT
from bot.dev.emulator.slack.workspace import PostedMessage
from bot.dev.playground.web.channel import ordered, stored
from tests.dev.page_harness import WORKSPACE, Page
from tests.dev.parsed_html import ParsedHtml

HERE: Final = WORKSPACE.channel_id


def post(
    ts: str, text: str = "x", thread_ts: str | None = None, *, where: str = HERE, edits: int = 0
) -> PostedMessage:
    return PostedMessage(ts, where, "in_channel", {"text": text}, thread_ts, edits)


ORDERED: dict[str, tuple[list[PostedMessage], list[str]]] = {
    "by time": (
        [post("5.0", "b"), post("1.0", "a"), post("10.0", "d"), post("9.5", "c")],
        ["a", "b", "c", "d"],
    ),
    "by number within a second": (
        [post("5.000010", "second"), post("5.000002", "first")],
        ["first", "second"],
    ),
    "replies below their parent message": (
        [
            *(post("1.0", "one"), post("2.0", "two")),
            *(
                post("9.0", "late", "1.0"),
                post("4.0", "to two", "2.0"),
                post("3.0", "early", "1.0"),
            ),
        ],
        ["one", "→ early", "→ late", "two", "→ to two"],
    ),
    "replies without a parent message": (
        [post("5.0", "after"), post("3.0", "orphan", "1.0")],
        ["orphan", "after"],
    ),
    "with those of other conversations": (
        [post("2.0", "here"), post("3.0", "there", "2.0", where="C0THERE")],
        ["here", "there"],
    ),
}


@pytest.mark.parametrize(("messages", "shown"), ORDERED.values(), ids=ORDERED)
def test_messages_are_in_order(messages: list[PostedMessage], shown: list[str]) -> None:
    found = ordered(messages, HERE)
    assert [f"→ {each.text}" if is_reply else each.text for each, is_reply in found] == shown


@pytest.mark.parametrize(
    ("message", "head", "is_private"),
    [
        (post("60.0"), "Weather APP", False),
        (post("60.0", edits=3), "Weather APP", False),
        (post("60.0", where="C0OTHER"), "Weather APP in #elsewhere", False),
        (post("60.0", where="C0UNKNOWN"), "Weather APP in #C0UNKNOWN", False),
        (post("60.0", where="D0OTHER"), "Weather APP in direct message with Front desk", False),
        (PostedMessage("60.0", HERE, "ephemeral", {"text": "x"}), "Weather APP", True),
        (
            PostedMessage("60.0", HERE, "ephemeral", {"text": "x"}, user_id=SLACKBOT),
            "Slackbot APP",
            True,
        ),
        (PostedMessage("60.0", HERE, "in_channel", {}, user_id="U0OTHER"), "Front desk", False),
        (PostedMessage("60.0", HERE, "in_channel", {}, user_id="U0GHOST"), "U0GHOST", False),
    ],
)
async def test_a_message_has_its_author_place_visibility_and_edits(
    page: Page, message: PostedMessage, head: str, *, is_private: bool
) -> None:
    page.world.slack.messages.show(message)
    html = ParsedHtml((await page.http.get("/live")).text)
    suffix = " (edited)" if message.edits else ""
    assert html.one("h3", **{"class": "by"})["text"] == f"{head} 00:01 UTC{suffix}"
    shown = html.one("li", **{"data-ts": "60.0"})
    assert shown["data-edits"] == str(message.edits)
    assert bool(html.all("p", **{"class": "only-you"})) is is_private


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("a & b", "a &amp; b"),
        ("<!channel>", "&lt;!channel&gt;"),
        ("""<a href="x">'&'</a>""", """&lt;a href="x"&gt;'&amp;'&lt;/a&gt;"""),
        ("&lt;", "&amp;lt;"),
        ("<javascript:alert(1)|x>", "&lt;javascript:alert(1)|x&gt;"),
        ("see http://acme.example now", "see <http://acme.example> now"),
        ("https://acme.example/?a=1&b=2", "<https://acme.example/?a=1&amp;b=2>"),
        ("<https://acme.example/x>", "&lt;<https://acme.example/x>&gt;"),
        ("https://acme.example/x|here", "<https://acme.example/x>|here"),
        ("Look (https://acme.example/x).", "Look (<https://acme.example/x>)."),
        ("https://a.example https://b.example", "<https://a.example> <https://b.example>"),
        ("https://", "https://"),
    ],
)
def test_a_users_text_is_stored_escaped_with_urls_as_links(written: str, expected: str) -> None:
    assert stored(written) == expected


def test_a_shortcut_gets_the_apps_message_and_its_thread() -> None:
    # docs.slack.dev: a reply has the thread_ts of its root; a reply to the reply's own ts would
    # start a thread within a thread.
    reply = post("3.0", "yes", "1.0").payload_for_app
    assert (reply["ts"], reply["text"], reply["thread_ts"]) == ("3.0", "yes", "1.0")
    assert "thread_ts" not in post("2.0").payload_for_app
