import re
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.voicelogs import ids
from bot.voicelogs.id_mentions import Kind, OtherId
from bot.voicelogs.ids import Ids
from tests.support.samples import DOCUMENTED, LIVE

ID = DOCUMENTED
OTHER = LIVE
THIRD = "fa000000-0000-4000-8000-000000000002"
PROJECT = "7b9bd5ab-2e4c-4e7a-9d1d-6d4a1f2b3c4d"
HEX = ID.replace("-", "")
ACCOUNTS = f"https://acme.signalwire.com/api/laml/2010-04-01/Accounts/{PROJECT}"


def complete(*log_ids: str) -> Ids:
    return Ids(complete=tuple(UUID(log_id) for log_id in log_ids))


def truncated(*pieces: str) -> Ids:
    return Ids(truncated=pieces)


WRAPPINGS = (
    # Blanks, quotes, punctuation and invisible characters around it.
    *("{}", "  {}\n", '"{}"', "'{}'", "\u201c{}\u201d", "({})", "{{{}}}", '{{"id":"{}"}}'),
    *("Please look at {}.", "{}, thanks", "\u200b{}\ufeff", "\u202a{}\u202c"),
    # Slack's formatting.
    *("`{}`", "`{}", "```\n{}\n```", "<{}>", "&lt;{}&gt;", "*{}*", "_{}_"),
    # Labels and links of the dashboard and the API, and Slack's of them.
    *("Voice Segment ID: {}", "id={}", "https://acme.signalwire.com/logs/voice/{}"),
    *("https://acme.signalwire.com/logs/voice/{}?tab=events#top", ACCOUNTS + "/Calls/{}.json"),
    "https://acme.signalwire.com/api/voice/logs/{}",
    "https://acme.signalwire.com/api/voice/logs/{}/events",
    "<https://acme.signalwire.com/logs/voice/{}>",
    "<https://acme.signalwire.com/logs/voice/{}|the call>",
    "<https://acme.signalwire.com/logs/voice|{}>",
)


@pytest.mark.parametrize("wrapping", WRAPPINGS)
@given(log_id=st.uuids(), upper=st.booleans())
def test_any_id_is_found_in_any_wrapping(wrapping: str, log_id: UUID, *, upper: bool) -> None:
    written = str(log_id).upper() if upper else str(log_id)
    assert ids.in_text(wrapping.format(written)).complete == (log_id,)


@pytest.mark.parametrize(
    "written",
    [
        *(ID.title(), HEX, HEX.upper(), ID.replace("-", "_")),
        *(ID.replace("-", dash) for dash in "\u2010\u2011\u2013\u2014\u2212"),
        *(ID.upper().replace("0", "O"), ID.replace("1", "l")),
        # Invisible characters in it, and an ID on two lines of a quotation.
        *("\u200b".join(ID), ID.replace("-", "-\u00ad"), ID[:20] + "\u2060\ufeff" + ID[20:]),
        *(f"{ID[:18]}\n> {ID[18:]}", f"{ID[:19]}\n> {ID[19:]}"),
    ],
)
def test_an_id_is_found_in_each_notation(written: str) -> None:
    assert ids.in_text(written) == complete(ID)


NO_IDS = {
    *("", "   \n", "help", "+12065550100", "what happened to the call at 12:20?"),
    *("C" + HEX, HEX + "0", "0" + HEX, HEX * 2, ID + "z", "z" + ID, "PT" + HEX, "PA" + ID),
    *("xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx", "b7182dc2 00f3 40e4 a5ce 20f164b329df"),
    "call 00000000-0000-0000-0000-000000000000",
    # Words of hex letters, dates, numbers, and what is too short.
    *("facade...", "a decade\u2026 or so", "beefed..", "deadbeef-cafe", "wait...", "b7182..."),
    *("20240506-1220", "2024-05-06", "12065550100-1", "2065550100...", "$1234567.. maybe"),
    # Within another token.
    *("x-b7182dc2...", "xb7182dc2..."),
    # Short hex of other things.
    *("commit c2a2f5df", "commit c2a2f5df\u2026", "build c2a2f5df-12", "sha256:c2a2f5df\u2026"),
    *("call 20261128", "call 5550103", "call the facade", "a call on 2026-11-28"),
    *("container 0f1e2d3c4b5a of call x", "color #aabbcc11", "a1b2c3d..e4f5a6b"),
    *("call center a1b2c3d4", "trace_id=4bf92f3577b34da6", "call abc12"),
    *("the build b7182dc2 failed", "the build b7182dc200 failed"),
}


@pytest.mark.parametrize("text", sorted(NO_IDS))
def test_other_text_is_not_an_id(text: str) -> None:
    assert ids.in_text(text) == Ids()


def test_the_project_id_in_a_compatibility_url_is_not_a_log_id() -> None:
    assert ids.in_text(f"{ACCOUNTS}/Calls") == Ids(others=(OtherId(Kind.PROJECT, PROJECT),))
    assert ids.in_text(f"{ACCOUNTS}/Calls/{ID}.json").complete == (UUID(ID),)
    assert ids.in_text(f"{ACCOUNTS.upper()}/Calls/{ID}").complete == (UUID(ID),)


@pytest.mark.parametrize(
    "piece",
    [
        *("b7182dc2\u2026", "b7182dc2...", "b7182dc2..", "b7182d\u2026", "B7182DC2\u2026"),
        *("b7182dc2-00f3\u2026", "b7182dc2-00f3-40e4-a5c...", f"{HEX[:31]}\u2026"),
        *(ID[:-1], ID[:-9], "b7182dc2-00f3", f"{ID[:-1]}\u2026"),
    ],
)
@pytest.mark.parametrize("around", ["{}", "`{}`", "Voice Segment ID: {} and so on", "<{}>"])
def test_a_truncated_id_is_recognized(piece: str, around: str) -> None:
    assert ids.in_text(around.format(piece)).truncated == (piece,)


def test_a_truncated_id_is_not_reported_beside_its_complete_form() -> None:
    assert ids.in_text(f"b7182dc2\u2026 {ID}") == complete(ID)
    assert ids.in_texts(["b7182dc2-00f3-4...", HEX]) == complete(ID)


def test_a_truncated_id_beside_another_complete_one_is_reported() -> None:
    assert ids.in_text(f"ca110000\u2026 {ID}") == Ids((UUID(ID),), ("ca110000\u2026",))


def test_at_most_twenty_truncated_ids_are_reported_each_once() -> None:
    pieces = [f"{number:08x}a..." for number in range(100)]
    text = " ".join(f"{piece} {piece}" for piece in pieces)
    assert ids.in_text(text).truncated == tuple(pieces[:20])


FRAGMENTS = st.sampled_from(
    [
        *(ID, HEX, ID.upper(), ID[:-1], ID[:13], "-", "\u2013", "\u2026", "...", "\u200b"),
        *("Accounts/", "a", "0", "F", "g", " ", "\n", "`", "<", ">", "|", "\ud800", "\x00"),
        *("call_id", "project", "id", ":", "=", '"', "\\", "{", "}", "[", "]", ",", "\t", "%22"),
        *("files.signalwire.com/", "CA", "parent", "&gt;", "=\r\n", "=3D", "https://", "@", ":PT"),
    ]
)
TEXT = st.one_of(st.text(max_size=60), st.lists(FRAGMENTS, max_size=12).map("".join))


@given(text=TEXT)
def test_every_id_found_is_in_the_text(text: str) -> None:
    digits = re.sub("[^0-9a-f]", "", text.lower())
    found = ids.in_text(text)
    assert all(log_id.hex in digits for log_id in found.complete)
    assert all(re.sub("[^0-9a-f]", "", piece.lower()) in digits for piece in found.truncated)
    assert len(set(found.complete)) == len(found.complete)


@pytest.mark.parametrize(
    "text", ["b7182dc2", " `B7182DC2-` ", "b7182dc200", "b7182dc2-00f3-...", "20655501\u2026"]
)
def test_a_truncated_id_without_other_text_is_recognized(text: str) -> None:
    assert ids.in_text(text) == truncated(text.strip(" `"))


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Check the logs, find call c2a2f5df", ["c2a2f5df"]),
        ("leg 8dca\u2026 has no audio", ["8dca\u2026"]),
        ("call_id: c2a2f5", ["c2a2f5"]),
        ("calls c2a2f5df and d4f9e801", ["c2a2f5df", "d4f9e801"]),
        ('"call_id": "c2a2f5df-266c-4', ["c2a2f5df-266c-4"]),
        ("Anruf c2a2f5df", ["c2a2f5df"]),
    ],
)
def test_a_truncated_id_after_a_call_label_is_recognized(text: str, pieces: list[str]) -> None:
    assert ids.in_text(text) == truncated(*pieces)


RECORDING = f"files.signalwire.com/{THIRD}/{PROJECT}/recordings/{OTHER}.wav"


@pytest.mark.parametrize(
    ("text", "looked_up", "kind", "shown"),
    [
        (f"here: https://{RECORDING}", [], Kind.RECORDING, RECORDING),
        (f"<https://{RECORDING}|recording>", [], Kind.RECORDING, RECORDING),
        ("CA" + HEX, [], Kind.TWILIO_CALL, "CA" + HEX),
        (f"CallSid=CA{HEX}&CallStatus=busy", [], Kind.TWILIO_CALL, "CA" + HEX),
        (f"project_id: {PROJECT}", [PROJECT], Kind.PROJECT, PROJECT),
        (f"AccountSid={PROJECT}&CallSid={ID}", [ID], Kind.PROJECT, PROJECT),
        (f"space_id={OTHER}", [OTHER], Kind.SPACE, OTHER),
        (f"recording_id={OTHER}", [OTHER], Kind.RECORDING, OTHER),
        (f"request_id={OTHER}", [OTHER], Kind.OTHER, OTHER),
        (f"md5: {OTHER.replace('-', '')}", [OTHER], Kind.OTHER, OTHER),
        (ID[:-1], [], Kind.MISTYPED, ID[:-1]),
        (ID + "a", [], Kind.MISTYPED, ID + "a"),
        (ID.replace("00f3", "0f3"), [], Kind.MISTYPED, ID.replace("00f3", "0f3")),
        (ID.replace("00f3", "000f3"), [], Kind.MISTYPED, ID.replace("00f3", "000f3")),
    ],
)
def test_the_kind_of_another_id_is_reported(
    text: str, looked_up: list[str], kind: Kind, shown: str
) -> None:
    found = ids.in_text(text)
    assert list(map(str, found.complete)) == looked_up
    assert found.others == (OtherId(kind, shown),)


def test_at_most_twenty_other_ids_are_reported() -> None:
    text = " ".join(f"request_id={UUID(int=number)}" for number in range(100))
    assert len(ids.in_text(text).others) == 20


def test_parent_ids_come_after_call_ids() -> None:
    text = f'{{"parent": {{"call_id": "{THIRD}"}}, "call_id": "{ID}"}} {OTHER}'
    assert ids.in_text(text) == complete(ID, OTHER, THIRD)
