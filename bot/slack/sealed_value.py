"""What a button holds that nobody may read or make up: sealed with a key of the bot's own.

Fernet (cryptography.io/en/latest/fernet) encrypts, authenticates and writes the time down, so any
process with the same secrets can read what another one sealed, and nothing need be remembered.
"""

from base64 import urlsafe_b64encode
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.runtime.clock import Clock

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet

LIFETIME: Final = timedelta(days=1)


class SealedValues:
    """Seals values and reads them again.

    Args:
        secrets: at least one. The first seals; what any of them sealed is read.
        now: the current time in UTC.
    """

    def __init__(self, secrets: Sequence[str], *, now: Clock) -> None:
        self._secrets = secrets
        self._now = now

    def seal(self, text: str, *, purpose: str) -> str:
        """A value that shows nothing of `text` but about how long it is.

        Args:
            text: up to 1,439 bytes, which fill the 2,000 characters that a button's value may have.
            purpose: must be named again to read it; each has a key of its own.
        """
        fernet = _fernet(self._secrets, purpose)
        return fernet.encrypt_at_time(text.encode(), self._seconds()).decode()

    def unseal(self, value: str, *, purpose: str) -> str | None:
        """The text; None if it was sealed over a day ago, or not by this bot for this purpose."""
        from cryptography.fernet import InvalidToken  # noqa: PLC0415 - 40 ms, 8 MiB

        fernet, token = _fernet(self._secrets, purpose), value.encode(errors="replace")
        try:
            # Another process's clock may be ahead of this one, and Fernet allows a minute of it.
            now = max(self._seconds(), fernet.extract_timestamp(token))
            return fernet.decrypt_at_time(token, round(LIFETIME.total_seconds()), now).decode()
        except InvalidToken:
            return None

    def _seconds(self) -> int:
        return int(self._now().timestamp())


def _fernet(secrets: Sequence[str], purpose: str) -> "MultiFernet":
    from cryptography.fernet import Fernet, MultiFernet  # noqa: PLC0415 - see above
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: PLC0415

    info = f"voicelog, what a button holds: {purpose}".encode()

    def key(secret: str) -> bytes:
        derived = HKDF(SHA256(), length=32, salt=None, info=info).derive(secret.encode())
        return urlsafe_b64encode(derived)

    return MultiFernet([Fernet(key(secret)) for secret in secrets])
