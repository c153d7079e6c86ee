"""What a search says: rows with Card, how far back it looked, and what can't be understood."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.signalwire.errors import SignalWireError
from bot.ui import actions, block_kit, mrkdwn, voice_log_row
from bot.ui import errors as error_texts
from bot.ui.block_kit import Message, View
from bot.ui.card_context import CardContext
from bot.ui.errors import ErrorText
from bot.ui.subcommands import COMMAND, RECENT, Subcommand
from bot.voicelogs import phone_numbers
from bot.voicelogs.query import FILTERS, InvalidReason, Query, QueryError
from bot.voicelogs.results import Match, SearchResult

FORM_TITLE: Final = "Find a call"


def search_results(
    result: SearchResult,
    query: Query,
    context: CardContext,
    *,
    further: str | None,
    again: str | None = None,
) -> Message:
    """What a search came to.

    Args:
        result: at most twenty hits; a message holds fifty blocks.
        query: what was looked for. Its number isn't shown again.
        context: of the reply.
        further: the value of **Look further back**; None where there is nothing further.
        again: the value of **Try again**, which is there if nothing could be read.
    """
    if not result.scanned and result.errors and not result.matches:
        return _nothing_read(result.errors, context.request_id, again)
    count = len(result.matches)
    title = f"{count or 'No'} voice log{'' if count == 1 else 's'} found"
    asked = _asked(query)
    rows = [_row(hit, context) for hit in result.matches]
    foot = [_looked(result, query), *_errors(result.errors)]
    foot += [error_texts.reference_line(context.request_id)] if result.errors else []
    buttons_row = [actions.further(further)] if further is not None else []
    return block_kit.message(
        [
            f"{title}.",
            *([mrkdwn.mrkdwn_to_text(asked)] if asked else []),
            *(each.as_text() for each in rows),
            *(mrkdwn.mrkdwn_to_text(note) for note in foot),
        ],
        [
            block_kit.header(f"🔎 {title}"),
            *([block_kit.context(asked)] if asked else []),
            *(each.block() for each in rows),
            *(block_kit.context(note) for note in foot),
            *block_kit.actions(buttons_row),
        ],
    )


def searching(looked_at: int, back_to: datetime | None) -> Message:
    """In a window for as long as the search goes on.

    Args:
        looked_at: how many logs were looked at.
        back_to: all newer ones were.
    """
    far = f", back to {mrkdwn.date_token(back_to)}" if back_to is not None else ""
    so_far = f" {_logs(looked_at)} so far{far}" if looked_at else ""
    line = f"Searching…{so_far}"
    return block_kit.message([mrkdwn.mrkdwn_to_text(line)], [block_kit.context(f"⏳ {line}")])


def results_modal(message: Message, metadata: str) -> View:
    """A search's message as a window."""
    return block_kit.modal(FORM_TITLE, message.blocks, metadata=metadata)


def not_understood(error: QueryError, subcommand: Subcommand, request_id: str) -> Message:
    """For a command whose arguments can't be read."""
    problem = explain(error)
    if subcommand == RECENT and error.reason == "unknown":
        problem = replace(problem, hint=_WORDS_ARE)
    usage = mrkdwn.code(f"{COMMAND} {subcommand.usage}")
    example = mrkdwn.code(subcommand.example)
    about = f"{usage}, for example {example}. {error_texts.reference_line(request_id)}"
    return error_texts.message(problem, [problem.hint], about)


def offer(labels: Sequence[tuple[str, str]], notes: Sequence[str]) -> Message:
    """For a message that holds no id, but phone numbers.

    Args:
        labels: for each number, how it is written and the value of its button.
        notes: mrkdwn for the foot.
    """
    one = len(labels) == 1
    title = "No voice log id, but a phone number" if one else "No voice log id, but phone numbers"
    said = "There is no voice log id here, but calls can be found by a number too."
    row_ = [
        actions.find_number(
            "Find calls with this number" if one else f"Find calls with {label}", value, index
        )
        for index, (label, value) in enumerate(labels)
    ]
    message = block_kit.message(
        [f"{title}.", said],
        [block_kit.header(f"🔎 {title}"), block_kit.section(said), *block_kit.actions(row_)],
    )
    return block_kit.with_notes(message, notes)


def expired(request_id: str) -> Message:
    """For a button whose value can't be read, or not any more."""
    problem = ErrorText(
        "⌛",
        "This search has expired",
        "The buttons of a search work for a day.",
        "Run the command again.",
    )
    return error_texts.message(problem, [problem.hint], error_texts.reference_line(request_id))


def _row(hit: Match, context: CardContext) -> voice_log_row.Row:
    press = actions.card(hit.log_id) if hit.log_id is not None else None
    return voice_log_row.of_log(hit.log, context, project=hit.project, press=press)


def _asked(query: Query) -> str:
    asked = ["with this number"] if query.number is not None else []
    asked += [mrkdwn.code(word) for word in query.filters]
    asked += [f"since {mrkdwn.date_token(query.since)}"] if query.since is not None else []
    return f"Looked for: {' · '.join(asked)}" if asked else ""


def _looked(result: SearchResult, query: Query) -> str:
    logs = _logs(result.scanned)
    if result.scanned_back_to is not None:
        return f"Looked at {logs}, back to {mrkdwn.date_token(result.scanned_back_to)}."
    if result.errors:
        return f"Looked at {logs}."
    if query.since is not None:
        return f"Looked at {logs}: that is all since {mrkdwn.date_token(query.since)}."
    return f"Looked at {logs}: that is all there is."


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


_WORDS_ARE: Final = f"The words are {', '.join(FILTERS)}."
_WHAT: Final[Mapping[InvalidReason, str]] = {
    "empty": "There is nothing to look for.",
    "unknown": "{token} isn't understood.",
    "too_short": "{token} is too short to search for.",
    "too_long": "{token} has more digits than any number.",
    "several": "{token} is one too many: one number, one span of time.",
    "missing": "After {token} there is nothing.",
    "not_a_date": "{token} is neither a day nor a span of time.",
    "future": "{token} hasn't been yet.",
    "too_far": "{token} is more than ten years back.",
    "out_of_range": "{token} isn't a count from 1 to 20.",
}
_A_NUMBER: Final = "Give three digits or more, or an address with an @ or sip: in it."
_TIMES: Final = "Write 30m, 2h, 3d or 1w, today, yesterday, or a day such as 2026-11-20."
_NEXT: Final[Mapping[InvalidReason, str]] = {
    "empty": "Give a phone number or part of it, a span of time, or a word such as failed.",
    "unknown": f"{_WORDS_ARE} An address needs an @ or sip: in it.",
    "too_short": "Give at least three digits, or three characters of an address.",
    "too_long": "Give one at a time, or a part of it.",
    "several": "Leave one out.",
    "missing": _TIMES,
    "not_a_date": _TIMES,
    "future": _TIMES,
    "too_far": _TIMES,
    "out_of_range": "Give a number from 1 to 20, or none for ten.",
}


def explain(error: QueryError) -> ErrorText:
    """The words for a search that can't be read."""
    what = _WHAT[error.reason].format(token=mrkdwn.code(error.token, 40))
    if error.reason == "too_long" and phone_numbers.is_address(error.token):
        what = f"{mrkdwn.code(error.token, 40)} has more characters than any address."
    next_step = _NEXT[error.reason]
    if error.field == "number" and error.reason == "unknown":
        next_step = _A_NUMBER
    return ErrorText("🔎", "The search isn't clear", what, next_step)
