"""The words by which an id's label says what the id is, in English and other languages."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum, auto
from typing import Final


class Meaning(IntEnum):
    """What a label says about the id after it. The first ones count more than the others."""

    CALL = auto()
    PARENT = auto()
    """Another call: the one that a call belongs to."""
    RECORD = auto()
    """The `id` of an event, a message or another record, which may have a call's id too."""
    RECORDING = auto()
    OTHER = auto()
    """Something other than a call, such as a request or a ticket."""
    PROJECT = auto()
    SPACE = auto()
    NONE = auto()
    UNKNOWN = auto()
    """Probably something other: it has an unknown key, or is in an unknown path."""
    ID = auto()
    """Just "id"."""


@dataclass(frozen=True)
class Label:
    """What the label of an id says."""

    meaning: Meaning = Meaning.NONE
    is_key: bool = False
    """Whether the label says "id", as in `call_id`, but not in "call"."""
    is_list: bool = False
    """Whether it is a plural, which also holds for the ids after the first."""
    is_certain: bool = False
    """Whether it excludes a voice log, as the address of a recording does."""


def _without_accents(text: str) -> str:
    """Return letters as they are typed in haste: "gravacao" is "gravação", also decomposed."""
    decomposed = unicodedata.normalize("NFKD", text)
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    return unicodedata.normalize("NFC", plain)


def _words(text: str) -> frozenset[str]:
    return frozenset(_without_accents(text).split())


_OTHER: Final = _words("""
    actor address agent alert alias announcement app application appointment approver artifact
    assignee assistant attachment backup batch block booking bot boundary brand broadcaster browser
    build bundle callee caller campaign canary cart case certificate channel chat checkpoint
    checksum client cluster collect commit company conference connection consumer contact container
    control conversation correlation creator credential cursor customer dashboard dataset deal
    delivery deploy deployment detect device dialog digest document domain dossier egress email
    endpoint engagement environment etag event evt execution experiment fax file fingerprint flow
    folder function gateway group guest handler hash hook host idempotency identity image incident
    index installation integration invocation invoice issue job jti key lead licence license mailbox
    md meeting member membership merchant message messaging migration mms monitor node nonce
    notification occurrence offer operator opportunity order org organisation organization owner
    page part participant partner payment person phone pipeline play playback pod policy postmortem
    process product profile prompt provider queue ray refund replica reporter req request requester
    response revision role rollout room rule run sandbox script secret sequence server service
    sessid session sha shard site sms snapshot source span stream submission subscriber subscription
    survey swml tag task template tenant thread ticket token trace tracking transaction transcript
    transcription trunk upload user usr vendor version video visit visitor vm watcher webhook widget
    worker workflow workspace
    anfrage kunde kundin kunden benutzer vorgang nachricht requête cliente usuario solicitud
    mensaje mensagem usuário utilisateur utente agente gebruiker klant verzoek bericht klient
    клиент клиента тикет тикета запрос запроса заявка заявки
""")
_CALL: Final = _words("""
    call voice leg cdr aleg bleg unique log segment
    anruf gespräch appel llamada chamada ligação chiamata oproep gesprek połączenie połączenia
    apel samtal samtals opkald opkalds puhelu puhelun hovor hovoru panggilan κλήση κλήσης
    звонок звонка вызов вызова дзвінок дзвінка مكالمة المكالمة שיחה השיחה
    通話 通话 呼叫 電話 电话 コール 통화
""")
_RECORDING: Final = _words("""
    recording rec voicemail aufnahme aufzeichnung enregistrement grabación gravação registrazione
    録音 录音
""")
_MEANINGS: Final = {
    **dict.fromkeys(_OTHER, Meaning.OTHER),
    **dict.fromkeys(_CALL, Meaning.CALL),
    **dict.fromkeys(_words("parent"), Meaning.PARENT),
    **dict.fromkeys(
        _words("project account acct projekt projet proyecto projeto progetto 项目 プロジェクト"),
        Meaning.PROJECT,
    ),
    **dict.fromkeys(_words("space"), Meaning.SPACE),
    **dict.fromkeys(_RECORDING, Meaning.RECORDING),
}
NO_VOICE_LOG: Final = frozenset({Meaning.PROJECT, Meaning.SPACE, Meaning.RECORDING, Meaning.OTHER})
# FreeSWITCH's variables for the other leg; a `uuid` beside them is the leg's own.
_OTHER_LEG: Final = frozenset(
    {"bridge uuid", "bridge to", "signal bond", "origination uuid", "originatee uuid"}
    | {"leg uuid", "aleg uuid", "bleg uuid"}
)
# What the word before "call" makes of it. A SIP dialog's `sip_call_id` is no voice log's beside a
# `call_id`; an AI agent calls functions and tools.
_KINDS_OF_CALL: Final = {
    "sip": Meaning.ID,
    "function": Meaning.OTHER,
    "tool": Meaning.OTHER,
    "parent": Meaning.PARENT,
}
# Logs of messages and faxes are segments too (SignalWire docs, "Segment IDs").
NOT_VOICE: Final = _words("message messaging sms mms fax video conference recording audit access")
# Keys whose value is a sentence, or no id: an id at its beginning may be anything.
SENTENCES: Final = _words("""
    message msg text body content description summary title subject note comment error phone args
    arguments
""")
ONE_ID: Final = _words("""
    id sid uuid guid uid identifier identifiant tunnus ref reference معرف מזהה
""")
ID_WORDS: Final = ONE_ID | _words("ids sids uuids guids uids")
_FILLERS: Final = ID_WORDS | _words("""
    an the that this these those its it is was are were my our your his her their which with
    no nr num number numbers value new old first second third last next other another same right
    wrong correct
    following and or optional some string object objects instance resource entity signalwire signal
    wire sw external variable urn
    der die das den dem ist mit le la les est avec el los las es con un una une ein eine os as
    com il lo gli het een met
""")
# What "id" means after or as one of these. A bare `uid` is a user's, or an object's in Kubernetes,
# a "number ID" a phone number's, an "instance ID" a machine's. "Other ID:" is no record's own, and
# SignalWire's stands beside a `call_id` of the customer's own.
_KINDS_OF_ID: Final = {
    **dict.fromkeys(_words("uid uids number instance"), Meaning.OTHER),
    **dict.fromkeys(_words("second third other another"), Meaning.NONE),
    **dict.fromkeys(_words("signalwire wire sw"), Meaning.CALL),
}
_GLUED_ID: Final = re.compile("(?:(?:s|uu|gu)?ids?|nummer)$")
# People say which calls they mean by these: "hung up by agent: …", "from the same customer: …".
_DESCRIPTIONS: Final = _words("""
    agent alert browser campaign client conference customer deploy device event group guest host
    meeting member migration operator queue rollout room script site survey ticket transcript user
    vendor visitor
    kunde kunden cliente
""")
# After an id, "… (the customer)" may say whose call it is; "… (the ticket)" can't.
_NO_CALLS: Final = (_RECORDING - {"voicemail"}) | _words("""
    build commit deployment event issue job node request span task ticket token trace transaction
    webhook
""")
_ARTICLES: Final = _words("a an the this that our")
_POSSESSIVES: Final = _words("its their")
# These also belong to "id of the customer", so only a call's word may be before them.
GENITIVES: Final = _words("of de del do da du des von vom beim")
_BEFORE_DESCRIPTION: Final = GENITIVES | _words("""
    about after at before by during for from had has have in into on per regarding since through to
    until via with without
""")
# These are about a ticket or another record: after "opened by" or "assigned to" comes a person.
_ABOUT_A_RECORD: Final = _words("""
    added approved assigned changed closed created deleted edited escalated filed modified opened
    owned raised reported requested resolved submitted updated
""")
# After "followed by" comes a call.
_BEFORE_A_CALL: Final = _words("followed preceded replaced caused")
# "the same customer: …" is another call, "no recording: …" one that lacks it.
_ABOUT_A_CALL: Final = _words("same other another different no missing")
_WORDS_AT_MOST: Final = 6
_WORD_BREAK: Final = re.compile(
    "(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])(?!Ds)|(?<=[\u3040-\u9fff\uac00-\ud7af])(?=[A-Za-z])"
)
_WORD: Final = re.compile(r"[^\W_]+")


def in_phrase(phrase: str) -> list[str]:
    """Return the last few words, in lower case and without accents: "callSid" is two."""
    words = _WORD.findall(_WORD_BREAK.sub(" ", _without_accents(phrase)))
    return [word.lower() for word in words[-_WORDS_AT_MOST:]]


def label_of(words: Sequence[str], *, is_path: bool = False) -> Label:
    """Read the last word that says what the id is, before any "id"."""
    if " ".join(words[-2:]) in _OTHER_LEG:
        return Label(Meaning.CALL)
    named = [word for word in words if not is_filler(word)]
    if not named:
        is_key = bool(words) and words[-1] in ID_WORDS
        kinds = (_KINDS_OF_ID[word] for word in words[-2:] if word in _KINDS_OF_ID)
        return Label(next(kinds, Meaning.ID) if is_key else Meaning.NONE, is_key)
    last, stem = named[-1], _stem(named[-1])
    before_it = _stem(named[-2]) if len(named) > 1 else ""
    after = words[len(words) - 1 - words[::-1].index(last) :]
    is_key = not ID_WORDS.isdisjoint(after) or (stem != last and bool(_GLUED_ID.search(last)))
    is_list = after[-1].endswith("s") and after[-1] not in _MEANINGS
    meaning = _MEANINGS.get(stem, Meaning.NONE)
    if last in SENTENCES and not (is_key or is_path):
        meaning = Meaning.NONE
    elif _are_about_a_person(named) or (stem in {"log", "segment"} and before_it in NOT_VOICE):
        meaning = Meaning.OTHER
    elif (before_it, last) == ("leg", "of"):  # as on a card
        meaning = Meaning.PARENT
    elif meaning is Meaning.CALL and (is_key or before_it != "sip"):
        meaning = _KINDS_OF_CALL.get(before_it, meaning)
    return Label(meaning, is_key, is_list)


def _are_about_a_person(words: Sequence[str]) -> bool:
    """Whether an id after the words is a person's: "Created by", "Assigned to"."""
    is_by = words[-1:] == ["by"] and _BEFORE_A_CALL.isdisjoint(words[-2:-1])
    return is_by or (words[-1:] == ["to"] and not _ABOUT_A_RECORD.isdisjoint(words[-2:]))


def without_description(words: Sequence[str], label: Label) -> Label:
    """Read the words of a label as "calls" if they are "calls from the campaign"."""
    if label.is_key or label.meaning not in NO_VOICE_LOG:
        return label
    start = next((at for at, word in enumerate(words) if word in _BEFORE_DESCRIPTION), None)
    if start and words[start - 1] in _ABOUT_A_RECORD:
        return label
    head = label_of(words[:start])
    if head.meaning is Meaning.CALL and (head.is_key or head.is_list):
        return head  # "call ids from our dashboard"
    *_, noun = (at for at, word in enumerate(words) if not is_filler(word))
    if _stem(words[noun]) not in _DESCRIPTIONS and label.meaning is not Meaning.RECORDING:
        return label
    number = "".join(words[noun + 1 :])
    is_numbered = number.isdecimal() or len(number) == 1  # "agent 2", "customer A"
    if words[max(noun - 1, 0)] in _ABOUT_A_CALL or (label.meaning is Meaning.OTHER and is_numbered):
        return Label()
    if start is not None and words[start] in GENITIVES and head.meaning is not Meaning.CALL:
        return label
    return head


def _stem(word: str) -> str:
    """Return the known word in "calls", "faxes", "callsid" or "leg2"."""
    word = word.rstrip("0123456789") or word
    for noun in (word, _GLUED_ID.sub("", word)):  # "Vorgangsnummer" has an "s" too
        for stem in (noun, noun.removesuffix("s"), noun.removesuffix("es")):
            if stem in _MEANINGS:
                return stem
    return word


def is_filler(word: str) -> bool:
    """Whether a word says nothing about what an id is: "the", "id", "2", the "b" of "leg b"."""
    return word in _FILLERS or word.isdecimal() or len(word) == 1


def is_known(word: str) -> bool:
    """Whether a word may be part of a label."""
    return is_filler(word) or _stem(word) in _MEANINGS


def names_a_thing(words: Sequence[str]) -> bool:
    """Whether a label after an id is "its agent" or "the recording", but not "the agent"."""
    has_article = not _ARTICLES.isdisjoint(words) and not _NO_CALLS.isdisjoint(words)
    return has_article or not _POSSESSIVES.isdisjoint(words)


def has_call(words: Sequence[str]) -> bool:
    """Whether words are about a call, as in "Call failed"."""
    return any(_MEANINGS.get(_stem(word)) is Meaning.CALL for word in words)


def is_only_a_label(words: Sequence[str]) -> bool:
    """Whether a line is a label such as "Call ID", but not "Ticket 4471"."""
    if words and words[0] in ID_WORDS:  # "ID de llamada"
        words = [word for word in words if word not in GENITIVES]
    return _are_about_a_person(words) or all(
        is_known(word) and not word.isdecimal() for word in words
    )
