"""The message for the results of a lookup: the full card for one ID, rows for several."""

from collections.abc import Sequence

from bot.ui import actions, block_kit, mrkdwn, voice_log_card, voice_log_row
from bot.ui import errors as error_texts
from bot.ui import help as help_
from bot.ui.block_kit import Message
from bot.ui.card_context import CardContext
from bot.ui.errors import ErrorText
from bot.ui.voice_log_row import Row
from bot.voicelogs.results import Found, InternalError, LookupResult, NotFound


def lookup_result(
    results: Sequence[LookupResult],
    context: CardContext,
    *,
    left_out: int = 0,
    cut_short: Sequence[str] = (),
) -> Message:
    """Build the message for one to ten results.

    Args:
        results: in the order in which the IDs were given.
        context: of the reply.
        left_out: how many more IDs were not looked up.
        cut_short: truncated IDs.
    """
    notes = [help_.left_out(left_out)] if left_out else []
    if cut_short:
        notes.append(help_.also_cut_short(cut_short))
    if len(results) > 1:
        return result_list(results, context, notes=notes)
    message = _one(results[0], context)
    return block_kit.with_notes(message, notes)


def _one(result: LookupResult, context: CardContext) -> Message:
    options, request_id = context.options, context.request_id
    if isinstance(result, Found):
        is_live = result.log.is_live and not result.log.is_overdue(context.now)
        buttons = (
            actions.card_actions(result.log_id, is_live=is_live, setting=options) if options else ()
        )
        return voice_log_card.card(result, context, buttons=buttons)
    retry = [result.log_id] if options and _may_retry(result) else []
    thread_ts = options.thread_ts if options else None
    if isinstance(result, NotFound):
        return error_texts.not_found(result, request_id, retry=retry, thread_ts=thread_ts)
    return error_texts.internal_error(request_id, retry=retry, thread_ts=thread_ts)


def _may_retry(result: NotFound | InternalError) -> bool:
    return isinstance(result, InternalError) or error_texts.is_transient(result.errors)


def result_list(
    results: Sequence[LookupResult], context: CardContext, *, notes: Sequence[str] = ()
) -> Message:
    """Build a message with one row per result, in the order given.

    Args:
        results: at most ten; a message may have 50 blocks.
        context: of the reply.
        notes: mrkdwn for the end of the message.
    """
    found = sum(isinstance(result, Found) for result in results)
    title = f"{found} of {len(results)} voice logs found"
    rows = [_row(result, context) for result in results]
    foot = [*notes]
    if found < len(results):
        foot.append(f"Reference {mrkdwn.code(context.request_id)}.")
    return block_kit.message(
        [
            title,
            *(row.as_text() for row in rows),
            *(mrkdwn.mrkdwn_to_text(note) for note in foot),
        ],
        [
            block_kit.header(title),
            *(row.block() for row in rows),
            *(block_kit.context(note) for note in foot),
        ],
    )


def _row(result: LookupResult, context: CardContext) -> Row:
    options, log_id = context.options, result.log_id
    if isinstance(result, Found):
        button = actions.card(log_id, options.thread_ts) if options else None
        return voice_log_row.of_log(result.log, context, project=result.project, button=button)
    problem, reasons = _reasons(result)
    retry = None
    if options and _may_retry(result):
        retry = actions.try_row_again(log_id, options.thread_ts)
    return Row(problem.emoji, problem.title, [*reasons, mrkdwn.code(str(log_id))], retry)


def _reasons(result: NotFound | InternalError) -> tuple[ErrorText, Sequence[str]]:
    """Return the error, and the lines between its title and the ID."""
    if isinstance(result, InternalError):
        return error_texts.INTERNAL_ERROR, []
    problem = error_texts.describe_all(result.errors)
    lines = error_texts.per_project_lines(result.errors)
    return problem, lines or ([problem.short] if problem.short else [])
