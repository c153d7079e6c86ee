"""Splits what is typed into words."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bot.voicelogs import phone_numbers
from bot.voicelogs.query import ranges, times, words

_QUOTES: Final = "\"'`“”„‘’«»"  # noqa: RUF001 - typographic quotes
_BEFORE_WORDS: Final = "([{<¡¿" + _QUOTES
_AFTER_WORDS: Final = ")]}>.!?:=" + _QUOTES
_EMPHASIS: Final = "*_~"
_SCHEME: Final = re.compile(
    r"(?:tel|whatsapp|mailto|callto|sms|facetime):(?://)?|sofia/[\w.-]+/", re.IGNORECASE
)
"""Before a number or an address, also in the name of a channel of FreeSWITCH."""
_LABELED: Final = re.compile(
    r"(?:--|[?{(:@\[\"'])*(?:[a-z]\w*\.)*(?P<label>[a-z][\w-]*)[\"']?[:=](?=.)", re.IGNORECASE
)
"""`from:5550103`, `--since=2h`, `"status":"failed"`, `@call.status:failed` of search boxes."""
_LIST_MARK: Final = re.compile("[,;，、]")  # noqa: RUF001 - wide commas
# Two numbers without a blank between them: +12065550100+12065550103, 5550100/5550103.
_BETWEEN_NUMBERS: Final = re.compile(r"(?<=[0-9]{7})[/&-](?=\+?[0-9]{7})|(?<=[0-9]{7})(?=\+[0-9])")
_AFTER_ADDRESS: Final = re.compile(r"(?<=[,;])(?=[^\s,;]+@)")
_WORDS: Final = re.compile(r"[a-z-]+(?:[/+][a-z-]+)+", re.IGNORECASE)
"""Alternatives without a blank between them: `failed/busy`."""
EMOJI: Final = re.compile(r"(?<!\S)(?::[a-z0-9_+'-]+:)+(?!\S)")
"""As Slack writes it: `:phone:`, `:wave::skin-tone-2:`."""

_BEGINS_NUMBER: Final = r"(?=\+[0-9]|(?:1[ .-]?)?\(?[0-9]{3})(?!(?:19|20)[0-9]{2}[-/.])"
_KIND_OF_NUMBER: Final = (
    "(?:phone|telephone|tel|ph|cell|mobile|mob|contact|home|work|office|main|direct|fax"
    "|toll[- ]?free|ext(?:n|ension)?|area code|[tmpcfow](?=:))"
)

_WRITTEN_AS_TICKET: Final = re.compile(r"\[?#[0-9]{3,9}\]?|\[[0-9]{3,6}\]")


def _with_name(ticket: re.Match[str]) -> str:
    """Join the number of a ticket with the name before it, unless that is a word of a search."""
    word, _ = words.look_up([ticket["name"]])
    return ticket.group() if word else f"{ticket['name']}#"


def _with_both_endings(endings: re.Match[str]) -> str:
    one, other = endings.groups()
    return f"{one} or {one[: -len(other)]}{other}"


_REWRITES: Final[dict[str, str | Callable[[re.Match[str]], str]]] = {
    # Between a name and its value, as Ruby prints them: "From"=>"+12065550100", :to=>"…".
    r"(?<=[a-z][\"']) ?=> ?(?=\S)|(?<=[a-z]) ?=> ?(?=[\"'])": ":",
    EMOJI.pattern: "",
    # As spreadsheets and pandas export a number: 12065550103.0.
    r"(?<![\w.])(\+?[0-9]{7,15})\.0(?![\w.])": r"\1",
    r"↔|⇔|<-{1,3}>|<=>": " and ",
    r"←|⇐|⬅|<-{1,3}(?=\s|\+?[0-9]{3})": " ← ",
    # Digits that are left out, unlike a range: +1206...0103.
    r"(?<!\S)(?!20[0-9]{2}\.)(\+?[0-9]{3,6})\.{2,}([0-9]{2,4})(?!\S)": r"\1***\2",
    r"→|⇒|➡|-{1,3}>|=>|(?<=[0-9])(?:\.{2,3}|>)(?=\+?[0-9])": " → ",
    # As Slack reads it: *failed*, _last 2 hours_.
    rf"(?<!\S)([{_EMPHASIS}])([^\s{_EMPHASIS}](?:.{{0,100}}?\S)?)\1(?![^\s,.;:!?])": r"\2",
    # A request for a list of calls: GET /Calls.json?To=5550103&StartTime>=2026-11-20.
    r"(?<!\S)(?:get )?[^\s?]*/(?:calls|logs|voices)(?:\.json)?\?(?=[a-z])": "",
    r"[,;&](?=[\"']?[a-z_-]+[\"']?[:=<>])": ", ",
    # What JSON and Python write for nothing, and search boxes for anything: "parent": null, to:*.
    r"[\"']?\b[a-z_]+[\"']?[:=] ?(?:null|none|\*|\"\"|'')(?=[\s,;&)}]|$)": "",
    r"!=|<>|≠": r" \g<0> ",
    r"(?<!\S)-@(?=[a-z])": "-",  # excluded: -@status:failed
    r"(?<!\S)@timestamp\b:?": "",  # in Kibana and CloudWatch
    r"(?<!\S)/([a-z-]+(?:\|[a-z-]+)+)/(?!\S)": r"\1",  # a pattern: /fail|busy/
    r"\|": " | ",
    # A second number, of which only the last digits are written: 206-555-0103/4.
    r"(?:(?<=[0-9]{3})|(?<=[0-9]{3}[-. ]))(?!20[0-9]{2}/)([0-9]{4})"
    r"(?:/| / (?=[0-9]{4}(?! [0-9]{3}))|(?<=[0-9]{3}[-. ][0-9]{3}[-. ][0-9]{4})-(?=[0-9]{4}))"
    r"([0-9]{1,4})(?![\w/.-])": _with_both_endings,
    # Dictated digits: 2 0 6 5 5 5 0 1 0 3.
    r"(?<!\S)(?:[0-9] ){6,14}[0-9](?!\S)": lambda digits: digits.group().replace(" ", ""),
    # What hides the caller is dialed before a number: *67 206 555 0103, #31#2065550103.
    r"(?<!\S)(?:\*[0-9]{2} |[*#]31#)(?=[+(]?[0-9]{3})": "",
    "(?<=[0-9]{4})['\u2019]s\\b": "",
    # SignalWire's logs have no extensions; but "ext 204" may be a number by itself.
    r"(?<=[0-9]{4})[ ,;(]*(?:ext(?:n|ension)?[.:=]?|x) ?[0-9]{1,6}\b\)?": "",
    # … nor what is dialed after a pause: 5550103,,204#.
    r"(?<=[0-9]{4})(?:,+[0-9]{1,6}#|,{2,}[0-9]{1,6}(?!\S))": "",
    # The kind of a number beside it; elsewhere "phone" is a kind of call.
    rf"\b(?:{_KIND_OF_NUMBER}(?: ?(?:no|nr|num|number|#))?\b[.:=]*|(?:no|nr)[.:]+)[ \"']*"
    rf"{_BEGINS_NUMBER}|(?<=[0-9]{{4}}) (?:\({_KIND_OF_NUMBER}\)|\[{_KIND_OF_NUMBER}\])"
    r"|(?<=\b[0-9]{3}) area codes?\b": "",
    # What is said of digits, which are found anywhere in a number: ending in 0103.
    r"\b(?:(?:starts?|starting|begins?|beginning) (?:in|with)|(?:ends?|ending)(?: in| with)?"
    rf"|contain(?:s|ing)):? (?:the )?(?:digits )?{_BEGINS_NUMBER}"
    r"|\blast[ -]?(?:4|four):? (?=[0-9]{4}(?![\w/.:-]))"
    r"|\blast (?:[3-9]|three|four|five|six|seven) digits?(?: are| is| of)?:? (?=[0-9]{3})": "",
    r"([<>]=?|[≤≥])(?=[\"']?[0-9])": r" \1 ",
    r"\bearliest=": "since=",  # in Splunk
    # Rounded there, and in Grafana: -4h@h, now-1d/d.
    r"((?:now|(?<![\w@]))-[0-9]+[smhdw])[@/][a-z]+\b": r"\1",
    r"\bcreated[:=](?=[\"'\[(]*[0-9])": "created ",
    # How many rows, in command lines and requests: tail -3, -n 5, page_size=20.
    r"(?<![\w-])(?:(?:(?:head|tail) )?-n ?|(?:head|tail) -|(?:page_?size|per_page)[=:])"
    r"(?=[0-9]{1,4}(?![\w:.-]))": "limit ",
    # As carriers name the caller and who is called: A: 2065550100 B: 2065550103.
    rf"(?<!\S)a(?:-(?:number|party))?[:=] ?{_BEGINS_NUMBER}": "from ",
    rf"(?<!\S)b(?:-(?:number|party))?[:=] ?{_BEGINS_NUMBER}": "to ",
    # In chats: w/ 5550103.
    rf"(?<!\S)w(?:/ ?| ){_BEGINS_NUMBER}": "with ",
    r"(?<!\S)w/o(?!\S)": "without",
    r"(?<!\S)[~≈] ?(?=[0-9])": "around ",
    # The number of a ticket, an error or the like is one word with its name: ticket #48213.
    r"\b(?P<name>[a-z][\w-]{2,40}) #(?=[0-9]{1,6}\b)": _with_name,
    r"(?:(?<=\berror)|(?<=\bcode)|(?<=\bcause)|(?<=\bfailed with)|(?<=\bsip)(?= [3-6][0-9]{2}\b))"
    r":? (?=[0-9]{1,5}(?![\w/.:-]))": "#",
    r"(?<![\w.:-])(?=[3-6][0-9]{2} errors?\b)": "code#",
    # An area code in brackets: [206] 555-0103.
    r"\[([0-9]{3})\](?= ?[0-9]{3}[-. ]?[0-9]{4}(?![0-9]))": r"(\1)",
    # Commas within times: 17:24:05,123 in the logs of Python and Java, and 1,5 h.
    r"(?<=:[0-9]{2}:[0-9]{2}),(?=[0-9]{3}(?![0-9]))": ".",
    r"(?<![\w.,])([0-9]{1,2}),"
    r"(?=[0-9]{1,2} ?(?:h|hrs?|hours?|d|days?|w|weeks?|mins?|minutes?)\b)": r"\1.",
    # The name of a zone, as JavaScript prints it: GMT+0100 (Central European Standard Time).
    r"(?<=(?:GMT|UTC)[+-][0-9]{4}) \([^()]{1,60}\)": "",
    # A date in German: 20. 11. 2026.
    r"(?<![\w.])([0-9]{1,2}\.) ([0-9]{1,2}\.) (?=(?:19|20)[0-9]{2}\b)": r"\1\2",
    r"\b(last|past)(?=[0-9])": r"\1 ",
    r"\b(?:epoch|unix)(?: ?time)?(?: ?stamp)?[:=]? ?(?=1[0-9]{9})": "",
    # Times without colons: 20261120T172405Z, 20261120172405, 2026-11-20_17-24-05.
    r"(?<![\w.+-])(20[0-9]{2}(-?)(?:0[1-9]|1[0-2])\2[0-3][0-9])[t_-]?"
    r"([01][0-9]|2[0-3])\2([0-5][0-9])\2([0-5][0-9])(?![0-9])": r"\1T\3:\4:\5",
    r"(?<!\S)1[/\u2044]2 (?=(?:an )?(?:h|hrs?|hours?)\b)": "half ",
}
"""Patterns in the notations that people paste, and what they are read as, in this order."""
_COMPILED: Final = [(re.compile(each, re.IGNORECASE), read) for each, read in _REWRITES.items()]

_MOST_WORDS: Final = 100
"""Every filter, two numbers and a time span are about fifty."""


@dataclass(frozen=True)
class Token:
    """A word."""

    text: str
    """Without quotes and punctuation around it, and in ASCII digits."""
    ends_item: bool = False
    """Whether a comma followed, so that the next word is another item of a list."""
    ticket: str = ""
    """As written, if it is written as the number of a ticket is: `#48213`, `[48213]`."""


def split(text: str) -> tuple[list[Token], str]:
    """Split a text into words, and what is left after so many that it can't be a search."""
    plain = phone_numbers.normalize(text)
    for pattern, read in _COMPILED:
        plain = pattern.sub(read, plain)
    pieces = ranges.complete(plain).split(maxsplit=_MOST_WORDS)
    rest = pieces.pop() if len(pieces) > _MOST_WORDS else ""
    return [token for piece in pieces for token in _tokens(piece)], rest


def _tokens(word: str) -> list[Token]:
    labels: list[Token] = []
    while (label := _LABELED.match(word)) and words.is_label(label["label"]):
        labels.append(Token(label["label"]))
        word = word[label.end() :]  # maybe another: "from":{"phoneNumber":"…"}
    bare = _SCHEME.sub("", word.strip(_QUOTES), count=1).strip(_QUOTES)
    if phone_numbers.is_address(bare):
        parts = (each.strip("<>()" + _EMPHASIS) for each in _AFTER_ADDRESS.split(bare))
        return labels + [
            Token(address, part.endswith((",", ";")))
            for part in parts
            if (address := part.rstrip(",;.!?" + _QUOTES))
        ]
    items = _LIST_MARK.split(bare)
    return labels + [
        Token(piece, number < len(items), _as_ticket(item))
        for number, item in enumerate(items, 1)
        for part in _parts(item)
        if (piece := _strip(part))
    ]


def _as_ticket(item: str) -> str:
    written = item.strip(_QUOTES + ".:!?()")
    return written if _WRITTEN_AS_TICKET.fullmatch(written) else ""


def _parts(item: str) -> list[str]:
    """Split what is written without a blank between: a range of times, or two numbers."""
    item = _strip(item)
    if _WORDS.fullmatch(item):
        return re.split("[/+]", item)
    ends = times.as_range(item)
    return [ends[0], "-", ends[1]] if ends else _BETWEEN_NUMBERS.split(item)


def _strip(word: str) -> str:
    word = word.strip(_QUOTES)
    if any(map(str.isalpha, word)):
        return word.lstrip(_BEFORE_WORDS).rstrip(_AFTER_WORDS)
    if phone_numbers.has_hidden_digits(word):
        return word
    return word.strip(_EMPHASIS + _QUOTES + "[]{}").lstrip("#=").rstrip(".!?:")
