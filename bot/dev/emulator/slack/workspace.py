"""A loopback Slack: sends signed requests to a bot and accepts its responses."""

from dataclasses import dataclass

import httpx
from starlette.applications import Starlette
from starlette.routing import Route

from bot.dev.emulator.slack.element_state import NotFilledInError
from bot.dev.emulator.slack.installation import FailNext, Installation
from bot.dev.emulator.slack.interactions import (
    InteractionLog,
    MessageStore,
    PostedMessage,
    RecordedInteraction,
    ResponseUrlPost,
)
from bot.dev.emulator.slack.message_actions import MessageActions
from bot.dev.emulator.slack.payloads import sign
from bot.dev.emulator.slack.response_urls import ResponseUrls
from bot.dev.emulator.slack.sender import RequestSender
from bot.dev.emulator.slack.view import OpenView
from bot.dev.emulator.slack.view_actions import ViewActions
from bot.dev.emulator.slack.view_store import Views
from bot.dev.emulator.slack.web_api import ViewRequest, WebApi

__all__ = [
    "FailNext",
    "NotFilledInError",
    "OpenView",
    "PostedMessage",
    "RecordedInteraction",
    "ResponseUrlPost",
    "SlackEmulator",
    "ViewRequest",
    "sign",
]


@dataclass(kw_only=True)
class SlackEmulator(Installation):
    """A workspace in which the bot is installed: its parts, and what its users can do.

    Attributes:
        http: sends requests to the bot.
        api_calls, view_calls: as in `WebApi`.
        app: the ASGI application: the Web API under `/api/`, and the response URLs.
    """

    http: httpx.AsyncClient

    def __post_init__(self) -> None:
        self.messages = MessageStore(self.changes)
        self.log = InteractionLog(self.messages)
        self.views = Views(self.clock, self.number, self.changes)
        web_api = WebApi(self, self.log, self.views)
        self.api_calls, self.view_calls = web_api.calls, web_api.view_calls
        response_urls = ResponseUrls(self, self.log)
        self.app = Starlette(
            routes=[
                Route("/api/{method}", web_api.handle, methods=["POST"]),
                Route("/response/{token}", response_urls.handle, methods=["POST"]),
            ]
        )
        sender = RequestSender(self, self.http, self.log)
        self.redeliver = sender.redeliver
        in_messages = MessageActions(sender, response_urls)
        self.command = in_messages.command
        self.message_shortcut = in_messages.message_shortcut
        self.global_shortcut = in_messages.global_shortcut
        self.click = in_messages.click
        in_views = ViewActions(self.views, sender)
        self.modal, self.modals = in_views.modal, in_views.modals
        self.home_tab, self.open_home = in_views.home_tab, in_views.open_home
        self.wait_for_modal = in_views.wait_for_modal
        self.wait_for_home = in_views.wait_for_home
        self.click_in_view = in_views.click_in_view
        self.submit, self.close = in_views.submit, in_views.close

    @property
    def interactions(self) -> list[RecordedInteraction]:
        return self.log.all
