"""Reads what an id is from its label.

A label is a key in JSON, a form or a log line, a segment of a URL's path, or a word in a sentence,
most often before the id. All ids on SignalWire are UUIDs, so nothing in an id itself tells a call
from a project.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.voicelogs import id_words
from bot.voicelogs.id_words import Label, Meaning

# `/Conferences/…/Participants/<CallSid>`, `/Queues/…/Members/<CallSid>`.
_NAMED_BY_THEIR_CALL: Final = ("/Participants", "/Members")

WINDOW: Final = 96
"""Characters before an id that are searched for its label."""
_LABEL_LINE: Final = 3
"""Words of a label such as "Device ID:" at most."""
_SEPARATORS: Final = " \t\r\n\v\f\xa0\u3000\"'`*_~:=<>([{|#\\/@+-•◦▪·→⇒»«“”„‘’：（「【"  # noqa: RUF001 - as people type them
_CLOSING: Final = " *_`:)]}"
"""What may end an id in a sentence that goes on."""
_PHRASE_ENDS: Final = (*"\n\t|,;!{}[])&、。，", ". ", "? ", " _")  # noqa: RUF001 - as people type them
# What is removed from a label: what isn't text, and remarks as forms and alerts have them.
_NOISE: Final = re.compile(
    r"""(?i:</?(?:a|b|br|code|dd|div|dt|em|font|h\d|i|li|p|pre|span|strong|t[dhrt]|u|ul)\b[^<>]*>)
    | (?<![\w:]):[a-z][\w+-]{0,60}:(?![\w:])  # an emoji
    # Slack's mention of a person or a channel, with the name beside it (docs.slack.dev: mrkdwn).
    | <(?:![a-z]{1,20}|[@\#][A-Z0-9]{4,20})[^<>\n]{0,100}>
    | (?<==>)\s{0,20}string\(\d{1,9}\)  # PHP's `["call_id"]=> string(36) "…"`
    # "Project ID (required):", "Agents (2):"
    | (?:(?:(?<=[iI][dD])|(?<=[iI][dD]s))[ ]?\([^()\n]{1,40}\)|[ ]\(\d{1,4}\))
      (?=[*_`]{0,4}\s?[:=\n][*_`"'\s]{0,9}$)""",
    re.VERBOSE,
)
# Between a name and its value.
_COLON: Final = re.compile(
    r"""\\*["']?,\s{0,9}\\*["'](?:string_?)?val(?:ue)?\\*["']\s?:  # "name": "…", "value": "…"
        (?:\s?\{\s?"stringValue"\s?:)?
    | (?<![)\]}])\\*["'](?:>>)?,\s{0,9}(?:<<)?\\*["']$  # ("call_id", "…"), <<"call_id">>,<<"…">>
    """,
    re.VERBOSE | re.IGNORECASE,
)
# Before a label: the number of a list's item, and a multipart form's `name=`, up to an empty line.
_BEFORE_LABEL: Final = re.compile(
    r"""\n[ \t>]*[0-9]{1,3}[.)][ \t"']*$|\bname=(?="[^"\n]{1,60}"\s{2,4}$)"""
)
# A method, whose object says what the id is: `Recording.find("…")`, `Call.find_by(sid: "…")`,
# `Call.objects.filter(id__in=["…"])`, but not `client.calls("…")`.
_METHOD: Final = re.compile(r"(\w)(?:\.|::|->)(?!calls\b)\w+!?(?:(\(\w+?)(?:__\w+)?)?$")
# An object's first key in YAML or an INI file: "project:", "  id: …", or "[project]", "id=…".
_NESTED: Final = re.compile(r"(?::\s*\n[ \t]+|\]\s*\n)(?=(?:id|sid|uuid)\s?[:=])")
# A word in parentheses within a label: "Application (client) ID:".
_PARENTHESIS: Final = re.compile(r"\((\w{1,20})\)(?= ?\w{1,20}\W{0,6}$)")
# A name between a label and an id in parentheses: "Project: Support line (…)", "Agent Jo (…)".
_CAPITALIZED: Final = r"[^\W\d_a-z]\w{0,20}"
_NAME: Final = re.compile(
    r"(?<=\w)(?::[*_`\s]{0,4}[^\W\d_a-z][^:()]{0,40}"
    r"| (?:[\"“„][^\"]{1,40}|[\w.+-]{1,40}@[\w.-]{1,40}"
    rf"|{_CAPITALIZED}(?: {_CAPITALIZED}){{0,2}}))$"
)
# Rails writes "[<id>] …" before a line; AWS Lambda writes the time, the id and the level.
# In brackets, it may be a call's that made another, unless the other has a key.
_BEFORE_TAG: Final = re.compile(r"(?:\[|T\d\d:\d\d:\d\d[.\d]{0,10}Z\s)$")
_TIME_AT_MOST: Final = 24
_AFTER_TAG: Final = re.compile(
    r"(?:\]\s(?:[^\n]{0,200}?(?i:call|segment)[_-]?(?i:s?id|uuid)|\[?(?i:call))\W{1,9}"
    r"|\s[^\n]{0,200}?(?i:call|segment|leg)[^\n]{0,30}?)[0-9a-fA-F]{8}-"
)
# A key that goes on after "call id": `CallSidEndingConference`, `call_sid_to_coach`.
_CALL_KEY: Final = re.compile(r"(?i:(\bcall_?s?id))[A-Z_]\w{0,40}$")
# A key in code without quotes, `created_by: …` or `createdBy: "…"`; "macOS: …" and "USER_BUSY: …"
# are none.
_KEY_IN_CODE: Final = re.compile(
    r"""(?=\w*[a-z])[^\W_]+(?:_[^\W_]+)+\s?:|[a-z]+[A-Z]\w*\s?:\s?["']"""
)
# What is before a key in an address's query; before `id` or `entity_id`, it says what the id is.
_BEFORE_QUERY: Final = re.compile(r"\S*\?(?!(?i:entity|object|resource)_?(?i:id)$)(?=\w{5,}$)")
# A host of files rather than of pages, or an image in Markdown.
_FILE_HOST: Final = re.compile(
    r"//[\w.-]{0,40}\b(?:assets?|attachments?|avatars?|cdn|images?|img|media|static|uploads?)\b"
    r"[\w.-]{0,60}/$|!\[[^\]\n]{0,60}\]\([^\s()]{1,60}/$"
)
# "Checked the ticket. …"; a shorter word may be an abbreviation: "Ticket no. …".
_END_OF_SENTENCE: Final = re.compile(r"[^\W\d_]{5}\.$")
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
_SAID_WITHOUT_ID: Final = frozenset({Meaning.CALL, Meaning.PARENT, Meaning.PROJECT, Meaning.SPACE})
_LABEL_FILLERS: Final = id_words.ID_WORDS | {
    *("a", "an", "the", "this", "that", "is", "s", "our", "my", "your", "its", "their", "of", "it")
}
# As in "ID записи:".
_ID_OF: Final = re.compile(rf"(?:{'|'.join(id_words.ONE_ID)}) \S+")
_MACHINE_KEY: Final = re.compile(r"""(?:\\*["'])?\s?=|\\*["']\s?(?::|=>)""")
_BETWEEN: Final = re.compile(
    r"""[\s"'`*_|•,;&.)0-9-]*(?:\b(?:and|or|und|oder|et|ou|y|e|en|и)\s*)?"""
)


def before(text: str, start: int, previous: int = 0) -> Label:
    """Read the label before `start` in a text; `previous` is where the last id ended."""
    phrase, gap = _phrase(text, start, previous)
    name = _NAME.search(phrase) if " (" in gap else None
    if name and not id_words.has_call(id_words.in_phrase(name.group())):
        phrase = phrase[: name.start()]
    words = id_words.in_phrase(_METHOD.sub(r"\1\2", phrase) if "(" in phrase + gap else phrase)
    is_path = "/" in gap and not gap.startswith(" ")
    label = id_words.label_of(words, is_path=is_path)
    if is_path and _is_host(phrase):
        is_file = _FILE_HOST.search(text, max(0, start - WINDOW), start)
        return Label(Meaning.OTHER if is_file else Meaning.NONE)
    if "\n" in gap and not set(":=") & set(gap):
        is_asked = phrase.endswith("?") and gap.startswith("*")  # in a form
        is_line = not previous or "\n" in _window(text, start, previous).rstrip(_SEPARATORS)
        if not (is_line and ((label.is_key and is_asked) or id_words.is_only_a_label(words))):
            return Label()  # the sentence on the line before
    if label.meaning is Meaning.ID and gap.strip("*_`\"'") == " ":  # in a sentence about two calls
        return replace(label, meaning=Meaning.NONE)
    if is_path:  # its segment has one id
        is_call = phrase.endswith(_NAMED_BY_THEIR_CALL)
        label = Label(Meaning.CALL) if is_call else replace(label, is_list=False)
    if _begins_sentence(phrase, gap, text[previous:start], previous):
        label = id_words.without_description(words, label)
    if label.meaning in id_words.NO_VOICE_LOG:
        path = _OWN_PATH.search(text, max(0, start - _OWN_PATH_AT_MOST), start)
        return replace(label, is_certain=path is not None)
    if label.meaning is not Meaning.NONE or all(map(id_words.is_filler, words)):
        return label
    return _without_known_word(phrase, gap, words, label)


def after(text: str, end: int) -> Label | None:
    """Read the label after `end` in a line, if there is one: "(project id)", "is our project".

    Words such as "(customer)" or "(voicemail)" may just describe a call, so they need an "id", or
    an article if they can't: "(its recording)", "is the request".
    """
    match = _AFTER.match(text, end)
    words = id_words.in_phrase(match["in"] or match["end"]) if match else []
    label = id_words.label_of(words)
    is_label = all(
        word in _LABEL_FILLERS or (id_words.is_known(word) and not id_words.is_filler(word))
        for word in words
    )
    says_id = label.is_key or id_words.names_a_thing(words)
    meanings = _SAID_WITHOUT_ID | id_words.NO_VOICE_LOG if says_id else _SAID_WITHOUT_ID
    return Label(label.meaning) if is_label and label.meaning in meanings else None


def is_tag(text: str, start: int, end: int) -> bool:
    """Whether a logger put the id there, a request's, before a line about a call."""
    before = _BEFORE_TAG.search(text, max(0, start - _TIME_AT_MOST), start)
    return before is not None and _AFTER_TAG.match(text, end) is not None


def of_object(text: str, start: int) -> Meaning:
    """Read the key of the object or list that starts at `start`; NONE if it says nothing."""
    phrase, gap = _phrase(text, start, 0)
    meaning = id_words.label_of(id_words.in_phrase(phrase)).meaning
    is_key = "\n" not in gap or not set(":=").isdisjoint(gap)
    return meaning if is_key and meaning is not Meaning.ID else Meaning.NONE


def is_of_no_voice_log(kind: str) -> bool:
    """Whether a record's `type` or `kind` is an event's ("call.ended"), a message's or the like."""
    return "." in kind or not id_words.NOT_VOICE.isdisjoint(id_words.in_phrase(kind)[-1:])


def is_id_column(name: str) -> bool:
    """Whether a column of that name holds ids: "call_id", "Segment ID", "Project"."""
    words = id_words.in_phrase(name)
    label = id_words.label_of(words)
    return label.is_key or (label.meaning is not Meaning.NONE and id_words.is_only_a_label(words))


def _phrase(text: str, start: int, previous: int) -> tuple[str, str]:
    """Return the phrase before `start`, and the separators between the two."""
    window = _window(text, start, previous).replace("(s)", "s")
    window = _NESTED.sub(" ", _COLON.sub(":", _NOISE.sub(" ", window)))
    window = _PARENTHESIS.sub(r"\1", _BEFORE_LABEL.sub("\n", window))
    label = window.rstrip(_SEPARATORS)
    gap = window[len(label) :]
    is_assigned = "=" in gap and label.endswith(("]", "}"))  # PHP's `[call_id] => …`
    if is_assigned or (":" in gap and _ends_with_key_in_brackets(label)):
        label = label.rstrip(")]}").rstrip(_SEPARATORS)
    elif gap[:1].isspace() and _END_OF_SENTENCE.search(label):
        return "", gap
    label = _CALL_KEY.sub(r"\1", label)
    ends = [label.rfind(end) + len(end) for end in _PHRASE_ENDS if end in label]
    return _BEFORE_QUERY.sub("", label[max(ends, default=0) :].strip()), gap


def _ends_with_key_in_brackets(label: str) -> bool:
    """Whether it is like "Account (Account SID): …" or `[request_id]: …`, not "[worker]: …"."""
    words = id_words.in_phrase(label)
    is_key = id_words.label_of(words).is_key and not words[-1].isdecimal()  # "(agent id 12): …"
    return is_key and label.endswith((")", "]", "}"))


def _is_host(phrase: str) -> bool:
    """Whether a phrase ends with a host, whose names say nothing about an id in its path."""
    host = phrase.rpartition("//")[2].rpartition(" ")[2]
    return "." in host and not set("/?=") & set(host)


def _window(text: str, start: int, previous: int) -> str:
    return text[max(previous, start - WINDOW) : start]


def continues(between: str, label: Label) -> bool:
    """Whether a label also holds for the next id, given the text between the two."""
    if between in {"_", "/", "|"}:  # two ids in one name, in one path; a link's address and text
        return True
    return label.is_list and len(between) < WINDOW and bool(_BETWEEN.fullmatch(between))


def _begins_sentence(phrase: str, gap: str, between: str, previous: int) -> bool:
    """Whether a phrase is words, but not about the id before it: "call … was made by user: …"."""
    is_about_previous = previous > 0 and between.lstrip(_CLOSING).startswith(
        phrase.lstrip(_CLOSING)
    )
    is_words = " " in phrase and not set('"=') & {*phrase} and not set("/_") & {*phrase, *gap}
    is_label = ":" in gap or " - " in gap or phrase.endswith((" is", " are"))
    return is_words and is_label and not is_about_previous


def _without_known_word(phrase: str, gap: str, words: Sequence[str], label: Label) -> Label:
    """Read a sentence, or the key of something else: `"nonce": "…"`, `foo_id`, "Foo ID:"."""
    token = phrase.rsplit(maxsplit=1)[-1]
    key = id_words.in_phrase(token)
    if gap in {"_", "-"}:  # within a longer name, such as an event's channel
        is_other = True
    elif gap.startswith("/") and ":" not in gap:  # a path's segment, unless it is the host
        is_other = not set(".:@") & set(token.rpartition("/")[2])
    elif all(map(id_words.is_filler, key)):
        if gap.lstrip().startswith("="):  # "pod/dialer uid=…"
            return id_words.label_of(key)
        is_other = label.is_key and ":" in gap and len(words) <= _LABEL_LINE
    else:
        is_sentence = not id_words.SENTENCES.isdisjoint({words[-1], words[-1].removesuffix("s")})
        own = " ".join(word for word in words if word not in id_words.GENITIVES)
        is_unknown_noun = ":" in gap and _ID_OF.fullmatch(own) is not None
        is_machine_key = _KEY_IN_CODE.match(token + gap) or _MACHINE_KEY.match(gap)
        is_other = (
            label.is_key or is_unknown_noun or (is_machine_key is not None and not is_sentence)
        )
    return replace(label, meaning=Meaning.UNKNOWN) if is_other else label
