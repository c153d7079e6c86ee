"""Help, the status, and who has access: what isn't about any call."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.access import Denial
from bot.dev.gallery.errors import ONE_OF_EACH
from bot.dev.gallery.fixtures import LOG_ID, PROJECT, RECORDING
from bot.dev.gallery.model import Examples
from bot.dev.gallery.replies import REFERENCE
from bot.ui import access_denied, block_kit, home_tab, notices, search_results, status
from bot.ui import help as cards
from bot.voicelogs.id_mentions import Kind, OtherId
from bot.voicelogs.ids import Ids
from bot.voicelogs.results import ProjectHealth

DENIALS: Final = {
    "this channel isn't allowed": Denial("channel", "C0RANDOM"),
    "used outside of any channel": Denial("channel", ""),
    "this person isn't allowed": Denial("user", "U0VISITOR"),
    "this person's workspace isn't allowed": Denial("team", "T0PARTNER"),
    "this person's workspace isn't known": Denial("team", ""),
}


def access_denied_() -> Examples:
    """Every reason; the form shows it in a modal."""
    messages = {
        name: access_denied.access_denied(each, REFERENCE) for name, each in DENIALS.items()
    }
    modals = {
        f"{name}; instead of a form": block_kit.message_modal(search_results.FORM_TITLE, each)
        for name, each in messages.items()
    }
    return {**messages, **modals}


def help_() -> Examples:
    """The help, and the messages for missing or truncated IDs."""
    commands = {
        "no id in the command": [],
        "a truncated id in the command": ["b7182dc2…"],
        "several truncated ids in the command": [
            *("b7182dc2-00f3…", "ca110000-", "57a70500-0000-40", "fa000000…")
        ],
        "hostile text for a truncated id": ["<!channel> `code` *bold*"],
    }
    cut = ("b7182dc2…",)
    messages = {
        "no id": Ids(),
        "a truncated id": Ids(truncated=cut),
        "a recording's address": RECORDING,
        "a Twilio SID": _other(Kind.TWILIO_CALL, f"CA{'0123456789abcdef' * 2}"),
        "an account's address": _other(Kind.PROJECT, str(LOG_ID)),
        "an id with a missing digit": _other(Kind.MISTYPED, str(LOG_ID)[:-1]),
        "an id with an extra digit": _other(Kind.MISTYPED, f"{LOG_ID}0"),
        "misplaced dashes": _other(Kind.MISTYPED, "b7182dc20-0f3-40e4-a5ce-20f164b329df"),
        "a recording's address and a truncated id": replace(RECORDING, truncated=cut),
    }
    return {
        "/voicelog help": cards.help_card(),
        **{name: cards.no_id(pieces) for name, pieces in commands.items()},
        "/voicelog with a recording's address": cards.no_id([], RECORDING.others),
        **{f"{name} in the message": cards.no_id_in_message(ids) for name, ids in messages.items()},
    }


def _other(kind: Kind, text: str) -> Ids:
    """The result of reading a message whose only id isn't a voice log's."""
    return Ids(others=(OtherId(kind, text),))


def status_and_home() -> Examples:
    """The same states in the response and on the Home tab."""
    states, denied = _states(), DENIALS["this person isn't allowed"]
    return {
        **{f"/voicelog status: {name}": status.status(*state) for name, state in states.items()},
        "Home: before SignalWire has responded": home_tab.home_tab(None, None),
        "Home: a user who isn't allowed": home_tab.home_tab(None, denied),
        **{f"Home: {name}": home_tab.home_tab(*state) for name, state in states.items()},
        "Home: a button opened no modal": home_tab.home_tab(
            [], None, reply=notices.modal_failed(REFERENCE, late=True)
        ),
    }


def _states() -> dict[str, tuple[Sequence[ProjectHealth], Denial | None]]:
    well = ProjectHealth(PROJECT, None, 84)
    ailing = [
        ProjectHealth(f"project-{n}", error, 100 * n)
        for n, error in enumerate(ONE_OF_EACH.values(), 1)
    ]
    projects = {
        "all is well": [well],
        "several projects": [well, ProjectHealth("support", None, 1250)],
        "every error of a project": [*ailing, ProjectHealth("faulty", "internal_error", 0)],
        "more projects than are shown": [ProjectHealth(f"site-{n}", None, n) for n in range(25)],
        "a hostile name": [ProjectHealth("<!channel> `*x*`", None, 1)],
    }
    return {
        **{name: (each, None) for name, each in projects.items()},
        # No project is checked for these users.
        **{name: ([], denial) for name, denial in DENIALS.items()},
    }
