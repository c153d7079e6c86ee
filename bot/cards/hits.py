"""What a search says: rows with Card, how far back it looked, and what can't be understood."""

import html
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from bot.cards import blocks, buttons, problems, row, views
from bot.cards import text as words
from bot.cards.blocks import Input, Message, Option
from bot.cards.buttons import FORM
from bot.cards.problems import Problem
from bot.cards.views import Form, View
from bot.queries import WORDS, Fault, Part, Query, QueryError
from bot.report import Hit, Sweep
from bot.signalwire.errors import SignalWireError
from bot.subcommands import COMMAND, FIND, RECENT

FORM_TITLE: Final = "Find a call"
NUMBER_FIELD: Final = "number"
WINDOW_FIELD: Final = "window"
WORDS_FIELD: Final = "words"
FIELD_ERROR_LIMIT: Final = 300
FIELD_LIMIT: Final = 100
"""Characters of a field of the form."""

_ANY: Final = "any"
_CHOICES: Final = (
    ("Any status or direction", _ANY),
    ("Live now", "live"),
    ("Failed", "failed"),
    ("No answer", "no-answer"),
    ("Busy", "busy"),
    ("Canceled", "canceled"),
    ("Completed", "completed"),
    ("Ended", "ended"),
    ("Inbound", "inbound"),
    ("Outbound", "outbound"),
)
_FIELDS: Final[Mapping[Part, str]] = {
    "number": NUMBER_FIELD,
    "window": WINDOW_FIELD,
    "words": WORDS_FIELD,
    "count": NUMBER_FIELD,
}


def hits(
    sweep: Sweep,
    query: Query,
    *,
    reference: str,
    name_project: bool,
    further: str | None,
) -> Message:
    """What a search came to.

    Args:
        sweep: at most twenty hits; a message holds fifty blocks.
        query: what was looked for. Its number isn't shown again.
        reference: shown when something failed, to be found in the log.
        name_project: whether to say which project has a log.
        further: the value of **Look further back**; None where there is nothing further.
    """
    if not sweep.looked_at and sweep.errors and not sweep.hits:
        return _nothing_read(sweep.errors, reference)
    count = len(sweep.hits)
    title = f"{count or 'No'} voice log{'' if count == 1 else 's'} found"
    asked = _asked(query)
    rows = [_row(hit, name_project=name_project) for hit in sweep.hits]
    foot = [_looked(sweep, query), *_errors(sweep.errors)]
    foot += [problems.named(reference)] if sweep.errors else []
    buttons_row = [buttons.further(further)] if further is not None else []
    return blocks.message(
        [
            f"{title}.",
            *([words.spoken(asked)] if asked else []),
            *(each.spoken() for each in rows),
            *(words.spoken(note) for note in foot),
        ],
        [
            blocks.header(f"🔎 {title}"),
            *([blocks.context(asked)] if asked else []),
            *(each.block() for each in rows),
            *(blocks.context(note) for note in foot),
            *blocks.actions(buttons_row),
        ],
    )


def searching(looked_at: int, back_to: datetime | None) -> Message:
    """Posted when a search takes longer than a person likes to wait without a sign."""
    far = f", back to {words.moment(back_to)}" if back_to is not None else ""
    so_far = f" {looked_at:,} logs so far{far}" if looked_at else ""
    line = f"Searching…{so_far}"
    return blocks.message([words.spoken(line)], [blocks.context(f"⏳ {line}")])


def window(message: Message, metadata: str) -> View:
    """A search's message as a window."""
    return views.modal(FORM_TITLE, message.blocks, metadata=metadata)


def form(metadata: str) -> View:
    """The form in which a search is filled in."""
    content: list[Input] = [
        _field(
            NUMBER_FIELD,
            "Phone number, or part of it",
            "+1 206 555 0134",
            "However it is written. At least three digits. A SIP address will do too.",
        ),
        _field(
            WINDOW_FIELD,
            "How far back",
            "2h, 3d or 2026-11-20",
            "30m, 2h, 3d, 1w, or a day in UTC. Empty: as far back as it gets.",
        ),
        {
            "type": "input",
            "block_id": WORDS_FIELD,
            "label": blocks.plain("Which calls", 100),
            "element": {
                "type": "static_select",
                "action_id": WORDS_FIELD,
                "options": [_option(label, value) for label, value in _CHOICES],
                "initial_option": _option(*_CHOICES[0]),
            },
            "optional": True,
        },
    ]
    return views.modal(FORM_TITLE, content, metadata=metadata, form=Form(FORM, "Search"))


def chosen_words(value: str | None) -> str:
    """What the form's choice stands for in a query."""
    return "" if value in {None, _ANY} else value or ""


def field_errors(errors: Sequence[QueryError]) -> dict[str, str]:
    """What is wrong, by the field of the form that it stands on; plain text."""
    said = {}
    for error in errors:
        problem = _explain(error)
        text = html.unescape(words.spoken(f"{problem.what} {problem.next_step}"))
        said[_FIELDS[error.field]] = words.clip(text, FIELD_ERROR_LIMIT)
    return said


def not_understood(error: QueryError, reference: str) -> Message:
    """For a command whose arguments can't be read."""
    problem = _explain(error)
    usage = f"{words.code(f'{COMMAND} {FIND.usage}')}, for example {words.code(FIND.example)}"
    if error.field == "count":
        usage = (
            f"{words.code(f'{COMMAND} {RECENT.usage}')}, for example {words.code(RECENT.example)}"
        )
    return problems.message(problem, [problem.next_step], f"{usage}. {problems.named(reference)}")


def offer(labels: Sequence[tuple[str, str]], notes: Sequence[str]) -> Message:
    """For a message that holds no id, but phone numbers.

    Args:
        labels: for each number, how it is written and the token it is remembered by.
        notes: mrkdwn for the foot.
    """
    one = len(labels) == 1
    title = "No voice log id, but a phone number" if one else "No voice log id, but phone numbers"
    said = "There is no voice log id here, but calls can be found by a number too."
    row_ = [
        buttons.find_number(
            "Find calls with this number" if one else f"Find calls with {label}", token, index
        )
        for index, (label, token) in enumerate(labels)
    ]
    message = blocks.message(
        [f"{title}.", said],
        [blocks.header(f"🔎 {title}"), blocks.section(said), *blocks.actions(row_)],
    )
    return blocks.with_notes(message, notes)


def forgotten(reference: str) -> Message:
    """For a button whose number this process doesn't remember (any more)."""
    problem = Problem(
        "⌛",
        "This search is forgotten",
        "A number isn't kept for longer than half an hour, nor beyond a restart.",
        f"Type it again: {words.code(f'{COMMAND} {FIND.usage}')}",
    )
    return problems.message(problem, [problem.next_step], problems.named(reference))


def _row(hit: Hit, *, name_project: bool) -> row.Row:
    press = buttons.card(hit.log_id) if hit.log_id is not None else None
    return row.of_log(hit.log, project=hit.project if name_project else None, press=press)


def _asked(query: Query) -> str:
    asked = ["with this number"] if query.number is not None else []
    asked += [words.code(word) for word in query.words]
    asked += [f"since {words.moment(query.since)}"] if query.since is not None else []
    return f"Looked for: {' · '.join(asked)}" if asked else ""


def _looked(sweep: Sweep, query: Query) -> str:
    logs = f"{sweep.looked_at:,} log{'' if sweep.looked_at == 1 else 's'}"
    if sweep.back_to is not None:
        return f"Looked at {logs}, back to {words.moment(sweep.back_to)}."
    if sweep.errors:
        return f"Looked at {logs}."
    if query.since is not None:
        return f"Looked at {logs}: that is all since {words.moment(query.since)}."
    return f"Looked at {logs}: that is all there is."


def _errors(errors: Mapping[str, SignalWireError]) -> list[str]:
    lines = []
    for name, error in list(errors.items())[:3]:
        problem = problems.explain(error)
        lines.append(f"{problem.emoji} SignalWire {words.code(name, 40)}: {problem.title}.")
    more = len(errors) - len(lines)
    return [*lines, *([f"… and {more} more projects"] if more > 0 else [])]


def _nothing_read(errors: Mapping[str, SignalWireError], reference: str) -> Message:
    problem = problems.explain(next(iter(errors.values())))
    answers = problems.each_answer(errors)
    return problems.message(problem, [*answers, problem.next_step], problems.named(reference))


def _field(field: str, label: str, placeholder: str, hint: str) -> Input:
    return {
        "type": "input",
        "block_id": field,
        "label": blocks.plain(label, 100),
        "element": {
            "type": "plain_text_input",
            "action_id": field,
            "max_length": FIELD_LIMIT,
            "placeholder": blocks.plain(placeholder, 100),
        },
        "optional": True,
        "hint": blocks.plain(hint, 200),
    }


def _option(label: str, value: str) -> Option:
    return {"text": blocks.plain(label, 75), "value": value}


_UNDERSTOOD: Final = ", ".join(WORDS)
_WHAT: Final[Mapping[Fault, str]] = {
    "empty": "There is nothing to look for.",
    "unknown": "{token} isn't understood.",
    "too_short": "{token} is too short to search for.",
    "too_long": "{token} has more digits than any number.",
    "several": "{token} is one too many: one number, one span of time.",
    "missing": "After {token} there is nothing.",
    "not_a_date": "{token} isn't a span of time.",
    "future": "{token} hasn't been yet.",
    "too_far": "{token} is more than ten years back.",
    "out_of_range": "{token} isn't a count from 1 to 20.",
}
_TIMES: Final = "Write 2h, 3d, today, yesterday or a day such as 2026-11-20."
_NEXT: Final[Mapping[Fault, str]] = {
    "empty": "Give a phone number or part of it, a span of time, or a word such as failed.",
    "unknown": f"The words are {_UNDERSTOOD}. A name or an address needs an @ or sip: before it.",
    "too_short": "Give at least three digits, or three characters of an address.",
    "too_long": "Give one number at a time.",
    "several": "Leave one out.",
    "missing": _TIMES,
    "not_a_date": _TIMES,
    "future": _TIMES,
    "too_far": _TIMES,
    "out_of_range": "Give a number from 1 to 20, or none for ten.",
}


def _explain(error: QueryError) -> Problem:
    what = _WHAT[error.kind].format(token=words.code(error.token, 40))
    return Problem("🔎", "The search isn't clear", what, _NEXT[error.kind])
