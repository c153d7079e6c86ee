"""Tells what an id is from the label before it.

A label is a key in JSON, a form or a log line, a segment of a URL's path, or a word in a sentence.
All ids on SignalWire are UUIDs, so nothing in an id itself tells a call from a project.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Final


class Meaning(Enum):
    """What a label says about the id after it."""

    CALL = auto()
    PARENT = auto()
    """Another call: the one that a call belongs to."""
    PROJECT = auto()
    SPACE = auto()
    RECORDING = auto()
    OTHER = auto()
    """Something other than a call, such as a request or a ticket."""
    ID = auto()
    """Just "id"."""
    NONE = auto()


@dataclass(frozen=True)
class Label:
    """A label.

    Attributes:
        meaning: what the id is.
        is_key: whether the label says "id", as in `call_id`, but not in "call".
        is_list: whether it is a plural, which also holds for the ids after the first.
        is_certain: whether it excludes a voice log, as the address of a recording does.
    """

    meaning: Meaning = Meaning.NONE
    is_key: bool = False
    is_list: bool = False
    is_certain: bool = False


_CALL_WORDS: Final = """
    call voice leg cdr aleg bleg unique
    anruf gespräch appel llamada chamada ligação chiamata oproep gesprek połączenie połączenia
    apel samtal samtals opkald opkalds puhelu puhelun hovor hovoru panggilan κλήση κλήσης
    звонок звонка вызов вызова дзвінок дзвінка مكالمة المكالمة שיחה השיחה
    通話 通话 呼叫 電話 电话 コール 통화
"""
_PROJECT_WORDS: Final = "project account projekt projet proyecto projeto progetto 项目 プロジェクト"
_RECORDING_WORDS: Final = """
    recording rec voicemail aufnahme aufzeichnung enregistrement grabación gravação registrazione
    録音 录音
"""
_OTHER_WORDS: Final = """
    address agent alert alias announcement app application artifact assignee attachment batch block
    boundary bot brand broadcaster browser build bundle campaign cart case channel chat checkpoint
    client cluster collect commit company conference connection consumer contact container control
    conversation correlation creator credential cursor customer dashboard deal delivery deploy
    deployment detect device dialog document domain dossier egress email endpoint entity environment
    event execution external fax file fingerprint flow folder function gateway group guest handler
    hook host idempotency identity incident index installation instance integration invoice issue
    job jti key lead mailbox member membership merchant message messaging mms monitor node nonce
    notification object offer operator order organisation organization owner page part participant
    partner payload payment person phone pipeline play playback pod policy process product profile
    prompt provider queue ray req reporter request requester resource response revision role room
    rule run script sequence server service session sessid sha shard sip site sms snapshot source
    span stream subscriber subscription swml tag task template tenant thread ticket token trace
    tracking transaction transcript transcription trunk user vendor version video visit visitor
    webhook widget worker workflow workspace
    anfrage kunde kundin kunden benutzer vorgang nachricht requête cliente usuario solicitud
    mensaje mensagem usuário utilisateur gebruiker klant verzoek bericht klient
    клиент клиента тикет тикета запрос запроса заявка заявки
"""


def _without_accents(text: str) -> str:
    """Return letters as they are typed in haste: "gravacao" is "gravação", also decomposed."""
    decomposed = unicodedata.normalize("NFKD", text)
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    return unicodedata.normalize("NFC", plain)


_MEANINGS: Final = {
    word: meaning
    for meaning, words in (
        (Meaning.OTHER, _OTHER_WORDS),
        (Meaning.CALL, _CALL_WORDS),
        (Meaning.PARENT, "parent"),
        (Meaning.PROJECT, _PROJECT_WORDS),
        (Meaning.SPACE, "space"),
        (Meaning.RECORDING, _RECORDING_WORDS),
    )
    for word in _without_accents(words).split()
}
# Logs of messages and faxes are segments too (SignalWire docs, "Segment IDs").
_KINDS_OF_LOG: Final = frozenset({"log", "segment"})
_NOT_VOICE: Final = frozenset(
    {"message", "messaging", "sms", "mms", "fax", "video", "conference", "audit", "access"}
)
_NO_VOICE_LOG: Final = frozenset({Meaning.PROJECT, Meaning.SPACE, Meaning.RECORDING, Meaning.OTHER})
# `/Conferences/…/Participants/<CallSid>`, `/Queues/…/Members/<CallSid>`.
_NAMED_BY_THEIR_CALL: Final = ("/Participants", "/Members")
# Keys whose value is a sentence: an id at its beginning may be anything.
_SENTENCES: Final = frozenset(
    {"message", "msg", "text", "body", "content", "description", "summary", "title", "subject"}
    | {"note", "comment", "error"}
)
_ID_WORDS: Final = frozenset(
    {"id", "ids", "sid", "sids", "uuid", "uuids", "guid", "guids", "uid", "uids"}
    | {"identifier", "identifiant", "tunnus", "معرف", "מזהה"}
    | {"ref", "reference"}
)
_ONE_ID: Final = frozenset(word for word in _ID_WORDS if not word.endswith("s"))
_FILLER_WORDS: Final = """
    a an the this that these those its it is was are were my our your his her their which with c s d
    l n no nr num number numbers value new old first second third last next same right wrong correct
    following and or optional some string object instance resource entity
    der die das den dem ist mit le la les est avec el los las es con un una une ein eine o os as é
    com il lo gli è het een met z 的 は の
"""
_FILLERS: Final = _ID_WORDS | frozenset(_without_accents(_FILLER_WORDS).split())
_GLUED_ID: Final = re.compile("(?:(?:s|uu|gu)?ids?|nummer)$")

# A bare `uid` is a user's, or an object's in Kubernetes; `call_uid` is a call's.
_UID: Final = frozenset({"uid", "uids"})

WINDOW: Final = 96
"""Characters before an id that are searched for its label."""
_WORDS_AT_MOST: Final = 6
_LABEL_LINE: Final = 3
"""Words of a label such as "Device ID:" at most."""
_SEPARATORS: Final = " \t\r\n\v\f\xa0\u3000\"'`*_~:=<>([{|#\\/@+-•·→⇒»«“”„‘’：（「【"  # noqa: RUF001 - as people type them
_PHRASE_ENDS: Final = (*"\n\t|,;!{}[])&、。，", ". ", "? ")  # noqa: RUF001 - as people type them
_HTML_TAG: Final = re.compile(
    r"</?(?:a|b|br|code|dd|div|dt|em|font|h\d|i|li|p|pre|span|strong|t[dhrt]|u|ul)\b[^<>]*>",
    re.IGNORECASE,
)
# A pair of a name and a value: "name": "Call ID", "value": "…".
_VALUE_KEY: Final = re.compile(
    r"""\\*["']?,\s{0,9}\\*["'](?:string_?)?value\\*["']\s?:(?:\s?\{\s?"stringValue"\s?:)?""",
    re.IGNORECASE,
)
# Another pair: ("call_id", "…").
_PAIR: Final = re.compile(r"""\\*["'],\s{0,9}\\*["']$""")
# PHP's `["call_id"]=> string(36) "…"`.
_STRING_LENGTH: Final = re.compile(r"(?<==>)\s{0,20}string\(\d{1,9}\)")
# A part of a multipart form: `name="CallSid"`, an empty line, and the value.
_FORM_PART: Final = re.compile(r"""\bname=(?="[^"\n]{1,60}"\s{2,4}$)""")
# A call of a method, whose object says what the id is: `Recording.find("…")`.
_METHOD: Final = re.compile(r"(\w)(?:\.|::|->)\w+$")
# An object's first key in YAML or an INI file: "project:", "  id: …", or "[project]", "id=…".
_NESTED: Final = re.compile(r"(?::\s*\n[ \t]+|\]\s*\n)(?=(?:id|sid|uuid)\s?[:=])")
# A word in parentheses within a label: "Application (client) ID:".
_PARENTHESIS: Final = re.compile(r"\((\w{1,20})\)(?= ?\w{1,20}\W{0,6}$)")
# Rails writes "[<id>] …" before a line; AWS Lambda writes the time, the id and the level.
# In brackets, it may be a call's that made another, unless the other has a key.
_BEFORE_TAG: Final = re.compile(r"(?:\[|T\d\d:\d\d:\d\d[.\d]{0,10}Z\s)$")
_TIME_AT_MOST: Final = 24
_AFTER_TAG: Final = re.compile(
    r"(?:\]\s[^\n]{0,200}?(?i:call|segment)[_-]?(?i:s?id|uuid)\W{1,9}"
    r"|\s[^\n]{0,200}?(?i:call|segment|leg)[^\n]{0,30}?)[0-9a-fA-F]{8}-"
)
# A key that goes on after "call id": `CallSidEndingConference`, `call_sid_to_coach`.
_CALL_KEY: Final = re.compile(r"(?i:(\bcall_?s?id))[A-Z_]\w{0,40}$")
# A key in code without quotes, `created_by: …` or `createdBy: "…"`; "macOS: …" is none.
_KEY_IN_CODE: Final = re.compile(r"""[^\W_]+(?:_[^\W_]+)+\s?:|[a-z]+[A-Z]\w*\s?:\s?["']""")
# A path of SignalWire's API or dashboard, up to an id.
_OWN_PATH_AT_MOST: Final = 250
_OWN_PATH: Final = re.compile(
    r"(?:\b(?:signalwire\.com|swire\.io)|(?<![\w.])/api|/2010-04-01)/[^\s\"'<>|,]{0,200}$"
    r"|\b(?i:accounts)/$"  # its base, often left out
)
# A label after an id: "… (project id)", "… - our project".
_AFTER: Final = re.compile(
    r"""[\]"'`*_~)>}]{0,6}[ \t|=:<←-]{0,6}(?:\((?P<in>[^()\n]{2,40})\)"""
    r"""|>?[ \t]*(?P<end>[^\W\d][\w -]{1,40})[ \t|"'`*_~.)>\]]{0,9}(?:[\n,;?]|\. |$))"""
)
_LABEL_FILLERS: Final = _ID_WORDS | {"a", "an", "the", "this", "is", "our", "my", "your", "of"}
_ITEM: Final = re.compile(r"\n[ \t>]*[0-9]{1,3}[.)][ \t]*$")
_WORD_BREAK: Final = re.compile(
    "(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])(?!Ds)|(?<=[\u3040-\u9fff\uac00-\ud7af])(?=[A-Za-z])"
)
_WORD: Final = re.compile(r"[^\W_]+")
_MACHINE_KEY: Final = re.compile(r"""(?:\\*["'])?\s?=|\\*["']\s?(?::|=>)""")
_BETWEEN: Final = re.compile(
    r"""[\s"'`*_|•,;&.)0-9-]*(?:\b(?:and|or|und|oder|et|ou|y|e|en|и)\s*)?"""
)


def before(text: str, start: int, previous: int = 0) -> Label:
    """Read the label before `start` in a text; `previous` is where the last id ended."""
    phrase, gap = _phrase(text, start, previous)
    words = _words(_METHOD.sub(r"\1", phrase) if "(" in gap else phrase)
    label = _known(words, is_path="/" in gap)
    is_line = not previous or "\n" in _window(text, start, previous).rstrip(_SEPARATORS)
    if "\n" in gap and not (set(":=") & set(gap) or (is_line and _is_only_a_label(words))):
        return Label()  # the sentence on the line before
    if "/" in gap:  # a path's segment, which has one id
        is_call = phrase.endswith(_NAMED_BY_THEIR_CALL)
        label = Label(Meaning.CALL) if is_call else replace(label, is_list=False)
    if label.meaning in _NO_VOICE_LOG:
        path = _OWN_PATH.search(text, max(0, start - _OWN_PATH_AT_MOST), start)
        return replace(label, is_certain=path is not None)
    if label.meaning is not Meaning.NONE or all(map(_is_filler, words)):
        return label
    key = _words(phrase.split()[-1])
    if gap.lstrip().startswith("=") and all(map(_is_filler, key)):  # "pod/dialer uid=…"
        return _known(key)
    if _is_unknown_key(phrase, gap, words, is_key=label.is_key):
        return replace(label, meaning=Meaning.OTHER)
    return label


def after(text: str, end: int) -> Label | None:
    """Read the label after `end` in a line, if there is one: "(project id)", "is our project".

    Words such as "(customer)" or "(voicemail)" may just describe a call, so they need an "id".
    """
    match = _AFTER.match(text, end)
    words = _words(match["in"] or match["end"]) if match else []
    if not all(
        word in _LABEL_FILLERS or (_is_known(word) and not _is_filler(word)) for word in words
    ):
        return None
    label = _known(words)
    needs_id = label.meaning in {Meaning.RECORDING, Meaning.OTHER}
    says_nothing = label.meaning in {Meaning.NONE, Meaning.ID} or (needs_id and not label.is_key)
    return None if says_nothing else Label(label.meaning)


def is_tag(text: str, start: int, end: int) -> bool:
    """Whether a logger put the id there, a request's, before a line about a call."""
    before = _BEFORE_TAG.search(text, max(0, start - _TIME_AT_MOST), start)
    return before is not None and _AFTER_TAG.match(text, end) is not None


def of_object(text: str, start: int) -> Meaning:
    """Read the key of the object or list that starts at `start`; NONE if it says nothing."""
    phrase, gap = _phrase(text, start, 0)
    meaning = _known(_words(phrase)).meaning
    is_key = "\n" not in gap or not set(":=").isdisjoint(gap)
    return meaning if is_key and meaning is not Meaning.ID else Meaning.NONE


def is_of_no_voice_log(kind: str) -> bool:
    """Whether a record's `type` or `kind` is that of a message, a fax or the like."""
    return not _NOT_VOICE.isdisjoint(_words(kind)[-1:])


def is_id_column(name: str) -> bool:
    """Whether a column of that name holds ids: "call_id", "Segment ID", "Project"."""
    words = _words(name)
    label = _known(words)
    return label.is_key or (label.meaning is not Meaning.NONE and _is_only_a_label(words))


def _phrase(text: str, start: int, previous: int) -> tuple[str, str]:
    """Return the phrase before `start`, and the separators between the two."""
    window = _VALUE_KEY.sub(":", _HTML_TAG.sub("", _window(text, start, previous)))
    window = _NESTED.sub(" ", _STRING_LENGTH.sub("", window))
    window = _FORM_PART.sub("\n", window)
    window = _PARENTHESIS.sub(r"\1", _PAIR.sub(":", _ITEM.sub("\n", window)))
    label = window.rstrip(_SEPARATORS)
    gap = window[len(label) :]
    if label.endswith("]") and "=" in gap:  # PHP's `[call_id] => …`
        label = label.rstrip("]").rstrip(_SEPARATORS)
    label = _CALL_KEY.sub(r"\1", label)
    ends = [label.rfind(end) + len(end) for end in _PHRASE_ENDS if end in label]
    return label[max(ends, default=0) :].strip(), gap


def _window(text: str, start: int, previous: int) -> str:
    return text[max(previous, start - WINDOW) : start]


def continues(between: str, label: Label) -> bool:
    """Whether a label also holds for the next id, given the text between the two."""
    if between in {"_", "/"}:  # two ids in one name, in one path
        return True
    return label.is_list and len(between) < WINDOW and bool(_BETWEEN.fullmatch(between))


def _words(phrase: str) -> list[str]:
    words = _WORD.findall(_WORD_BREAK.sub(" ", _without_accents(phrase)))
    return [word.lower() for word in words[-_WORDS_AT_MOST:]]


def _known(words: Sequence[str], *, is_path: bool = False) -> Label:
    """Read the last word that says what the id is, before any "id"."""
    is_key = bool(words) and words[-1] in _ID_WORDS
    named = [word for word in words if not _is_filler(word)]
    if not named:
        unnamed = Meaning.OTHER if words and words[-1] in _UID else Meaning.ID
        return Label(unnamed if is_key else Meaning.NONE, is_key)
    last = named[-1]
    stem = _stem(last)
    after = words[len(words) - 1 - words[::-1].index(last) :]
    is_key = bool(_ID_WORDS & set(after)) or (stem != last and bool(_GLUED_ID.search(last)))
    is_list = after[-1].endswith("s") and after[-1] not in _MEANINGS
    before_it = _stem(named[-2]) if len(named) > 1 else ""
    meaning = _MEANINGS.get(stem, Meaning.NONE)
    if stem in _SENTENCES and not (is_key or is_path):
        meaning = Meaning.NONE
    if stem in _KINDS_OF_LOG:
        meaning = Meaning.OTHER if before_it in _NOT_VOICE else Meaning.CALL
    of_call = (before_it, last) == ("leg", "of")  # as on a card
    if of_call or (meaning is Meaning.CALL and before_it == "parent"):
        meaning = Meaning.PARENT
    return Label(meaning, is_key, is_list)


def _stem(word: str) -> str:
    """Return the known word in "calls", "faxes", "callsid" or "leg2"."""
    word = word.rstrip("0123456789") or word
    for stem in (word, word.removesuffix("s"), word.removesuffix("es"), _GLUED_ID.sub("", word)):
        if stem in _MEANINGS or stem in _KINDS_OF_LOG:
            return stem
    return word


def _is_filler(word: str) -> bool:
    return word in _FILLERS or word.isdecimal()


def _is_known(word: str) -> bool:
    stem = _stem(word)
    return _is_filler(word) or stem in _MEANINGS or stem in _KINDS_OF_LOG


def _is_only_a_label(words: Sequence[str]) -> bool:
    """Whether a line is a label such as "Call ID", but not "Ticket 4471"."""
    return all(_is_known(word) and not word.isdecimal() for word in words)


def _is_unknown_key(phrase: str, gap: str, words: Sequence[str], *, is_key: bool) -> bool:
    """Whether a label is the key of something else: `"nonce": "…"`, `foo_id`, "Foo ID:"."""
    token = phrase.rsplit(maxsplit=1)[-1]
    if gap in {"_", "-"}:  # within a longer name, such as an event's channel
        return True
    if "/" in gap and ":" not in gap:  # a path's segment, unless it is the host
        return not set(".:@") & set(token.rpartition("/")[2])
    if all(map(_is_filler, _words(token))):
        return is_key and ":" in gap and len(words) <= _LABEL_LINE
    if words[0] in _ONE_ID and len(words) == 2 and ":" in gap:  # noqa: PLR2004 - "ID записи:"
        return True
    if _KEY_IN_CODE.match(token + gap):
        return True
    return is_key or (words[-1] not in _SENTENCES and bool(_MACHINE_KEY.match(gap)))
