"""The controls beside the page: live calls, SignalWire's failures, and the bot's settings."""

from collections.abc import Mapping, Sequence
from typing import Final

from bot.dev.emulator.signalwire.failures import CannedFailure
from bot.dev.local_stack import LocalStack
from bot.dev.playground.web.config import ChoiceControl, CommandControl, Control, RangeControl
from bot.ui.subcommands import COMMAND
from bot.voicelogs.masking import Masking

_HIGHEST_LATENCY_SECONDS: Final = 10
_LIVE_CALL: Final = "live_call"
# Each setting's options, as (value, label); the first is the default, and empty if it is not set.
_SETTINGS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    **{
        name: (
            ("", "not set"),
            (allowed, f"this {what} ({allowed})"),
            (other, f"only another {what} ({other})"),
        )
        for name, what, allowed, other in (
            ("ALLOWED_TEAMS", "workspace", "T0ACME", "T0ELSEWHERE"),
            ("ALLOWED_CHANNELS", "channel", "C0SUPPORT", "C0ELSEWHERE"),
            ("ALLOWED_USERS", "person", "U0SUPPORT", "U0ELSEWHERE"),
        )
    },
    "MASK_NUMBERS": (
        (Masking.SHARED.value, "shared (the default)"),
        (Masking.ALWAYS.value, "always"),
        (Masking.NEVER.value, "never"),
    ),
}


class Controls:
    """The page's controls, as `web.config` describes them."""

    def __init__(self, stack: LocalStack) -> None:
        self._stack = stack

    def controls(self) -> Sequence[Control]:
        signalwire, environment = self._stack.signalwire, self._stack.environment
        latency, percent = signalwire.latency_seconds, round(signalwire.failure_rate * 100)
        return (
            CommandControl(_LIVE_CALL, "Start another live call"),
            RangeControl(
                "latency", "SignalWire latency", _HIGHEST_LATENCY_SECONDS, 0.5, "s", latency
            ),
            RangeControl("failures", "SignalWire failure rate", 100, 5, "%", percent),
            ChoiceControl(
                "failure",
                "SignalWire failure type",
                tuple((failure.id, failure.description) for failure in self._failures()),
                signalwire.failure.id,
            ),
            *(
                ChoiceControl(name, name, options, environment.get(name, options[0][0]))
                for name, options in _SETTINGS.items()
            ),
        )

    def command(self, name: str) -> str:
        """The command that looks up a new live call, which makes it begin."""
        if name != _LIVE_CALL:
            raise ValueError(f"there is no control {name}")
        return f"{COMMAND} {self._stack.signalwire.another_live_call()}"

    async def change(self, name: str, value: str) -> str:
        """Change one control; the bot is restarted if its environment changes."""
        signalwire = self._stack.signalwire
        match name:
            case "latency":
                signalwire.latency_seconds = _number(value, _HIGHEST_LATENCY_SECONDS)
                return f"SignalWire now takes {signalwire.latency_seconds:g} s longer."
            case "failures":
                signalwire.failure_rate = _number(value, 100) / 100
                return f"SignalWire now fails {signalwire.failure_rate:.0%} of the time."
            case "failure":
                known = {each.id: each for each in self._failures()}
                if value not in known:
                    raise ValueError("SignalWire has no such failure")
                signalwire.failure = known[value]
                return f"SignalWire now fails like this: {signalwire.failure.description}."
            case _:
                return await self._set(name, value)

    async def _set(self, name: str, value: str) -> str:
        if name not in _SETTINGS:
            raise ValueError(f"there is no control {name}")
        if value not in dict(_SETTINGS[name]):
            raise ValueError(f"{name} has no such option")
        environment = {**self._stack.environment, name: value}
        await self._stack.restart_with({key: each for key, each in environment.items() if each})
        if value:
            return f"The bot was restarted with {name}={value}."
        return f"The bot was restarted without {name}."

    def _failures(self) -> Sequence[CannedFailure]:
        """The failures that apply to any request: permanent, and not only for a log's events."""
        failures = self._stack.signalwire.failures
        return [each for each in failures if each.repeat is None and each.endpoint == "log"]


def _number(value: str, highest: float) -> float:
    try:
        number = float(value)
    except ValueError:
        number = -1
    if not 0 <= number <= highest:
        raise ValueError(f"it must be a number between 0 and {highest:g}")
    return number
