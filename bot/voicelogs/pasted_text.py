"""Decodes pasted text: HTML entities, escapes in JSON, percent-encoding, quoted-printable mail."""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote

_PLAIN: Final = str.maketrans(
    dict.fromkeys("‐‑‒–—−﹣－", "-")  # noqa: RUF001 - editors replace hyphens by these
    | dict.fromkeys("│┃║", "|")  # command lines draw tables with these
)
_INVISIBLE: Final = re.compile(
    "[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
)
_ENTITIES: Final = {
    "lt": "<", "gt": ">", "quot": '"', "#34": '"', "#39": "'", "nbsp": " ", "amp": "&",
}  # fmt: skip
_ENTITY: Final = re.compile(f"&({'|'.join(_ENTITIES)});")
_JSON_ESCAPE: Final = re.compile(r"\\(?:u00([2-7][0-9a-fA-F])|([nrt/]))")
_JSON_LETTERS: Final = {"n": "\n", "r": "\r", "t": "\t", "/": "/"}
# A terminal's colors (ECMA-48, SGR); the first character is often lost, or escaped. `[5m]` is none.
_COLOR: Final = re.compile(r"(?:\x1b|(?i:\\(?:u001b|x1b|033|e)))?\[[\d;]{1,12}m(?!\])|\x1b\[m")
# Mail breaks a line anywhere with "=", and writes "=3D" for an equals sign (RFC 2045, 6.7).
_SOFT_BREAK: Final = re.compile(r"(?<=[0-9a-fA-F-]{4})=\r?\n(?=[0-9a-fA-F-])")
_EQUALS_SIGN: Final = re.compile(r"=3D(?=[\"']?[0-9a-fA-F]{8}-)")
# A file in the memory of someone's browser; its id is the browser's own (W3C, File API).
_BLOB_URL: Final = re.compile(r"\bblob:[ <]{0,2}https?://[\w.:-]{1,100}/[0-9a-fA-F-]{36}")
# Media in an offer or answer of WebRTC, named by the browser (RFC 8830, RFC 5576).
_SDP_MEDIA: Final = re.compile(r"""(?<![^\s`>])a=(?:msid|ssrc)[^\n"']{1,300}""")
_URLS_IN_URLS: Final = 3
"""How often a URL may be percent-encoded: each redirect encodes the one that it leads to."""


def readings(text: str) -> Iterator[str]:
    """Yield the text as its writer meant it, with plain dashes and bars. Linear in its length.

    A text with invisible characters has two readings, without them and with spaces instead: one may
    be within an id, or between two adjacent ids.
    """
    text = _decoded(text)
    visible = _INVISIBLE.sub("", text)
    yield visible
    if visible != text:
        yield _INVISIBLE.sub(" ", text)


def _decoded(text: str) -> str:
    text = _ENTITY.sub(lambda match: _ENTITIES[match[1]], _COLOR.sub("", text))
    for _ in range(_URLS_IN_URLS):
        text = unquote(text)
    text = _JSON_ESCAPE.sub(_letter, text).translate(_PLAIN)
    text = _SDP_MEDIA.sub(" ", _BLOB_URL.sub(" ", text))
    return _EQUALS_SIGN.sub("=", _SOFT_BREAK.sub("", text))


def _letter(match: re.Match[str]) -> str:
    return chr(int(match[1], 16)) if match[1] else _JSON_LETTERS[match[2]]
