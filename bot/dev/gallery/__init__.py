"""Examples of everything the program can show, built by the same functions that the bot uses."""

from functools import cache

from bot.dev.gallery import (
    cards,
    details,
    ending,
    forms,
    help,
    legs,
    lookups,
    not_understood,
    notices,
    raw_json,
    search,
)
from bot.dev.gallery.model import Section, section


@cache
def sections() -> tuple[Section, ...]:
    """Every section."""
    return (
        section("Calls", cards.calls()),
        section("A live call", cards.live()),
        section("Several ids", lookups.several_ids()),
        section("SignalWire is slow", lookups.slow()),
        section("Errors", lookups.errors_()),
        section("Access denied", help.access_denied_()),
        section("Help and truncated ids", help.help_()),
        section("Search", search.search()),
        section("Typed, not understood", not_understood.commands()),
        section("The form", forms.search()),
        section("Details", details.details()),
        section("How it ended", ending.endings()),
        section("Not a voice log yet", ending.without_log()),
        section("Legs", legs.legs()),
        section("Raw JSON", raw_json.raw_json()),
        section("Copy as text", raw_json.copy_text_()),
        section("Notices", notices.notices()),
        section("The form to share", forms.share()),
        section("Status and Home", help.status_and_home()),
    )
