"""The line at Twilio: its published signature, what it sends read, what it is answered."""

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlencode, urlsplit
from xml.etree import ElementTree

import pytest

from companion.outbox_settings import TextSettings
from companion.ports import BadReport, Hook, NoLine, Waiting
from companion.settings import BadSetting, Settings, from_environment
from integrations import twilio_signing as signing
from integrations.phone.adapter import HIDDEN, TwilioLine
from integrations.phone.choosing import line
from integrations.phone.fake import TOKEN as FAKE_TOKEN
from integrations.phone.fake import FakeLine
from integrations.phone.twiml import VOICES

ADDRESS, ACCOUNT, TOKEN = "https://notes.example", "AC" + "a" * 32, "t" * 32
OURS, HERS = "+447700900998", "+447700900142"
CALL, TEXT = "CA" + "1" * 32, "SM" + "2" * 32
NOW = datetime(2026, 3, 5, 19, 0, tzinfo=UTC)
# The example of Twilio's page on the security of webhooks, with the signature that it prints.
PUBLISHED = (
    "https://mycompany.com/myapp.php?foo=1&bar=2",
    {"CallSid": "CA1234567890ABCDE", "Caller": "+12349013030", "Digits": "1234"}
    | {"From": "+12349013030", "To": "+18005551212"},
    "0/KCTR6DLpKmkAf8muzZqo1nDgQ=",
)


def twilio():
    return TwilioLine(ACCOUNT, TOKEN, (OURS,), ADDRESS)


def hook(url, form, signature=None, token=TOKEN):
    if signature is None:
        signature = signing.signature(token, url + "".join(n + form[n] for n in sorted(form))).decode()
    return Hook(url, {"X-Twilio-Signature": signature}, urlencode(form).encode(), NOW)


def a_call(**more):
    form = {"AccountSid": ACCOUNT, "CallSid": CALL, "From": HERS, "To": OURS, "Digits": "123456789", **more}
    return hook(f"{ADDRESS}/hooks/line/keys?keys=9&step=2&silent=0", form)


def a_text(**more):
    form = {"AccountSid": ACCOUNT, "MessageSid": TEXT, "From": HERS, "To": OURS, "Body": "siarad ٢", **more}
    return hook(f"{ADDRESS}/hooks/line/text", form)


def parsed(answer):
    return ElementTree.fromstring(answer)  # noqa: S314 - our own


def problem_of(way, sent, line=None):
    with pytest.raises(BadReport) as bad:
        (line or twilio()).hear(way, sent)
    return bad.value.problem


def test_the_signature_is_the_one_that_twilio_publishes():
    url, form, published = PUBLISHED
    sent = hook(url, form, published)

    assert signing.is_signed("12345", sent, signing.form_of(sent))
    assert not signing.is_signed("12346", sent, signing.form_of(sent))


@pytest.mark.parametrize("change", ["https://mycompany.com/myapp.php?foo=1&bar=3", "http://mycompany.com/myapp.php"])
def test_another_address_is_not_what_was_signed(change):
    _, form, published = PUBLISHED
    sent = hook(change, form, published)

    assert not signing.is_signed("12345", sent, signing.form_of(sent))


def test_keys_of_a_call_are_read_with_what_the_call_waited_for():
    heard = twilio().hear("call", a_call())

    assert (heard.way, heard.who, heard.number, heard.said) == ("call", f"call {CALL}", HERS, "123456789")
    assert heard.waited == Waiting(9, 2, 0)
    assert heard.once == f"{CALL} 2"


def test_a_text_is_known_by_its_own_id_and_its_sender_by_the_number():
    heard = twilio().hear("text", a_text())

    assert (heard.way, heard.who, heard.number, heard.said) == ("text", f"number {HERS}", HERS, "siarad ٢")
    assert heard.once == TEXT


@pytest.mark.parametrize("hidden", ["anonymous", "Restricted", "+266696687x", "", "+7378742833x"])
def test_whoever_hides_her_number_may_call(hidden):
    assert twilio().hear("call", a_call(From=hidden)).number == HIDDEN


@pytest.mark.parametrize(
    ("way", "sent", "problem"),
    [
        ("call", a_call(AccountSid="AC" + "b" * 32), "forged"),
        ("call", a_call(AccountSid=""), "forged"),
        ("call", a_call(To="+447700900111"), "unknown"),
        ("call", a_call(CallSid="x"), "malformed"),
        ("call", a_call(Digits="12x"), "malformed"),
        ("call", a_call(Digits="1" * 21), "malformed"),
        ("text", a_text(MessageSid="x"), "malformed"),
        ("text", a_text(From="Notes"), "unknown"),
        ("text", a_text(To="+447700900111"), "unknown"),
        ("call", Hook(ADDRESS, {}, b"CallSid=x", NOW), "forged"),
        ("call", Hook(ADDRESS, {}, b"", NOW), "forged"),
        ("call", Hook(ADDRESS, {}, b"\xff\xfe", NOW), "malformed"),
        ("call", Hook(ADDRESS, {}, b"{}", NOW), "malformed"),
    ],
)
def test_what_is_not_for_this_line_is_refused_with_a_reason(way, sent, problem):
    assert problem_of(way, sent) == problem


@pytest.mark.parametrize("query", ["keys=x", "step=-1", "silent=9999999", "keys=٣"])
def test_an_address_that_we_did_not_give_is_refused_even_if_it_is_signed(query):
    form = {"AccountSid": ACCOUNT, "CallSid": CALL, "From": HERS, "To": OURS}

    assert problem_of("call", hook(f"{ADDRESS}/hooks/line/keys?{query}", form)) == "malformed"


def test_a_call_is_asked_for_keys_at_an_address_that_says_what_was_asked():
    tree = parsed(twilio().speak("Please give your nine digits.", "en", Waiting(9, 1)))
    (gather,) = tree
    (say,) = gather

    assert tree.tag == "Response"
    assert (gather.tag, gather.get("numDigits"), gather.get("input"), gather.get("method")) == (
        *("Gather", "9", "dtmf", "POST"),
    )
    asked = urlsplit(gather.get("action"))
    assert asked._replace(query="").geturl() == f"{ADDRESS}/hooks/line/keys"
    assert parse_qs(asked.query) == {"keys": ["9"], "step": ["1"], "silent": ["0"]}
    assert gather.get("actionOnEmptyResult") == "true"  # or a silent call would fall off the end
    assert (say.tag, say.text, say.attrib) == (
        *("Say", "Please give your nine digits.", {"voice": "Polly.Amy", "language": "en-GB"}),
    )


def test_the_hash_key_ends_nine_digits_and_is_a_key_by_itself():
    asked = [parsed(twilio().speak("", "en", Waiting(keys, 1)))[0] for keys in (9, 1)]

    assert [gather.get("finishOnKey") for gather in asked] == ["#", ""]
    assert [len(gather) for gather in asked] == [0, 0]


def test_a_call_that_is_over_is_hung_up():
    tree = parsed(twilio().speak("It is over for today. Goodbye.", "cy", None))

    assert [each.tag for each in tree] == ["Say", "Hangup"]
    assert tree[0].attrib == {"voice": "Polly.Gwyneth", "language": "cy-GB"}


@pytest.mark.parametrize("words", ["</Say><Dial>+1900</Dial>", 'a & b "c" <d>', "انتهى الأمر"])
def test_no_word_becomes_markup(words):
    said = parsed(twilio().speak(words, "ar", None))
    written = parsed(twilio().write(words))

    assert ([each.tag for each in said], said[0].text) == (["Say", "Hangup"], words)
    assert ([each.tag for each in written], written[0].text) == (["Message"], words)


def test_without_words_no_text_is_sent():
    assert len(parsed(twilio().write(""))) == 0


def test_each_voice_is_one_that_twilio_lists_for_its_language():
    # As its SDK for Node has them (SayVoice, SayLanguage), version 5.4.
    assert VOICES == {
        "en": ("Polly.Amy", "en-GB"),
        "cy": ("Polly.Gwyneth", "cy-GB"),
        "ar": ("Polly.Zeina", "arb"),
    }
    assert twilio().voices == set(VOICES)


def test_there_is_a_line_where_the_settings_name_one():
    texts = TextSettings(twilio_account=ACCOUNT, twilio_token=TOKEN)

    made = line(Settings(base_url=ADDRESS, phone_line=(OURS,), texts=texts))

    assert (type(made), made.numbers) == (TwilioLine, (OURS,))
    assert made.hear("call", a_call()).said == "123456789"
    assert isinstance(line(Settings(texts=texts)), NoLine)


def test_a_line_without_an_account_says_what_is_missing():
    with pytest.raises(BadSetting, match="COMPANION_TWILIO_TOKEN as well"):
        line(Settings(phone_line=(OURS,), texts=TextSettings(twilio_account=ACCOUNT)))


@pytest.mark.parametrize(
    ("typed", "numbers"), [("", ()), (" ", ()), ("+44 7700 900998, +442079460999", (OURS, "+442079460999"))]
)
def test_numbers_of_the_line_are_read_as_people_type_them(typed, numbers):
    assert from_environment({"COMPANION_PHONE_LINE": typed}).phone_line == numbers


@pytest.mark.parametrize("typed", ["07700 900998", "Notes", "+44", "+0123456789"])
def test_a_number_without_its_country_is_no_setting(typed):
    with pytest.raises(BadSetting, match="COMPANION_PHONE_LINE"):
        from_environment({"COMPANION_PHONE_LINE": typed})


def test_where_there_is_no_line_nothing_is_believed():
    assert problem_of("call", a_call(), NoLine()) == "forged"
    assert (NoLine().numbers, NoLine().write("x"), NoLine().speak("x", "en", None)) == ((), "", "")


def test_the_fake_line_believes_its_own_token_alone():
    fields = {"who": "call 1", "number": HERS, "once": "1", "said": "2", "keys": "1", "step": "4"}
    sent = Hook("", {}, urlencode({**fields, "token": FAKE_TOKEN}).encode(), NOW)

    assert FakeLine().hear("call", sent).waited == Waiting(1, 4, 0)
    assert problem_of("call", Hook("", {}, urlencode(fields).encode(), NOW), FakeLine()) == "forged"
