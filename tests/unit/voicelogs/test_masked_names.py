"""Names of people, email addresses and secrets are masked as numbers are; other names aren't."""

import json

import pytest
from pydantic import JsonValue

from bot.voicelogs import masking
from tests.support.marked_text import HIDDEN, plain, shown
from tests.support.raw_json import as_text, document
from tests.support.samples import DOCUMENTED


def masked(sent: JsonValue) -> JsonValue:
    shown: JsonValue = json.loads(as_text(masking.mask_json(document(json.dumps(sent)))))
    return shown


@pytest.mark.parametrize(
    "key",
    [
        *("caller_id_name", "Caller-Caller-ID-Name", "CallerIDName", "callerName", "CNAM"),
        *("display_name", "first_name", "sip_from_display", "effective_caller_id_name"),
        *("sip_h_X-Customer-Name", "subscriber_name", "variable_sip_from_display"),
        *("Caller-Orig-Caller-ID-Name", "agent", "X-Customer", "customer_first"),
        *("Vorname", "prénom", "氏名"),
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
        *("text_heard_approx", "text_spoken_total", "post_response", "result_text"),
        *("area_code", "NPA", "subscriber_number", "id_token", "limit_token"),
    ],
)
@pytest.mark.parametrize("value", ["4821", "Jane said no", "a=b/c==", "1980-02-03", 7])
def test_secrets_speech_and_pressed_keys_are_masked_by_their_key(
    key: str, value: JsonValue
) -> None:
    assert masked({"a": [{key: value}]}) == {"a": [{key: HIDDEN}]}
    assert masked({key: {"b": [value]}}) == {key: {"b": [HIDDEN]}}


def test_metadata_of_a_secret_is_unchanged() -> None:
    sent = json.loads(
        '{"token_count":"532","input_tokens":"17","token_type":"Bearer","token":null,'
        '"max_digits":"4","digits":{"max":"4","digit_timeout":"5.0","terminators":"#"},'
        '"dtmf_type":"rfc2833","DTMF-Duration":"2000","typed_digits":"","pin_length":"4",'
        '"password_required":true,"Content-Type":"application/sdp","reason_text":"Busy Here",'
        f'"agent_id":"{DOCUMENTED}","agent":"{DOCUMENTED}","transcript_id":"{DOCUMENTED}",'
        f'"customer":{{"id":"{DOCUMENTED}","last_called_at":"2026-11-02T15:30:00Z"}},'
        '"token_cost":"0.00415","token_issued_at":"2026-11-02T15:30:00Z",'
        '"sip_auth":{"key_id":"kid-2026-11"},"attempts":[{"sip_code":"486","text":"Busy Here"},'
        '{"cause":"480","text":"Gone"}],"author":"script",'
        '"fax":{"result_code":"49","result_text":"The call dropped"}}'
    )
    assert masked(sent) == sent


@pytest.mark.parametrize(
    "marked",
    [
        # The name of a person, and of something else.
        *('{"caller": {"name": "«Jane»"}}', '{"call": {"name": "standup"}}'),
        *('{"caller_name": {"first": "«Jane»"}}', '{"from": {"codec_name": "PCMU"}}'),
        *('{"customer": {"first": "«Jane»"}}', '{"caller": {"last": "«Doe»"}}'),
        *('{"caller": {"friendly_name": "«Jane»"}}', '{"room": {"friendly_name": "standup"}}'),
        *('{"participants": [{"label": "«Jane»"}]}', '{"name": "«Jane»", "email": ""}'),
        *('{"participants": [["«Jane»", "«Jo»"]]}', '{"ended_by": {"name": "«Jane»"}}'),
        # What was said, and pressed keys.
        *('{"summary": {"email": "", "a": "«no»"}}', '{"speech": {"text": "«four eight»"}}'),
        *('{"type": "digit", "params": {"a": "«9»"}}', '{"type": "fax", "params": {"a": "9"}}'),
        '{"code": "1", "text": "«no»"}',
        # The key in another field, or first in a list.
        *('{"name": "password", "value": "«a»"}', '{"Name": "given_name", "Value": "«Jane»"}'),
        *('{"key": "dialed", "value": "«72543|•••43»"}', '{"key": "codec", "value": "PCMU"}'),
        *('{"a": [["X-Api-Key", "«b»"], ["c", "d"]]}', '{"a": [["to", ["«72543|•••43»"]]]}'),
        # A short number.
        *('{"to": {"number": "«72543|•••43»"}}', '{"to": ["«72543|•••43»", "desk"]}'),
    ],
)
def test_the_key_of_the_outer_object_is_used(marked: str) -> None:
    assert masked(json.loads(plain(marked))) == json.loads(shown(marked))


@pytest.mark.parametrize(
    "key",
    [
        *("friendly_name", "FriendlyName", "user_name", "username", "ProfileName"),
        "transferred_by",
    ],
)
@pytest.mark.parametrize(
    "marked",
    [
        *("«Jane Doe»", "«Jane%20Doe» 1:1", "«Jane Doe» x4410"),
        *("standup", "jane.doe", "«+12065550112|+1 ••••••••12»"),
    ],
)
def test_a_label_or_a_login_is_a_name_if_it_has_several_words(key: str, marked: str) -> None:
    assert masked({"a": [{key: plain(marked)}]}) == {"a": [{key: shown(marked)}]}
    text = f'{{"{key}":"{marked}","a":1}}'
    assert masking.mask_text(plain(text)) == shown(text)


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
        {"note": "Oh, two or three of the digits; pinned to one of two; um 10 20 30 Uhr"},
        {"note": "sent at noon at acme.example (at once), dot"},
        {"note": "from 2026-11-02 one two; one two 3 calls"},
    ],
)
def test_other_names_ids_and_sip_users_are_unchanged(sent: dict[str, JsonValue]) -> None:
    assert masked(sent) == sent


@pytest.mark.parametrize(
    "marked",
    [
        # A name after its key, in each notation.
        *('{"caller_id_name":"«Jane Doe»","sta', '{"caller_name":"«J\\u00fcrgen»"}'),
        *("{'callerName' : '«Jane Doe»', 'a': 1}", '"callerName"=>"«Jane Doe»", "a"=>1'),
        *("[caller_name] => «Jane Doe» [a] => b", "CallerName=«JANE+DOE»&Status=busy"),
        "u=«CallerName%253DJane%2520Doe%2526|CallerName=•••••••&»x",
        *("SET [effective_caller_id_name]=[«J Doe»]", "Caller-ID-Name: [«J Doe»] State: [RING]"),
        *("<callerName>«Jane»</callerName>", "<caller><name>«Jane»</name></caller>"),
        *('{"participants":["«Jane»"]}', '{"caller":{"name":"«Jane»","a":"b"}}'),
        *("FriendlyName=«Jane+Doe»&Status=busy", "FriendlyName=standup&UserName=jane"),
        *("Caller-ID-Name: «Jane Doe\n|••••••• »Unique: a", "Caller-ID-Name:\nUnique-ID: a"),
        "caller_name=null",
        '<Parameter name="caller_name" value="«Jane Doe»"/><Parameter name="a" value="b"/>',
        # A name before an address, a number or an extension.
        *("«sent to Jane» <«jane»@acme.example>", r'"«Jane \"J\" Doe»" <sip:desk@a.example>'),
        *(r'"{\"a\":\"\\\"«Jane»\\\" <tel:1>\"}', 'by "«Jane»" <1042> now'),
        "«Jane Doe» <«12065550112>->9196|•••••••••••••96» in x",
        # A name beside a number.
        "phone = '«+12065550112|+1 ••••••••12»', name = '«Jane»'",
        '{"name":"«Jane»","a":"«+12065550112|+1 ••••••••12»"}',
        # Email addresses.
        *("mailto:«jane.doe+x»@acme.example failed", "mail «用户»@例子.广告 failed"),
        *("an «राम»@उदाहरण.भारत.", "to «иван»@пример.рф, now", "to=«jane%40|•••••••@»acme.example"),
        *("to «jane.doe» (at) acme (dot) example", "to «jane dot doe» at acme dot example"),
        *("to «jane»[at]acme.example", "«BEGIN:VCARD\nN:Doe;Jane\nEND:VCARD» sent"),
        # Secrets after their keys, and in URLs and headers.
        *('<Sip username="desk" password="«a b»">', "gateway --password=«aB3» --port=5060"),
        *("gateway --password «aB3» --port 5060", "gateway --token --port 5060"),
        *("curl -u 'a:«aB3»' https://b.example", "curl --user=a:«aB3» -v"),
        *("pin := «4821», x == 3", "with PIN «4821» now", "a=ice-pwd:«asd88fgpdd777uzjYhagZg»"),
        *("https://acme.example/cb?token=«aB3==»&x=1", "https://acme.example/x?q=a&key=«aB3»"),
        *("https://acme.example/swaig/?__token=«aB3»", "https://hook:«pw»@acme.example/x"),
        *("https://:«pw»@acme.example/x", "Cookie: «a=1; sid=aB3» Accept: text/html"),
        *("Authorization: «Basic cHQ6UFQxMjM=» x", "sent Bearer «abcdefghijklmnopqrst»"),
        "Authorization: «Token cHQ6UFQxMjMcHQ6UFQxMjM=» x",
        'Authorization: «Digest username="a", response="75a"»',
        *("state «eyJhbGciOiJIUzI1NiJ9.eyJzdWIi.sfl_3»", f"for «PT{'9f3b5a1c' * 6}»"),
        f"for «PT{'9f3b5a1c' * 2}»",
        '{"name":"X-Api-Key","value":"«aB3»"},{"name":"X-Trunk","value":"t9"}',
        "<a:agent>«Jo»</a:agent><a:pin>«1»</a:pin> x",
        # What was said.
        *('{"content":"«He said \\\\"hi\\\\" to»","a":1}', "say:«Hi Jane, press 1»"),
        *('<Say voice="a">«Hi <s>Jane</s>»</Say><Hangup/>', "<Message to='a'>«Hi Jane»</Message>"),
        *("said «Four, eight two. one», twofold!", "on dit «zéro un deux trois»"),
        *("call «206 five, 555 oh 142» now", "at «two twenty double one treble two»"),
        "at 12:20:03 «one two three four»",
        'Reason: SIP;cause=480;text="Gone"',
        # Pressed keys.
        *("RTP RECV DTMF «4»:2000", "got digits [«4821#»]", "dtmf: «4 8-2, 1» at 12:20:03"),
        "pressed «4 8 2 1»",
    ],
)
def test_what_is_marked_is_masked_in_text(marked: str) -> None:
    assert masking.mask_text(plain(marked)) == shown(marked)


@pytest.mark.parametrize(
    "marked",
    [
        *('"«Jane»" <sip:desk@acme.example>', "«Reyes, Dana» <sip:desk@acme.example>"),
        *("From: «Dana & Co» <sip:a@acme.example>", "<sip:a@b.example>, «Jo» <sip:c@d.example>"),
        "«=?UTF-8?B?RGFuYSBSZXllcw==?=» <sip:a@b.example>",
        "«=?utf-8?q?D=C3=A1na_+12065550103?=» x",
        *("sip:desk:«pw»@acme.example:5061", "to sip:«Dana Reyes»:«pw»@a.example"),
        *("sip:«dana%20reyes»@gw", "<sips:«Dana Reyes»@acme.example>", "sip:dana_reyes@a.example"),
        *("sip:«dana%20reyes»;a=b@a.example", "sip:«unknown%20caller»@a.example"),
        '"«Jane»" <sip:«+12065550112|+1 ••••••••12»@a.example>',
        "«Jane Doe» <tel:«+12065550112|+1 ••••••••12»>",
        "sip:«+12065550112|+1 ••••••••12»;a=b@gw.example",
    ],
)
def test_a_display_name_is_masked_but_a_sip_user_only_if_it_is_several_words(marked: str) -> None:
    for mask in (masking.mask_address, masking.mask_text):
        assert mask(plain(marked)) == shown(marked)
    assert masking.mask_text(shown(marked)) == shown(marked)


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
    "marked",
    [
        *("«REYES DANA»", "«O'Neil, Mary-Jane»", "«राम कुमार»", "«Private Reyes»", "«Reyes; Dana»"),
        *("client:«Dana Reyes»", "client:«Dana%20Reyes»?a=b", "user:«Dana Reyes»;a=b"),
        *("«Dana Reyes» x4410", "«Dana Reyes»@acme.example", "desk <client:«Dana Reyes»>"),
        *("«Dana Reyes» «+12065550112|+1 ••••••••12»", "«+12065550112|+1 ••••••••12» «Dana Reyes»"),
    ],
)
def test_a_caller_id_of_several_words_is_a_name(marked: str) -> None:
    sent, masked_text = plain(marked), shown(marked)
    assert masking.mask_address(sent) == masking.mask_address(masked_text) == masked_text
    expected = {"from": masked_text, "a": {"caller": masked_text}}
    assert masked({"from": sent, "a": {"caller": sent}}) == expected


@pytest.mark.parametrize(
    "sent",
    [
        *("Unknown Caller", "TOLL FREE CALL", "Out of Area", "spam risk", "no answer"),
        *("client:Unknown Caller", "client:dana_reyes", "desk -> /private/desk", "remote party"),
    ],
)
def test_what_isnt_a_name_of_several_words_is_unchanged(sent: str) -> None:
    assert masking.mask_address(sent) == sent
    assert masked({"from": sent}) == {"from": sent}
