"""Who may use the bot: rules over Slack ids, without I/O.

A user in a shared channel may belong to another company's workspace (docs.slack.dev: Slack
Connect). Without a list of teams, the members of the installing workspace are allowed, or those of
the organization if the app is installed organization-wide.

On Enterprise Grid, a user's `team_id` is their workspace (`T…`) or their organization (`E…`,
docs.slack.dev: block_suggestion payload), and it may be a workspace of the organization other than
the one they are in (github.com/slackapi/bolt-js issue 1875).
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Actor:
    """The user behind an interaction, as Slack ids."""

    user_id: str
    team_id: str
    """The user's own workspace or organization; empty if Slack doesn't say."""
    channel_id: str
    enterprise_id: str | None = None
    """The organization that the payload names beside the workspace."""
    app_team_id: str | None = None
    """The workspace in which the app was used; empty if Slack doesn't say, None if the payload has
    one workspace only."""
    saw_private_reply: bool = False
    """Whether the user clicked in something that the bot showed to them alone, as it does for
    allowed users only."""

    @property
    def used_in(self) -> str:
        """The workspace in which the app was used; empty if unknown."""
        return self.team_id if self.app_team_id is None else self.app_team_id


@dataclass(frozen=True)
class Installation:
    """Where the app is installed, from `auth.test`."""

    team_id: str
    enterprise_id: str | None = None
    """The organization that the workspace belongs to, if any."""
    is_enterprise_install: bool = False
    """Whether the app is installed organization-wide."""

    @property
    def default_teams(self) -> frozenset[str]:
        """The workspace or the organization whose members are allowed by default."""
        if self.is_enterprise_install and self.enterprise_id is not None:
            return frozenset({self.enterprise_id})
        return frozenset({self.team_id})


@dataclass(frozen=True)
class Denial:
    """Why a user was denied, and the id that would have to be on an allow-list."""

    reason: Literal["team", "channel", "user"]
    subject: str


@dataclass(kw_only=True)
class Access:
    """The allow-lists. An empty list allows everyone whom the rules above allow."""

    teams: AbstractSet[str] = frozenset()
    channels: AbstractSet[str] = frozenset()
    users: AbstractSet[str] = frozenset()
    installation: Installation | None = None
    """None until `auth.test` has succeeded."""

    @property
    def excludes_own_workspace(self) -> bool:
        """Whether the workspace that installed the app is missing from the list of teams."""
        if not self.teams or self.installation is None:
            return False
        return self.teams.isdisjoint({self.installation.team_id, self.installation.enterprise_id})

    def denial(self, actor: Actor) -> Denial | None:
        """Why `actor` may not look up voice logs; None if they may."""
        if not self._team_allowed(actor):
            return Denial("team", actor.team_id)
        if self.channels and actor.channel_id not in self.channels:
            return Denial("channel", actor.channel_id)
        if self.users and actor.user_id not in self.users:
            return Denial("user", actor.user_id)
        return None

    def _team_allowed(self, actor: Actor) -> bool:
        # Until auth.test has succeeded, the installing workspace is assumed to be the one in which
        # the app was used, according to the signed request.
        installation = self.installation or Installation(actor.used_in)
        allowed = self.teams or installation.default_teams
        if not allowed.isdisjoint(_memberships(actor, installation)):
            return True
        return installation.enterprise_id in self.teams and _may_be_of_organization(
            actor, installation
        )


def _memberships(actor: Actor, installation: Installation) -> set[str | None]:
    """The workspaces and organizations that a user certainly belongs to.

    Besides the user's own team, a payload names the workspace and the organization of the app, also
    for a user from another company. So these count only for a member of the installing team.
    """
    own: set[str | None] = {actor.team_id} if actor.team_id else set()
    is_ours = not own.isdisjoint({installation.team_id, installation.enterprise_id}) or (
        actor.saw_private_reply
        and installation.enterprise_id is not None
        and not _is_organization(actor.team_id)
    )
    if is_ours:
        own |= installation.default_teams | {actor.used_in, installation.enterprise_id}
    if actor.team_id and actor.team_id == actor.used_in:
        own |= {actor.enterprise_id}
    return own


def _may_be_of_organization(actor: Actor, installation: Installation) -> bool:
    """Whether a user may belong to the organization, though the payload doesn't prove it.

    A user of another workspace of the organization looks like one from another company.
    """
    names_installation = (
        actor.used_in == installation.team_id or actor.enterprise_id == installation.enterprise_id
    )
    return bool(actor.used_in) and names_installation and not _is_organization(actor.team_id)


def _is_organization(team_id: str) -> bool:
    return team_id.startswith("E")
