"""Examples of everything the program can show, built by the same functions that the bot uses."""

from datetime import datetime

from bot.dev.gallery import (
    access_denied,
    build,
    copy_text,
    details,
    ending,
    errors,
    help,
    legs,
    multiple_ids,
    not_understood,
    notices,
    raw_json,
    search,
    search_form,
    share_form,
    status,
    voice_logs,
)
from bot.dev.gallery.model import Section


def sections(now: datetime) -> tuple[Section, ...]:
    """Every section; the time is aware and in UTC, and the same time gives the same gallery."""
    examples: dict[str, build.Examples] = {
        "Calls": voice_logs.calls(now),
        "A live call": voice_logs.live(now),
        "Several ids": multiple_ids.multiple_ids(now),
        "SignalWire is slow": multiple_ids.slow(),
        "Errors": errors.errors_(),
        "Access denied": access_denied.denials(),
        "Help and truncated ids": help.help_(),
        "Search": search.search(now),
        "Typed, not understood": not_understood.commands(now),
        "The form": search_form.form(now),
        "Details": details.details(now),
        "How it ended": ending.endings(now),
        "Not a voice log yet": ending.without_log(now),
        "Legs": legs.legs(now),
        "Raw JSON": raw_json.raw_json(now),
        "Copy as text": copy_text.copy_text(now),
        "Notices": notices.notices(now),
        "The form to share": share_form.share_form(),
        "Status and Home": status.status_and_home(),
    }
    return tuple(build.section(name, shown) for name, shown in examples.items())
