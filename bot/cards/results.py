"""Several voice logs in one message, a row each, and the note that an answer is on its way."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.cards import blocks, leg, problems
from bot.cards import text as words
from bot.cards.blocks import Message
from bot.report import Broken, Found, Missed, Report


@dataclass(frozen=True)
class _Row:
    emoji: str
    headline: str
    rest: Sequence[str]
    """Mrkdwn lines."""

    def mrkdwn(self) -> str:
        return "\n".join([f"{self.emoji} *{self.headline}*", *self.rest])

    def spoken(self) -> str:
        return ". ".join([self.headline, *(words.spoken(line).rstrip(".") for line in self.rest)])


def results(
    reports: Sequence[Report],
    *,
    reference: str,
    name_project: bool,
    notes: Sequence[str] = (),
) -> Message:
    """One row a report, in the order given.

    Args:
        reports: at most ten; a message holds fifty blocks.
        reference: shown when something failed, to be found in the log.
        name_project: whether to say which project has a log.
        notes: mrkdwn for the foot of the message.
    """
    found = sum(isinstance(report, Found) for report in reports)
    title = f"{found} of {len(reports)} voice logs found"
    rows = [_row(report, name_project=name_project) for report in reports]
    foot = [*notes]
    if found < len(reports):
        foot.append(f"Reference {words.code(reference)}.")
    return blocks.message(
        [title, *(row.spoken() for row in rows), *(words.spoken(note) for note in foot)],
        [
            blocks.header(title),
            *(blocks.section(row.mrkdwn()) for row in rows),
            *(blocks.context(note) for note in foot),
        ],
    )


def looking_up(count: int) -> Message:
    """Posted when the answer takes longer than a person likes to wait without a sign."""
    line = "Looking up…" if count == 1 else f"Looking up {count} voice logs…"
    return blocks.message([line], [blocks.context(f"⏳ {line}")])


def _row(report: Report, *, name_project: bool) -> _Row:
    match report:
        case Found():
            return _found(report, name_project=name_project)
        case Missed(log_id=log_id, errors=errors):
            problem = problems.summary(errors)
            answers = problems.each_answer(errors)
            reasons = answers or ([problem.brief] if problem.brief else [])
            return _Row(problem.emoji, problem.title, [*reasons, words.code(str(log_id))])
        case Broken(log_id=log_id):
            fault = problems.OWN_FAULT
            return _Row(fault.emoji, fault.title, [words.code(str(log_id))])


def _found(report: Found, *, name_project: bool) -> _Row:
    log = report.log
    emoji, _ = leg.status(log)
    route = leg.route(log)
    facts = [words.money(log.charge)] if log.charge is not None else []
    if log.created_at is not None:
        facts.append(words.moment(log.created_at))
    if log.discarded_at is not None:
        facts.append(f"deleted {words.moment(log.discarded_at)}")
    identity = [words.code(log.id, 60), *([words.code(report.project)] if name_project else [])]
    lines = [route or "", " · ".join(facts), " · ".join(identity)]
    return _Row(emoji, leg.headline(log), [line for line in lines if line])
