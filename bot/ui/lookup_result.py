"""The message for the results of a lookup: the full card for one ID, rows for several."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from bot.ui import (
    actions,
    block_kit,
    error_messages,
    facts,
    labels,
    mrkdwn,
    multi_project_errors,
    voice_log_card,
    voice_log_row,
)
from bot.ui import errors as error_texts
from bot.ui import help as help_
from bot.ui.block_elements import Button
from bot.ui.block_kit import Message
from bot.ui.card_context import CardContext
from bot.ui.errors import ErrorText
from bot.ui.voice_log_row import Row
from bot.voicelogs import calls, phone_numbers
from bot.voicelogs.ids import Ids
from bot.voicelogs.results import Found, InternalError, LookupResult, NotFound


@dataclass(frozen=True)
class SourceText:
    """The text that the IDs are from."""

    is_message: bool = False
    """Whether it is a message in Slack; otherwise it was typed."""
    ids: Ids = field(default_factory=Ids)
    """All IDs that were found in it."""
    rest: Sequence[UUID] = ()
    """The IDs beyond the limit, which weren't looked up."""
    numbers: Sequence[tuple[str, str]] = ()
    """Its phone numbers and SIP addresses, each with the value of its button."""
    notes: Sequence[str] = ()
    """Mrkdwn about it, for the end of the message."""


NO_SOURCE: Final = SourceText()

_NO_VOICE_LOG: Final = "no voice log yet"


def lookup_result(
    results: Sequence[LookupResult], context: CardContext, source: SourceText = NO_SOURCE
) -> Message:
    """Build the message for one to ten results, in the order in which their IDs were given.

    IDs without a log are only counted, if there is anything else to show.
    """
    missing = [each for each in results if isinstance(each, NotFound) and each.is_missing]
    shown = [each for each in results if each not in missing]
    notes = [_missing_count(len(missing), source)] if shown and missing else []
    notes += [help_.left_out(len(source.rest))] if source.rest else []
    notes += [*help_.about_incomplete(source.ids), *source.notes]
    if len(shown) > 1:
        message = result_list(shown, context, notes)
    else:
        message = _one(shown[0], context) if shown else _all_missing(missing, context, source)
        message = block_kit.with_notes(message, notes)
    message = block_kit.with_buttons(message, _more_buttons(shown, context, source))
    return message if context.has_buttons else block_kit.without_buttons(message)


def _missing_count(count: int, source: SourceText) -> str:
    where = " in the message" if source.is_message else ""
    have = "has" if count == 1 else "have"
    return f"{mrkdwn.count(count, 'other ID')}{where} {have} no voice log."


def _more_buttons(
    shown: Sequence[LookupResult], context: CardContext, source: SourceText
) -> list[Button]:
    """Build the buttons below the notes."""
    was_any_found = any(isinstance(result, Found) for result in shown)
    buttons = [] if was_any_found or not shown else actions.find_numbers(source.numbers)
    if source.rest:
        buttons.append(actions.look_up_rest(source.rest, context.options.thread_ts))
    return buttons


def _all_missing(missing: Sequence[NotFound], context: CardContext, source: SourceText) -> Message:
    """Build the message for when no log was found, in any project."""
    problem = multi_project_errors.describe_missing(missing)
    labeled = help_.labeled((each.log_id for each in missing), source.ids.others)
    is_one = len(missing) == 1
    paragraphs = [
        *multi_project_errors.per_project_lines(missing[0].errors),
        *help_.about_others(labeled, is_shown=is_one),
        help_.WHERE_IDS_ARE if len(labeled) == len(missing) else problem.hint,
    ]
    buttons = actions.find_numbers(source.numbers)
    if buttons:
        by = phone_numbers.kind_of(label for label, _ in source.numbers)
        paragraphs.append(f"You can also search for calls by {by}.")
    elif labeled:
        buttons = [actions.find_form()]
    log_ids = [each.log_id for each in missing]
    sealed = [value for _, value in source.numbers]
    retry = actions.retry(log_ids, context.options.thread_ts, sealed)
    return error_messages.message(
        problem,
        context.request_id,
        paragraphs=paragraphs,
        log_ids=log_ids,
        buttons=[retry, *buttons],
    )


def _one(result: LookupResult, context: CardContext) -> Message:
    if isinstance(result, Found):
        return voice_log_card.card(result, context)
    problem, lines, may_retry = _problem(result)
    retry = actions.retry([result.log_id], context.options.thread_ts)
    return error_messages.message(
        problem,
        context.request_id,
        paragraphs=[*lines, problem.hint],
        log_ids=[result.log_id] if isinstance(result, NotFound) else [],
        buttons=[retry] if may_retry else [],
    )


def _problem(result: NotFound | InternalError) -> tuple[ErrorText, Sequence[str], bool]:
    """Return the error, a line for each project if there are several, and whether to retry."""
    if isinstance(result, InternalError):
        return error_texts.INTERNAL_ERROR, [], True
    errors = result.errors
    return (
        multi_project_errors.describe_all(errors),
        multi_project_errors.per_project_lines(errors),
        multi_project_errors.is_transient(errors),
    )


def result_list(
    results: Sequence[LookupResult], context: CardContext, notes: Sequence[str] = ()
) -> Message:
    """Build a message with a row for each of at most ten results; it may have 50 blocks."""
    found = sum(isinstance(result, Found) for result in results)
    title = _list_title(found, len(results) - found)
    rows = [_row(result, context) for result in results]
    reference = error_messages.reference_line(context.request_id)
    foot = [*notes, *([reference] if found < len(results) else [])]
    return voice_log_row.list_message(title, title, _totals(results, context.now), rows, foot)


def _list_title(found: int, failed: int) -> str:
    if not failed:
        return f"{found} voice logs found"
    if not found:
        return f"{failed} IDs couldn't be looked up"
    return f"{found} found, {failed} couldn't be looked up"


def _totals(results: Sequence[LookupResult], now: datetime) -> list[str]:
    """Return a line in mrkdwn for each call with several legs: their total charge."""
    related = calls.related_legs([each.log for each in results if isinstance(each, Found)])
    lines = []
    for call in related:
        total, count = calls.total_charge(call.legs, now), len(call.legs)
        if not total.charged:
            continue
        is_one_call = count == len(results)
        first = labels.short_id(call.first_id)
        # Not "call …": if this is pasted, that would be read as a truncated ID.
        legs = f"these {count} legs of one call" if is_one_call else f"{count} legs of {first}"
        without = count - total.charged
        rest = f" ({without} without {facts.a_charge(total)})" if without else ""
        lines.append(f"Total: {facts.amount(total)} for {legs}{rest}")
    return lines


def _row(result: LookupResult, context: CardContext) -> Row:
    log_id, thread_ts = result.log_id, context.options.thread_ts
    if isinstance(result, Found):
        return voice_log_row.of_log(
            result.log,
            context,
            project=result.project,
            button=actions.card(log_id, thread_ts),
            shows_id=True,
            note="" if result.call is None else _NO_VOICE_LOG,
        )
    problem, lines, may_retry = _problem(result)
    below = filter(None, [*(lines or [problem.short]), mrkdwn.code(str(log_id))])
    retry = actions.card(log_id, thread_ts, "Try again") if may_retry else None
    return Row(problem.emoji, problem.title, [*below], retry)
