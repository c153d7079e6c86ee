from typing import Final
from uuid import UUID

import pytest

from bot.dev.gallery.errors import ONE_OF_EACH
from bot.signalwire.errors import (
    ApiError,
    BadRequestError,
    InvalidResponseError,
    RateLimitedError,
    SignalWireError,
    UnavailableError,
)
from bot.ui import errors as error_texts
from bot.ui import multi_project_errors

ID: Final = UUID("40400000-0000-4000-8000-000000000404")
OTHER: Final = UUID("40400000-0000-4000-8000-000000000405")


def test_the_gallery_has_an_error_of_each_class() -> None:
    assert {type(each) for each in ONE_OF_EACH.values()} == {*SignalWireError.__subclasses__()}


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
    "error", [UnavailableError("ConnectTimeoutXyz", 3), InvalidResponseError("ConnectTimeoutXyz")]
)
def test_causes_for_the_log_are_not_shown(error: SignalWireError) -> None:
    assert "ConnectTimeoutXyz" not in repr(error_texts.describe(error))


def test_projects_that_fail_differently_share_no_title() -> None:
    both = multi_project_errors.describe_all(
        {"a": UnavailableError("500"), "b": UnavailableError("timeout")}
    )
    assert both.title == multi_project_errors.NONE_CHECKED
