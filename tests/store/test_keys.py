"""The master keys: made once, closed to others, never replaced in silence, changed without losing a word."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from companion.core.values import replace
from companion.records import Account, Saved
from companion.settings import BadSetting, Settings
from companion.store import open_store
from companion.store.keys import KeyRing, find_keys, key_file, make_keys
from tests.store.builders import NOW, a_group, a_state, an_account
from tests.store.conftest import open_in

ONE, OTHER = "first-secret-key-of-32-characters!", "other-secret-key-of-32-characters!"


def test_each_purpose_has_a_key_of_its_own():
    ring = KeyRing([ONE])

    keys = [ring.subkey(purpose) for purpose in ("fields", "passcodes", "cookies")]

    assert len(set(keys)) == 3
    assert [len(key) for key in keys] == [32, 32, 32]
    assert keys == [KeyRing([ONE]).subkey(purpose) for purpose in ("fields", "passcodes", "cookies")]
    assert KeyRing([OTHER]).subkey("fields") != keys[0]


def test_the_first_key_of_the_ring_is_todays():
    ring = KeyRing([OTHER, ONE])

    assert ring.subkey("fields") == KeyRing([OTHER]).subkey("fields")
    assert ring.subkeys("fields") == (KeyRing([OTHER]).subkey("fields"), KeyRing([ONE]).subkey("fields"))


def test_the_first_start_makes_a_key_file_that_only_we_can_open(tmp_path):
    with ExitStack() as stack:
        keys = open_in(stack, Settings(data=tmp_path / "data")).keys

    file = tmp_path / "data" / "secret.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "data" / "companion.sqlite3").stat().st_mode) == 0o600
    assert KeyRing([file.read_text().strip()]).subkey("fields") == keys.subkey("fields")
    assert [path.name for path in file.parent.iterdir() if "secret" in path.name] == ["secret.key"]


def test_two_installations_have_different_keys(tmp_path):
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        make_keys(Settings(data=tmp_path / name))

    assert (tmp_path / "one" / "secret.key").read_text() != (tmp_path / "other" / "secret.key").read_text()


def test_nodes_that_start_together_end_up_with_one_key(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        rings = list(pool.map(lambda _: make_keys(Settings(data=tmp_path)), range(8)))

    assert len({ring.subkey("fields") for ring in rings}) == 1


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601])
def test_a_key_file_open_to_others_is_refused(tmp_path, mode):
    make_keys(Settings(data=tmp_path))
    key_file(Settings(data=tmp_path)).chmod(mode)

    with pytest.raises(BadSetting, match="chmod 600"):
        open_store(Settings(data=tmp_path))


@pytest.mark.parametrize("text", ["", "\n\n", "too short", f"{ONE}\nshort"])
def test_a_poor_key_file_is_refused(tmp_path, text):
    write_keys(tmp_path, text)

    with pytest.raises(BadSetting, match="at least 32 characters"):
        open_store(Settings(data=tmp_path))


def test_a_key_file_that_is_no_text_is_refused(tmp_path):
    write_keys(tmp_path, "")
    (tmp_path / "secret.key").write_bytes(b"\xff\xfe" * 30)

    with pytest.raises(BadSetting, match="cannot be read"):
        open_store(Settings(data=tmp_path))


def test_the_key_of_the_environment_leaves_no_file(tmp_path):
    settings = Settings(data=tmp_path, secret_key=ONE)

    with ExitStack() as stack:
        keys = open_in(stack, settings).keys

    assert keys.subkey("fields") == KeyRing([ONE]).subkey("fields")
    assert not key_file(settings).exists()


def test_a_lost_key_file_is_not_replaced_in_silence(tmp_path):
    settings = Settings(data=tmp_path)
    open_store(settings).dispose()
    key_file(settings).unlink()

    with pytest.raises(BadSetting, match="is missing"):
        open_store(settings)

    assert not key_file(settings).exists()


def test_a_database_sealed_with_another_key_is_refused(settings):
    open_store(replace(settings, secret_key=ONE)).dispose()

    with pytest.raises(BadSetting, match="another secret key"):
        open_store(replace(settings, secret_key=OTHER))


def test_after_a_new_key_was_put_first_everything_still_opens(settings):
    settings.data.mkdir()
    write_keys(settings.data, ONE)
    with ExitStack() as stack:
        store = open_in(stack, settings)
        store.save_group(a_group())
        store.shelf(Account).put(an_account())
        store.create(a_state(), NOW)

    write_keys(settings.data, f"{OTHER}\n{ONE}\n")
    with ExitStack() as stack:
        store = open_in(stack, settings)
        store.save("evening", 1, a_state(members=4), NOW, None)
        store.shelf(Account).put(an_account("2"))

        assert store.group("tuesday") == a_group()
        assert store.load("evening") == Saved(a_state(members=4), 2)
        assert store.shelf(Account).find() == [an_account(), an_account("2")]


def test_no_key_is_found_before_the_first_start(tmp_path):
    assert find_keys(Settings(data=tmp_path)) is None
    with pytest.raises(BadSetting):
        KeyRing([])


@pytest.mark.parametrize("make", [make_keys, open_store])
def test_a_data_folder_that_cannot_be_made_is_told(tmp_path, make):
    (tmp_path / "file").touch()

    with pytest.raises(BadSetting, match="cannot be"):
        make(Settings(data=tmp_path / "file" / "data"))


def write_keys(folder: Path, text: str) -> None:
    file = folder / "secret.key"
    file.touch(mode=0o600)
    file.write_text(text)
