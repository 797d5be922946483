"""Settings come from the environment, once, and say in one sentence what is wrong."""

import pathlib
import subprocess
import sys

import pytest
from pydantic import ValidationError

from coach.settings import (
    ENV_FILE,
    SettingFault,
    Settings,
    default_data_folder,
    describe,
    load_settings,
    unknown_names,
)

TRACING = ("LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING", "LANGCHAIN_TRACING_V2")


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COACH_PORT", "9001")
    monkeypatch.setenv("COACH_HELP_CONTACTS", "Occupational health, ext. 12; ; Samaritans")
    settings = load_settings()
    assert settings.port == 9001
    assert settings.help_contacts == ("Occupational health, ext. 12", "Samaritans")


def test_an_env_file_is_read_and_the_environment_wins(
    monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path
) -> None:
    (tmp_path / ".env").write_text("COACH_PORT=9001\nCOACH_LLM_MODEL=small\nOTHER=1\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(Settings.model_config, "env_file", ENV_FILE)
    monkeypatch.setenv("COACH_PORT", "9002")
    settings = load_settings()
    assert (settings.port, settings.llm_model) == (9002, "small")


def test_a_value_given_in_code_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COACH_PORT", "9001")
    assert load_settings(port=9003).port == 9003


def test_settings_are_frozen() -> None:
    settings = load_settings()
    with pytest.raises(ValidationError):
        settings.port = 1


def test_the_database_lies_in_the_data_folder(tmp_path: pathlib.Path) -> None:
    assert load_settings(data=tmp_path).database_url == f"sqlite:///{tmp_path / 'coach.db'}"


def test_a_relative_data_folder_becomes_absolute(
    monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_settings(data="here").data == tmp_path / "here"


@pytest.mark.parametrize(
    ("platform", "variable", "expected"),
    [
        pytest.param("linux", None, ".local/share/coach", id="Linux"),
        pytest.param("linux", "XDG_DATA_HOME", "elsewhere/coach", id="Linux with XDG"),
        pytest.param("darwin", None, "Library/Application Support/coach", id="macOS"),
        pytest.param("win32", "LOCALAPPDATA", "elsewhere/coach", id="Windows"),
        pytest.param("win32", None, "AppData/Local/coach", id="Windows without LOCALAPPDATA"),
    ],
)
def test_the_data_folder_is_where_the_platform_keeps_data(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: pathlib.Path,
    platform: str,
    variable: str | None,
    expected: str,
) -> None:
    for name in ("XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(sys, "platform", platform)
    if variable:
        monkeypatch.setenv(variable, str(tmp_path / "elsewhere"))
    assert default_data_folder() == tmp_path / expected


@pytest.mark.parametrize(
    ("given", "base_url", "secure"),
    [
        pytest.param({}, "http://127.0.0.1:8000", False, id="on this machine"),
        pytest.param({"host": "0.0.0.0"}, "http://127.0.0.1:8000", False, id="on every address"),
        pytest.param({"host": "::1", "port": 1}, "http://[::1]:1", False, id="IPv6"),
        pytest.param(
            {"base_url": "https://coach.example"}, "https://coach.example", True, id="behind https"
        ),
    ],
)
def test_links_and_cookies_follow_the_address(
    given: dict[str, object], base_url: str, secure: bool
) -> None:
    settings = load_settings(**given)
    assert (settings.base_url, settings.secure_cookies) == (base_url, secure)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("COACH_PORT", "many", id="not a number"),
        pytest.param("COACH_PORT", "70000", id="a port that does not exist"),
        pytest.param("COACH_ABSTAIN_BELOW", "2", id="a share above 1"),
        pytest.param("COACH_EMBEDDINGS", "remote", id="not one of the words"),
        pytest.param("COACH_DATABASE_URL", "mysql://x", id="a database we do not know"),
        pytest.param("COACH_BASE_URL", "https://coach.example/", id="a slash at the end"),
        pytest.param("COACH_INDEX", "perhaps", id="neither yes nor no"),
        pytest.param("COACH_LLM_BASE_URL", "ftp://x", id="not a web address"),
    ],
)
def test_a_bad_value_is_named_in_one_sentence_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingFault) as fault:
        load_settings()
    assert name in fault.value.detail
    assert "\n" not in fault.value.detail
    assert f"'{value}'" not in fault.value.detail


def test_a_bad_host_value_does_not_hide_behind_what_follows_from_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COACH_PORT", "x")
    with pytest.raises(SettingFault, match="COACH_PORT"):
        load_settings()


def test_an_account_without_a_home_is_told_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> pathlib.Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("COACH_DATA")
    monkeypatch.setattr(pathlib.Path, "home", homeless)
    with pytest.raises(SettingFault, match="COACH_DATA"):
        load_settings()


def test_secrets_are_hidden_when_settings_are_shown() -> None:
    settings = load_settings(
        llm_api_key="sk-secret",
        database_url="postgresql+psycopg://ann:hunter2@db/coach",
        help_contacts="A; B",
    )
    shown = {name: value for name, value, _ in describe(settings)}
    assert shown["COACH_LLM_API_KEY"] == "**********"
    assert shown["COACH_DATABASE_URL"] == "postgresql+psycopg://ann:***@db/coach"
    assert shown["COACH_HELP_CONTACTS"] == "A; B"
    assert shown["COACH_LLM_MODEL"] == ""
    assert shown["COACH_INDEX"] == "yes"
    assert "sk-secret" not in repr(settings)


def test_every_setting_says_what_it_does() -> None:
    assert [name for name, _, told in describe(load_settings()) if not told.endswith(".")] == []


def test_a_misspelled_setting_is_noticed() -> None:
    names = {"COACH_DATABSE_URL": "", "COACH_ZZZ": "", "COACH_PORT": "1", "COACH_SHARED_DATA": "x"}
    assert unknown_names(names) == (("COACH_DATABSE_URL", "COACH_DATABASE_URL"), ("COACH_ZZZ", ""))


def test_every_setting_has_one_variable() -> None:
    assert {name for name, _, _ in describe(load_settings())} == {
        f"COACH_{name.upper()}" for name in Settings.model_fields
    }


@pytest.mark.parametrize("switch", TRACING)
def test_tracing_stays_off_whatever_the_shell_says(switch: str) -> None:
    code = (
        "import coach.settings, os\n"
        "from langchain_core.runnables import RunnableLambda\n"
        "from langsmith.utils import tracing_is_enabled\n"
        "import socket\n"
        "def refuse(*a): os._exit(3)\n"
        "socket.socket.connect = refuse\n"
        "RunnableLambda(lambda x: x).invoke(1)\n"
        "raise SystemExit(1 if tracing_is_enabled() else 0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PATH": "", switch: "true", "LANGSMITH_API_KEY": "x"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
