"""Encrypts and authenticates button values, so that no state is kept on the server.

A value is the URL-safe base64 of a nonce and a ciphertext: the time and the text, encrypted with
XChaCha20-Poly1305 (libsodium's documentation, "AEAD constructions"). Any process with the same
secrets can decrypt it.
"""

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from nacl.bindings import sodium_pad, sodium_unpad
from nacl.exceptions import CryptoError
from nacl.secret import Aead

from bot.runtime.clock import Clock

LIFETIME: Final = timedelta(days=1)

_TIME_BYTES: Final = 8
_BLOCK_BYTES: Final = 16


class SealedValues:
    """Encrypts and decrypts button values.

    There is at least one secret. The first encrypts, and all of them decrypt.
    """

    def __init__(self, secrets: Sequence[str], *, now: Clock) -> None:
        self._ciphers = [Aead(_key(secret)) for secret in secrets]
        self._now = now

    def seal(self, text: str, *, purpose: str) -> str:
        """Encrypt `text`; the value reveals only its approximate length.

        It can be unsealed for the same purpose only. `text` has up to 1,447 bytes: sealed, these
        take the 2,000 characters of a button's value.
        """
        content = self._seconds().to_bytes(_TIME_BYTES, "big") + text.encode()
        encrypted = self._ciphers[0].encrypt(sodium_pad(content, _BLOCK_BYTES), purpose.encode())
        return urlsafe_b64encode(encrypted).decode()

    def unseal(self, value: str, *, purpose: str) -> str | None:
        """Decrypt a value; None if it is over a day old, or not from this bot for this purpose."""
        content = self._decrypted(value, purpose)
        if content is None:
            return None
        # It may be negative if another process's clock is ahead.
        age = self._seconds() - int.from_bytes(content[:_TIME_BYTES], "big")
        return content[_TIME_BYTES:].decode() if age <= LIFETIME.total_seconds() else None

    def _decrypted(self, value: str, purpose: str) -> bytes | None:
        for cipher in self._ciphers:
            try:
                content = cipher.decrypt(urlsafe_b64decode(value), purpose.encode())
            except (CryptoError, ValueError):  # not base64, too short, or not authentic
                continue
            return sodium_unpad(content, _BLOCK_BYTES)
        return None

    def _seconds(self) -> int:
        return int(self._now().timestamp())


def _key(secret: str) -> bytes:
    """Derive a key that is used for values only, since signing secrets also verify requests."""
    return hashlib.blake2b(secret.encode(), digest_size=Aead.KEY_SIZE, person=b"voicelog").digest()
