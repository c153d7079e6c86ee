"""Which message answers a lookup: the full card for one id, rows for several."""

from collections.abc import Sequence

from bot.cards import blocks, buttons, call, problems, results
from bot.cards import help as help_
from bot.cards.blocks import Message
from bot.cards.buttons import CardOptions
from bot.report import Found, InternalError, LookupResult, NotFound


def lookup_result(
    reports: Sequence[LookupResult],
    *,
    reference: str,
    name_project: bool,
    setting: CardOptions | None = None,
    left_out: int = 0,
    cut_short: Sequence[str] = (),
) -> Message:
    """The message for one to ten reports.

    Args:
        reports: in the order in which the ids were given.
        reference: stands beside whatever failed.
        name_project: whether to say which project has a log.
        setting: what the buttons depend on; without it there are none.
        left_out: how many further ids were not looked up.
        cut_short: ids that were pasted without their end.
    """
    notes = [help_.left_out(left_out)] if left_out else []
    if cut_short:
        notes.append(help_.also_cut_short(cut_short))
    if len(reports) > 1:
        return results.result_list(
            reports,
            reference=reference,
            name_project=name_project,
            notes=notes,
            setting=setting,
        )
    message = _one(reports[0], reference, name_project=name_project, setting=setting)
    return blocks.with_notes(message, notes)


def _one(
    report: LookupResult, reference: str, *, name_project: bool, setting: CardOptions | None
) -> Message:
    match report:
        case Found(log_id=log_id, log=log):
            row = (
                buttons.card_actions(log_id, is_live=log.is_live, setting=setting)
                if setting
                else ()
            )
            return call.card(report, name_project=name_project, buttons=row)
        case NotFound(log_id=log_id, errors=errors):
            again = [log_id] if setting and problems.is_transient(errors) else []
            thread_ts = setting.thread_ts if setting else None
            return problems.not_found(report, reference, retry=again, thread_ts=thread_ts)
        case InternalError(log_id=log_id):
            again = [log_id] if setting else []
            thread_ts = setting.thread_ts if setting else None
            return problems.internal_error(reference, retry=again, thread_ts=thread_ts)
