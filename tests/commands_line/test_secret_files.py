"""Secrets from files: what stands in one is the setting, and a mistake is said instead of passed over."""

import pytest

from companion.secret_files import SECRETS
from companion.settings import BadSetting, from_environment


def test_a_secret_stands_in_a_file(tmp_path):
    kept = tmp_path / "secret_key"
    kept.write_text("k" * 40 + "\n")

    settings = from_environment({"COMPANION_SECRET_KEY_FILE": str(kept)})

    assert settings.secret_key == "k" * 40


def test_several_keys_stand_one_under_the_other(tmp_path):
    kept = tmp_path / "secret_key"
    kept.write_text("k" * 40 + "\n" + "o" * 40 + "\n")

    assert from_environment({"COMPANION_SECRET_KEY_FILE": str(kept)}).secret_key.split() == ["k" * 40, "o" * 40]


@pytest.mark.parametrize("name", SECRETS)
def test_a_file_that_is_not_there_is_no_empty_secret(tmp_path, name):
    with pytest.raises(BadSetting, match=name):
        from_environment({f"{name}_FILE": str(tmp_path / "missing")})


def test_a_secret_given_twice_is_a_mistake(tmp_path):
    kept = tmp_path / "url"
    kept.write_text("postgresql://a/b")

    with pytest.raises(BadSetting, match="both set"):
        from_environment({"DATABASE_URL": "postgresql://c/d", "DATABASE_URL_FILE": str(kept)})
