"""What a user sees when a lookup fails: SignalWire's errors and the bot's own."""

from collections.abc import Mapping

from bot.dev.gallery import build
from bot.dev.gallery.fixtures import (
    LOG_ID,
    PROJECT,
    REFERENCE,
    answer,
    every_wording,
    one_of_each,
)
from bot.dev.gallery.model import Section
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


def problems() -> Section:
    """Every error; temporary ones have **Try again**."""
    return build.section("Problems", _one_project(), _several_projects(), _own())


def _missed(errors: Mapping[str, SignalWireError]) -> NotFound:
    return NotFound(LOG_ID, errors)


def _one_project() -> build.Examples:
    told = {
        f"{name}; one project": answer(_missed({PROJECT: error}))
        for name, error in every_wording().items()
    }
    quoting = BadRequestError(422, [ApiError("", "No call from +1 206 555 0134")])
    return {
        **told,
        "404 without a button, as the command line prints it": answer(
            _missed({PROJECT: LogNotFoundError()}), setting=None
        ),
        "422 that quotes a number": answer(_missed({PROJECT: quoting})),
        "422 that quotes a number; numbers are masked": answer(
            masking.mask_result(_missed({PROJECT: quoting}))
        ),
    }


def _several_projects() -> build.Examples:
    lacking, refused = LogNotFoundError(), AuthenticationError()
    many = [f"project-{number}" for number in range(1, 8)]
    cases: dict[str, Mapping[str, SignalWireError]] = {
        "not one of two projects has it": {"sales": lacking, "support": lacking},
        "not one of seven projects has it": dict.fromkeys(many, lacking),
        "two projects refuse the credentials": {"sales": refused, "support": refused},
        "one lacks it, one refuses the credentials": {"sales": lacking, "support": refused},
        "one lacks it, one isn't answering": {
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
        "one asks to slow down, one isn't answering": {
            "sales": RateLimitedError(12),
            "support": UnavailableError("503", 3),
        },
        "each answers something else": dict(zip(many, one_of_each().values(), strict=True)),
        "hostile names": {"<!channel>": lacking, "*b* `c` <https://evil.example|x>": refused},
    }
    return {name: answer(_missed(errors)) for name, errors in cases.items()}


def _own() -> build.Examples:
    told = {
        "the bot broke": errors.INTERNAL_ERROR,
        "the bot is restarting": errors.RESTARTING,
        "too much is under way": errors.BUSY,
    }
    return {
        "too much of one person's is under way": error_messages.message(
            errors.BUSY_WITH_YOURS, REFERENCE
        ),
        **{name: error_messages.failed(word, REFERENCE) for name, word in told.items()},
        **{
            f"{name}; ids to try again": error_messages.failed(word, REFERENCE, retry=[LOG_ID])
            for name, word in told.items()
        },
    }
