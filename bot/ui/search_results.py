"""The messages of a search: its results and its progress."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.signalwire.errors import SignalWireError
from bot.ui import (
    actions,
    block_kit,
    error_messages,
    mrkdwn,
    multi_project_errors,
    query_text,
    signs,
    voice_log_row,
)
from bot.ui import errors as error_texts
from bot.ui.block_elements import Element, button
from bot.ui.block_kit import Message
from bot.ui.card_context import CardContext
from bot.ui.errors import ErrorText
from bot.voicelogs import phone_numbers
from bot.voicelogs.query import Query
from bot.voicelogs.results import Match, SearchResult

FORM_TITLE: Final = "Find a call"
OLDER: Final = "Older calls"
CHANGE: Final = "Change search"
_FURTHER: Final = "Search further back"
_ERRORS_SHOWN: Final = 3


@dataclass(frozen=True)
class SearchButtons:
    """The sealed values of the buttons below the results; a button without one isn't shown."""

    change: str
    older: str | None = None
    again: str | None = None
    """Shown if no log could be read."""
    without: Sequence[tuple[tuple[str, ...], str]] = ()
    """Each with the filters that it drops; shown if nothing was found."""
    further: str | None = None
    """Drops the time span's beginning; shown if nothing was found."""


def search_results(
    result: SearchResult,
    query: Query,
    context: CardContext,
    *,
    buttons: SearchButtons,
    is_continued: bool = False,
    masked: bool = False,
) -> Message:
    """Build the message with at most twenty matches, since it has at most fifty blocks.

    If `is_continued`, the search continues one that found newer calls. If `masked`, the query's
    numbers are masked; those of the result must be masked already.
    """
    if not result.scanned and result.errors and not result.matches:
        return _nothing_read(result.errors, context.request_id, buttons.again)
    title = query_text.title(query, len(result.matches), is_continued=is_continued, masked=masked)
    summary = voice_log_row.summary([match.log for match in result.matches])
    head = [line for line in (query_text.conditions(query), summary) if line]
    rows = [_row(match, context) for match in result.matches]
    foot = [_searched(result, query, is_continued=is_continued), *_errors(result.errors)]
    foot += [error_messages.reference_line(context.request_id)] if result.errors else []
    heading = f"{signs.SEARCH} {title}"
    message = voice_log_row.list_message(f"{title}.", heading, head, rows, foot)
    return block_kit.with_buttons(message, _buttons(buttons, found=bool(result.matches)))


def _buttons(buttons: SearchButtons, *, found: bool) -> list[Element]:
    row: list[Element] = []
    if not found:
        dropped = [
            (f"Without “{query_text.alternatives(each)}”", value) for each, value in buttons.without
        ]
        if buttons.further is not None and buttons.older is None:
            dropped.append((_FURTHER, buttons.further))
        row += [button(actions.SEARCH_WIDER, label, value) for label, value in dropped]
    if buttons.older is not None:
        row.append(button(actions.SEARCH_OLDER, OLDER if found else _FURTHER, buttons.older))
    return [*row, button(actions.CHANGE_SEARCH, CHANGE, buttons.change)]


def searching(scanned: int, back_to: datetime | None) -> Message:
    """Build the message that shows a search's progress: the logs scanned, and how far back."""
    far = f", back to {mrkdwn.date_token(back_to)}" if back_to is not None else ""
    so_far = f" {mrkdwn.count(scanned, 'log')} so far{far}" if scanned else ""
    line = f"Searching…{so_far}"
    return block_kit.message([line], [block_kit.context(f"{signs.WAITING} {line}")])


def offer(labels: Sequence[tuple[str, str]], notes: Sequence[str]) -> Message:
    """Offer to search for the phone numbers or SIP addresses of a text without IDs.

    `labels` pairs the text of each with the value of its button; `notes` are mrkdwn for the end.
    """
    by = phone_numbers.kind_of(label for label, _ in labels)
    one = len(labels) == 1
    title = f"{by[0].upper()}{by[1:]}{'' if one else 'es' if by.endswith('s') else 's'} found"
    text = f"There's no voice log ID here, but you can search for calls by {by}."
    this = f"this {by.split()[-1]}"
    buttons = actions.find_numbers([(this, value) for _, value in labels] if one else labels)
    message = block_kit.titled(title, [text], signs.SEARCH)
    return block_kit.with_notes(block_kit.with_buttons(message, buttons), notes)


def expired(request_id: str) -> Message:
    """Build the reply to a click on a button whose value is invalid or expired."""
    detail, hint = "Search buttons expire after one day.", "Search again."
    problem = ErrorText(signs.WARNING, "This search has expired", detail, hint)
    return error_messages.message(problem, request_id)


def _row(match: Match, context: CardContext) -> voice_log_row.Row:
    view = actions.card(match.log_id) if match.log_id is not None else None
    return voice_log_row.of_log(
        match.log, context, project=match.project, button=view, shows_id=view is None
    )


def _searched(result: SearchResult, query: Query, *, is_continued: bool) -> str:
    logs = mrkdwn.count(result.scanned, "log")
    back_to = result.scanned_back_to or (None if result.errors else query.since)
    if back_to is not None:
        return f"Searched {logs}, back to {mrkdwn.date_token(back_to)}."
    if result.errors:
        return f"Searched {logs}."
    if result.scanned:
        return f"Searched {logs}, back to the oldest."
    when = " in this time range" if query.until is not None else ""
    return f"There are no {'older ' if is_continued else ''}logs{when}."


def _errors(errors: Mapping[str, SignalWireError]) -> list[str]:
    def line(project: str) -> str:
        problem = error_texts.describe_list(errors[project])
        return f"{problem.emoji} SignalWire {mrkdwn.code(project, 40)}: {problem.title}."

    return mrkdwn.first_lines([*errors], _ERRORS_SHOWN, "more projects", line)


def _nothing_read(
    errors: Mapping[str, SignalWireError], request_id: str, again: str | None
) -> Message:
    problem = error_texts.describe_list(next(iter(errors.values())))
    lines = multi_project_errors.per_project_lines(errors, error_texts.describe_list)
    buttons = []
    if again and multi_project_errors.is_transient(errors):
        buttons = [button(actions.SEARCH_RETRY, "Try again", again)]
    return error_messages.message(
        problem, request_id, paragraphs=[*lines, problem.hint], buttons=buttons
    )
