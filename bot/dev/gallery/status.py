"""The status of the bot: the response to `/voicelog status`, and the Home tab."""

from collections.abc import Sequence

from bot.access import Denial
from bot.dev.gallery import build
from bot.dev.gallery.access_denied import DENIALS
from bot.dev.gallery.fixtures import PROJECT, REFERENCE, one_of_each
from bot.ui import home_tab, notices, status
from bot.voicelogs.results import ProjectHealth


def status_and_home() -> build.Examples:
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
        for n, error in enumerate(one_of_each().values(), 1)
    ]
    denied: dict[str, tuple[Sequence[ProjectHealth], Denial | None]] = {
        name: ([], denial)  # no project is checked for this user
        for name, denial in DENIALS.items()
    }
    return {
        "all is well": ([well], None),
        "several projects": ([well, ProjectHealth("support", None, 1250)], None),
        "every error of a project": ([*ailing, ProjectHealth("faulty", "internal_error", 0)], None),
        "more projects than are shown": (
            [ProjectHealth(f"site-{n}", None, n) for n in range(25)],
            None,
        ),
        "a hostile name": ([ProjectHealth("<!channel> `*x*`", None, 1)], None),
        **denied,
    }
