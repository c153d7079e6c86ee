"""Whether the user of a terminal wants colors."""

from collections.abc import Mapping


def wants_color(environment: Mapping[str, str]) -> bool:
    """Return False if the user has opted out, or if the terminal has no escape codes.

    Source: no-color.org, according to which an empty NO_COLOR counts as unset.
    """
    return not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"
