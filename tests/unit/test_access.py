from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Final

import pytest

from bot.access import Access, Actor, Denial, Installation

JO = Actor(user_id="U1", team_id="T1", channel_id="C1")
HOME = Installation("T1")
NO_IDS: AbstractSet[str] = frozenset()


def access(
    *,
    teams: AbstractSet[str] = NO_IDS,
    channels: AbstractSet[str] = NO_IDS,
    users: AbstractSet[str] = NO_IDS,
    home: Installation | None = HOME,
) -> Access:
    made = Access(teams=teams, channels=channels, users=users)
    made.installation = home
    return made


MEMBER_OF_T2 = replace(JO, team_id="T2", app_team_id="T1")
IN_T7 = replace(JO, team_id="T7", enterprise_id="E1")
ORG_WIDE = Installation("T1", "E1", is_enterprise_install=True)
ALL_LISTS = access(teams={"T1"}, channels={"C1"}, users={"U1"})

CLAIMS: Final[dict[str, Sequence[tuple[Access, Actor, Denial | None]]]] = {
    "without lists, all members of the installing workspace are allowed": [
        (access(), JO, None),
        (access(), replace(JO, user_id="W9", channel_id="D9"), None),
        (access(), MEMBER_OF_T2, Denial("team", "T2")),
    ],
    "members of listed workspaces are allowed": [
        (access(teams={"T1", "T2"}), MEMBER_OF_T2, None),
        (access(teams={"T1", "T2"}), JO, None),
        (access(teams={"T1", "T2"}), replace(JO, team_id="T3"), Denial("team", "T3")),
    ],
    "a list of workspaces can exclude the installing one": [
        (access(teams={"T2"}), JO, Denial("team", "T1")),
    ],
    "only listed channels are allowed": [
        (access(channels={"C1", "C2"}), JO, None),
        (access(channels={"C2"}), JO, Denial("channel", "C1")),
        (access(channels={"C2"}), replace(JO, channel_id=""), Denial("channel", "")),
    ],
    "only listed users are allowed": [
        (access(users={"U1"}), JO, None),
        (access(users={"U2"}), JO, Denial("user", "U1")),
    ],
    "every list must allow, and the reason is the widest": [
        (ALL_LISTS, JO, None),
        (ALL_LISTS, replace(JO, team_id="T2"), Denial("team", "T2")),
        (ALL_LISTS, replace(JO, channel_id="C2"), Denial("channel", "C2")),
        (ALL_LISTS, replace(JO, user_id="U2"), Denial("user", "U2")),
        (ALL_LISTS, Actor("U2", "T2", "C2"), Denial("team", "T2")),
        (ALL_LISTS, replace(JO, channel_id="C2", user_id="U2"), Denial("channel", "C2")),
    ],
    "an unknown installation is assumed to be where the app is used": [
        (access(home=None), JO, None),
        (access(home=None), replace(JO, app_team_id="T1"), None),
        (access(home=None), MEMBER_OF_T2, Denial("team", "T2")),
    ],
    "lists apply before the installation is known": [
        (access(home=None, teams={"T2"}), JO, Denial("team", "T1")),
        (access(home=None, channels={"C2"}), JO, Denial("channel", "C1")),
        (access(home=None, users={"U2"}), JO, Denial("user", "U1")),
    ],
    "an organization-wide app serves all workspaces of the organization": [
        (access(home=ORG_WIDE), IN_T7, None),
        (access(home=ORG_WIDE), replace(IN_T7, enterprise_id="E2"), Denial("team", "T7")),
        (access(home=ORG_WIDE), replace(IN_T7, enterprise_id=None), Denial("team", "T7")),
        (access(home=ORG_WIDE), replace(IN_T7, enterprise_id=""), Denial("team", "T7")),
    ],
    "an app in one workspace does not serve the rest of the organization": [
        (access(home=Installation("T1")), IN_T7, Denial("team", "T7")),
        (access(home=Installation("T1", "E1")), IN_T7, Denial("team", "T7")),
    ],
}


@pytest.mark.parametrize("claim", CLAIMS)
def test_who_is_allowed(claim: str) -> None:
    for made, actor, denial in CLAIMS[claim]:
        assert made.denial(actor) == denial
