"""Who may look voice logs up: rules over Slack ids, no Slack calls and no words.

Membership of a workspace is not permission, and a person in a shared channel may belong to another
company's workspace (docs.slack.dev: Slack Connect). An empty list allows everyone of the
workspace the app is installed in, or of the organization if it is installed in all of that.

On Enterprise Grid a person's own id is that of their workspace (`T…`) or of their organization
(`E…`, docs.slack.dev: block_suggestion payload), and may be of another workspace of the
organization than the one they are in (github.com/slackapi/bolt-js issue 1875).
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Actor:
    """Who asks, and from where; Slack ids.

    Attributes:
        team_id: the person's own workspace or organization; empty if Slack doesn't say.
        app_team_id: the workspace that Slack says the app was used in; empty if it doesn't say, and
            None where it names one workspace only.
        enterprise_id: the organization that Slack names with that workspace.
        was_shown: whether what was clicked was shown by the bot to this person alone: they could
            not see it if they hadn't been let in.
    """

    user_id: str
    team_id: str
    channel_id: str
    enterprise_id: str | None = None
    app_team_id: str | None = None
    was_shown: bool = False

    @property
    def used_in(self) -> str:
        """The workspace in which the app was used; empty if it isn't known."""
        return self.team_id if self.app_team_id is None else self.app_team_id


@dataclass(frozen=True)
class Installation:
    """Where the app is installed, as `auth.test` tells it.

    Attributes:
        enterprise_id: the organization of the workspace, if it belongs to one.
        is_enterprise_install: whether the app is installed in all of the organization.
    """

    team_id: str
    enterprise_id: str | None = None
    is_enterprise_install: bool = False

    @property
    def served(self) -> frozenset[str]:
        """Whose people may ask where no list says otherwise."""
        if self.is_enterprise_install and self.enterprise_id is not None:
            return frozenset({self.enterprise_id})
        return frozenset({self.team_id})


@dataclass(frozen=True)
class Denial:
    """Why someone may not ask, and the id to allow if they should."""

    reason: Literal["team", "channel", "user"]
    subject: str


class Access:
    """The allow-lists.

    Attributes:
        home: the installing workspace; None until Slack has told it.
    """

    def __init__(
        self,
        *,
        teams: AbstractSet[str] = frozenset(),
        channels: AbstractSet[str] = frozenset(),
        users: AbstractSet[str] = frozenset(),
    ) -> None:
        self._teams = teams
        self._channels = channels
        self._users = users
        self.installation: Installation | None = None

    @property
    def excludes_own_workspace(self) -> bool:
        """Whether workspaces are listed and the installing one isn't among them."""
        if not self._teams or self.installation is None:
            return False
        return self._teams.isdisjoint({self.installation.team_id, self.installation.enterprise_id})

    def denial(self, actor: Actor) -> Denial | None:
        """Why `caller` may not look up voice logs; None if they may."""
        if not self._team_allowed(actor):
            return Denial("team", actor.team_id)
        if self._channels and actor.channel_id not in self._channels:
            return Denial("channel", actor.channel_id)
        if self._users and actor.user_id not in self._users:
            return Denial("user", actor.user_id)
        return None

    def _team_allowed(self, actor: Actor) -> bool:
        # Until Slack could be reached: the request is signed, so the workspace it names as the
        # app's own is the installing one.
        home = self.installation or Installation(actor.used_in)
        if not (self._teams or home.served).isdisjoint(_memberships(actor, home)):
            return True
        return home.enterprise_id in self._teams and _may_be_of_organization(actor, home)


def _memberships(actor: Actor, home: Installation) -> set[str | None]:
    """The workspaces and organizations that somebody certainly belongs to.

    What a request names beside the person's own id is the app's, even if the person is of another
    company: it counts only if it is where they are at home too.
    """
    own: set[str | None] = {actor.team_id} if actor.team_id else set()
    is_ours = not own.isdisjoint({home.team_id, home.enterprise_id}) or (
        actor.was_shown and home.enterprise_id is not None and not _is_organization(actor.team_id)
    )
    if is_ours:
        own |= home.served | {actor.used_in, home.enterprise_id}
    if actor.team_id and actor.team_id == actor.used_in:
        own |= {actor.enterprise_id}
    return own


def _may_be_of_organization(actor: Actor, home: Installation) -> bool:
    """Whether somebody is of the app's organization or, which can't be told, of another company.

    Such are people of another workspace of the organization who use the app in the one it names.
    """
    names_home = actor.used_in == home.team_id or actor.enterprise_id == home.enterprise_id
    return bool(actor.used_in) and names_home and not _is_organization(actor.team_id)


def _is_organization(team_id: str) -> bool:
    return team_id.startswith("E")
