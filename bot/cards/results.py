"""Several voice logs in one message, a row each."""

from collections.abc import Sequence
from uuid import UUID

from bot.cards import blocks, problems, row
from bot.cards import buttons as pressable
from bot.cards import text as words
from bot.cards.blocks import Message
from bot.cards.buttons import Setting
from bot.cards.problems import Problem
from bot.cards.row import Row
from bot.report import Broken, Found, Missed, Report


def results(
    reports: Sequence[Report],
    *,
    reference: str,
    name_project: bool,
    notes: Sequence[str] = (),
    setting: Setting | None = None,
) -> Message:
    """One row a report, in the order given.

    Args:
        reports: at most ten; a message holds fifty blocks.
        reference: shown when something failed, to be found in the log.
        name_project: whether to say which project has a log.
        notes: mrkdwn for the foot of the message.
        setting: what the rows' buttons, Card or Try again, depend on; without it there are none.
    """
    found = sum(isinstance(report, Found) for report in reports)
    title = f"{found} of {len(reports)} voice logs found"
    rows = [_row(report, name_project=name_project, setting=setting) for report in reports]
    foot = [*notes]
    if found < len(reports):
        foot.append(f"Reference {words.code(reference)}.")
    return blocks.message(
        [title, *(each.spoken() for each in rows), *(words.spoken(note) for note in foot)],
        [
            blocks.header(title),
            *(each.block() for each in rows),
            *(blocks.context(note) for note in foot),
        ],
    )


def _row(report: Report, *, name_project: bool, setting: Setting | None) -> Row:
    match report:
        case Found(log_id=log_id, log=log, project=project):
            return row.of_log(
                log,
                project=project if name_project else None,
                press=pressable.card(log_id, setting.thread_ts) if setting else None,
            )
        case Missed(log_id=log_id, errors=errors):
            problem = problems.summary(errors)
            answers = problems.each_answer(errors)
            reasons = answers or ([problem.brief] if problem.brief else [])
            again = setting if problems.may_pass(errors) else None
            return _missing(problem, log_id, reasons, again)
        case Broken(log_id=log_id):
            return _missing(problems.OWN_FAULT, log_id, [], setting)


def _missing(problem: Problem, log_id: UUID, reasons: Sequence[str], again: Setting | None) -> Row:
    press = pressable.try_row_again(log_id, again.thread_ts) if again else None
    return Row(problem.emoji, problem.title, [*reasons, words.code(str(log_id))], press)
