"""Renders the pages from the Slack emulator's current state.

The changing part is `live.html`; it is included in the page, and sent again after every change.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cached_property, partial
from typing import Final

from markupsafe import Markup

from bot.dev.emulator.slack.workspace import SlackEmulator
from bot.dev.playground.web.channel import ordered
from bot.dev.playground.web.config import PageConfig
from bot.dev.playground.web.inspector import builder_link, indented, readable, what
from bot.dev.playground.web.render import Renderer
from bot.dev.playground.web.render.mrkdwn import as_plain

_SHOWN: Final = 100
"""How many interactions are shown, newest first."""


class Pages:
    def __init__(self, config: PageConfig, slack: SlackEmulator) -> None:
        self._config = config
        self._slack = slack
        self._renderer = Renderer(config.workspace.names)
        environment = self._renderer.environment
        environment.globals.update(
            config=config,
            app=config.app,
            workspace=config.workspace,
            render=self._renderer,
            builder_link=builder_link,
        )
        environment.filters.update(
            as_plain=partial(as_plain, names=config.workspace.names),
            indented=indented,
            moment=lambda seconds: datetime.fromtimestamp(float(seconds), UTC),
            place=self._place,
            readable=readable,
            what=what,
        )
        self._templates = environment
        self._version = -1
        self._html = ""
        self._known: dict[tuple[str, int, bool], str] = {}

    def page(self) -> str:
        return self._templates.get_template("page.html").render(
            live=Markup(self.live()),  # noqa: S704 - the template escapes
            controls=self._config.controls.controls(),
        )

    def live(self) -> str:
        """The changing part; rendered once per change, for all browsers."""
        if self._version != self._slack.changes.count:
            self._version = self._slack.changes.count
            self._html = self._templates.get_template("live.html").render(**self._live())
        return self._html

    def interaction(self, token: str) -> str:
        """The details of one interaction. Raises LookupError when there is none."""
        template = self._templates.get_template("interaction.html")
        return template.render(interaction=self._slack.by_token[token])

    @cached_property
    def gallery(self) -> str:
        """The gallery. It is large, takes a second or two to render, and never changes."""
        template = self._templates.get_template("gallery.html")
        return template.render(sections=self._config.sections())

    def _live(self) -> dict[str, object]:
        user_id = self._config.workspace.user_id
        return {
            "version": self._version,
            "messages": self._messages(),
            "home": self._slack.home_tab(user_id),
            "modals": self._slack.modals(user_id),
            "interactions": self._slack.interactions[: -_SHOWN - 1 : -1],
        }

    def _messages(self) -> Iterable[str]:
        """The messages in the channel; only changed ones are rendered again."""
        template = self._templates.get_template("message.html")
        channel_id = self._config.workspace.channel_id
        self._known = {
            key: self._known.get(key) or Markup(template.render(message=message, is_reply=is_reply))  # noqa: S704 - it escapes
            for message, is_reply in ordered(self._slack.messages.messages, channel_id)
            for key in [(message.ts, message.edits, is_reply)]
        }
        return self._known.values()

    def _place(self, channel_id: str) -> str:
        """The conversation, unless it is the channel itself."""
        if channel_id == self._config.workspace.channel_id:
            return ""
        name = self._config.workspace.names.get(channel_id, channel_id)
        return f"direct message with {name}" if channel_id.startswith("D") else f"#{name}"
