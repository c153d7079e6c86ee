"""The messages of a search: its results, its progress, and the errors of a query."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.signalwire.errors import SignalWireError
from bot.ui import actions, block_kit, mrkdwn, query_text, voice_log_row
from bot.ui import errors as error_texts
from bot.ui.block_kit import Element, Message, View
from bot.ui.card_context import CardContext
from bot.ui.errors import ErrorText
from bot.ui.subcommands import COMMAND, RECENT, Subcommand
from bot.voicelogs import phone_numbers
from bot.voicelogs.query import FILTERS, InvalidReason, Query, QueryError
from bot.voicelogs.results import Match, SearchResult

FORM_TITLE: Final = "Find a call"
EXPIRED: Final = "This search has expired"
UNCLEAR: Final = "That search isn't clear"
_FURTHER: Final = "Search further back"


@dataclass(frozen=True)
class SearchButtons:
    """The sealed values of the buttons below the results; without one, there is no such button.

    Attributes:
        older: of **Older calls**.
        change: of **Change search**.
        again: of **Try again**, which is shown if no log could be read.
        without: of **Without …**, each with the filters that it drops. Shown if nothing was found,
            as is the next one.
        further: of **Search further back**, which drops the time span's beginning.
    """

    older: str | None = None
    change: str | None = None
    again: str | None = None
    without: Sequence[tuple[tuple[str, ...], str]] = ()
    further: str | None = None


_NO_BUTTONS: Final = SearchButtons()


def search_results(
    result: SearchResult,
    query: Query,
    context: CardContext,
    *,
    buttons: SearchButtons = _NO_BUTTONS,
    is_continued: bool = False,
    masked: bool = False,
) -> Message:
    """Build the message with the results of a search.

    Args:
        result: at most twenty matches, since a message has at most fifty blocks.
        query: the query.
        context: of the reply.
        buttons: what the buttons hold.
        is_continued: whether earlier results had newer calls.
        masked: whether to mask the query's numbers. Those of the result must be masked already.
    """
    if not result.scanned and result.errors and not result.matches:
        return _nothing_read(result.errors, context.request_id, buttons.again)
    title = query_text.title(query, len(result.matches), is_continued=is_continued, masked=masked)
    head = [query_text.asked(query), voice_log_row.summary([match.log for match in result.matches])]
    rows = [_row(match, context) for match in result.matches]
    foot = [_searched(result, query, is_continued=is_continued), *_errors(result.errors)]
    foot += [error_texts.reference_line(context.request_id)] if result.errors else []
    return block_kit.message(
        [
            mrkdwn.mrkdwn_to_text(f"{title}."),
            *(mrkdwn.mrkdwn_to_text(line) for line in head if line),
            *(each.as_text() for each in rows),
            *(mrkdwn.mrkdwn_to_text(note) for note in foot),
        ],
        [
            block_kit.header(f"🔎 {title}"),
            *(block_kit.context(line) for line in head if line),
            *(each.block() for each in rows),
            *(block_kit.context(note) for note in foot),
            *block_kit.actions(_buttons(buttons, found=bool(result.matches))),
        ],
    )


def _buttons(buttons: SearchButtons, *, found: bool) -> list[Element]:
    row: list[Element] = []
    if not found:
        dropped = [
            (f"Without “{query_text.alternatives(each)}”", value) for each, value in buttons.without
        ]
        if buttons.further is not None and buttons.older is None:
            dropped.append((_FURTHER, buttons.further))
        row += [actions.wider(label, value, n) for n, (label, value) in enumerate(dropped)]
    if buttons.older is not None:
        row.append(
            actions.older(buttons.older) if found else actions.older(buttons.older, _FURTHER)
        )
    if buttons.change is not None:
        row.append(actions.change_search(buttons.change))
    return row


def searching(looked_at: int, back_to: datetime | None) -> Message:
    """Build the progress of a search: logs scanned, and the time back to which all were."""
    far = f", back to {mrkdwn.date_token(back_to)}" if back_to is not None else ""
    so_far = f" {_logs(looked_at)} so far{far}" if looked_at else ""
    line = f"Searching…{so_far}"
    return block_kit.message([mrkdwn.mrkdwn_to_text(line)], [block_kit.context(f"⏳ {line}")])


def results_modal(message: Message, metadata: str) -> View:
    """Show a search's message as a modal."""
    return block_kit.modal(FORM_TITLE, message.blocks, metadata=metadata)


def not_understood(error: QueryError, subcommand: Subcommand, request_id: str) -> Message:
    """Build the reply to a command with an invalid query."""
    problem = explain(error)
    if subcommand == RECENT and error.reason == "unknown":
        problem = replace(problem, hint=_WORDS_ARE)
    usage = mrkdwn.code(f"{COMMAND} {subcommand.usage}")
    example = mrkdwn.code(subcommand.example)
    about = f"{usage}, for example {example}. {error_texts.reference_line(request_id)}"
    return error_texts.message(problem, [problem.hint], about)


def offer(labels: Sequence[tuple[str, str]], notes: Sequence[str]) -> Message:
    """Offer to search for the phone numbers of a message without ids.

    Args:
        labels: for each number, its text and the value of its button.
        notes: mrkdwn for context blocks at the end.
    """
    one = len(labels) == 1
    title = "Phone number found" if one else "Phone numbers found"
    text = "There's no voice log id here, but you can search for calls by phone number."
    buttons = [
        actions.find_number(
            "Find calls with this number" if one else f"Find calls with {label}", value, index
        )
        for index, (label, value) in enumerate(labels)
    ]
    message = block_kit.message(
        [f"{title}.", text],
        [block_kit.header(f"🔎 {title}"), block_kit.section(text), *block_kit.actions(buttons)],
    )
    return block_kit.with_notes(message, notes)


def expired(request_id: str) -> Message:
    """Build the reply to a button whose value is invalid or expired."""
    problem = ErrorText(
        "⌛",
        EXPIRED,
        "The buttons of a search work for a day.",
        "Run the command again.",
    )
    return error_texts.message(problem, [problem.hint], error_texts.reference_line(request_id))


def _row(match: Match, context: CardContext) -> voice_log_row.Row:
    button = actions.card(match.log_id) if match.log_id is not None else None
    return voice_log_row.of_log(
        match.log, context, project=match.project, button=button, shows_id=button is None
    )


def _searched(result: SearchResult, query: Query, *, is_continued: bool) -> str:
    logs = _logs(result.scanned)
    if result.scanned_back_to is not None:
        return f"Searched {logs}, back to {mrkdwn.date_token(result.scanned_back_to)}."
    if result.errors:
        return f"Searched {logs}."
    if query.since is not None:
        return f"Searched {logs}, back to {mrkdwn.date_token(query.since)}."
    if result.scanned:
        return f"Searched {logs}, back to the oldest."
    when = " in this time" if query.until is not None else ""
    return f"There are no {'older ' if is_continued else ''}logs{when}."


def _logs(count: int) -> str:
    return f"{count:,} log{'' if count == 1 else 's'}"


def _errors(errors: Mapping[str, SignalWireError]) -> list[str]:
    lines = []
    for name, error in list(errors.items())[:3]:
        problem = error_texts.describe_list(error)
        lines.append(f"{problem.emoji} SignalWire {mrkdwn.code(name, 40)}: {problem.title}.")
    more = len(errors) - len(lines)
    return [*lines, *([f"… and {more} more projects"] if more > 0 else [])]


def _nothing_read(
    errors: Mapping[str, SignalWireError], request_id: str, again: str | None
) -> Message:
    problem = error_texts.describe_list(next(iter(errors.values())))
    answers = error_texts.per_project_lines(errors, error_texts.describe_list)
    told = error_texts.message(
        problem, [*answers, problem.hint], error_texts.reference_line(request_id)
    )
    if again is None or not error_texts.is_transient(errors):
        return told
    return block_kit.message(
        [told.text], [*told.blocks, *block_kit.actions([actions.search_again(again)])]
    )


_WORDS_ARE: Final = f"The filters are {', '.join(FILTERS)}."
_WHAT: Final[Mapping[InvalidReason, str]] = {
    "empty": "There's nothing to search for.",
    "unknown": "{token} isn't a known search term.",
    "ambiguous": "{token} can be read in two ways.",
    "too_short": "{token} is too short to search for.",
    "too_long": "{token} has more digits than any phone number.",
    "several": "{token} is one too many: give at most two numbers and one time range.",
    "missing": "{token} needs a date or a time range after it.",
    "unused": "Another time span is chosen above.",
    "not_a_date": "{token} isn't a date or a time range.",
    "future": "{token} is in the future.",
    "too_far": "{token} is more than ten years ago.",
    "out_of_range": "{token} isn't a number from 1 to 20.",
}
_A_NUMBER: Final = "Enter at least three digits, or an address with an @ or sip: in it."
_TIMES: Final = "Use 30m, 2h, 3d, 1w, today, yesterday, or a date such as 2026-11-20."
_NEXT: Final[Mapping[InvalidReason, str]] = {
    "empty": "Enter a phone number or part of it, a time range, or a filter such as failed.",
    "unknown": f"{_WORDS_ARE} An address needs an @ or sip: in it.",
    "ambiguous": "Add the unit, as in 2h or 2d, or write the date as 2026-11-20.",
    "too_short": "Enter at least three digits, or three characters of an address.",
    "too_long": "Enter one number at a time, or a part of it.",
    "several": "Remove one of them.",
    "missing": _TIMES,
    "unused": "Choose “Since a day…” there, or clear this day.",
    "not_a_date": _TIMES,
    "future": _TIMES,
    "too_far": _TIMES,
    "out_of_range": "Use a number from 1 to 20, or leave it out for ten.",
}


def explain(error: QueryError) -> ErrorText:
    """Describe what is wrong with a query."""
    what = _WHAT[error.reason].format(token=mrkdwn.code(error.token, 40))
    if error.reason == "too_long" and phone_numbers.is_address(error.token):
        what = f"{mrkdwn.code(error.token, 40)} has more characters than any address."
    next_step = _NEXT[error.reason]
    if error.field == "number" and error.reason == "unknown":
        next_step = _A_NUMBER
    if error.field == "day" and error.reason == "missing":
        what, next_step = "No day is chosen.", "Choose a day, or another time span above."
    elif error.field == "day" and error.reason != "unused":
        next_step = "Choose a day from the last ten years."
    return ErrorText("🔎", UNCLEAR, what, next_step)
