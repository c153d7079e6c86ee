from collections.abc import Set as AbstractSet
from dataclasses import replace

import pytest

from bot.access import Access, Caller, Home, Refusal

JO = Caller(user_id="U1", team_id="T1", channel_id="C1", enterprise_id="E1", app_team_id="T1")
STRANGER = Caller(user_id="W9", team_id="T9", channel_id="C1", enterprise_id="E1", app_team_id="T1")
"""From another company, in a shared channel: the organisation named is the app's."""
NOBODY: AbstractSet[str] = frozenset()


def access(
    home: Home | None,
    *,
    teams: AbstractSet[str] = NOBODY,
    channels: AbstractSet[str] = NOBODY,
    users: AbstractSet[str] = NOBODY,
) -> Access:
    made = Access(teams=teams, channels=channels, users=users)
    made.home = home
    return made


HOMES = pytest.mark.parametrize(
    "home", [None, Home("T1"), Home("T1", "E1")], ids=["unknown", "workspace", "organisation"]
)


@HOMES
@pytest.mark.parametrize("team", ["T1", "T2"])
@pytest.mark.parametrize("names_app", [True, False])
def test_a_listed_organisation_lets_its_people_in_from_every_workspace(
    home: Home | None, team: str, *, names_app: bool
) -> None:
    caller = replace(JO, team_id=team, app_team_id=team if names_app else None)
    assert access(home, teams={"E1"}).refusal(caller) is None


@HOMES
@pytest.mark.parametrize("enterprise", ["E2", "", None])
def test_a_listed_organisation_lets_nobody_else_in(
    home: Home | None, enterprise: str | None
) -> None:
    caller = replace(JO, enterprise_id=enterprise)
    assert access(home, teams={"E1"}).refusal(caller) == Refusal("team", "T1")


@HOMES
def test_a_listed_organisation_stands_beside_listed_workspaces(home: Home | None) -> None:
    both = access(home, teams={"E1", "T5"})
    assert both.refusal(JO) is None
    assert both.refusal(Caller("U5", "T5", "C1")) is None
    assert both.refusal(Caller("U6", "T6", "C1")) == Refusal("team", "T6")


@HOMES
@pytest.mark.parametrize("teams", [NOBODY, {"E1"}, {"T1"}, {"E1", "T1"}])
def test_a_stranger_in_a_shared_channel_is_refused_whatever_organisation_the_request_names(
    home: Home | None, teams: AbstractSet[str]
) -> None:
    assert access(home, teams=teams).refusal(STRANGER) == Refusal("team", "T9")


@HOMES
def test_a_stranger_whose_own_workspace_is_listed_may_ask(home: Home | None) -> None:
    assert access(home, teams={"E1", "T9"}).refusal(STRANGER) is None


@HOMES
def test_the_other_lists_hold_for_the_people_of_a_listed_organisation(home: Home | None) -> None:
    narrow = access(home, teams={"E1"}, channels={"C1"}, users={"U1"})
    assert narrow.refusal(JO) is None
    assert narrow.refusal(replace(JO, channel_id="C2")) == Refusal("channel", "C2")
    assert narrow.refusal(replace(JO, user_id="U2")) == Refusal("user", "U2")


@pytest.mark.parametrize(
    ("home", "teams", "shut_out"),
    [
        (None, NOBODY, False),
        (None, {"T2"}, False),
        (Home("T1"), NOBODY, False),
        (Home("T1"), {"T1"}, False),
        (Home("T1"), {"T1", "T2"}, False),
        (Home("T1"), {"T2"}, True),
        (Home("T1"), {"E1"}, True),
        (Home("T1", "E1"), {"E1"}, False),
        (Home("T1", "E1"), {"T1"}, False),
        (Home("T1", "E1"), {"E2", "T2"}, True),
    ],
)
def test_home_is_shut_out_if_others_are_listed_and_neither_it_nor_its_organisation_is(
    home: Home | None, teams: AbstractSet[str], *, shut_out: bool
) -> None:
    assert access(home, teams=teams).shuts_home_out is shut_out
