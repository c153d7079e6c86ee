"""The Details window: timeline, legs, itemised charge, every field, and the JSON as it was sent.

It composes what its neighbours draw.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.signalwire.models import Timeline
from bot.ui import actions, block_kit, mrkdwn
from bot.ui.block_kit import Block, Message, View
from bot.ui.card_context import CardContext
from bot.ui.details import json_pages, sections
from bot.ui.details import legs as details_legs
from bot.ui.details import record as details_record
from bot.ui.details import timeline as details_timeline
from bot.ui.details.json_pages import JsonDocument
from bot.voicelogs.results import Details

TITLE: Final = "Voice log"
LEGS_TITLE: Final = "Legs of the call"
RAW_TITLE: Final = "Raw JSON"
BACK: Final = "Back to the details"

_TOO_LARGE: Final = "The rest is too large for this window: see Raw JSON."


def loading() -> View:
    """The window as it opens, before anything is known."""
    return block_kit.modal(TITLE, [block_kit.section(sections.LOADING)])


def view(
    details: Details,
    context: CardContext,
    *,
    page: int,
    metadata: str,
    notes: Sequence[str] = (),
) -> View:
    """The window: everything on page 1, from page 2 on the timeline alone.

    Args:
        details: parts of it may still be on their way, or have failed.
        context: of the reply.
        page: of the timeline; one beyond the last is taken for the last.
        metadata: comes back with every click in the window.
        notes: mrkdwn for small print below the headline.
    """
    found = details.found
    head = [details_record.headline(found), *map(block_kit.context, notes)]
    if page > 1:
        # By what was asked for, not by what there is: for a further page, legs are not looked for.
        content = [*head, *details_timeline.timeline(details, page)]
        back = block_kit.actions([actions.page_button(actions.PAGE, BACK, 1)])
        return block_kit.modal(TITLE, [*_truncate(content), *back], metadata=metadata)
    content = [
        *head,
        *details_record.facts(found, context),
        *details_timeline.timeline(details, 1),
        *details_legs.legs(details),
        *details_record.charge(found.log),
        *details_record.fields(found.json),
    ]
    foot = block_kit.actions([actions.raw_json(found.log_id)])
    return block_kit.modal(TITLE, [*_truncate(content), *foot], metadata=metadata)


def legs_view(
    details: Details, context: CardContext, *, metadata: str, notes: Sequence[str] = ()
) -> View:
    """The window with the legs of the call only; arguments as for `view`."""
    found = details.found
    name = context.project(found.project)
    project = [block_kit.context(f"Project {mrkdwn.code(name)}")] if name else []
    small_print = [*map(block_kit.context, notes), *project]
    content = [details_record.headline(found), *small_print, *details_legs.legs(details)]
    return block_kit.modal(LEGS_TITLE, _truncate(content), metadata=metadata)


def raw_view(details: Details, *, page: int, metadata: str, notes: Sequence[str] = ()) -> View:
    """The window with the JSON as SignalWire sent it, of the log and of its events.

    Args:
        details: what has no JSON is left out.
        page: one that isn't there is taken for the nearest.
        metadata: comes back with every click in the window.
        notes: mrkdwn for small print above it.
    """
    documents = [JsonDocument("The record", details.found.json)]
    if isinstance(details.timeline, Timeline):
        documents.append(JsonDocument("The timeline", details.timeline.json))
    shown = json_pages.page(documents, page)
    small_print = map(block_kit.context, notes)
    note: list[Block] = []
    if details.timeline is not None and not isinstance(details.timeline, Timeline):
        note = sections.missing("The timeline's JSON is", details.timeline)
    content = [*shown.content, *note] or [block_kit.section("The JSON isn't at hand.")]
    return block_kit.modal(
        RAW_TITLE, [*small_print, *content, *_raw_foot(shown)], metadata=metadata
    )


def of_page(details: Details, page: int) -> Details:
    """What one page of the window shows, so that no more of it need be masked.

    The times of all events stay: they are counted, and the offsets are from the first.
    """
    if not isinstance(details.timeline, Timeline):
        return details
    events = details_timeline.of_page(details.timeline.events, page)
    return replace(details, timeline=Timeline(tuple(events), json=""))


def of_raw(details: Details) -> Details:
    """What the JSON's pages show."""
    if not isinstance(details.timeline, Timeline):
        return details
    return replace(details, timeline=Timeline((), details.timeline.json))


def message_modal(message: Message, metadata: str = "") -> View:
    """A message as a window, for when there is nothing else to show."""
    return block_kit.modal(TITLE, message.blocks, metadata=metadata)


def _raw_foot(shown: json_pages.Page) -> list[Block]:
    foot = [actions.page_button(actions.PAGE, BACK, 1)]
    where = ""
    if shown.total > 1:
        where = f"Page {shown.number} of {shown.total}."
    if shown.truncated:
        where += " The JSON goes on, but no further here."
    if shown.number > 1:
        foot.append(actions.page_button(actions.RAW_BACK, "◀ Page before", shown.number - 1))
    if shown.number < shown.total:
        foot.append(actions.page_button(actions.RAW, "Next page ▶", shown.number + 1))
    return [*([block_kit.context(where)] if where else []), *block_kit.actions(foot)]


def _truncate(content: Sequence[Block]) -> list[Block]:
    """As much of it as Slack takes in one window."""
    room = block_kit.MODAL_SIZE_LIMIT
    for index, block in enumerate(content):
        room -= block_kit.payload_size(block)
        if room < 0:
            return [*content[:index], block_kit.context(_TOO_LARGE)]
    return list(content)
