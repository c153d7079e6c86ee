# ruff: noqa: E501 - a golden card is as wide as the card
import re
from collections.abc import Callable, Mapping
from typing import Final
from uuid import UUID

import pytest
from inline_snapshot import snapshot

from bot.access import Denial
from bot.cli.terminal import render
from bot.signalwire.errors import (
    NOT_THE_API,
    ApiError,
    AuthenticationError,
    BadRequestError,
    InvalidResponseError,
    LogNotFoundError,
    LogTooOldError,
    RateLimitedError,
    SignalWireError,
    UnavailableError,
)
from bot.ui import access_denied
from bot.ui import errors as error_texts
from bot.ui.block_kit import Button, Message
from bot.voicelogs.results import NotFound

ID: Final = UUID("40400000-0000-4000-8000-000000000404")
ERRORS: Mapping[str, SignalWireError] = {
    "not found": LogNotFoundError(),
    "credentials refused": AuthenticationError(),
    "too old": LogTooOldError("2026-10-01"),
    "rejected": BadRequestError(422, [ApiError("invalid", "id is invalid")]),
    "rate limited": RateLimitedError(30.0),
    "unavailable": UnavailableError("timeout", 3),
    "unreadable": InvalidResponseError("not JSON"),
}
OTHER: Final = UUID("40400000-0000-4000-8000-000000000405")
AGAIN: Button = {
    "type": "button",
    "action_id": "voicelog_retry",
    "text": {"type": "plain_text", "text": "Try again", "emoji": False},
    "value": str(ID),
}


def missed(**errors: SignalWireError) -> Message:
    return error_texts.not_found(NotFound(ID, errors), "k7m2")


def drawn(message: Message) -> str:
    return render(message.blocks)


def test_there_are_words_for_every_error() -> None:
    assert {type(error) for error in ERRORS.values()} == set(SignalWireError.__subclasses__())


@pytest.mark.parametrize("error", ERRORS.values(), ids=ERRORS.keys())
def test_every_error_says_what_happened_what_to_do_and_where_to_look(
    error: SignalWireError,
) -> None:
    problem = error_texts.describe(error)
    message = missed(acme=error)
    kinds = [block["type"] for block in message.blocks]
    assert kinds == ["header", "section", "context"]
    for shown in (drawn(message), message.text):
        plain = shown.replace("\u2503 ", "")
        assert problem.title in plain
        assert problem.detail.replace("`", "") in plain
        assert problem.hint in plain
        assert f"Asked for {ID}. Reference k7m2." in plain


@pytest.mark.parametrize("error", ERRORS.values(), ids=ERRORS.keys())
def test_every_error_tells_the_person_to_do_something(error: SignalWireError) -> None:
    assert re.match(r"(Ask|Check|Try) ", error_texts.describe(error).hint)


def test_every_error_has_words_of_its_own() -> None:
    explained = [error_texts.describe(error) for error in ERRORS.values()]
    assert len({problem.title for problem in explained}) == len(ERRORS)
    assert len({problem.emoji for problem in explained}) == len(ERRORS)
    assert len({problem.detail for problem in explained}) == len(ERRORS)


def test_an_error_without_words_is_a_fault_of_the_bot() -> None:
    with pytest.raises(TypeError, match="no text for SignalWireError"):
        error_texts.describe(SignalWireError())


def test_no_such_log() -> None:
    message = missed(acme=LogNotFoundError())
    assert drawn(message) == snapshot("""\
┃ 🔍 No such voice log
┃
┃ The SignalWire project has no voice log with this id.
┃ Check the id. A call's log may take a moment to be written. The id may also belong to another project, or be the id of a message, a fax or a recording.
┃
┃ Asked for 40400000-0000-4000-8000-000000000404. Reference k7m2.\
""")
    assert message.text == snapshot("""\
No such voice log.
The SignalWire project has no voice log with this id.
Check the id. A call's log may take a moment to be written. The id may also belong to another project, or be the id of a message, a fax or a recording.
Asked for 40400000-0000-4000-8000-000000000404. Reference k7m2.\
""")


def test_credentials_refused() -> None:
    assert drawn(missed(acme=AuthenticationError())) == snapshot("""\
┃ 🔑 SignalWire refused the bot's credentials
┃
┃ The project id, the API token or the token's scope isn't accepted.
┃ Ask whoever runs this bot to check the project id and the token, and that the token has the Voice scope.
┃
┃ Asked for 40400000-0000-4000-8000-000000000404. Reference k7m2.\
""")


def test_a_log_too_old_with_the_date_it_reaches_back_to() -> None:
    assert drawn(missed(acme=LogTooOldError("2026-10-01"))) == snapshot("""\
┃ 📅 This log is too old
┃
┃ The log is older than the history limit of the SignalWire account, which reaches back to 2026-10-01.
┃ Ask whoever runs the SignalWire account whether the limit can be raised.
┃
┃ Asked for 40400000-0000-4000-8000-000000000404. Reference k7m2.\
""")


def test_a_log_too_old_without_a_date() -> None:
    message = missed(acme=LogTooOldError(None))
    assert "reaches back" not in message.text
    assert "older than the history limit" in message.text


def test_a_request_that_was_rejected() -> None:
    fault = ApiError("invalid_parameter", "id is not a uuid")
    assert drawn(missed(acme=BadRequestError(422, [fault]))) == snapshot("""\
┃ ⚠️ SignalWire rejected the request
┃
┃ It answered 422: invalid_parameter id is not a uuid.
┃ Check the id. If it is right, show this message to whoever runs this bot.
┃
┃ Asked for 40400000-0000-4000-8000-000000000404. Reference k7m2.\
""")


@pytest.mark.parametrize(
    ("faults", "said"),
    [
        ([], "It answered 400 and gave no reason."),
        ([ApiError("", "")], "It answered 400 and gave no reason."),
        ([ApiError("bad", "")], "It answered 400: bad."),
        ([ApiError("", "is bad")], "It answered 400: is bad."),
        ([ApiError("a", "b"), ApiError("c", "d")], "It answered 400: a b; c d."),
        ([ApiError(str(n), "") for n in range(9)], "It answered 400: 0; 1."),
        ([ApiError("", "Pay first.")], "It answered 400: Pay first.\n"),
        ([ApiError("", "Pay first!")], "It answered 400: Pay first!\n"),
        ([ApiError("", "Paid?  ")], "It answered 400: Paid?\n"),
        ([ApiError("", "Wait…")], "It answered 400: Wait…\n"),
        ([ApiError("a", "b."), ApiError("c", "d.")], "It answered 400: a b.; c d.\n"),
        ([ApiError("", "x" * 500)], "x…\n"),
    ],
)
def test_the_apis_reason_is_given_as_far_as_it_has_one(faults: list[ApiError], said: str) -> None:
    assert said in missed(acme=BadRequestError(400, faults)).text


@pytest.mark.parametrize("status", [402, 409, 410, 423])
def test_any_refusal_is_given_in_the_apis_words(status: int) -> None:
    message = missed(acme=BadRequestError(status, [ApiError("payment_due", "Pay first.")]))
    assert f"It answered {status}: payment_due Pay first.\nCheck the id." in message.text


def test_a_404_that_is_not_the_apis_says_that_the_space_may_not_exist() -> None:
    assert drawn(missed(acme=InvalidResponseError(NOT_THE_API))) == snapshot("""\
┃ 🧭 SignalWire's voice logs aren't there
┃
┃ The answer was 404, and not in the API's own form: the space that the bot is set up with may not exist.
┃ Ask whoever runs this bot to check the space's name.
┃
┃ Asked for 40400000-0000-4000-8000-000000000404. Reference k7m2.\
""")


def test_the_apis_words_are_escaped_and_clipped() -> None:
    fault = ApiError("<!channel>", "`<https://evil.example|x>`\n*bold*" + "x" * 500)
    message = missed(acme=BadRequestError(400, [fault]))
    assert message.blocks[1] == snapshot(
        {
            "type": "section",
            "text": {
                "type": "mrkdwn",
                "text": """\
It answered 400: `&lt;!channel&gt;` `'&lt;https://evil.example|x&gt;' *bold*xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…`
Check the id. If it is right, show this message to whoever runs this bot.\
""",
                "verbatim": True,
            },
        }
    )
    assert not set(message.text) & set("<>`")


@pytest.mark.parametrize(
    ("seconds", "wait"),
    [
        (None, "in a minute"),
        (0.0, "in 1 s"),
        (0.2, "in 1 s"),
        (1.0, "in 1 s"),
        (1.01, "in 2 s"),
        (30.0, "in 30 s"),
        (90.0, "in 1 min 30 s"),
        (7200.0, "in 2 h 00 min"),
    ],
)
def test_when_to_try_again_after_too_many_requests(seconds: float | None, wait: str) -> None:
    assert error_texts.describe(RateLimitedError(seconds)).hint == f"Try again {wait}."


def test_too_many_requests() -> None:
    assert drawn(missed(acme=RateLimitedError(30.0))) == snapshot("""\
┃ 🐢 SignalWire asks to slow down
┃
┃ Too many requests were made in a short time.
┃ Try again in 30 s.
┃
┃ Asked for 40400000-0000-4000-8000-000000000404. Reference k7m2.\
""")


@pytest.mark.parametrize(
    ("attempts", "times"), [(1, "once"), (2, "twice"), (3, "three times"), (4, "4 times")]
)
def test_how_often_it_was_tried(attempts: int, times: str) -> None:
    what = error_texts.describe(UnavailableError("timeout", attempts)).detail
    assert what == f"The bot tried {times} without an answer."


def test_no_answer() -> None:
    assert drawn(missed(acme=UnavailableError("timeout", 3))) == snapshot("""\
┃ 📡 SignalWire isn't answering
┃
┃ The bot tried three times without an answer.
┃ Try again in a minute. If it goes on, look at SignalWire's status page.
┃
┃ Asked for 40400000-0000-4000-8000-000000000404. Reference k7m2.\
""")


def test_an_answer_that_could_not_be_read() -> None:
    assert drawn(missed(acme=InvalidResponseError("not JSON"))) == snapshot("""\
┃ ❓ SignalWire's answer couldn't be read
┃
┃ It sent something that isn't a voice log.
┃ Try again. If it goes on, show this message to whoever runs this bot.
┃
┃ Asked for 40400000-0000-4000-8000-000000000404. Reference k7m2.\
""")


@pytest.mark.parametrize(
    "error", [UnavailableError("ConnectTimeoutXyz", 3), InvalidResponseError("ConnectTimeoutXyz")]
)
def test_causes_meant_for_the_log_are_not_shown(error: SignalWireError) -> None:
    assert "ConnectTimeoutXyz" not in str(missed(acme=error))


def test_projects_that_all_lack_the_log_are_each_named() -> None:
    assert drawn(missed(acme=LogNotFoundError(), beta=LogNotFoundError())) == snapshot("""\
┃ 🔍 No such voice log
┃
┃ Not one of the 2 SignalWire projects has a voice log with this id.
┃ • No such voice log: acme, beta
┃ Check the id. A call's log may take a moment to be written. The id may also belong to another project, or be the id of a message, a fax or a recording.
┃
┃ Asked for 40400000-0000-4000-8000-000000000404. Reference k7m2.\
""")


def test_projects_that_answered_differently_are_each_named() -> None:
    message = missed(
        acme=LogNotFoundError(), beta=UnavailableError("500", 3), gamma=AuthenticationError()
    )
    assert drawn(message) == snapshot("""\
┃ 🔍 Not found, but not every project could tell
┃
┃ The log may be in a project that gave no answer about it.
┃ • No such voice log: acme
┃ • SignalWire isn't answering: beta
┃ • SignalWire refused the bot's credentials: gamma
┃ Ask whoever runs this bot to check the project id and the token, and that the token has the Voice scope.
┃
┃ Asked for 40400000-0000-4000-8000-000000000404. Reference k7m2.\
""")
    assert message.text == snapshot("""\
Not found, but not every project could tell.
The log may be in a project that gave no answer about it.
• No such voice log: acme
• SignalWire isn't answering: beta
• SignalWire refused the bot's credentials: gamma
Ask whoever runs this bot to check the project id and the token, and that the token has the Voice scope.
Asked for 40400000-0000-4000-8000-000000000404. Reference k7m2.\
""")


def test_a_project_that_lacks_the_log_does_not_decide_what_to_do_next() -> None:
    refused = AuthenticationError()
    for errors in (
        {"acme": LogNotFoundError(), "beta": refused},
        {"acme": refused, "beta": LogNotFoundError()},
    ):
        assert error_texts.describe_all(errors).hint == error_texts.describe(refused).hint


def test_projects_that_failed_differently_do_not_say_there_is_no_such_log() -> None:
    problem = error_texts.describe_all(
        {"acme": RateLimitedError(5.0), "beta": UnavailableError("500")}
    )
    assert problem.title == "No SignalWire project could tell"
    assert problem.hint == "Try again in 5 s."


@pytest.mark.parametrize(
    ("seconds", "when"),
    [
        (86_399.5, "in 24 h 00 min"),
        (86_400.0, "in 24 h 00 min"),
        (86_401.0, "later"),
        (999_999_999.0, "later"),
    ],
)
def test_a_wait_of_more_than_a_day_is_not_counted_in_hours(seconds: float, when: str) -> None:
    problem = error_texts.describe(RateLimitedError(seconds))
    assert problem.hint == problem.short == f"Try again {when}."


def test_one_project_is_not_named() -> None:
    assert "acme" not in str(missed(acme=LogNotFoundError()))


def test_a_projects_name_is_inert() -> None:
    errors: dict[str, SignalWireError] = {
        "<!here> `x`": LogNotFoundError(),
        "beta": LogNotFoundError(),
    }
    assert error_texts.per_project_lines(errors) == [
        "\u2022 No such voice log: `&lt;!here&gt; 'x'`, `beta`",
    ]


def test_buttons_stand_at_the_foot() -> None:
    result = NotFound(ID, {"acme": LogNotFoundError()})
    message = error_texts.not_found(result, "k7m2", retry=[ID])
    assert message.blocks[-1] == {"type": "actions", "elements": [AGAIN]}
    assert message.text == error_texts.not_found(result, "k7m2").text
    assert list(message.blocks[:-1]) == list(error_texts.not_found(result, "k7m2").blocks)


@pytest.mark.parametrize(
    "build", [error_texts.internal_error, error_texts.restarting, error_texts.busy]
)
def test_what_the_bot_failed_at_can_be_tried_again_with_all_its_ids(
    build: Callable[..., Message],
) -> None:
    message = build("k7m2", retry=[ID, OTHER])
    button = {**AGAIN, "value": f"{ID} {OTHER}"}
    assert message.blocks[-1] == {"type": "actions", "elements": [button]}
    assert list(message.blocks[:-1]) == list(build("k7m2").blocks)


def test_without_ids_to_try_again_there_is_no_empty_row_for_a_button() -> None:
    for message in (error_texts.internal_error("k7m2"), missed(acme=LogNotFoundError())):
        assert [block["type"] for block in message.blocks] == ["header", "section", "context"]


@pytest.mark.parametrize(
    ("errors", "passes"),
    [
        (["not found"], True),
        (["rate limited"], True),
        (["unavailable"], True),
        (["unreadable"], True),
        (["credentials refused"], False),
        (["too old"], False),
        (["rejected"], False),
        (["rejected", "credentials refused"], False),
        (["credentials refused", "unavailable"], True),
    ],
)
def test_it_is_worth_trying_again_unless_a_person_has_to_change_something_first(
    errors: list[str],
    passes: bool,  # noqa: FBT001 - the column of a table
) -> None:
    assert error_texts.is_transient({name: ERRORS[name] for name in errors}) is passes


def test_a_refusal_outside_of_any_channel_says_where_to_go_instead() -> None:
    message = access_denied.access_denied(Denial("channel", ""), "k7m2")
    assert drawn(message) == snapshot("""\
┃ 🔒 You can't look up voice logs here
┃
┃ Voice logs can only be looked up in certain channels, and this isn't one of them.
┃ Run /voicelog in one of the channels where it is allowed.
┃
┃ Reference k7m2.\
""")
    assert "(blank)" not in message.text


def test_a_refusal_for_the_channel() -> None:
    message = access_denied.access_denied(Denial("channel", "C0001"), "k7m2")
    assert drawn(message) == snapshot("""\
┃ 🔒 You can't look up voice logs here
┃
┃ Voice logs can only be looked up in certain channels, and this isn't one of them.
┃ Ask the bot's administrator (the app's About tab in Slack shows who installed it) to allow this channel: C0001.
┃
┃ Reference k7m2.\
""")
    assert message.text == snapshot("""\
You can't look up voice logs here.
Voice logs can only be looked up in certain channels, and this isn't one of them.
Ask the bot's administrator (the app's About tab in Slack shows who installed it) to allow this channel: C0001.
Reference k7m2.\
""")


def test_a_refusal_for_the_person() -> None:
    assert drawn(access_denied.access_denied(Denial("user", "U0001"), "k7m2")) == snapshot("""\
┃ 🔒 You can't look up voice logs here
┃
┃ Only certain people can look up voice logs.
┃ Ask the bot's administrator (the app's About tab in Slack shows who installed it) to allow you: U0001.
┃
┃ Reference k7m2.\
""")


def test_a_refusal_for_the_workspace() -> None:
    assert drawn(access_denied.access_denied(Denial("team", "T0001"), "k7m2")) == snapshot("""\
┃ 🔒 You can't look up voice logs here
┃
┃ Only people in certain workspaces can look up voice logs.
┃ Ask the bot's administrator (the app's About tab in Slack shows who installed it) to allow your workspace: T0001.
┃
┃ Reference k7m2.\
""")


def test_a_refusal_mentions_nobody() -> None:
    message = access_denied.access_denied(Denial("user", "<@U0001>"), "k7m2")
    assert "<" not in str(message)


def test_a_fault_of_the_bots_own() -> None:
    assert error_texts.internal_error("k7m2") == snapshot(
        Message(
            text="""\
Sorry, something broke in this bot.
What you asked for wasn't finished. It isn't your fault.
Try again. If it goes on, show this message to whoever runs this bot.
Reference k7m2.\
""",
            blocks=[
                {
                    "type": "header",
                    "text": {
                        "type": "plain_text",
                        "text": "🩹 Sorry, something broke in this bot",
                        "emoji": False,
                    },
                },
                {
                    "type": "section",
                    "text": {
                        "type": "mrkdwn",
                        "text": """\
What you asked for wasn't finished. It isn't your fault.
Try again. If it goes on, show this message to whoever runs this bot.\
""",
                        "verbatim": True,
                    },
                },
                {
                    "type": "context",
                    "elements": [{"type": "mrkdwn", "text": "Reference `k7m2`.", "verbatim": True}],
                },
            ],
        )
    )


def test_a_lookup_that_was_interrupted() -> None:
    assert drawn(error_texts.restarting("k7m2")) == snapshot("""\
┃ ♻️ The bot is restarting
┃
┃ What you asked for wasn't finished.
┃ Ask again in a few seconds.
┃
┃ Reference k7m2.\
""")


def test_a_lookup_that_was_not_begun() -> None:
    assert drawn(error_texts.busy("k7m2")) == snapshot("""\
┃ 🚦 The bot is busy
┃
┃ Too much is under way, so what you asked for wasn't begun.
┃ Ask again in a few seconds.
┃
┃ Reference k7m2.\
""")


@pytest.mark.parametrize(
    "build", [error_texts.internal_error, error_texts.restarting, error_texts.busy]
)
def test_whatever_the_bot_failed_at_can_be_found_in_its_log(build: object) -> None:
    assert callable(build)
    message: Message = build("k7m2")
    assert message.text.endswith("\nReference k7m2.")
    assert "Reference `k7m2`." in str(message.blocks[-1])
