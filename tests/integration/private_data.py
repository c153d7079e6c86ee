"""Asserts that phone numbers and secrets are in no log line, and in nothing that Slack stores."""

import json
import re
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Final

from bot.dev.emulator.signalwire.catalog import catalog
from bot.dev.emulator.signalwire.failures import canned_failures
from tests.support.reading import buttons
from tests.support.samples import CANARY, NOW

if TYPE_CHECKING:
    from pydantic import JsonValue

_FORMATTED_NUMBER: Final = re.compile(r"206\D{0,2}555\D{0,2}\d{4}")
_SAMPLE_NUMBER: Final = re.compile(r"555\D{0,3}(?:0\D{0,3}1|1212|3434)")
"""Matches every number of the catalog and of `sample_logs`, or its last digits."""
_ANY_NUMBER: Final = re.compile(r"\+\d|(?<![\w-])\d{5,}(?![\w-])")
_NOT_A_NUMBER: Final = re.compile(
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"  # a log ID
    r"|\b\d{1,20}\.\d{1,10}\b"  # a message's timestamp
    r"|\d{4}-\d\d-\d\dT[\d:.]+(?:Z|\+00:00)"
    r"|[\w-]{40,}"  # a sealed value, which may have any three digits
)


def _numbers() -> set[str]:
    bodies = [json.dumps(dict(entry.body)) for entry in catalog(NOW)]
    bodies += [
        failure.log.decode() + failure.body.decode(errors="replace")
        for failure in canned_failures()
    ]
    return {number for body in bodies for number in re.findall(r"\+(\d{10,15})", body)}


NUMBERS: Final = frozenset(_numbers())
"""Every phone number that the emulated SignalWire has, without the plus sign."""


def assert_not_in_log(written: str, secrets: Collection[str]) -> None:
    """Assert that the log has no secret, response URL, phone number or body, even redacted."""
    assert written
    forbidden = [CANARY, "deprecated", "response/", *secrets, *NUMBERS]
    assert [secret for secret in forbidden if secret and secret in written] == [], written
    assert not _FORMATTED_NUMBER.search(written), written
    assert not _SAMPLE_NUMBER.search(_NOT_A_NUMBER.sub("", written)), written
    assert "[redacted]" not in written, "private data was redacted, but must not be logged at all"


def assert_not_in_slack(bodies: Sequence[str], secrets: Collection[str]) -> None:
    """Assert that no button's value and no modal's metadata has a phone number or a secret.

    Values have only IDs, times, threads, pages and tokens, and metadata what a click needs.
    """
    sent: list[dict[str, JsonValue]] = [json.loads(body) for body in bodies if body[:1] == "{"]
    views = [body.get("view", body) for body in sent]
    metadata = [str(view.get("private_metadata", "")) for view in views if isinstance(view, dict)]
    for one in filter(None, metadata):
        assert set(json.loads(one)) <= {"channel", "log", "public"}
    for text in (*(button.value for body in sent for button in buttons(body)), *metadata):
        other = _NOT_A_NUMBER.sub("", text)
        assert not _ANY_NUMBER.search(other), text
        assert not _SAMPLE_NUMBER.search(other), text
        assert [private for private in (*NUMBERS, *secrets) if private in text] == [], text
