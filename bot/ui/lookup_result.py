"""The message for the results of a lookup: the full card for one ID, rows for several."""

from collections.abc import Sequence

from bot.ui import actions, block_kit, mrkdwn, voice_log_card, voice_log_row
from bot.ui import errors as error_texts
from bot.ui import help as help_
from bot.ui.actions import CardOptions
from bot.ui.block_kit import Message
from bot.ui.errors import ErrorText
from bot.ui.voice_log_row import Row
from bot.voicelogs.results import Found, InternalError, LookupResult, NotFound


def lookup_result(
    results: Sequence[LookupResult],
    *,
    request_id: str,
    name_project: bool,
    setting: CardOptions | None = None,
    left_out: int = 0,
    cut_short: Sequence[str] = (),
) -> Message:
    """Build the message for one to ten results.

    Args:
        results: in the order in which the IDs were given.
        request_id: shown with errors.
        name_project: whether to show each log's project.
        setting: what the buttons depend on; without it, there are no buttons.
        left_out: how many more IDs were not looked up.
        cut_short: truncated IDs.
    """
    notes = [help_.left_out(left_out)] if left_out else []
    if cut_short:
        notes.append(help_.also_cut_short(cut_short))
    if len(results) > 1:
        return result_list(
            results,
            request_id=request_id,
            name_project=name_project,
            notes=notes,
            setting=setting,
        )
    message = _one(results[0], request_id, name_project=name_project, setting=setting)
    return block_kit.with_notes(message, notes)


def _one(
    result: LookupResult, request_id: str, *, name_project: bool, setting: CardOptions | None
) -> Message:
    if isinstance(result, Found):
        is_live = result.log.is_live
        buttons = (
            actions.card_actions(result.log_id, is_live=is_live, setting=setting) if setting else ()
        )
        return voice_log_card.card(result, name_project=name_project, buttons=buttons)
    retry = [result.log_id] if setting and _may_retry(result) else []
    thread_ts = setting.thread_ts if setting else None
    if isinstance(result, NotFound):
        return error_texts.not_found(result, request_id, retry=retry, thread_ts=thread_ts)
    return error_texts.internal_error(request_id, retry=retry, thread_ts=thread_ts)


def _may_retry(result: NotFound | InternalError) -> bool:
    return isinstance(result, InternalError) or error_texts.is_transient(result.errors)


def result_list(
    results: Sequence[LookupResult],
    *,
    request_id: str,
    name_project: bool,
    notes: Sequence[str] = (),
    setting: CardOptions | None = None,
) -> Message:
    """Build a message with one row per result, in the order given.

    Args:
        results: at most ten; a message may have 50 blocks.
        request_id: shown if a lookup failed; it is also in the bot's log.
        name_project: whether to show each log's project.
        notes: mrkdwn for the end of the message.
        setting: what the buttons Card and Try again depend on; without it, there are none.
    """
    found = sum(isinstance(result, Found) for result in results)
    title = f"{found} of {len(results)} voice logs found"
    rows = [_row(result, name_project=name_project, setting=setting) for result in results]
    foot = [*notes]
    if found < len(results):
        foot.append(f"Reference {mrkdwn.code(request_id)}.")
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


def _row(result: LookupResult, *, name_project: bool, setting: CardOptions | None) -> Row:
    if isinstance(result, Found):
        return voice_log_row.of_log(
            result.log,
            project=result.project if name_project else None,
            press=actions.card(result.log_id, setting.thread_ts) if setting else None,
        )
    problem, reasons = _reasons(result)
    retry = (
        actions.try_row_again(result.log_id, setting.thread_ts)
        if setting and _may_retry(result)
        else None
    )
    return Row(problem.emoji, problem.title, [*reasons, mrkdwn.code(str(result.log_id))], retry)


def _reasons(result: NotFound | InternalError) -> tuple[ErrorText, Sequence[str]]:
    """Return the error, and the lines between its title and the ID."""
    if isinstance(result, InternalError):
        return error_texts.INTERNAL_ERROR, []
    problem = error_texts.describe_all(result.errors)
    lines = error_texts.per_project_lines(result.errors)
    return problem, lines or ([problem.short] if problem.short else [])
