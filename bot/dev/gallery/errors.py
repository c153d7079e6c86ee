"""What a user sees when a lookup fails: SignalWire's errors and the bot's own."""

from collections.abc import Mapping

from bot.dev.gallery import build
from bot.dev.gallery.fixtures import (
    LOG_ID,
    PROJECT,
    REFERENCE,
    every_wording,
    one_of_each,
    reply,
)
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
from bot.ui import error_messages, errors
from bot.voicelogs import masking
from bot.voicelogs.results import NotFound


def errors_() -> build.Examples:
    """Every error; temporary ones have **Try again**."""
    return {**_one_project(), **_several_projects(), **_bot_errors()}


def _not_found(errors: Mapping[str, SignalWireError]) -> NotFound:
    return NotFound(LOG_ID, errors)


def _one_project() -> build.Examples:
    messages = {
        f"{name}; one project": reply(_not_found({PROJECT: error}))
        for name, error in every_wording().items()
    }
    quoting = BadRequestError(422, [ApiError("", "No call from +1 206 555 0134")])
    return {
        **messages,
        "404 without a button, as the command line prints it": reply(
            _not_found({PROJECT: LogNotFoundError()}), setting=None
        ),
        "422 that quotes a number": reply(_not_found({PROJECT: quoting})),
        "422 that quotes a number; numbers are masked": reply(
            masking.mask_result(_not_found({PROJECT: quoting}))
        ),
    }


def _several_projects() -> build.Examples:
    lacking, refused = LogNotFoundError(), AuthenticationError()
    many = [f"project-{number}" for number in range(1, 8)]
    cases: dict[str, Mapping[str, SignalWireError]] = {
        "neither of two projects has it": {"sales": lacking, "support": lacking},
        "none of seven projects has it": dict.fromkeys(many, lacking),
        "two projects reject the credentials": {"sales": refused, "support": refused},
        "one doesn't have it, one rejects the credentials": {"sales": lacking, "support": refused},
        "one doesn't have it, one isn't responding": {
            "sales": lacking,
            "support": UnavailableError("timeout", 3),
        },
        "one has it, beyond its history limit": {
            "sales": lacking,
            "support": LogTooOldError("2025-02-09"),
        },
        "one rejects the request, one sends no JSON": {
            "sales": BadRequestError(400, ()),
            "support": InvalidResponseError("not JSON"),
        },
        "one is rate-limiting, one isn't responding": {
            "sales": RateLimitedError(12),
            "support": UnavailableError("503", 3),
        },
        "each responds differently": dict(zip(many, one_of_each().values(), strict=True)),
        "hostile names": {"<!channel>": lacking, "*b* `c` <https://evil.example|x>": refused},
    }
    return {name: reply(_not_found(errors)) for name, errors in cases.items()}


def _bot_errors() -> build.Examples:
    told = {
        "an internal error": errors.INTERNAL_ERROR,
        "the bot is restarting": errors.RESTARTING,
        "too many requests are in progress": errors.BUSY,
    }
    return {
        "one user has too many requests in progress": error_messages.message(
            errors.BUSY_WITH_YOURS, REFERENCE
        ),
        **{name: error_messages.failed(word, REFERENCE) for name, word in told.items()},
        **{
            f"{name}; with ids to try again": error_messages.failed(word, REFERENCE, retry=[LOG_ID])
            for name, word in told.items()
        },
    }
