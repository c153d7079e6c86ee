"""Who may look voice logs up: rules over Slack ids, no Slack calls and no words.

Membership of a workspace is not permission, and a person in a shared channel may belong to another
company's workspace (docs.slack.dev: Slack Connect). An empty list allows everyone of the
workspace the app is installed in.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Caller:
    """Who asks, and from where; Slack ids. `team_id`: the person's own workspace."""

    user_id: str
    team_id: str
    channel_id: str
    enterprise_id: str | None = None
    app_team_id: str | None = None
    """The workspace that Slack says the app was used in, where the payload tells them apart."""


@dataclass(frozen=True)
class Home:
    """Where the app is installed, as `auth.test` tells it."""

    team_id: str
    enterprise_id: str | None = None
    """Set only if it is installed in a whole organisation."""


@dataclass(frozen=True)
class Refusal:
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
        self.home: Home | None = None

    @property
    def shuts_home_out(self) -> bool:
        """Whether workspaces are listed and the installing one isn't among them."""
        if not self._teams or self.home is None:
            return False
        return self._teams.isdisjoint({self.home.team_id, self.home.enterprise_id})

    def refusal(self, caller: Caller) -> Refusal | None:
        """Why `caller` may not look up voice logs; None if they may."""
        if not self._team_allowed(caller):
            return Refusal("team", caller.team_id)
        if self._channels and caller.channel_id not in self._channels:
            return Refusal("channel", caller.channel_id)
        if self._users and caller.user_id not in self._users:
            return Refusal("user", caller.user_id)
        return None

    def _team_allowed(self, caller: Caller) -> bool:
        # In a shared channel the organisation that a request names is the app's, not the person's.
        foreign = caller.app_team_id not in {None, caller.team_id}
        enterprise_id = None if foreign else caller.enterprise_id
        if self._teams:
            return not self._teams.isdisjoint({caller.team_id, enterprise_id})
        if self.home is None:
            # Slack could not be reached since the start. The request is signed, so the workspace
            # it names as the app's own is the installing one.
            return not foreign
        if self.home.enterprise_id is not None:
            return enterprise_id == self.home.enterprise_id
        return caller.team_id == self.home.team_id
