"""Passcodes and tokens: unguessable, and read back as people type them."""

import math
import re
import threading

import pytest

from companion.core.refusals import Refused
from companion.service.hashing import AT_ONCE, IN_LINE, Argon2Hasher
from companion.service.passcodes import digits_of, grouped, new_passcode, new_token, pass_phrase, voice_number


def a_hasher(*peppers):
    return Argon2Hasher(lambda: peppers)


def test_a_passcode_is_eight_digits_shown_in_groups_of_four():
    passcodes = {new_passcode() for _ in range(200)}

    assert all(re.fullmatch(r"[0-9]{8}", passcode) for passcode in passcodes)
    assert len(passcodes) > 190
    assert grouped("12345678") == "1234 5678"


@pytest.mark.parametrize(
    "typed",
    [
        "12345678",
        "1234 5678",
        " 1234-5678 ",
        "12.34.56.78",
        "1234\u00a05678",
        "\u200e1234\u20135678\u200f",
        "١٢٣٤ ٥٦٧٨",
        "۱۲۳۴۵۶۷۸",
        "".join(chr(0xFF10 + digit) for digit in range(1, 9)),
    ],
)
def test_a_passcode_is_read_however_it_is_typed(typed):
    assert digits_of(typed) == "12345678"


@pytest.mark.parametrize("typed", ["", "1234567", "123456789", "1234567a", "½2345678", "²2345678", "1" * 5000])
def test_anything_but_eight_digits_is_no_passcode(typed):
    assert digits_of(typed) == ""


def test_tokens_have_at_least_128_bits_and_survive_paper_and_mail_programs():
    tokens = {new_token() for _ in range(200)}

    letters = set("".join(tokens))
    assert letters <= set("abcdefghjkmnpqrstuvwxyz23456789")
    assert all(len(token) * math.log2(len(letters)) >= 128 for token in tokens)
    assert len(tokens) == 200


def test_the_number_to_say_is_three_digits_and_always_the_same_for_one_cookie():
    numbers = {voice_number(b"key", f"cookie {n}") for n in range(300)}

    assert all(re.fullmatch(r"[1-9][0-9]{2}", number) for number in numbers)
    assert len(numbers) > 100
    assert voice_number(b"key", "cookie") == voice_number(b"key", "cookie")


def test_a_pass_phrase_can_be_read_aloud():
    assert re.fullmatch(r"[a-z]{4}(-[a-z]{4}){5}", pass_phrase())


def test_a_hash_is_argon2id_with_at_least_19_mib_and_opens_only_with_its_pepper():
    kept = a_hasher(b"pepper").hash("12345678")

    assert re.fullmatch(r"[0-9a-f]{8}\.\$argon2id\$v=19\$m=19456,t=2,p=1\$\S+", kept)
    assert a_hasher(b"pepper").verify(kept, "12345678")
    assert not a_hasher(b"pepper").verify(kept, "12345679")
    assert not a_hasher(b"other").verify(kept, "12345678")


def test_an_old_passcode_opens_after_a_new_key_was_put_first_and_not_once_the_old_one_is_dropped():
    kept = a_hasher(b"old").hash("12345678")
    both, new = a_hasher(b"new", b"old"), a_hasher(b"new")

    assert (both.verify(kept, "12345678"), both.is_old(kept), both.is_old(both.hash("12345678"))) == (True, True, False)
    assert not both.verify(kept, "12345679")
    assert not new.verify(kept, "12345678")


def test_a_hash_from_before_there_were_tags_still_opens():
    kept = a_hasher(b"old").hash("12345678").partition(".")[2]
    both = a_hasher(b"new", b"old")

    assert (both.verify(kept, "12345678"), both.verify(kept, "1"), both.is_old(kept)) == (True, False, True)


@pytest.mark.parametrize("kept", ["", "not a hash", "$argon2id$broken"])
def test_what_is_no_hash_is_nobodys(kept):
    assert not a_hasher(b"pepper").verify(kept, "no secret has this hash")


class SlowArgon2:
    """Counts how many are at it at once, and lets them go when told."""

    def __init__(self):
        self.lock, self.gate, self.now, self.most = threading.Lock(), threading.Event(), 0, 0

    def verify(self, kept, secret):
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
        self.gate.wait(5)
        with self.lock:
            self.now -= 1
        return True


def test_at_most_four_hash_at_once_and_a_flood_is_turned_away_at_once():
    hasher = a_hasher(b"pepper")
    slow = SlowArgon2()
    hasher._argon2 = slow
    answers, threads = [], []

    def ask():
        try:
            answers.append(hasher.verify("kept", "12345678"))
        except Refused as refused:
            answers.append(refused.reason)

    for _ in range(60):
        threads.append(threading.Thread(target=ask))
        threads[-1].start()
    for thread in threads[AT_ONCE + IN_LINE :]:
        thread.join(0.2)
    turned_away = answers.count("too_busy")
    slow.gate.set()
    for thread in threads:
        thread.join()

    assert slow.most == AT_ONCE == 4
    assert turned_away == 60 - AT_ONCE - IN_LINE
    assert answers.count(True) == AT_ONCE + IN_LINE
