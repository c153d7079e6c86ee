"""Environment variables of other tools don't change what the bot does."""

import pytest

from tests.integration.harness import OpenWorld
from tests.support import texts
from tests.support.reading import only
from tests.support.samples import DOCUMENTED

BOLT = {
    "SLACK_CLIENT_ID": "1234.5678",
    "SLACK_CLIENT_SECRET": "canary-client-secret",
    "SLACK_BOT_TOKEN": "xoxb-of-the-environment",
    "SLACK_SIGNING_SECRET": "canary-of-the-environment",
    "SLACK_VERIFICATION_TOKEN": "canary-verification",
}
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy")


@pytest.mark.parametrize("names", [[*BOLT][:2], [*BOLT][2:], [*BOLT]], ids=["OAuth", "own", "both"])
async def test_variables_that_bolt_reads_are_ignored(
    open_world: OpenWorld, monkeypatch: pytest.MonkeyPatch, names: list[str]
) -> None:
    for name in names:
        monkeypatch.setenv(name, BOLT[name])
    world = await open_world()

    assert (await world.ask(DOCUMENTED)).text.startswith(texts.COMPLETED)
    shortcut = await world.use_shortcut({"text": DOCUMENTED})
    assert only(shortcut).text.startswith(texts.COMPLETED)
    assert (await world.ask("help")).text.startswith(texts.HELP)
    assert world.slack.requested_methods == ["auth.test"]
    assert not [name for name in names if BOLT[name] in world.log.getvalue()]


async def test_proxy_variables_are_ignored(
    open_world: OpenWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in PROXIES:
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    world = await open_world(waits_for_startup=False)

    assert (await world.ask(DOCUMENTED)).text.startswith(texts.COMPLETED)
    assert world.requested_ids == [DOCUMENTED]
