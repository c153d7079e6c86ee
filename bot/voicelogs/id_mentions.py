"""Finds each mention of an id in a text, truncated ids, and ids of other things.

`id_labels` reads what the text says about an id; `ids` decides which ids to look up.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from typing import Final
from uuid import UUID

from bot.voicelogs import id_labels
from bot.voicelogs.id_words import Label, Meaning
from bot.voicelogs.tables import with_column_names


class Kind(Enum):
    """What an id identifies, if not a voice log."""

    RECORDING = auto()
    PROJECT = auto()
    SPACE = auto()
    TWILIO_CALL = auto()
    """A Twilio call SID: `CA` and 32 digits."""
    MISTYPED = auto()
    """An id with a digit or two too few or too many."""
    OTHER = auto()
    """Something of another system, such as a request or a ticket."""


@dataclass(frozen=True)
class OtherId:
    """An id, or the address of a recording, as it was written."""

    kind: Kind
    text: str


@dataclass
class Bracket:
    """An object or list in JSON, or what looks like one."""

    start: int
    has_own_id: bool
    """Whether its `id` is its own, since it has a `call_id` too, or since it is a JSON-RPC request
    or the record of a message.
    """


@dataclass(frozen=True)
class Mention:
    """An id at one place in a text, with what the text says about it."""

    log_id: UUID
    label: Label
    bracket: Bracket
    has_dashes: bool

    @property
    def meaning(self) -> Meaning:
        """What the id identifies, according to its label and the object that it is in."""
        if self.label.meaning is Meaning.ID:
            return Meaning.RECORD if self.bracket.has_own_id else Meaning.ID
        return self.label.meaning


@dataclass
class Findings:
    """What is found in one or more texts, in their order."""

    mentions: list[Mention] = field(default_factory=list)
    truncated: dict[str, None] = field(default_factory=dict)
    others: dict[OtherId, None] = field(default_factory=dict)


HEX: Final = "[0-9a-fA-F]"
_END: Final = "(?![0-9A-Za-z])"
# Mail and terminals wrap a line before or after a dash; mail quotes it with "> ".
_WRAP: Final = r"(?:[ \t]{0,4}\r?\n[ \t>|]{0,20})?"
_DASH: Final = f"(?:{_WRAP} ?-{_WRAP} ?|_)"  # scanned text has spaces beside it, names have "_"
_READ: Final = "[0-9a-fA-FOoIl]"  # people and scanners mistake 0 for O, 1 for l
_MISREAD: Final = str.maketrans("OoIl", "0011")
_ELLIPSIS: Final = rf"(?:…|\.{{2,3}}(?!{HEX}))"
_TOKEN: Final = re.compile(
    r"(?P<open>[{\[])|(?P<close>[}\]])"
    r"|(?P<recording>\bfiles\.(?:signalwire\.com|swire\.io)/[\w./%~+-]+)"
    r"|[\"'](?:type|kind)\\?[\"']\s?:\s?\\?[\"'](?P<type>[\w.]{1,40})"
    rf"|(?<![0-9A-Za-z])(?:"
    rf"(?P<dashed>{_READ}{{8}}(?:{_DASH}{_READ}{{4}}){{3}}{_DASH}{_READ}{{12}}){_END}"
    rf"|(?P<plain>{HEX}{{32}}){_END}"
    rf"|(?P<twilio>CA{HEX}{{32}}){_END}"
    rf"|(?<!-)(?:"
    rf"(?P<mistyped>{HEX}{{6,10}}-{HEX}{{2,6}}-{HEX}{{2,6}}-{HEX}{{2,6}}-{HEX}{{9,15}})"
    rf"(?![0-9A-Za-z-]|{_ELLIPSIS})"
    rf"|(?P<cut>{HEX}{{4,31}}-?{_ELLIPSIS}"
    rf"|{HEX}{{8}}(?:-{HEX}{{4}}){{0,3}}-{HEX}{{1,12}}-?(?:{_ELLIPSIS}|(?![0-9A-Za-z-])))"
    rf"|(?P<short>{HEX}{{6,31}}-?)(?![0-9A-Za-z-])"
    rf"))"
)
_DIGITS: Final = 32
_NEARLY: Final = 2
"""Digits that a mistyped id may lack or have too many."""
_CUT_AT_LEAST: Final = 6
"""Digits of a truncated id, unless the text says that it is a call's."""
# Exactly eight digits may be an id's first group, where the dashboard truncates.
_FIRST_GROUP: Final = re.compile(r"[0-9]{8}-?(?:…|\.)")
_USER: Final = re.compile(r"(?:(?:-u|--user)[ =]?[\"']?|://)$")  # in HTTP's Basic authentication
# What follows an id that is a file's name. Phones name photos by UUIDs.
_PICTURE: Final = re.compile(r"\.(?:jpe?g|png|gif|hei[cf]|webp|svg|mov|mp4)\b", re.IGNORECASE)
# After a `Call-ID` of SIP, which is a dialog's (RFC 3261, 8.1.1.4).
_OF_SIP: Final = re.compile(r"(?<=-[0-9a-f]{12})(?:@|\s{1,4}CSeq:)", re.IGNORECASE)
_IN_QUERY: Final = re.compile(r"[^\s\"'<>|]*[?&][a-z]{2,4}=")
_IN_PATH: Final = re.compile(r"/\w+/")
_DEPTH: Final = 40
"""Enclosing objects whose `id` is their own, if there is a call's id in them."""
_NEAREST: Final = 4
"""Enclosing objects that may say what an id is."""
UNLABELED: Final = frozenset({Meaning.NONE, Meaning.ID})
_DEPENDS_ON_OBJECT: Final = UNLABELED | {Meaning.CALL}
_OTHER_TOKENS: Final = {"recording": Kind.RECORDING, "twilio": Kind.TWILIO_CALL}


def scan(text: str, findings: Findings) -> None:
    """Add what is found in a text, in linear time."""
    text = with_column_names(text, id_labels.is_id_column)
    is_rpc = "jsonrpc" in text
    brackets = [Bracket(0, is_rpc)]
    previous, end = Label(), 0
    for match in _TOKEN.finditer(text):
        if match["open"]:
            brackets.append(Bracket(match.start(), is_rpc))
        elif match["close"]:
            del brackets[max(1, len(brackets) - 1) :]
        elif match["type"]:
            brackets[-1].has_own_id |= id_labels.is_of_no_voice_log(match["type"])
        elif not match["short"] or could_be_prefix(match["short"]):
            label = _label(text, match, end, previous, brackets)
            if _note(match, label, brackets[-1], findings):
                previous, end = label, match.end()
            if label.meaning is Meaning.CALL and label.is_key:
                for bracket in brackets[-_DEPTH:]:
                    bracket.has_own_id = True


def _label(
    text: str,
    match: re.Match[str],
    previous_end: int,
    previous: Label,
    brackets: Sequence[Bracket],
) -> Label:
    start = match.start()
    is_user = text.startswith(":", match.end()) and _USER.search(text, max(0, start - 9), start)
    if is_user or text.startswith(":PT", match.end()):  # of a project, in "project:token"
        return Label(Meaning.PROJECT)
    label = id_labels.before(text, start, previous_end)
    if label.meaning is not Meaning.CALL and previous_end:
        between = text[previous_end : min(start, previous_end + id_labels.WINDOW)]
        if label.meaning is Meaning.NONE and id_labels.continues(between, previous):
            label = previous
        elif label.meaning is Meaning.ID and _IN_QUERY.fullmatch(between):
            return Label(Meaning.OTHER)  # in the address of something that has been named
        elif previous.is_certain and _IN_PATH.fullmatch(between):
            return label if label.is_certain else previous  # part of what is no voice log
    if label.meaning in UNLABELED:
        label = id_labels.after(text, match.end()) or label
    if label.meaning is Meaning.NONE and id_labels.is_tag(text, start, match.end()):
        return Label(Meaning.OTHER)
    if label.meaning in _DEPENDS_ON_OBJECT:
        label = _in_object(text, label, brackets)
    return _by_suffix(text, match.end(), label)


def _by_suffix(text: str, end: int, label: Label) -> Label:
    """Read what follows an id: a file's extension, a host, or SIP's next header."""
    if label.meaning is not Meaning.CALL and _PICTURE.match(text, end):
        return Label(Meaning.OTHER, is_certain=True)
    if label.meaning in {Meaning.CALL, Meaning.ID} and _OF_SIP.match(text, end):
        return Label(Meaning.RECORD)
    if label.meaning is Meaning.NONE and text.startswith("@", end):
        return Label(Meaning.OTHER)  # an address or a message's id
    return label


def _in_object(text: str, label: Label, brackets: Sequence[Bracket]) -> Label:
    """Read a label such as "id" together with the key of the object that it is in."""
    nearest = reversed(brackets[max(1, len(brackets) - _NEAREST) :])
    meanings = (id_labels.of_object(text, bracket.start) for bracket in nearest)
    enclosing = next((each for each in meanings if each is not Meaning.NONE), label.meaning)
    keeps = label.meaning is Meaning.CALL and enclosing is not Meaning.PARENT
    return label if keeps else replace(label, meaning=enclosing)


def _note(match: re.Match[str], label: Label, bracket: Bracket, findings: Findings) -> bool:
    """Add what was matched to the findings; return whether it counts as an id."""
    text, kind = match.group(), match.lastgroup
    is_call = label.meaning is Meaning.CALL
    if kind in {"dashed", "plain"}:
        log_id = UUID(re.sub("[^0-9a-fA-F]", "", text.translate(_MISREAD)))
        if log_id.int:
            findings.mentions.append(Mention(log_id, label, bracket, kind == "dashed"))
        return True
    if kind in _OTHER_TOKENS:
        findings.others[OtherId(_OTHER_TOKENS[kind], text)] = None
        return True
    if not is_call and label.meaning not in UNLABELED:
        return False  # part of a project's id, of a commit's
    digits = len(re.sub("[^0-9a-fA-F]", "", text))
    if kind == "mistyped" and abs(digits - _DIGITS) <= _NEARLY:
        findings.others[OtherId(Kind.MISTYPED, text)] = None
    is_short = kind == "short" or digits < _CUT_AT_LEAST
    if digits >= _DIGITS or (is_short and not is_call) or not could_be_prefix(text):
        return kind == "mistyped"
    findings.truncated[text] = None
    return True


def could_be_prefix(piece: str) -> bool:
    """Whether a piece may be an id's prefix: "facade..." is a word, "2065550100..." a number."""
    digits = any(c.isdigit() for c in piece)
    letters = any(c.isalpha() for c in piece)
    return digits and (letters or bool(_FIRST_GROUP.match(piece)))
