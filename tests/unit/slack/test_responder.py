"""A modal's updates are conditional only while its last state is known."""

from contextlib import nullcontext
from typing import Final

import pytest

from bot.access import Access, Actor
from bot.slack.interaction import Interaction
from bot.slack.post import SlackError
from bot.slack.responder import Responder
from bot.slack.response_url import ResponseUrlClient
from bot.slack.views import Views
from bot.ui import block_kit
from tests.support.fake_time_loop import run_timed
from tests.support.slack import API, LOST, Scripted, ScriptedSlack, error_body

VIEW: Final = block_kit.modal("Voice log", [block_kit.section("Loading…")])
SHOWN: Final[Scripted] = (200, '{"ok": true, "view": {"id": "V1", "hash": "1.2"}}')
UNREADABLE: Final[Scripted] = (200, "<html>")
BUSY: Final[Scripted] = (429, "")
REJECTED: Final[Scripted] = (200, error_body("invalid_arguments"))


@pytest.mark.parametrize(
    ("failures", "hash_"),
    [
        ([LOST, LOST, LOST], None),
        ([LOST, BUSY, BUSY], None),
        ([(500, "")] * 3, None),
        ([UNREADABLE], None),
        ([BUSY, BUSY, BUSY], "1.2"),
        ([REJECTED], "1.2"),
    ],
)
def test_an_update_after_one_that_may_have_been_applied_is_unconditional(
    failures: list[Scripted], hash_: str | None
) -> None:
    slack = ScriptedSlack(SHOWN, *failures, SHOWN)
    responder = Responder(
        Interaction(Actor("U0ANNA", "T0ACME", "C0SUPPORT"), "k7m2", trigger_id="1.2.3"),
        response_urls=ResponseUrlClient(slack.http, api=API, semaphore=nullcontext()),
        views=Views(slack.http, "xoxb-1", api=API, semaphore=nullcontext()),
        access=Access(),
    )

    async def update_twice() -> None:
        await responder.open_modal(VIEW)
        with pytest.raises(SlackError):
            await responder.update_modal(VIEW)
        await responder.update_modal(VIEW)

    run_timed(update_twice)
    assert len(slack.posted) == len(failures) + 2
    assert slack.posted[1]["hash"] == "1.2"
    assert slack.posted[-1].get("hash") == hash_
