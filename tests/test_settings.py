"""Settings: where they come from, what is refused and how, and the secret that is kept beside the database."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest

from voicebot.errors import OutsideError
from voicebot.settings import TABLE, SettingError, Settings, load_settings, secret_file

DOCS = Path(__file__).parents[1] / "docs" / "settings.md"
SECRET = "0123456789abcdef" * 4


def load(tmp_path: Path, toml: str = "", **environ: str) -> Settings:
    file = tmp_path / "voicebot.toml"
    file.write_text(toml, encoding="utf-8")
    return load_settings({"VOICEBOT_DATABASE": str(tmp_path / "v.db"), **environ}, file)


def test_the_defaults_need_nothing_but_a_place_for_the_database(tmp_path: Path) -> None:
    settings = load(tmp_path)
    assert settings.base_url == "http://127.0.0.1:8080"
    assert settings.countries == ("US",)
    assert settings.ring_back == settings.caller_ids[0]


def test_the_environment_outweighs_the_file(tmp_path: Path) -> None:
    settings = load(tmp_path, 'max_calls = 3\ncaller_ids = ["+12025550100", "+12025550101"]', VOICEBOT_MAX_CALLS="7")
    assert settings.max_calls == 7
    assert settings.caller_ids == ("+12025550100", "+12025550101")


@pytest.mark.parametrize(
    ("variable", "text", "problem"),
    [
        ("VOICEBOT_BASE_URL", "bot.example.com", "not an http or https address"),
        ("VOICEBOT_BASE_URL", "https://my_bot.example.com", "underscore"),
        ("VOICEBOT_BASE_URL", "https://bot.example.com/?x=1", "not an http or https address"),
        ("VOICEBOT_BASE_URL", "https://bot.example.com:99999", "not an http or https address"),
        ("VOICEBOT_PORT", "http", "whole number from 1 to 65535"),
        ("VOICEBOT_RING_TIMEOUT", "14", "from 15 to 600"),
        ("VOICEBOT_CALLS_PER_SECOND", "0", "from 0.01 to 100"),
        ("VOICEBOT_CALLS_PER_SECOND", "nan", "from 0.01 to 100"),
        ("VOICEBOT_MAX_CALLS", "2.5", "whole number"),
        ("VOICEBOT_CALLER_IDS", "+12025550100,202 555", "not an international number"),
        ("VOICEBOT_COUNTRY", "USA", "not a country"),
        ("VOICEBOT_ALLOWED_COUNTRIES", "US,XX", "'XX' is not a country"),
        ("VOICEBOT_OPT_OUT_KEY", "**", "not one key"),
        ("VOICEBOT_DETECT_MACHINES", "maybe", "neither true nor false"),
        ("VOICEBOT_ACCOUNT_SID", "SK12", "not an account SID"),
        ("VOICEBOT_SECRET", "short", "shorter than 32 characters"),
        ("VOICEBOT_DATABASE", " ", "empty"),
        ("VOICEBOT_FLOWS_DIR", "", "empty"),
    ],
)
def test_a_bad_value_is_told_by_its_variable(tmp_path: Path, variable: str, text: str, problem: str) -> None:
    with pytest.raises(SettingError) as fault:
        load(tmp_path, **{variable: text})
    assert fault.value.where == variable
    assert problem in str(fault.value)
    assert fault.value.remedy


def test_a_secret_never_stands_in_a_message_or_a_log(tmp_path: Path) -> None:
    with pytest.raises(SettingError) as fault:
        load(tmp_path, VOICEBOT_SECRET="hunter2")
    assert "hunter2" not in str(fault.value)
    shown = repr(load(tmp_path, VOICEBOT_SECRET=SECRET, VOICEBOT_AUTH_TOKEN="tok-en"))
    assert SECRET not in shown
    assert "tok-en" not in shown


@pytest.mark.parametrize(
    ("toml", "line", "problem"),
    [
        ("# ours\nring_timeout = 5\n", 2, "from 15 to 600"),
        ('port = 80\n\nbase_ulr = "http://x"', 3, 'Did you mean "base_url"?'),
        ("port = 80\nport = = 3", 2, "this is not TOML"),
        ("[agents_file]\nname = 1", 1, "agents_file is a dict"),
        ("caller_ids = [1, 2]", 1, "caller_ids is a list"),
    ],
)
def test_a_bad_line_is_told_by_file_and_line(tmp_path: Path, toml: str, line: int, problem: str) -> None:
    with pytest.raises(SettingError) as fault:
        load(tmp_path, toml)
    assert str(fault.value).startswith(f"{tmp_path / 'voicebot.toml'}:{line}: ")
    assert problem in str(fault.value)


def test_a_misspelt_variable_is_not_passed_over(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r'VOICEBOT_BASEURL: no setting.*Did you mean "VOICEBOT_BASE_URL"'):
        load(tmp_path, VOICEBOT_BASEURL="http://127.0.0.1:1")


def test_a_file_that_was_named_must_be_there_and_be_text(tmp_path: Path) -> None:
    with pytest.raises(OutsideError, match="cannot be read"):
        load_settings({}, tmp_path / "absent.toml")
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingError, match="not UTF-8"):
        load_settings({}, tmp_path / "binary.toml")


@pytest.mark.parametrize("missing", ["account_sid", "auth_token", "caller_ids", "base_url"])
def test_going_live_wants_what_the_simulator_did_not(tmp_path: Path, missing: str) -> None:
    live = {
        "VOICEBOT_ACCOUNT_SID": "AC" + "1" * 32,
        "VOICEBOT_AUTH_TOKEN": "t" * 32,
        "VOICEBOT_CALLER_IDS": "+12025550100",
        "VOICEBOT_BASE_URL": "https://bot.example.com",
        "VOICEBOT_API_URL": "https://api.twilio.com",
    }
    assert load(tmp_path, **live).api_url == "https://api.twilio.com"
    del live[f"VOICEBOT_{missing.upper()}"]
    with pytest.raises(SettingError, match=f"VOICEBOT_API_URL: .*but {missing} is not set"):
        load(tmp_path, **live)


# --- the secret -----------------------------------------------------------------------------------------------------


def test_the_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    first, second = load(tmp_path), load(tmp_path)
    assert first.secret == second.secret
    assert len(first.secret) == 64
    assert stat.S_IMODE(secret_file(tmp_path / "v.db").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.glob("v.db*")] == ["v.db.secret"]


def test_a_given_secret_leaves_no_file(tmp_path: Path) -> None:
    assert load(tmp_path, VOICEBOT_SECRET=SECRET).secret == SECRET
    assert not secret_file(tmp_path / "v.db").exists()


def test_a_database_that_lost_its_secret_is_refused(tmp_path: Path) -> None:
    (tmp_path / "v.db").write_bytes(b"SQLite format 3\0")
    with pytest.raises(SettingError, match=r"the secret of .* is missing\. Restore"):
        load(tmp_path)


@pytest.mark.parametrize("content", [b"", b"short\n", b"\xff" * 64])
def test_a_spoilt_secret_is_refused(tmp_path: Path, content: bytes) -> None:
    secret_file(tmp_path / "v.db").write_bytes(content)
    with pytest.raises(SettingError, match="holds no usable secret"):
        load(tmp_path)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(OutsideError, match="the secret cannot be kept"):
        load_settings({"VOICEBOT_DATABASE": str(tmp_path / "absent" / "v.db")})


# --- the documentation ----------------------------------------------------------------------------------------------


def test_the_documentation_lists_every_setting_with_its_default() -> None:
    rows = re.findall(r"^\| `(\w+)` \| `(\w+)` \| (.*?) \| (.*?) \|$", DOCS.read_text(encoding="utf-8"), re.MULTILINE)
    assert rows == [(s.name, s.variable, shown(s.default), s.help) for s in TABLE]


def shown(default: object) -> str:
    text = (
        ", ".join(default)
        if isinstance(default, tuple)
        else str(default).lower()
        if isinstance(default, bool)
        else default
    )
    return f"`{text}`" if text not in ("", None) else "–"


def test_who_touches_no_database_makes_no_secret(tmp_path: Path) -> None:
    settings = load_settings({"VOICEBOT_DATABASE": str(tmp_path / "x.db")}, with_secret=False)
    assert settings.secret == ""
    assert list(tmp_path.iterdir()) == []
