"""Encrypts and authenticates button values, so that no state is kept on the server.

Fernet tokens (cryptography.io/en/latest/fernet) include the time, and any process with the same
secrets can decrypt them.
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
    """Encrypts and decrypts button values.

    Args:
        secrets: at least one. The first encrypts, and all of them decrypt.
        now: returns the current time in UTC.
    """

    def __init__(self, secrets: Sequence[str], *, now: Clock) -> None:
        self._secrets = secrets
        self._now = now

    def seal(self, text: str, *, purpose: str) -> str:
        """Encrypt `text`; the value reveals only its approximate length.

        Args:
            text: up to 1,439 bytes, which fill the 2,000 characters allowed in a button's value.
            purpose: selects the key; `unseal` needs the same one.
        """
        fernet = _fernet(self._secrets, purpose)
        return fernet.encrypt_at_time(text.encode(), self._seconds()).decode()

    def unseal(self, value: str, *, purpose: str) -> str | None:
        """Decrypt a value; None if it is over a day old, or not from this bot for this purpose."""
        from cryptography.fernet import InvalidToken  # noqa: PLC0415 - 40 ms, 8 MiB

        fernet, token = _fernet(self._secrets, purpose), value.encode(errors="replace")
        try:
            # Another process's clock may be ahead by more than the minute that Fernet allows.
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
