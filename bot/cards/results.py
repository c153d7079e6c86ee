"""Several voice logs in one message, a row each."""

from collections.abc import Sequence
from uuid import UUID

from bot.cards import blocks, problems, row
from bot.cards import buttons as pressable
from bot.cards import text as words
from bot.cards.blocks import Message
from bot.cards.buttons import CardOptions
from bot.cards.problems import ErrorText
from bot.cards.row import Row
from bot.report import Found, InternalError, LookupResult, NotFound


def result_list(
    reports: Sequence[LookupResult],
    *,
    reference: str,
    name_project: bool,
    notes: Sequence[str] = (),
    setting: CardOptions | None = None,
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
        [title, *(each.as_text() for each in rows), *(words.mrkdwn_to_text(note) for note in foot)],
        [
            blocks.header(title),
            *(each.block() for each in rows),
            *(blocks.context(note) for note in foot),
        ],
    )


def _row(report: LookupResult, *, name_project: bool, setting: CardOptions | None) -> Row:
    match report:
        case Found(log_id=log_id, log=log, project=project):
            return row.of_log(
                log,
                project=project if name_project else None,
                press=pressable.card(log_id, setting.thread_ts) if setting else None,
            )
        case NotFound(log_id=log_id, errors=errors):
            problem = problems.describe_all(errors)
            answers = problems.per_project_lines(errors)
            reasons = answers or ([problem.short] if problem.short else [])
            again = setting if problems.is_transient(errors) else None
            return _missing(problem, log_id, reasons, again)
        case InternalError(log_id=log_id):
            return _missing(problems.INTERNAL_ERROR, log_id, [], setting)


def _missing(
    problem: ErrorText, log_id: UUID, reasons: Sequence[str], again: CardOptions | None
) -> Row:
    press = pressable.try_row_again(log_id, again.thread_ts) if again else None
    return Row(problem.emoji, problem.title, [*reasons, words.code(str(log_id))], press)
