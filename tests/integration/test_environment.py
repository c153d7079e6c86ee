"""Variables that other tools read, in the environment of the process, don't disturb the bot."""

import pytest

from tests.integration.harness import DOCUMENTED, OpenWorld, only

pytestmark = pytest.mark.asyncio(loop_scope="module")

OAUTH = {"SLACK_CLIENT_ID": "1234.5678", "SLACK_CLIENT_SECRET": "canary-client-secret"}
BOLT = {
    "SLACK_BOT_TOKEN": "xoxb-of-the-environment",
    "SLACK_SIGNING_SECRET": "canary-of-the-environment",
    "SLACK_VERIFICATION_TOKEN": "canary-verification",
}
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy")


@pytest.mark.parametrize(
    "variables", [OAUTH, BOLT, {**OAUTH, **BOLT}], ids=["OAuth", "own", "both"]
)
async def test_what_bolt_would_read_for_itself_changes_nothing(
    open_world: OpenWorld, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    world = await open_world()

    assert (await world.answer(DOCUMENTED)).text.startswith("Completed · 9 s")
    by_shortcut = await world.use_shortcut({"text": DOCUMENTED})
    assert only(by_shortcut).text.startswith("Completed · 9 s")
    assert (await world.answer("help")).text.startswith("VoiceLog.")
    assert world.slack.api_calls == ["auth.test"]
    for value in variables.values():
        assert value not in world.log.getvalue()


async def test_a_proxy_meant_for_others_stands_in_no_lookups_way(
    open_world: OpenWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in PROXIES:
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    world = await open_world(knows_home=False)

    assert (await world.answer(DOCUMENTED)).text.startswith("Completed · 9 s")
    assert world.asked_for == [DOCUMENTED]
