"""Names of people, email addresses and secrets are masked as numbers are; other names aren't."""

import json

import pytest
from pydantic import JsonValue

from bot.voicelogs import masking
from tests.support.raw_json import as_text, document
from tests.support.samples import DOCUMENTED

HIDDEN = "•••••••"


def masked(sent: dict[str, JsonValue]) -> JsonValue:
    shown: JsonValue = json.loads(as_text(masking.mask_json(document(json.dumps(sent)))))
    return shown


@pytest.mark.parametrize(
    "key",
    [
        *("caller_id_name", "Caller-Caller-ID-Name", "CallerIDName", "callerName", "CNAM"),
        *("display_name", "first_name", "sip_from_display", "effective_caller_id_name"),
        *("sip_h_X-Customer-Name", "subscriber_name", "variable_sip_from_display"),
        *(
            "Caller-Orig-Caller-ID-Name",
            "agent",
            "X-Customer",
            "customer_first",
            "Vorname",
            "prénom",
            "氏名",
        ),
    ],
)
@pytest.mark.parametrize("name", ["JANE DOE", "O'Neil, Jane", "王小明", "J%61ne"])
def test_a_name_is_masked_by_its_key(key: str, name: str) -> None:
    assert masked({"a": [{key: name}]}) == {"a": [{key: HIDDEN}]}


@pytest.mark.parametrize(
    "key",
    [
        *("password", "sip_auth_password", "X-Auth-Token", "api_key", "Authorization", "otp"),
        *("X-Account-Pin", "pin_code", "date_of_birth", "ssn", "ZipCode", "billing_address"),
        *("digits", "sendDigits", "DTMF-Digit", "SpeechResult", "transcript", "content", "summary"),
        *("text", "system_prompt", "voicemail_greeting", "agent_notes", "sip_h_User-to-User"),
        *("address_line1", "security_code", "apikey", "privateKey", "TTS-Text", "MessageBody"),
        *("key_pressed", "keypress", "sip_auth_pass", "signing_key", "__token"),
        *("text_heard_approx", "text_spoken_total", "post_response"),
    ],
)
@pytest.mark.parametrize("value", ["4821", "Jane said no", "a=b/c==", "1980-02-03", 7])
def test_secrets_speech_and_pressed_keys_are_masked_by_their_key(
    key: str, value: JsonValue
) -> None:
    assert masked({"a": [{key: value}]}) == {"a": [{key: HIDDEN}]}
    assert masked({key: {"b": [value]}}) == {key: {"b": [HIDDEN]}}


def test_metadata_of_a_secret_is_unchanged() -> None:
    sent: dict[str, JsonValue] = {
        "token_count": "532",
        "input_tokens": "17",
        "token_type": "Bearer",
        "max_digits": "4",
        "digits": {"max": "4", "digit_timeout": "5.0", "terminators": "#"},
        "dtmf_type": "rfc2833",
        "DTMF-Duration": "2000",
        "pin_length": "4",
        "password_required": True,
        "Content-Type": "application/sdp",
        "token": None,
        "typed_digits": "",
        "reason_text": "Busy Here",
        "agent_id": DOCUMENTED,
        "agent": DOCUMENTED,
        "customer": {"id": DOCUMENTED, "last_called_at": "2026-11-02T15:30:00Z"},
        "author": "script",
        "transcript_id": DOCUMENTED,
    }
    assert masked(sent) == sent


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ({"caller": {"name": "Jane Doe"}}, {"caller": {"name": HIDDEN}}),
        ({"to": {"number": "72543"}}, {"to": {"number": "•••43"}}),
        ({"to": ["72543", "desk"]}, {"to": ["•••43", "desk"]}),
        ({"caller_name": {"first": "Jane"}}, {"caller_name": {"first": HIDDEN}}),
        ({"summary": {"email": "", "a": "no"}}, {"summary": {"email": "", "a": HIDDEN}}),
        ({"speech": {"text": "four eight"}}, {"speech": {"text": HIDDEN}}),
        ({"name": "password", "value": "a"}, {"name": "password", "value": HIDDEN}),
        ({"Name": "given_name", "Value": "Jane"}, {"Name": "given_name", "Value": HIDDEN}),
        ({"key": "dialed", "value": "72543"}, {"key": "dialed", "value": "•••43"}),
        ({"key": "codec", "value": "PCMU"}, {"key": "codec", "value": "PCMU"}),
        ({"type": "digit", "params": {"a": "9"}}, {"type": "digit", "params": {"a": HIDDEN}}),
        ({"type": "fax", "params": {"a": "9"}}, {"type": "fax", "params": {"a": "9"}}),
        ({"customer": {"first": "Jane"}}, {"customer": {"first": HIDDEN}}),
        ({"caller": {"last": "Doe"}}, {"caller": {"last": HIDDEN}}),
        ({"participants": [{"label": "Jane"}]}, {"participants": [{"label": HIDDEN}]}),
        ({"name": "Jane", "email": ""}, {"name": HIDDEN, "email": ""}),
        ({"call": {"name": "standup"}}, {"call": {"name": "standup"}}),
        ({"from": {"codec_name": "PCMU"}}, {"from": {"codec_name": "PCMU"}}),
        ({"caller": {"friendly_name": "Jane"}}, {"caller": {"friendly_name": HIDDEN}}),
        ({"room": {"friendly_name": "standup"}}, {"room": {"friendly_name": "standup"}}),
    ],
)
def test_the_key_of_the_outer_object_is_used(
    sent: dict[str, JsonValue], shown: dict[str, JsonValue]
) -> None:
    assert masked(sent) == shown


@pytest.mark.parametrize("key", ["friendly_name", "FriendlyName", "user_name", "username"])
@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("Jane Doe", HIDDEN),
        ("Jane%20Doe 1:1", f"{HIDDEN} 1:1"),
        ("Jane Doe x4410", f"{HIDDEN} x4410"),
        ("standup", "standup"),
        ("jane.doe", "jane.doe"),
        ("+12065550112", "+1 ••••••••12"),
    ],
)
def test_a_label_or_a_login_is_a_name_if_it_has_several_words(
    key: str, sent: str, shown: str
) -> None:
    assert masked({"a": [{key: sent}]}) == {"a": [{key: shown}]}
    assert masking.mask_text(f'{{"{key}":"{sent}","a":1}}') == f'{{"{key}":"{shown}","a":1}}'


@pytest.mark.parametrize("missing", [None, "", "10025", True])
def test_a_missing_name_is_unchanged_and_a_number_is_masked_as_a_number(missing: JsonValue) -> None:
    shown = "•••25" if missing == "10025" else missing
    assert masked({"caller_id_name": missing}) == {"caller_id_name": shown}


@pytest.mark.parametrize(
    "sent",
    [
        {"codec_name": "PCMU", "domain_name": "acme.example", "event_name": "CHANNEL_ANSWER"},
        {"name": "ringing", "room_name": "standup", "display": "auto", "to_file_name": "hold.wav"},
        {"node_id": "gw@us-west", "codec": "PCMU@8000h", "at": "12:20:03@10.0.0.1"},
        {"call_id": f"{DOCUMENTED}@gw.acme.example", "call-id": "a84b4c76e66710@pc33.acme.example"},
        {"to": "desk@acme.example", "from": "sip:reception@acme.example"},
        {"contact": "<sip:desk@acme.example;ob>"},
        {"note": "Basic call, token_count=5, PTT off, Bearer capability"},
        {"note": "state=up name=x; a<b, 3 > 2; codec: PCMU; latency <5 ms"},
        {"note": "Oh, two or three of the digits; pinned to one of two"},
    ],
)
def test_other_names_ids_and_sip_users_are_unchanged(sent: dict[str, JsonValue]) -> None:
    assert masked(sent) == sent


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ('{"caller_id_name":"Jane Doe","sta', f'{{"caller_id_name":"{HIDDEN}","sta'),
        ('{"caller_name":"J\\u00fcrgen"}', f'{{"caller_name":"{HIDDEN}"}}'),
        ("{'callerName' : 'Jane Doe', 'a': 1}", f"{{'callerName' : '{HIDDEN}', 'a': 1}}"),
        ("[caller_name] => Jane Doe [a] => b", f"[caller_name] => {HIDDEN} [a] => b"),
        ('"callerName"=>"Jane Doe", "a"=>1', f'"callerName"=>"{HIDDEN}", "a"=>1'),
        ("CallerName=JANE+DOE&Status=busy", f"CallerName={HIDDEN}&Status=busy"),
        ("FriendlyName=Jane+Doe&Status=busy", f"FriendlyName={HIDDEN}&Status=busy"),
        ("FriendlyName=standup&UserName=jane", "FriendlyName=standup&UserName=jane"),
        ("u=CallerName%253DJane%2520Doe%2526x", f"u=CallerName={HIDDEN}&x"),
        ("<callerName>Jane</callerName>", f"<callerName>{HIDDEN}</callerName>"),
        ("Caller-ID-Name: Jane Doe\nUnique: a", f"Caller-ID-Name: {HIDDEN} Unique: a"),
        ("Caller-ID-Name:\nUnique-ID: a", "Caller-ID-Name:\nUnique-ID: a"),
        ("caller_name=null", "caller_name=null"),
        ("SET [effective_caller_id_name]=[J Doe]", f"SET [effective_caller_id_name]=[{HIDDEN}]"),
        ("Caller-ID-Name: [J Doe] State: [RING]", f"Caller-ID-Name: [{HIDDEN}] State: [RING]"),
        ('{"participants":["Jane"]}', f'{{"participants":["{HIDDEN}"]}}'),
        ('Reason: SIP;cause=480;text="Gone"', 'Reason: SIP;cause=480;text="Gone"'),
        ("mailto:jane.doe+x@acme.example failed", f"mailto:{HIDDEN}@acme.example failed"),
        ('{"content":"He said \\\\"hi\\\\" to","a":1}', f'{{"content":"{HIDDEN}","a":1}}'),
        ('<Sip username="desk" password="a b">', f'<Sip username="desk" password="{HIDDEN}">'),
        ("https://acme.example/cb?token=aB3==&x=1", f"https://acme.example/cb?token={HIDDEN}&x=1"),
        ("Authorization: Basic cHQ6UFQxMjM= x", f"Authorization: {HIDDEN} x"),
        ('Authorization: Digest username="a", response="75a"', f"Authorization: {HIDDEN}"),
        ("Authorization: Token cHQ6UFQxMjMcHQ6UFQxMjM= x", f"Authorization: {HIDDEN} x"),
        ("Cookie: a=1; sid=aB3 Accept: text/html", f"Cookie: {HIDDEN} Accept: text/html"),
        ("gateway --password=aB3 --port=5060", f"gateway --password={HIDDEN} --port=5060"),
        ("pin := 4821, x == 3", f"pin := {HIDDEN}, x == 3"),
        ("sent Bearer abcdefghijklmnopqrst", f"sent Bearer {HIDDEN}"),
        ("state eyJhbGciOiJIUzI1NiJ9.eyJzdWIi.sfl_3", f"state {HIDDEN}"),
        (f"for PT{'9f3b5a1c' * 6}", f"for {HIDDEN}"),
        ("a=ice-pwd:asd88fgpdd777uzjYhagZg", f"a=ice-pwd:{HIDDEN}"),
        ("to=jane%40acme.example", f"to={HIDDEN}@acme.example"),
        ("mail 用户@例子.广告 failed", f"mail {HIDDEN}@例子.广告 failed"),
        ("an राम@उदाहरण.भारत.", f"an {HIDDEN}@उदाहरण.भारत."),
        ("to иван@пример.рф, now", f"to {HIDDEN}@пример.рф, now"),
        ("sent to Jane <jane@acme.example>", f"{HIDDEN} <{HIDDEN}@acme.example>"),
        ('{"caller":{"name":"Jane","a":"b"}}', f'{{"caller":{{"name":"{HIDDEN}","a":"b"}}}}'),
        (
            "<a:agent>Jo</a:agent><a:pin>1</a:pin> x",
            f"<a:agent>{HIDDEN}</a:agent><a:pin>{HIDDEN}</a:pin> x",
        ),
        (r'"Jane \"J\" Doe" <sip:desk@a.example>', f'"{HIDDEN}" <sip:desk@a.example>'),
        (r'"{\"a\":\"\\\"Jane\\\" <tel:1>\"}', rf'"{{\"a\":\"\\\"{HIDDEN}\\\" <tel:1>\"}}'),
        ("<caller><name>Jane</name></caller>", f"<caller><name>{HIDDEN}</name></caller>"),
        ("phone = '+12065550112', name = 'Jane'", f"phone = '+1 ••••••••12', name = '{HIDDEN}'"),
        ("say:Hi Jane, press 1", f"say:{HIDDEN}"),
        ('<Say voice="a">Hi <s>Jane</s></Say><Hangup/>', f'<Say voice="a">{HIDDEN}</Say><Hangup/>'),
        ("<Message to='a'>Hi Jane</Message>", f"<Message to='a'>{HIDDEN}</Message>"),
        ('{"name":"Jane","a":"+12065550112"}', f'{{"name":"{HIDDEN}","a":"+1 ••••••••12"}}'),
        (
            '{"name":"X-Api-Key","value":"aB3"},{"name":"X-Trunk","value":"t9"}',
            f'{{"name":"X-Api-Key","value":"{HIDDEN}"}},{{"name":"X-Trunk","value":"t9"}}',
        ),
        (
            '<Parameter name="caller_name" value="Jane Doe"/><Parameter name="a" value="b"/>',
            f'<Parameter name="caller_name" value="{HIDDEN}"/><Parameter name="a" value="b"/>',
        ),
        ("with PIN 4821 now", f"with PIN {HIDDEN} now"),
        ("RTP RECV DTMF 4:2000", f"RTP RECV DTMF {HIDDEN}:2000"),
        ("got digits [4821#]", f"got digits [{HIDDEN}]"),
        ("dtmf: 4 8-2, 1 at 12:20:03", f"dtmf: {HIDDEN} at 12:20:03"),
        ("pressed 4 8 2 1", f"pressed {HIDDEN}"),
        ("said Four, eight two. one, twofold!", f"said {HIDDEN}, twofold!"),
        ("on dit zéro un deux trois", f"on dit {HIDDEN}"),
        ("BEGIN:VCARD\nN:Doe;Jane\nEND:VCARD sent", f"{HIDDEN} sent"),
        ('by "Jane" <1042> now', f'by "{HIDDEN}" <1042> now'),
        ("Jane Doe <12065550112>->9196 in x", f"{HIDDEN} <•••••••••••••96 in x"),
        ("https://hook:pw@acme.example/x", f"https://hook:{HIDDEN}@acme.example/x"),
        ("https://acme.example/x?q=a&key=aB3", f"https://acme.example/x?q=a&key={HIDDEN}"),
        ("https://:pw@acme.example/x", f"https://:{HIDDEN}@acme.example/x"),
        (
            "https://acme.example/swaig/?__token=aB3",
            f"https://acme.example/swaig/?__token={HIDDEN}",
        ),
    ],
)
def test_a_name_is_masked_in_text(sent: str, shown: str) -> None:
    assert masking.mask_text(sent) == shown


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ('"Jane" <sip:+12065550112@a.example>', f'"{HIDDEN}" <sip:+1 ••••••••12@a.example>'),
        ("Jane Doe <tel:+12065550112>", f"{HIDDEN} <tel:+1 ••••••••12>"),
        ('"Jane" <sip:desk@acme.example>', f'"{HIDDEN}" <sip:desk@acme.example>'),
        ("Reyes, Dana <sip:desk@acme.example>", f"{HIDDEN} <sip:desk@acme.example>"),
        ("From: Dana & Co <sip:a@acme.example>", f"From: {HIDDEN} <sip:a@acme.example>"),
        (
            "<sip:a@b.example>, Jo <sip:c@d.example>",
            f"<sip:a@b.example>, {HIDDEN} <sip:c@d.example>",
        ),
        ("=?UTF-8?B?RGFuYSBSZXllcw==?= <sip:a@b.example>", f"{HIDDEN} <sip:a@b.example>"),
        ("=?utf-8?q?D=C3=A1na_+12065550103?= x", f"{HIDDEN} x"),
        ("sip:desk:pw@acme.example:5061", f"sip:desk:{HIDDEN}@acme.example:5061"),
        ("sip:+12065550112;a=b@gw.example", "sip:+1 ••••••••12;a=b@gw.example"),
        ("sip:dana%20reyes@gw", f"sip:{HIDDEN}@gw"),
        ("<sips:Dana Reyes@acme.example>", f"<sips:{HIDDEN}@acme.example>"),
        ("to sip:Dana Reyes:pw@a.example", f"to sip:{HIDDEN}:{HIDDEN}@a.example"),
        ("sip:dana%20reyes;a=b@a.example", f"sip:{HIDDEN};a=b@a.example"),
        ("sip:unknown%20caller@a.example", f"sip:{HIDDEN}@a.example"),
        ("sip:dana_reyes@a.example", "sip:dana_reyes@a.example"),
    ],
)
def test_a_display_name_is_masked_but_a_sip_user_only_if_it_is_several_words(
    sent: str, shown: str
) -> None:
    assert masking.mask_address(sent) == shown
    assert masking.mask_text(sent) == shown
    assert masking.mask_text(shown) == shown


@pytest.mark.parametrize(
    "key",
    [
        *("destination_number", "callerIdNumber", "Caller-Destination-Number", "dialed", "cid"),
        *("from", "to", "From", "formatted_from", "formatted_to", "forwarded_from", "caller_name"),
    ],
)
def test_a_short_number_is_masked_by_its_key_but_an_id_is_not(key: str) -> None:
    for number in ("72543", 72543):
        assert masked({"a": [{key: number}]}) == {"a": [{key: "•••43"}]}
    assert masked({key: DOCUMENTED}) == {key: DOCUMENTED}


@pytest.mark.parametrize(
    "key", ["to_answer_ms", "page_number", "number", "from_cache", "extension"]
)
def test_a_short_number_with_another_key_is_unchanged(key: str) -> None:
    assert masked({key: "72543"}) == {key: "72543"}


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("REYES DANA", HIDDEN),
        ("O'Neil, Mary-Jane", HIDDEN),
        ("राम कुमार", HIDDEN),
        ("Private Reyes", HIDDEN),
        ("Dana Reyes x4410", f"{HIDDEN} x4410"),
        ("Dana Reyes +12065550112", f"{HIDDEN} +1 ••••••••12"),
        ("+12065550112 Dana Reyes", f"+1 ••••••••12 {HIDDEN}"),
        ("Reyes; Dana", HIDDEN),
        ("client:Dana Reyes", f"client:{HIDDEN}"),
        ("client:Dana%20Reyes?a=b", f"client:{HIDDEN}?a=b"),
        ("user:Dana Reyes;a=b", f"user:{HIDDEN};a=b"),
        ("Dana Reyes@acme.example", f"{HIDDEN}@acme.example"),
        ("desk <client:Dana Reyes>", f"desk <client:{HIDDEN}>"),
    ],
)
def test_a_caller_id_of_several_words_is_a_name(sent: str, shown: str) -> None:
    assert masking.mask_address(sent) == shown
    assert masking.mask_address(shown) == shown
    assert masked({"from": sent, "a": {"caller": sent}}) == {"from": shown, "a": {"caller": shown}}


@pytest.mark.parametrize(
    "sent",
    [
        *("Unknown Caller", "TOLL FREE CALL", "Out of Area", "spam risk", "no answer"),
        *("client:Unknown Caller", "client:dana_reyes", "desk -> /private/desk"),
    ],
)
def test_what_isnt_a_name_of_several_words_is_unchanged(sent: str) -> None:
    assert masking.mask_address(sent) == sent
    assert masked({"from": sent}) == {"from": sent}
