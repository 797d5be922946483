"""The runner of the measurements keeps valid figures, and goes on when one suite crashes."""

import json
import re
from pathlib import Path
from random import Random

import numpy as np
import pytest

from benchmarks import __main__ as runner
from benchmarks import backups, library_sizes, poison
from benchmarks import record as recording
from benchmarks.command_line import import_seconds
from benchmarks.connections import Stranger, strangers
from benchmarks.processes import environment, quantile

KEYS = {"name", "value", "unit", "goal", "holds", "peer", "ratio", "command"}
SUITES = Path(runner.__file__).parent


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of figures, in a folder of this test."""
    place = tmp_path / "build" / "bench.json"
    monkeypatch.setattr(recording, "RESULTS", place)
    monkeypatch.setattr(runner, "RESULTS", place)
    return place


@pytest.fixture
def suites(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package of one suite that measures and one that crashes."""
    package = tmp_path / "measured"
    package.mkdir()
    place = tmp_path / "build" / "bench.json"
    (package / "good.py").write_text(
        f"import pathlib\nfrom benchmarks import record\n"
        f"record.RESULTS = pathlib.Path({str(place)!r})\n"
        "record.record('a.good_ms', 61.5, 'ms', 60, False, 'python -m benchmarks good')\n"
    )
    (package / "bad.py").write_text("raise ValueError('crashed')\n")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{SUITES.parent}")
    monkeypatch.setattr(runner, "PACKAGE", "measured")
    monkeypatch.setattr(runner, "SUITES", ("bad", "good"))


def test_a_figure_is_kept_once_with_all_its_sides(results: Path) -> None:
    for value in (3.0, 2.0):
        recording.record("a.some_ms", value, "ms", 2.5, value <= 2.5, "python -m benchmarks some")
    (row,) = json.loads(results.read_text())
    assert row.keys() == KEYS
    assert (row["value"], row["goal"], row["holds"]) == (2.0, 2.5, True)


def test_a_missed_goal_is_no_failure(
    suites: None, results: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert runner.main(["good"]) is None
    (row,) = json.loads(results.read_text())
    assert row["holds"] is False
    assert "MISSED" in capfd.readouterr().out


def test_a_crash_is_named_at_the_end_and_the_rest_is_measured(suites: None, results: Path) -> None:
    assert runner.main([]) == "Crashed: bad."
    assert [row["name"] for row in json.loads(results.read_text())] == ["a.good_ms"]


def test_a_full_run_forgets_figures_of_earlier_runs(suites: None, results: Path) -> None:
    recording.record("a.old_ms", 1, "ms", None, None, "python -m benchmarks old")
    runner.main([])
    assert "a.old_ms" not in results.read_text()


def test_an_unknown_suite_is_refused_and_nothing_is_lost(results: Path) -> None:
    recording.record("a.old_ms", 1, "ms", None, None, "python -m benchmarks old")
    assert "no suite 'speed'" in str(runner.main(["speed"]))
    assert "a.old_ms" in results.read_text()


@pytest.mark.parametrize("suite", runner.SUITES)
def test_every_suite_is_there_and_names_its_figures_by_their_issue(suite: str) -> None:
    source = (SUITES / f"{suite}.py").read_text()
    names = re.findall(r"""["']([a-z]+\.[a-z0-9_{}]+)["']""", source)
    assert 'if __name__ == "__main__":' in source
    assert [name for name in names if re.fullmatch(r"[a-z]\.[a-z0-9_{}]+", name)]


def test_time_of_imports_is_summed_by_package() -> None:
    report = (
        "import time: self [us] | cumulative | imported package\n"
        "import time:      1000 |       1000 |   langsmith.schemas\n"
        "import time:       500 |       1500 | langsmith\n"
        "a warning\n"
        "import time:       250 |        250 | yaml\n"
    )
    assert import_seconds(report) == {"langsmith": 0.0015, "yaml": 0.00025}


def test_a_measured_coach_has_its_own_data_and_no_settings_of_this_shell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COACH_PORT", "1")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    measured = environment(tmp_path)
    assert measured["COACH_DATA"] == str(tmp_path)
    assert not {"COACH_PORT", "PYTHONDONTWRITEBYTECODE"} & measured.keys()


def test_the_95th_percentile_stands_above_95_of_100() -> None:
    assert quantile([float(number) for number in range(101)], 95) == 95


@pytest.mark.parametrize(
    ("line", "found"),
    [
        pytest.param(
            "7<python> connect(3<TCP:[13]>, {sa_family=AF_INET, sin_port=htons(443), "
            'sin_addr=inet_addr("192.0.2.1")}, 16) = -1 EINPROGRESS',
            [Stranger("192.0.2.1", sent=True, command="python")],
            id="a stranger",
        ),
        pytest.param(
            "connect(3, {sa_family=AF_INET6, sin6_port=htons(53), "
            'inet_pton(AF_INET6, "2001:db8::1", &sin6_addr), sin6_scope_id=0}, 28) = 0',
            [Stranger("2001:db8::1", sent=True)],
            id="a stranger of the sixth version over a socket nothing is known of",
        ),
        pytest.param(
            "connect(3<UDPv6:[13]>, {sa_family=AF_INET6, sin6_port=htons(53), "
            'inet_pton(AF_INET6, "2001:db8::1", &sin6_addr), sin6_scope_id=0}, 28) = 0',
            [Stranger("2001:db8::1", sent=False)],
            id="a route looked up",
        ),
        pytest.param(
            'sendto(3<UDP:[192.0.2.9:397->192.0.2.1:53]>, "x", 1, 0, NULL, 0) = 1',
            [Stranger("192.0.2.1", sent=True)],
            id="sent over a connected socket",
        ),
        pytest.param(
            "sendmsg(3<UDPv6:[[2001:db8::9]:397->[2001:db8::1]:53]>, {msg_name=NULL}, 0) = 1",
            [Stranger("2001:db8::1", sent=True)],
            id="sent over a connected socket of the sixth version",
        ),
        pytest.param(
            'connect(3<TCP:[1]>, {sa_family=AF_INET, sin_addr=inet_addr("127.0.0.1")}, 16) = 0',
            [],
            id="this machine",
        ),
        pytest.param(
            'connect(3<UNIX-STREAM:[5]>, {sa_family=AF_UNIX, sun_path="/run/192.0.2.1"}, 12) = 0',
            [],
            id="a file",
        ),
        pytest.param(
            'sendto(3<TCP:[127.0.0.1:8000->127.0.0.1:9]>, "to ->192.0.2.1:53]", 18, 0, NULL, 0)',
            [],
            id="an address within what is sent to this machine",
        ),
    ],
)
def test_what_leaves_this_machine_is_noticed(line: str, found: list[Stranger]) -> None:
    assert list(strangers([line])) == found


def test_a_small_drill_of_backups_loses_nothing(results: Path) -> None:
    words = ["--megabytes", "1", "--rounds", "1", "--only", "sqlite", "--rows-alone"]
    assert backups.main(words) == 0
    rows = {row["name"]: row for row in json.loads(results.read_text())}
    assert rows["b.backups_whole_sqlite"]["holds"] is True


def test_mutations_are_the_same_on_every_run() -> None:
    changed = [poison.mutate(Random(one), b"# Text\n" * 9) for one in range(40)]
    assert changed == [poison.mutate(Random(one), b"# Text\n" * 9) for one in range(40)]
    assert len({*changed}) > 30


def test_a_large_library_is_made_of_texts_and_vectors_that_are_alike() -> None:
    texts = ["one two three four five six", "seven eight nine ten eleven twelve"]
    made = list(library_sizes.documents(texts, 40))
    assert [len(one.passages) for one in made] == [10] * 4
    assert len({one.passages[0].text for one in made}) == 4
    seeds = np.eye(8, dtype=np.float32)
    rows = library_sizes.moved(seeds, 50, np.random.default_rng(1))
    assert np.linalg.norm(rows, axis=1) == pytest.approx(np.ones(50), abs=1e-5)
    assert (rows @ seeds.T).max(axis=1).min() > 0.7
