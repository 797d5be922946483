"""How long one agenda takes from the shell: the whole process, and what its imports cost."""

import resource
import statistics
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.processes import COACH, PAIRS, ROOT, environment
from benchmarks.record import record

COMMAND = "python -m benchmarks.command_line"
ASKED = ("agenda", str(PAIRS), "--pair", "P01", "--format", "json")
GOAL_S = 2.5
ROUNDS = 7
NAMED = 12
IMPORT_LINE = "import time:"


def time_agenda(data: Path) -> list[float]:
    """Seconds of whole processes that draft an agenda; the first, which warms up, left out."""
    times = []
    for _ in range(ROUNDS + 1):
        before = time.perf_counter()
        subprocess.run(
            [*COACH, *ASKED], check=True, cwd=ROOT, env=environment(data), stdout=subprocess.DEVNULL
        )
        times.append(time.perf_counter() - before)
    return times[1:]


def processor_seconds() -> float:
    """What every process started so far has used of the processor; it hardly feels the load."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def publish_starter(data: Path) -> None:
    """Put the shipped documents into this data folder, as a person would."""
    add = ("library", "add", "--publish", str(ROOT / "knowledge"))
    for words in (("migrate",), add):
        subprocess.run(
            [*COACH, *words], check=True, cwd=ROOT, env=environment(data), stdout=subprocess.DEVNULL
        )


def import_seconds(report: str) -> Counter[str]:
    """Seconds spent importing the modules of each package, out of a report of -X importtime."""
    spent: Counter[str] = Counter()
    for line in report.splitlines():
        if line.startswith(IMPORT_LINE) and line.removeprefix(IMPORT_LINE).strip()[:1].isdigit():
            own, _, module = line.removeprefix(IMPORT_LINE).split("|")
            spent[module.strip().partition(".")[0]] += int(own)
    return Counter({package: spent[package] / 1e6 for package in spent})


def measure_imports(data: Path) -> None:
    """Say which packages the imports of `coach agenda` spend their time in."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *COACH[1:], *ASKED],
        check=True,
        cwd=ROOT,
        env=environment(data),
        capture_output=True,
        text=True,
    )
    spent = import_seconds(done.stderr)
    record("a.cli_agenda_imports_s", sum(spent.values()), "s", None, None, COMMAND)
    for package, seconds in spent.most_common(NAMED):
        print(f"   imports of {package:<20} {seconds:.3f} s")


def main() -> None:
    """Measure `coach agenda` with a library in the data folder, and with none."""
    with TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        publish_starter(data)
        before = processor_seconds()
        value = statistics.median(time_agenda(data))
        used = (processor_seconds() - before) / (ROUNDS + 1)
        record("a.cli_agenda_wall_s", value, "s", GOAL_S, value <= GOAL_S, COMMAND)
        record("a.cli_agenda_cpu_s", used, "s", None, None, COMMAND)
        measure_imports(data)
        value = statistics.median(time_agenda(Path(folder) / "none"))
        record("a.cli_agenda_starter_wall_s", value, "s", None, None, COMMAND)


if __name__ == "__main__":
    main()
