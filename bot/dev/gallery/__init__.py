"""Examples of everything the program can show, built by the same functions that the bot uses."""

from datetime import datetime

from bot.dev.gallery import (
    access_denied,
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
    return (
        voice_logs.calls(now),
        voice_logs.live(now),
        multiple_ids.multiple_ids(now),
        multiple_ids.slow(),
        errors.errors_(),
        access_denied.denials(),
        help.help_(),
        search.search(now),
        not_understood.commands(now),
        search_form.form(now),
        details.details(now),
        ending.endings(now),
        ending.without_log(now),
        legs.legs(now),
        raw_json.raw_json(now),
        copy_text.copy_text(now),
        notices.notices(now),
        share_form.share_form(),
        status.status_and_home(),
    )
