"""The App Home tab: published when a user opens it. Bolt acknowledges events by itself."""

from pydantic import JsonValue
from slack_bolt.async_app import AsyncApp

from bot.listeners.payloads.app_home_opened import HomeOpened
from bot.services import Services


def register(app: AsyncApp, services: Services) -> None:
    @app.event("app_home_opened")
    async def handle_app_home_opened(body: dict[str, JsonValue]) -> None:
        home = HomeOpened.model_validate(body)
        if home.event.tab == "home":
            interaction = home.interaction(services.new_request_id())
            services.runner.accept(
                interaction,
                lambda: services.status.publish_home(interaction),
            )
