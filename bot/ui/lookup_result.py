"""Which message answers a lookup: the full card for one id, rows for several."""

from collections.abc import Sequence

from bot.ui import _results, actions, block_kit, voice_log_card
from bot.ui import errors as error_texts
from bot.ui import help as help_
from bot.ui.actions import CardOptions
from bot.ui.block_kit import Message
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
    """The message for one to ten reports.

    Args:
        results: in the order in which the ids were given.
        request_id: stands beside whatever failed.
        name_project: whether to say which project has a log.
        setting: what the buttons depend on; without it there are none.
        left_out: how many further ids were not looked up.
        cut_short: ids that were pasted without their end.
    """
    notes = [help_.left_out(left_out)] if left_out else []
    if cut_short:
        notes.append(help_.also_cut_short(cut_short))
    if len(results) > 1:
        return _results.result_list(
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
    match result:
        case Found(log_id=log_id, log=log):
            row = (
                actions.card_actions(log_id, is_live=log.is_live, setting=setting)
                if setting
                else ()
            )
            return voice_log_card.card(result, name_project=name_project, buttons=row)
        case NotFound(log_id=log_id, errors=errors):
            again = [log_id] if setting and error_texts.is_transient(errors) else []
            thread_ts = setting.thread_ts if setting else None
            return error_texts.not_found(result, request_id, retry=again, thread_ts=thread_ts)
        case InternalError(log_id=log_id):
            again = [log_id] if setting else []
            thread_ts = setting.thread_ts if setting else None
            return error_texts.internal_error(request_id, retry=again, thread_ts=thread_ts)
