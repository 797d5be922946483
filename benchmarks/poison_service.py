"""Hands the running service what was made to break readers, while somebody else searches.

`python -m benchmarks.poison_service` is a part of `make soak`. The searches of the other person
may take twice as long at most, and the service answers every file with a sentence.
"""

import http.client
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from benchmarks.poison import FOLDER, list_entries
from benchmarks.processes import quantile
from benchmarks.record import record
from benchmarks.scale import Cluster, admit, get, wait_for
from coach.knowledge.markdown import read_document
from coach.shipped import shipped

COMMAND = "python -m benchmarks.poison_service"
TRIES = 500
GOAL = 2.0


def poison(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every poison document, those too big to keep made anew."""
    subprocess.run([sys.executable, str(FOLDER / "generate.py"), str(folder)], check=True)
    for entry in list_entries():
        kept = FOLDER / "files" / entry["file"]
        path = kept if entry["made_by"] == "file" else folder / entry["file"]
        yield entry["file"], path.read_bytes()


def request(port: int, method: str, path: str, token: str, body: bytes = b"") -> int:
    """The status of one request, 0 where nobody answers; a client that costs little itself."""
    there = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        there.request(method, f"/api/v1/library/{path}", body, {"authorization": f"Bearer {token}"})
        answer = there.getresponse()
        answer.read()
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        there.close()
    return answer.status


def hand_in(port: int, token: str, files: list[tuple[str, bytes]], answers: Counter[int]) -> None:
    """Hand in one file after the other."""
    for name, data in files:
        answers[request(port, "POST", f"uploads?{urlencode({'name': name})}", token, data)] += 1


def questions() -> list[str]:
    """The lessons of the shipped library."""
    return sorted(
        {
            passage.lesson
            for path in sorted(shipped("knowledge").rglob("*.md"))
            if path.stem.casefold() != "readme"
            for passage in read_document(path.read_text(encoding="utf-8"), path.name).passages
            if passage.lesson
        }
    )


def search(port: int, token: str, asked: Iterator[str]) -> float:
    """Milliseconds of one search."""
    before = time.perf_counter()
    status = request(port, "GET", f"search?{urlencode({'q': next(asked)})}", token)
    if status != 200:
        raise SystemExit(f"a search answered {status}")
    return (time.perf_counter() - before) * 1000


def around(asked: list[str]) -> Iterator[str]:
    """These questions again and again; no two rounds are alike, so that memory answers none."""
    turn = 0
    while True:
        turn += 1
        yield from (f"{one} {turn}" for one in asked)


def main() -> None:
    """Search before, and while all of it is handed in."""
    if not FOLDER.is_dir():
        print(f"skipped: no poison documents in {FOLDER} (name the folder in COACH_SHARED_DATA)")
        return
    with TemporaryDirectory() as place:
        (Path(place) / "big").mkdir()
        files = list(poison(Path(place) / "big"))
        cluster = Cluster(Path(place) / "coach", {"COACH_DATA": f"{place}/data"})
        token = admit(cluster)
        cluster.say("library", "add", str(shipped("knowledge")), "--publish")
        cluster.web("web", inside="true")
        port, asked = cluster.ports["web"], around(questions())
        try:
            wait_for("the service", lambda: get(port, "/readyz")[0] == 200)
            for _ in range(TRIES):
                search(port, token, asked)
            before = [search(port, token, asked) for _ in range(TRIES)]
            answers: Counter[int] = Counter()
            sender = threading.Thread(target=hand_in, args=(port, token, files, answers))
            sender.start()
            meanwhile = []
            while sender.is_alive():
                meanwhile.append(search(port, token, asked))
            search(port, token, asked)
        finally:
            cluster.close()
    idle, busy = quantile(before, 99), quantile(meanwhile, 99)
    print(f"   {len(files)} files, answered {dict(answers)}; {len(meanwhile)} searches meanwhile: "
          f"p50 {quantile(before, 50):.1f} and {quantile(meanwhile, 50):.1f} ms, "
          f"p99 {idle:.1f} and {busy:.1f} ms")  # fmt: skip
    unanswered = len(files) - sum(answers[status] for status in answers if 200 <= status < 500)
    record("b.poison_service_unanswered", unanswered, "", 0, not unanswered, COMMAND)
    record("b.poison_service_p99_ratio", busy / idle, "x", GOAL, busy / idle <= GOAL, COMMAND)


if __name__ == "__main__":
    main()
