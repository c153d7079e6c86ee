from collections.abc import Set as AbstractSet
from dataclasses import replace

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


def test_without_lists_all_members_of_the_installing_workspace_are_allowed() -> None:
    assert access().denial(JO) is None
    assert access().denial(replace(JO, user_id="W9", channel_id="D9")) is None


def test_a_member_of_another_workspace_is_denied() -> None:
    member = replace(JO, team_id="T2", app_team_id="T1")
    assert access().denial(member) == Denial("team", "T2")


def test_a_member_of_a_listed_workspace_is_allowed() -> None:
    member = replace(JO, team_id="T2", app_team_id="T1")
    assert access(teams={"T1", "T2"}).denial(member) is None
    assert access(teams={"T1", "T2"}).denial(JO) is None
    assert access(teams={"T1", "T2"}).denial(replace(JO, team_id="T3")) == Denial("team", "T3")


def test_a_list_of_workspaces_can_exclude_the_installing_one() -> None:
    assert access(teams={"T2"}).denial(JO) == Denial("team", "T1")


def test_only_listed_channels_are_allowed() -> None:
    assert access(channels={"C1", "C2"}).denial(JO) is None
    assert access(channels={"C2"}).denial(JO) == Denial("channel", "C1")
    assert access(channels={"C2"}).denial(replace(JO, channel_id="")) == Denial("channel", "")


def test_only_listed_users_are_allowed() -> None:
    assert access(users={"U1"}).denial(JO) is None
    assert access(users={"U2"}).denial(JO) == Denial("user", "U1")


@pytest.mark.parametrize(
    ("actor", "reason"),
    [
        (JO, None),
        (replace(JO, team_id="T2"), "team"),
        (replace(JO, channel_id="C2"), "channel"),
        (replace(JO, user_id="U2"), "user"),
        (replace(JO, team_id="T2", channel_id="C2", user_id="U2"), "team"),
        (replace(JO, channel_id="C2", user_id="U2"), "channel"),
    ],
)
def test_every_list_must_allow_and_the_reason_is_the_widest(
    actor: Actor, reason: str | None
) -> None:
    denial = access(teams={"T1"}, channels={"C1"}, users={"U1"}).denial(actor)
    assert (denial.reason if denial else None) == reason


def test_an_unknown_installation_is_assumed_to_be_where_the_app_is_used() -> None:
    unknown = access(home=None)
    assert unknown.denial(JO) is None
    assert unknown.denial(replace(JO, app_team_id="T1")) is None
    member = replace(JO, team_id="T2", app_team_id="T1")
    assert unknown.denial(member) == Denial("team", "T2")


def test_lists_apply_before_the_installation_is_known() -> None:
    assert access(home=None, teams={"T2"}).denial(JO) == Denial("team", "T1")
    assert access(home=None, channels={"C2"}).denial(JO) == Denial("channel", "C1")
    assert access(home=None, users={"U2"}).denial(JO) == Denial("user", "U1")


@pytest.mark.parametrize(
    ("enterprise", "allowed"), [("E1", True), ("E2", False), (None, False), ("", False)]
)
def test_an_organization_wide_app_serves_all_workspaces_of_the_organization(
    enterprise: str | None, *, allowed: bool
) -> None:
    actor = replace(JO, team_id="T7", enterprise_id=enterprise)
    denial = access(home=Installation("T1", "E1", is_enterprise_install=True)).denial(actor)
    assert denial == (None if allowed else Denial("team", "T7"))


def test_an_app_in_one_workspace_does_not_serve_the_rest_of_the_organization() -> None:
    actor = replace(JO, team_id="T7", enterprise_id="E1")
    for home in (Installation("T1"), Installation("T1", "E1")):
        assert access(home=home).denial(actor) == Denial("team", "T7")
