"""SignalWire's errors: one of each class, and all with a different message."""

from collections.abc import Mapping
from typing import Final

from bot.signalwire import errors
from bot.signalwire.errors import ApiError, SignalWireError, UnavailableError

HOSTILE: Final = "<!channel> *bold* `code` <https://evil.example|SignalWire>"
_API_ERROR: Final = ApiError("invalid_parameter", "Parameter value is invalid")
_HOSTILE_API_ERROR: Final = ApiError("<!channel>", f"{HOSTILE[11:]} {'A' * 300}")

NOT_FOUND: Final = errors.LogNotFoundError()
REJECTED: Final = errors.AuthenticationError()
TOO_OLD: Final = errors.LogTooOldError("2025-02-09")
NOT_JSON: Final = errors.InvalidResponseError("not JSON")
UNAVAILABLE: Final = UnavailableError("503", 3)
TIMEOUT: Final = UnavailableError("timeout", 3)
BAD_REQUEST: Final = errors.BadRequestError(400, ())

ONE_OF_EACH: Final[Mapping[str, SignalWireError]] = {
    "404": NOT_FOUND,
    "401 or 403": REJECTED,
    "422, beyond the history limit": TOO_OLD,
    "422, a wrong parameter": errors.BadRequestError(422, [_API_ERROR]),
    "429, retry after two minutes": errors.RateLimitedError(120),
    "503, three times": UNAVAILABLE,
    "not JSON": NOT_JSON,
}
"""An error of each class, by SignalWire's response."""

EVERY_WORDING: Final[Mapping[str, SignalWireError]] = {
    **ONE_OF_EACH,
    "404 in HTML, from a space that doesn't exist": errors.InvalidResponseError(errors.NOT_THE_API),
    "422, beyond an unnamed history limit": errors.LogTooOldError(None),
    "400 without a reason": BAD_REQUEST,
    "400 with a short reason": errors.BadRequestError(400, [ApiError("", "Bad Request")]),
    "422, three reasons": errors.BadRequestError(422, [_API_ERROR] * 3),
    "422, hostile text": errors.BadRequestError(422, [_HOSTILE_API_ERROR]),
    "429, retry immediately": errors.RateLimitedError(0),
    "429 without a time": errors.RateLimitedError(None),
    "500": UnavailableError("500"),
    "503, twice": UnavailableError("503", 2),
    "no response, three times": TIMEOUT,
    "no free connection in time": UnavailableError("no free slot", attempts=0),
}
"""All errors with a different message."""
