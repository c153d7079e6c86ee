"""Which message answers a lookup: the full card for one id, rows for several."""

from collections.abc import Sequence

from bot.cards import blocks, call, problems, results
from bot.cards import help as help_
from bot.cards.blocks import Message
from bot.report import Broken, Found, Missed, Report


def answer(
    reports: Sequence[Report],
    *,
    reference: str,
    name_project: bool,
    left_out: int = 0,
    cut_short: Sequence[str] = (),
) -> Message:
    """The message for one to ten reports.

    Args:
        reports: in the order in which the ids were given.
        reference: stands beside whatever failed.
        name_project: whether to say which project has a log.
        left_out: how many further ids were not looked up.
        cut_short: ids that were pasted without their end.
    """
    notes = [help_.left_out(left_out)] if left_out else []
    if cut_short:
        notes.append(help_.also_cut_short(cut_short))
    if len(reports) > 1:
        return results.results(reports, reference=reference, name_project=name_project, notes=notes)
    match reports[0]:
        case Found() as found:
            message = call.card(found, name_project=name_project)
        case Missed() as missed:
            message = problems.missed(missed, reference)
        case Broken():
            message = problems.own_fault(reference)
    return blocks.with_notes(message, notes)
