"""Secrets are masked whole, whatever they are made of, and so is a number that touches one."""

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.voicelogs import masking
from tests.support.marked_text import HIDDEN, plain, shown

HEX: Final = st.text("0123456789abcdef", min_size=32, max_size=64)
BASE64URL: Final = st.from_regex(r"[0-9A-Za-z][0-9A-Za-z_-]{19,60}", fullmatch=True)
WITH_NUMBERS: Final = st.lists(
    st.one_of(BASE64URL, st.sampled_from(["+12065550103", "206-555-0103", "2065550103", "/+1"])),
    min_size=2,
    max_size=4,
).map(lambda parts: "".join(["k", *parts, "z" * 14]))
TOKENS: Final = st.one_of(HEX, BASE64URL, WITH_NUMBERS)

TOKENS_OF_SERVICES: Final = st.builds(
    "{}{}{}".format,
    st.sampled_from(["xoxb-000000000000-", "xapp-1-A0-", "glpat-", "whsec_", "sk-proj-"])
    | st.sampled_from(["ghp_", "github_pat_", "npm_", "hf_", "sk_live_", "rk_test_", "shpat_"])
    | st.sampled_from(["AIza", "AKIA", "SG.", "ya29."]),
    st.text("0123456789abcdefABCDEF", min_size=16, max_size=16),
    BASE64URL,
)
WEBHOOKS: Final = st.builds("services/T0{}/B0{}/{}".format, HEX, HEX, BASE64URL) | st.builds(
    "triggers\\/T0{}\\/{}\\/{}".format, HEX, HEX, BASE64URL
)
PRIVATE_KEYS: Final = st.builds(
    "-----BEGIN {0}PRIVATE KEY-----\\n{1}+/==\\n{1}\\n-----END {0}PRIVATE KEY-----".format,
    st.sampled_from(["", "RSA ", "EC ", "ENCRYPTED ", "OPENSSH "]),
    BASE64URL,
)


@given(key=st.sampled_from(["token", "password", "X-Api-Key", "otp"]), token=TOKENS)
def test_a_random_token_is_masked_whole_by_its_key(key: str, token: str) -> None:
    for before, after in ((f"{key}=", "&x=1"), (f"{key}: ", " then 2"), (f'{{"{key}":"', '"}')):
        assert masking.mask_text(before + token + after) == before + HIDDEN + after
        assert masking.mask_address(before + token + after) == before + HIDDEN + after
    masked = masking.mask_json({key: token, "a": [f"{key}={token}"]})
    assert masked == {key: HIDDEN, "a": [f"{key}={HIDDEN}"]}


def between(before: str, token: st.SearchStrategy[str], after: str) -> st.SearchStrategy[list[str]]:
    return token.map(lambda drawn: [before, drawn, after])


@given(
    text=st.one_of(
        between("using token ", HEX.map("PT{}".format), " for dial"),
        between("sent Bearer ", TOKENS, " for leg 2"),
        between("state ", BASE64URL.map("eyJ{}".format), ", then"),
        between("got ", TOKENS_OF_SERVICES, " from them"),
        between("to https://hooks.slack.com/", WEBHOOKS, " failed"),
        between("to https:\\/\\/hooks.slack.com\\/", WEBHOOKS, '", 1'),
        between('"pem": "', PRIVATE_KEYS, '", "a": 1'),
        between("https://hook:", BASE64URL.map("{}+12065550103pw".format), "@acme.example/x"),
    )
)
def test_a_random_token_is_masked_whole_by_its_form(text: list[str]) -> None:
    before, _, after = text
    assert masking.mask_text("".join(text)) == before + HIDDEN + after


@pytest.mark.parametrize(
    "marked",
    [
        *("digits: «+4930» «123456|••••56» x", "pin=«1206» «555-0103|•••-••03»"),
        '<Number sendDigits="«wwww1928»">«206-555-0156|•••-•••-••56»</Number></Dial>',
    ],
)
def test_a_number_that_continues_a_secret_is_masked(marked: str) -> None:
    assert masking.mask_text(plain(marked)) == shown(marked)
    assert masking.mask_text(shown(marked)) == shown(marked)


@pytest.mark.parametrize("escaped", ["ab%26cdefgh", "ab%20cdefgh", "ab%2526cd%253Befgh", "ab%22cd"])
def test_a_secret_ends_where_it_did_before_its_escapes_are_decoded(escaped: str) -> None:
    assert masking.mask_text(f"token={escaped}&To=a%20b") == f"token={HIDDEN}&To=a b"
    assert masking.mask_text(f'token="{escaped}", a%20b') == f'token="{HIDDEN}", a b'


NAME: Final = "8cf18522-84db-4753-8543-b85200b4581b.wav"


@pytest.mark.parametrize(
    "marked",
    [
        f"//files.signalwire.com/«a1/b2/recordings|…»/{NAME}",
        f"at files.swire.io/«a1/b2|…»/{NAME}, 18 s",
        "RecordingUrl=https«%3A%2F%2F|://»files.signalwire.com«%2Fa1%2Fb2%2F|/…/»x&RecordingSid=c3",
        r'"url":"https:\/\/files.signalwire.com«\/a1\/|/…/»x.mp3"',
        "https://acme.example/«api/Recordings/a1|…»/x",
        "s3://bucket/«a1|…»/x.ogg«?sign=abc&b=c done| done»",
        "https://acme.example/«1206555/0103|…»/«12065550103|•••••••••03».wav",
    ],
)
def test_of_the_address_of_a_recording_the_host_and_the_name_stay(marked: str) -> None:
    assert masking.mask_text(plain(marked)) == shown(marked)
    assert masking.mask_text(shown(marked)) == shown(marked)


@pytest.mark.parametrize(
    "address",
    [
        *("https://acme.example/api/recordings", "https://acme.example/voice/status?a=b"),
        *("https://acme.signalwire.com/logs/voices/a1", "/var/spool/rec/hold.wav"),
        "https://acme.example/hold.wav",
    ],
)
def test_other_addresses_are_unchanged(address: str) -> None:
    assert masking.mask_text(address) == address
