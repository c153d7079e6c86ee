"""The message for the results of a lookup: the full card for one ID, rows for several."""

from collections.abc import Sequence
from uuid import UUID

from bot.ui import actions, block_kit, mrkdwn, voice_log_card, voice_log_row
from bot.ui import errors as error_texts
from bot.ui import help as help_
from bot.ui.actions import CardOptions
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
    setting, request_id = context.options, context.request_id
    match result:
        case Found(log_id=log_id, log=log):
            row = (
                actions.card_actions(log_id, is_live=log.is_live, setting=setting)
                if setting
                else ()
            )
            return voice_log_card.card(result, context, buttons=row)
        case NotFound(log_id=log_id, errors=errors):
            again = [log_id] if setting and error_texts.is_transient(errors) else []
            thread_ts = setting.thread_ts if setting else None
            return error_texts.not_found(result, request_id, retry=again, thread_ts=thread_ts)
        case InternalError(log_id=log_id):
            again = [log_id] if setting else []
            thread_ts = setting.thread_ts if setting else None
            return error_texts.internal_error(request_id, retry=again, thread_ts=thread_ts)


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
    setting = context.options
    match result:
        case Found(log_id=log_id, log=log, project=project):
            return voice_log_row.of_log(
                log,
                context,
                project=project,
                press=actions.card(log_id, setting.thread_ts) if setting else None,
            )
        case NotFound(log_id=log_id, errors=errors):
            problem = error_texts.describe_all(errors)
            answers = error_texts.per_project_lines(errors)
            reasons = answers or ([problem.short] if problem.short else [])
            again = setting if error_texts.is_transient(errors) else None
            return _missing(problem, log_id, reasons, again)
        case InternalError(log_id=log_id):
            return _missing(error_texts.INTERNAL_ERROR, log_id, [], setting)


def _missing(
    problem: ErrorText, log_id: UUID, reasons: Sequence[str], again: CardOptions | None
) -> Row:
    accessory = actions.try_row_again(log_id, again.thread_ts) if again else None
    return Row(problem.emoji, problem.title, [*reasons, mrkdwn.code(str(log_id))], accessory)
