"""The modals about one log: its details, its call's legs, the raw JSON, and text to copy."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.signalwire.models import Timeline
from bot.ui import actions, block_kit, labels
from bot.ui.block_elements import Button, button, page_buttons
from bot.ui.block_kit import Block, View
from bot.ui.card_context import CardContext
from bot.ui.details import copy_text, raw_json, sections
from bot.ui.details import ending as details_ending
from bot.ui.details import legs as details_legs
from bot.ui.details import record as details_record
from bot.ui.details import timeline as details_timeline
from bot.voicelogs.results import Details, Found

TITLE: Final = "Voice log"
LEGS_TITLE: Final = "Legs of the call"
RAW_TITLE: Final = "Raw JSON"
TEXT_TITLE: Final = actions.COPY_AS_TEXT
BACK: Final = "Back to the details"

_TOO_LARGE: Final = "The rest doesn't fit in this window. See Raw JSON."


def loading() -> View:
    """Return the modal to open while the log is looked up."""
    return block_kit.modal(TITLE, [block_kit.section(sections.LOADING)])


def view(details: Details, context: CardContext, page: int = 1) -> View:
    """Build the details modal: everything on page 1, only the timeline on later pages.

    Parts of the details may be missing. A page beyond the last shows the last.
    """
    found = details.found
    if page > 1:  # these have no legs, which weren't even fetched for them
        timeline = details_timeline.timeline(details, page, context.now)
        return _part([*_head(found, context), *timeline], BACK, context)
    content = [
        # The status alone: the duration is among the facts.
        block_kit.header(" ".join(labels.status(found.log, context.now))),
        *map(block_kit.context, context.modal_notes),
        *details_record.facts(details, context),
        *details_record.call_times(details, context),
        *details_ending.ending(details),
        block_kit.header(LEGS_TITLE),
        *details_legs.legs(details, context.now),
        *details_timeline.timeline(details, 1, context.now),
        *details_record.charge_breakdown(found.log),
    ]
    content = [*_truncate(content), *_foot(found, context)]
    return block_kit.modal(TITLE, content, metadata=context.metadata)


def errors_view(details: Details, context: CardContext, page: int = 1) -> View:
    """Build the modal with only the errors and warnings of the timeline, as `view` does."""
    timeline = details_timeline.timeline(details, page, context.now, errors_only=True)
    return _part([*_head(details.found, context), *timeline], "All events", context)


def legs_view(details: Details, context: CardContext) -> View:
    """Build the modal with only the legs of the call."""
    name = context.project(details.found.project)
    project = [block_kit.context(f"Project {name}")] if name else []
    legs = details_legs.legs(details, context.now)
    content = _truncate([*_head(details.found, context), *project, *legs])
    return block_kit.modal(LEGS_TITLE, content, metadata=context.metadata)


def raw_view(details: Details, context: CardContext, page: int = 1) -> View:
    """Build the modal with the log's fields, and the JSON of the log and of its events.

    Parts without JSON are left out. If there is no such page, the nearest is shown.
    """
    record, timeline = details.found.json, details.timeline
    parts = {
        "The record": record,
        "The timeline": timeline.json if isinstance(timeline, Timeline) else None,
    }
    documents = [(heading, json.document) for heading, json in parts.items() if json is not None]
    all_fields = raw_json.all_fields(record.document) if record is not None else []
    shown = raw_json.page(documents, page, first=all_fields)
    content = [*shown.content]
    if timeline is not None and not isinstance(timeline, Timeline):
        content += sections.missing("The timeline's JSON is", timeline)
    content = [
        *map(block_kit.context, context.modal_notes),
        *(content or [block_kit.section("The JSON isn't available.")]),
        *_raw_foot(shown),
    ]
    return block_kit.modal(RAW_TITLE, content, metadata=context.metadata)


def text_view(details: Details, context: CardContext, *, may_show_in_full: bool = False) -> View:
    """Build the modal with the log as text to copy.

    `may_show_in_full`: the log is masked although the user may see its numbers.
    """
    in_full = button(actions.COPY_IN_FULL, "Show full numbers", str(details.found.log_id))
    content = [
        *map(block_kit.context, context.modal_notes),
        block_kit.preformatted(copy_text.text(details.found, context)),
        *block_kit.actions([*([in_full] if may_show_in_full else []), _page_1("Details")]),
    ]
    return block_kit.modal(TEXT_TITLE, content, metadata=context.metadata)


def reduce_to_page(details: Details, page: int, *, errors_only: bool = False) -> Details:
    """Reduce details to what a page of `view` or `errors_view` shows, so that no more is masked.

    The levels of all events stay, since they are counted. So does the first time, from which
    offsets are measured.
    """
    if not isinstance(details.timeline, Timeline):
        return details
    events = details_timeline.reduce_to_page(details.timeline.events, page, errors_only=errors_only)
    return replace(details, timeline=Timeline(tuple(events), json=None))


def reduce_to_json(details: Details) -> Details:
    """Reduce details to what `raw_view` shows."""
    if not isinstance(details.timeline, Timeline):
        return details
    return replace(details, timeline=Timeline((), details.timeline.json))


def _head(found: Found, context: CardContext) -> list[Block]:
    emoji, _ = labels.status(found.log, context.now)
    headline = block_kit.header(f"{emoji} {labels.headline(found.log, context.now)}")
    return [headline, *map(block_kit.context, context.modal_notes)]


def _part(content: Sequence[Block], back: str, context: CardContext) -> View:
    """Build a modal with a part of the details, and the button that leads back to the whole."""
    content = [*_truncate(content), *block_kit.actions([_page_1(back)])]
    return block_kit.modal(TITLE, content, metadata=context.metadata)


def _page_1(label: str) -> Button:
    return button(actions.PAGE, label, "1")


def _foot(found: Found, context: CardContext) -> list[Block]:
    """Build the row of buttons below the details.

    A click in a modal has no response_url, and Follow edits a message by one. So a live leg has
    Refresh here, and Follow only on its card.
    """
    log_id = found.log_id
    buttons = [_page_1("Refresh")] if found.log.is_live else []
    buttons += [
        button(actions.RAW, RAW_TITLE, str(log_id)),
        button(actions.COPY, actions.COPY_AS_TEXT, str(log_id)),
        actions.open_share_form(log_id),
    ]
    if context.options.dashboard_url:
        url = actions.dashboard_page(log_id, context.options.dashboard_url)
        buttons.append(
            button(actions.OPEN_DASHBOARD, actions.OPEN_IN_SIGNALWIRE, str(log_id), url=url)
        )
    return block_kit.actions(buttons)


def _raw_foot(shown: raw_json.Page) -> list[Block]:
    back, forward = (actions.RAW_BACK, "◀ Previous page"), (actions.RAW, "Next page ▶")
    pages = page_buttons(shown.number, shown.total, back, forward)
    foot = block_kit.actions([_page_1(BACK), *pages])
    if shown.total <= 1:
        return foot
    rest = " The rest isn't shown." if shown.truncated else ""
    return [block_kit.context(f"Page {shown.number} of {shown.total}.{rest}"), *foot]


def _truncate(content: Sequence[Block]) -> list[Block]:
    """Keep as many blocks as fit into a modal."""
    left = block_kit.MODAL_SIZE_LIMIT
    for index, block in enumerate(content):
        left -= block_kit.payload_size(block)
        if left < 0:
            return [*content[:index], block_kit.context(_TOO_LARGE)]
    return list(content)
