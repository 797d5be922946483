"""The container form: its settings exist, its values can be read, and it keeps to one folder."""

import pathlib
import re
import shutil
import subprocess
from typing import Any

import pytest
import yaml

from coach.settings import PREFIX, Settings, load_settings

ROOT = pathlib.Path(__file__).resolve().parent.parent
COMPOSE = ROOT / "docker-compose.yml"
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
KNOWN = {PREFIX + name.upper() for name in Settings.model_fields}


WEBS, WORKERS = ("web-1", "web-2"), ("worker-1", "worker-2")


@pytest.fixture(scope="module")
def whole() -> Any:
    """The compose file."""
    return yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))


@pytest.fixture
def service(whole: Any) -> Any:
    """The one service that starts when none is named."""
    services = whole["services"]
    assert [name for name, one in services.items() if "profiles" not in one] == ["coach"]
    return services["coach"]


def defaults(environment: dict[str, str]) -> dict[str, str]:
    """The environment as it is when the shell sets nothing."""
    return {name: re.sub(r"\$\{\w+:-(.*)\}", r"\1", value) for name, value in environment.items()}


def test_every_setting_in_the_compose_file_exists(service: Any) -> None:
    assert set(service["environment"]) - KNOWN == set()


def test_every_setting_named_anywhere_in_the_container_files_exists() -> None:
    named = set(re.findall(r"COACH_[A-Z_]+", COMPOSE.read_text(encoding="utf-8") + DOCKERFILE))
    assert named - KNOWN == set()


def test_a_variable_of_the_shell_reaches_the_setting_of_its_name(service: Any) -> None:
    passed = {
        name: found.group(1)
        for name, value in service["environment"].items()
        if (found := re.match(r"\$\{(\w+)", value))
    }
    assert passed
    assert [name for name, source in passed.items() if name != source] == []


def test_the_values_can_be_read(service: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in defaults(service["environment"]).items():
        monkeypatch.setenv(name, value)
    settings = load_settings()
    assert settings.database_url == "sqlite:////data/coach.db"
    assert settings.base_url == "http://127.0.0.1:8000"
    assert settings.embeddings == "auto"
    assert settings.llm_base_url is None


def test_the_large_form_has_two_of_each_and_one_of_what_they_share(whole: Any) -> None:
    scaled = {name for name, one in whole["services"].items() if one.get("profiles") == ["scale"]}
    assert scaled == {*WEBS, *WORKERS, "postgres", "chroma"}


@pytest.mark.parametrize("name", [*WEBS, *WORKERS])
def test_the_settings_of_the_large_form_can_be_read(
    name: str, whole: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = whole["services"][name]
    assert set(service["environment"]) - KNOWN == set()
    monkeypatch.setenv("POSTGRES_PASSWORD", "secret")
    for setting, value in service["environment"].items():
        shown = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", value)
        monkeypatch.setenv(setting, shown)
    settings = load_settings()
    assert settings.database_url.startswith("postgresql+psycopg://coach:")
    assert settings.chroma_url == "http://chroma:8000"
    assert settings.work_inside is (name in WORKERS)
    assert settings.data == pathlib.Path("/data")


def test_what_the_large_form_shares_is_reached_from_inside_alone(whole: Any) -> None:
    assert whole["networks"]["inside"]["internal"] is True
    for name in ("postgres", "chroma"):
        service = whole["services"][name]
        assert "ports" not in service, name
        assert service["networks"] == ["inside"], name
    words = whole["services"]["chroma"]["command"]
    assert words[:2] == ["chroma", "run"]  # never Chroma's Python server
    volumes = {one.split(":")[0] for one in whole["services"]["chroma"]["volumes"]}
    assert volumes <= set(whole["volumes"])


def test_each_worker_has_a_name_of_its_own_and_no_web_keeps_anything(whole: Any) -> None:
    services = whole["services"]
    names = [services[name]["command"][-1] for name in WORKERS]
    assert names == list(WORKERS)
    for name in (*WEBS, *WORKERS):
        assert services[name]["read_only"] is True
        assert "volumes" not in services[name]
    published = [services[name]["ports"][0] for name in WEBS]
    assert len(set(published)) == len(WEBS)
    assert all(port.startswith("127.0.0.1:") for port in published)


def test_all_that_is_written_lands_in_the_one_volume(service: Any) -> None:
    assert service["read_only"] is True
    assert service["volumes"] == [f"coach-data:{service['environment']['COACH_DATA']}"]
    assert f"VOLUME {service['environment']['COACH_DATA']}" in DOCKERFILE


def test_the_port_published_is_the_one_served_and_only_on_this_machine(service: Any) -> None:
    port = service["environment"]["COACH_PORT"]
    assert service["ports"] == [f"127.0.0.1:{port}:{port}"]
    assert f"127.0.0.1:{port}/healthz" in " ".join(service["healthcheck"]["test"])


def test_the_image_runs_as_nobody_special() -> None:
    last = re.findall(r"^USER (\S+)$", DOCKERFILE, re.MULTILINE)[-1]
    assert last not in {"root", "0"}


def test_the_image_gets_the_files_it_copies() -> None:
    let_in = set(re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE))
    lines = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    copied = {name for line in lines for name in line.split()}
    assert copied == let_in
    assert [name for name in copied if not (ROOT / name).exists()] == []


def test_docker_itself_accepts_the_file() -> None:
    docker = shutil.which("docker")
    if not docker or subprocess.run([docker, "compose", "version"], capture_output=True).returncode:
        pytest.skip("there is no docker compose here")
    done = subprocess.run(
        [docker, "compose", "-f", str(COMPOSE), "config", "--quiet"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
