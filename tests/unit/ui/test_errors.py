import re
from collections.abc import Callable, Mapping
from typing import Final
from uuid import UUID

import pytest

from bot.signalwire.errors import (
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
from bot.ui import actions, error_messages, multi_project_errors
from bot.ui import errors as error_texts
from bot.ui.block_kit import Message
from bot.ui.lookup_result import lookup_result
from bot.voicelogs.results import NotFound
from tests.support.cards import card_context

ID: Final = UUID("40400000-0000-4000-8000-000000000404")
OTHER: Final = UUID("40400000-0000-4000-8000-000000000405")
ERRORS: Mapping[str, SignalWireError] = {
    "not found": LogNotFoundError(),
    "credentials rejected": AuthenticationError(),
    "too old": LogTooOldError("2026-10-01"),
    "rejected": BadRequestError(422, [ApiError("invalid", "id is invalid")]),
    "rate limited": RateLimitedError(30.0),
    "unavailable": UnavailableError("timeout", 3),
    "unreadable": InvalidResponseError("not JSON"),
}
EACH = pytest.mark.parametrize("error", ERRORS.values(), ids=ERRORS.keys())


def missed(**errors: SignalWireError) -> Message:
    return lookup_result([NotFound(ID, errors)], card_context())


def test_every_error_class_is_listed() -> None:
    assert {type(error) for error in ERRORS.values()} == set(SignalWireError.__subclasses__())


@EACH
@pytest.mark.parametrize(
    "describe", [error_texts.describe, error_texts.describe_list, error_texts.describe_part]
)
def test_each_error_is_described(
    error: SignalWireError, describe: Callable[[SignalWireError], error_texts.ErrorText]
) -> None:
    assert describe(error).title


@EACH
def test_each_hint_says_what_to_do(error: SignalWireError) -> None:
    assert re.match(r"(Ask|Check|Try) ", error_texts.describe(error).hint)


def test_each_error_has_a_different_text() -> None:
    described = [error_texts.describe(error) for error in ERRORS.values()]
    assert len({text.title for text in described}) == len(ERRORS)
    assert len({text.detail for text in described}) == len(ERRORS)


def test_an_unknown_error_is_a_bug() -> None:
    with pytest.raises(TypeError, match="SignalWireError"):
        error_texts.describe(SignalWireError())


@pytest.mark.parametrize(
    ("api_errors", "reason"),
    [
        ([ApiError("bad", "")], ": `bad`."),
        ([ApiError("", "is bad")], ": `is bad`."),
        ([ApiError("a", "b"), ApiError("c", "d")], ": `a` `b`; `c` `d`."),
        ([ApiError(str(n), "") for n in range(9)], ": `0`; `1`."),
        ([ApiError("", "Pay first.")], ": `Pay first.`"),
        ([ApiError("", "Pay first!")], ": `Pay first!`"),
        ([ApiError("", "Paid?  ")], ": `Paid?`"),
        ([ApiError("", "Wait…")], ": `Wait…`"),
        ([ApiError("a", "b."), ApiError("c", "d.")], ": `a` `b.`; `c` `d.`"),
    ],
)
@pytest.mark.parametrize("status", [400, 402, 423])
def test_the_reason_is_from_the_api(status: int, api_errors: list[ApiError], reason: str) -> None:
    detail = error_texts.describe(BadRequestError(status, api_errors)).detail
    assert detail.endswith(f"{status}{reason}")


def test_an_empty_reason_is_no_reason() -> None:
    empty, none = BadRequestError(400, [ApiError("", "")]), BadRequestError(400, [])
    assert error_texts.describe(empty) == error_texts.describe(none)


@pytest.mark.parametrize(
    ("seconds", "wait"),
    [
        (None, "in a minute"),
        (0.0, "in 1 second"),
        (1.0, "in 1 second"),
        (1.01, "in 2 seconds"),
        (59.0, "in 59 seconds"),
        (59.5, "in 1 minute"),
        (60.5, "in 2 minutes"),
        (120.0, "in 2 minutes"),
        (3600.0, "in 1 hour"),
        (3601.0, "in 2 hours"),
        (86_400.0, "in 24 hours"),
        (86_401.0, "later"),
        (999_999_999.0, "later"),
    ],
)
def test_the_error_says_when_to_try_again_after_too_many_requests(
    seconds: float | None, wait: str
) -> None:
    text = error_texts.describe(RateLimitedError(seconds))
    assert text.hint == text.short
    assert text.hint.endswith(f" {wait}.")


@pytest.mark.parametrize(
    ("attempts", "times"), [(1, "once"), (2, "twice"), (3, "three times"), (4, "4 times")]
)
def test_the_error_says_how_often_it_was_tried(attempts: int, times: str) -> None:
    assert times in error_texts.describe(UnavailableError("timeout", attempts)).detail


@pytest.mark.parametrize(
    "error", [UnavailableError("ConnectTimeoutXyz", 3), InvalidResponseError("ConnectTimeoutXyz")]
)
def test_causes_for_the_log_are_not_shown(error: SignalWireError) -> None:
    assert "ConnectTimeoutXyz" not in str(missed(acme=error))


def test_a_project_without_the_log_does_not_decide_what_to_do_next() -> None:
    rejected = AuthenticationError()
    for errors in (
        {"acme": LogNotFoundError(), "beta": rejected},
        {"acme": rejected, "beta": LogNotFoundError()},
    ):
        assert multi_project_errors.describe_all(errors).hint == error_texts.describe(rejected).hint


def test_the_retry_button_has_the_ids_and_changes_nothing_else() -> None:
    message, without = (
        error_messages.failed(error_texts.INTERNAL_ERROR, "k7m2", retry=ids)
        for ids in ([ID, OTHER], [])
    )
    assert message.blocks[-1] == {"type": "actions", "elements": [actions.retry([ID, OTHER])]}
    assert (message.text, list(message.blocks[:-1])) == (without.text, list(without.blocks))


@pytest.mark.parametrize(
    ("errors", "transient"),
    [
        (["not found"], True),
        (["rate limited"], True),
        (["unavailable"], True),
        (["unreadable"], True),
        (["credentials rejected"], False),
        (["too old"], False),
        (["rejected"], False),
        (["rejected", "credentials rejected"], False),
        (["credentials rejected", "unavailable"], True),
    ],
)
def test_only_transient_errors_can_be_retried(
    errors: list[str],
    transient: bool,  # noqa: FBT001 - the column of a table
) -> None:
    assert multi_project_errors.is_transient({name: ERRORS[name] for name in errors}) is transient


def test_an_error_response_is_not_called_a_timeout() -> None:
    answered, silent = (
        error_texts.describe(UnavailableError(cause, 3)) for cause in ("500", "timeout")
    )
    assert "500" in answered.title
    assert "answering" not in answered.title
    assert silent.title == error_texts.UNAVAILABLE.title


def test_projects_that_fail_differently_share_no_title() -> None:
    both = multi_project_errors.describe_all(
        {"a": UnavailableError("500"), "b": UnavailableError("timeout")}
    )
    assert both.title == multi_project_errors.NONE_CHECKED
