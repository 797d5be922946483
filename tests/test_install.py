"""The wheel, installed away from the checkout, brings all it needs and drafts an agenda."""

import json
import os
import pathlib
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from email.parser import Parser

import jsonschema
import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAIRS = ROOT / "tests" / "data" / "pairs" / "pairs.json"


@dataclass(frozen=True, slots=True)
class Installed:
    """The built wheel, and a folder it was installed into."""

    wheel: pathlib.Path
    target: pathlib.Path
    elsewhere: pathlib.Path

    def python(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run Python where nothing but the installed wheel is the coach."""
        return subprocess.run(
            [sys.executable, "-P", *words],
            cwd=self.elsewhere,
            env={
                "PATH": os.environ["PATH"],
                "PYTHONPATH": str(self.target),
                "COACH_DATA": str(self.elsewhere / "data"),
            },
            capture_output=True,
            text=True,
            timeout=120,
        )


def pip(*words: str) -> None:
    """Run pip without any index."""
    done = subprocess.run(
        [sys.executable, "-m", "pip", "--disable-pip-version-check", *words],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The wheel of this checkout, built and installed offline."""
    home = tmp_path_factory.mktemp("wheel")
    target, elsewhere = home / "target", home / "elsewhere"
    elsewhere.mkdir()
    pip("wheel", "--no-index", "--no-build-isolation", "--no-deps", "-w", str(home), str(ROOT))
    (wheel,) = home.glob("*.whl")
    pip("install", "--no-index", "--no-deps", "--target", str(target), str(wheel))
    return Installed(wheel, target, elsewhere)


def shipped_files(folder: str) -> set[str]:
    """The files of a folder of the checkout, by their name in it."""
    return {
        str(path.relative_to(ROOT / folder))
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }


@pytest.mark.parametrize(
    ("folder", "inside"),
    [
        pytest.param("prompts", "coach/_shipped/prompts", id="prompts"),
        pytest.param("knowledge", "coach/_shipped/knowledge", id="starter library"),
        pytest.param("coach/schemas", "coach/schemas", id="schemas"),
        pytest.param("coach/storage/migrations", "coach/storage/migrations", id="migrations"),
        pytest.param("coach/web", "coach/web", id="templates and static files"),
    ],
)
def test_the_wheel_carries_every_file(installed: Installed, folder: str, inside: str) -> None:
    carried = {
        name.removeprefix(f"{inside}/")
        for name in zipfile.ZipFile(installed.wheel).namelist()
        if name.startswith(f"{inside}/")
    }
    assert shipped_files(folder)
    assert shipped_files(folder) - carried == set()


def test_the_wheel_carries_nothing_but_the_coach(installed: Installed) -> None:
    tops = {name.split("/")[0] for name in zipfile.ZipFile(installed.wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"coach"}


def test_the_licence_and_the_command_are_in_the_wheel(installed: Installed) -> None:
    (folder,) = installed.target.glob("*.dist-info")
    about = Parser().parsestr((folder / "METADATA").read_text(encoding="utf-8"))
    assert about["License-Expression"] == "Apache-2.0"
    assert set(about.get_all("License-File") or ()) == {"LICENSE", "NOTICE"}
    assert "coach = coach.__main__:main" in (folder / "entry_points.txt").read_text()


def test_shipped_files_are_found_in_the_installed_package(installed: Installed) -> None:
    done = installed.python(
        "-c",
        "from coach.shipped import shipped\n"
        "for folder in ('prompts', 'knowledge', 'schemas', 'migrations'): print(shipped(folder))",
    )
    assert done.returncode == 0, done.stderr
    assert [
        line for line in done.stdout.split() if not line.startswith(str(installed.target))
    ] == []


def test_an_agenda_comes_out_of_the_installed_coach(installed: Installed) -> None:
    done = installed.python(
        "-m", "coach", "agenda", str(PAIRS), "--pair", "P01", "--format", "json"
    )
    assert done.returncode == 0, done.stderr
    agenda = json.loads(done.stdout)
    schema = json.loads((installed.target / "coach/schemas/agenda.schema.json").read_text())
    jsonschema.validate(agenda, schema)
    assert agenda["pair_id"] == "P01"
    assert any(block["steps"] for block in agenda["blocks"])
