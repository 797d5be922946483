"""The service in its large form: PostgreSQL, a Chroma server, two web processes, two workers.

Two hundred documents are imported while a worker and the Chroma server are killed; in the end both
web processes must find what the embedded form finds. Needs PostgreSQL (COACH_TEST_POSTGRES, or the
one on 127.0.0.1:5432); `python -m benchmarks.scale` is a part of `make soak`.
"""

import json
import math
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx2

from benchmarks import places
from benchmarks.collections import BUILD, local_encoder
from benchmarks.processes import COACH, ROOT, environment, free_port
from benchmarks.record import record
from coach.knowledge.markdown import read_document
from coach.shipped import shipped

COMMAND = "python -m benchmarks.scale"
SERVER = os.environ.get("COACH_TEST_POSTGRES") or "postgresql+psycopg://127.0.0.1:5432/postgres"
DOCUMENTS, QUESTIONS = 200, 40
LEAST_ALIKE = 0.95
PATIENCE = 1_800.0
ANSWERS = BUILD / "scale_answers.json"
Answers = list[list[tuple[str, tuple[str, ...]]]]


@dataclass
class Cluster:
    """The processes of one form of the service, each with a folder of its own."""

    folder: Path
    settings: dict[str, str]
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    ports: dict[str, int] = field(default_factory=dict)

    def start(self, name: str, words: tuple[str, ...], **more: str) -> None:
        """Start a process under a name, or again under the same."""
        place = self.folder / name
        place.mkdir(parents=True, exist_ok=True)
        env = {**environment(place), **self.settings, **more}
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                words, env=env, cwd=ROOT, stdout=log, stderr=log
            )

    def web(self, name: str, inside: str = "false") -> None:
        """Start a web process on a free port."""
        port = self.ports[name] = free_port()
        more = {"COACH_PORT": str(port), "COACH_WORK_INSIDE": inside}
        self.start(name, (*COACH, "serve"), **more)

    def worker(self, name: str) -> None:
        """Start a worker of this name."""
        self.start(name, (*COACH, "worker", "--id", name))

    def chroma(self) -> None:
        """Start the Chroma server on the port it had."""
        port = self.ports.setdefault("chroma", free_port())
        program = str(Path(sys.executable).with_name("chroma"))
        store = self.folder / "chroma-store"
        words = (program, "run", "--path", str(store), "--host", "127.0.0.1", "--port", str(port))
        self.settings["COACH_CHROMA_URL"] = f"http://127.0.0.1:{port}"
        self.start("chroma", words)

    def kill(self, name: str) -> None:
        """End a process without a word of warning."""
        self.processes[name].send_signal(signal.SIGKILL)
        self.processes[name].wait()

    def say(self, *words: str) -> str:
        """What a command prints."""
        env = {**environment(self.folder / "command"), **self.settings}
        done = subprocess.run(
            [*COACH, *words], env=env, cwd=ROOT, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    def close(self) -> None:
        """End all of them."""
        for process in self.processes.values():
            process.kill()
            process.wait()


def write_documents(folder: Path) -> list[str]:
    """So many documents of real text; the questions that are asked of them."""
    folder.mkdir()
    count = 0
    asked: list[str] = []
    for path in sorted(shipped("knowledge").rglob("*.md")):
        if path.stem.casefold() == "readme":
            continue
        for passage in read_document(path.read_text(encoding="utf-8"), path.name).passages:
            if count >= DOCUMENTS:
                return asked
            if len(passage.text) < 150:
                continue
            title = f"{passage.lesson} {count}"
            said = f"title: {json.dumps(title)}\nkind: tutorial\nlevel: basic\nlanguage: en\n"
            text = f"---\n{said}---\n\n## Part\n\n{passage.text}\n"
            (folder / f"d{count:03}.md").write_text(text, encoding="utf-8")
            if count % (DOCUMENTS // QUESTIONS) == 0:
                asked.append(" ".join(re.findall(r"\w+", passage.text)[3:12]))
            count += 1
    return asked


def wait_for(told: str, there: Callable[[], object]) -> object:
    """Wait until this is so; what it then is."""
    end = time.monotonic() + PATIENCE
    while True:
        found = there()
        if found:
            return found
        if time.monotonic() > end:
            raise SystemExit(f"gave up waiting: {told}")
        time.sleep(0.5)


def get(port: int, path: str, token: str = "") -> tuple[int, Any]:
    """Status and JSON of a route; 0 where nobody answers."""
    headers = {"authorization": f"Bearer {token}"} if token else {}
    address = f"http://127.0.0.1:{port}{path}"
    try:
        answer = httpx2.get(address, headers=headers, timeout=60, trust_env=False)
    except httpx2.HTTPError:
        return 0, {}
    return answer.status_code, answer.json()


def list_jobs(port: int, token: str) -> list[dict[str, Any]]:
    """Every job there is, as an admin is told."""
    status, answer = get(port, "/api/v1/jobs", token)
    return list(answer["items"]) if status == 200 else []


def load_job(port: int, token: str, job_id: str) -> dict[str, Any] | None:
    """One job as an admin is told; None while nobody answers."""
    status, answer = get(port, f"/api/v1/jobs/{job_id}", token)
    return dict(answer) if status == 200 else None


def is_indexed(port: int, how: str) -> bool:
    """Whether this web process has what is published in the index."""
    status, ready = get(port, "/readyz")
    known = int(str(ready.get("published_documents", 0)))
    return status == 200 and known == DOCUMENTS and how in str(ready["index"])


def finds_by_meaning(port: int, token: str, question: str) -> bool:
    """Whether both searches take part: not before nearly every passage has its vector."""
    ((first, *_),) = ask(port, token, [question])
    return "dense" in first[1] and not any(
        one["state"] in ("waiting", "running") for one in list_jobs(port, token)
    )


def ask(port: int, token: str, questions: list[str]) -> Answers:
    """What is found for each question, and by which searches."""
    answers = []
    for question in questions:
        path = f"/api/v1/library/search?q={question.replace(' ', '+')}"
        status, answer = get(port, path, token)
        if status != 200:
            raise SystemExit(f"search answered {status}")
        items = answer["items"]
        answers.append([(one["passage_id"], tuple(one["legs"])) for one in items])
    return answers


def admit(cluster: Cluster) -> str:
    """A token of somebody who may search."""
    cluster.say("person", "add", "Ruth", "--email", "ruth@example.org", "--admin")
    return cluster.say("token", "add", "ruth@example.org")


def import_under_fire(cluster: Cluster, documents: Path, token: str) -> Counter[int]:
    """Hand all in, kill a worker and the Chroma server on the way; what searches answered."""
    job_id = cluster.say("jobs", "import", str(documents), "--publish").split()[-1]
    answers: Counter[int] = Counter()
    web = cluster.ports["web-1"]
    killed: list[str] = []

    def finished() -> bool:
        # Not from the list: that holds the newest, and the index has a job for most documents.
        job = load_job(web, token, job_id)
        if job is None:
            return False
        done = int(job["done"])
        if done > DOCUMENTS // 4 and not killed:
            killed.append(job["worker"])
            cluster.kill(killed[0])
            print(f"   {killed[0]} killed at {done} documents", flush=True)
        if done > DOCUMENTS // 2 and "chroma" not in killed:
            killed.append("chroma")
            cluster.kill("chroma")
            print(f"   the Chroma server killed at {done} documents", flush=True)
        for name in ("web-1", "web-2"):
            path = "/api/v1/library/search?q=pivot+table"
            answers[get(cluster.ports[name], path, token)[0]] += 1
        if job["state"] in ("failed", "cancelled"):
            raise SystemExit(f"the import ended as {job}")
        return bool(job["state"] == "done")

    wait_for("the import", finished)
    cluster.chroma()
    cluster.worker(killed[0])
    return answers


def is_ready(cluster: Cluster, name: str) -> bool:
    """Whether this web process answers."""
    return get(cluster.ports[name], "/readyz")[0] == 200


def is_whole(cluster: Cluster, name: str, token: str, question: str) -> bool:
    """Whether this web process has read its index back, and finds by meaning."""
    port = cluster.ports[name]
    return is_indexed(port, "ok: the index") and finds_by_meaning(port, token, question)


def run_scaled(cluster: Cluster, documents: Path, questions: list[str]) -> list[Answers]:
    """What both web processes of the large form find in the end."""
    with ExitStack() as stack:
        empty = places.place("postgresql", cluster.folder, SERVER)
        cluster.settings["COACH_DATABASE_URL"] = stack.enter_context(empty)
        stack.callback(cluster.close)
        cluster.chroma()
        token = admit(cluster)
        for name in ("web-1", "web-2"):
            cluster.web(name)
        for name in ("worker-1", "worker-2"):
            cluster.worker(name)
        for name in ("web-1", "web-2"):
            wait_for(name, partial(is_ready, cluster, name))
        before = time.monotonic()
        answers = import_under_fire(cluster, documents, token)
        for name in ("web-1", "web-2"):
            wait_for(f"index of {name}", partial(is_whole, cluster, name, token, questions[0]))
        record("b.scale_import_s", time.monotonic() - before, "s", None, None, COMMAND)
        whole = sum(answers.values())
        refused = whole - answers[200]
        record("b.scale_searches_refused", refused, "", 0, not refused, COMMAND)
        print(f"   {whole} searches meanwhile, answered {dict(answers)}")
        jobs = list_jobs(cluster.ports["web-1"], token)
        print(f"   jobs: {dict(Counter((one['kind'], one['state']) for one in jobs))}")
        found = [ask(cluster.ports[name], token, questions) for name in ("web-1", "web-2")]
        for name in ("web-1", "web-2", "worker-1", "worker-2", "chroma"):
            cluster.kill(name)
        # The same rows in one process, with an index in its folder.
        cluster.settings["COACH_CHROMA_URL"] = ""
        cluster.web("alone", inside="true")
        wait_for("alone", lambda: is_indexed(cluster.ports["alone"], "(index"))
        return [*found, ask(cluster.ports["alone"], token, questions)]


def run_embedded(cluster: Cluster, documents: Path, questions: list[str]) -> Answers:
    """What the embedded form finds in the same documents."""
    cluster.settings["COACH_DATA"] = str(cluster.folder / "data")
    with ExitStack() as stack:
        stack.callback(cluster.close)
        token = admit(cluster)
        cluster.say("library", "add", str(documents), "--publish")
        cluster.web("web", inside="true")
        wait_for("the embedded form", lambda: is_indexed(cluster.ports["web"], "(index)"))
        return ask(cluster.ports["web"], token, questions)


def main() -> None:
    """Run both forms and compare what they find."""
    encoder = local_encoder()
    if encoder is None or not shutil.which("chroma", path=str(Path(sys.executable).parent)):
        print("skipped: no embedding model or no `chroma` is here")
        return
    settings = {
        "COACH_EMBEDDINGS": "local",
        "COACH_EMBEDDINGS_FOLDER": str(BUILD / "data" / "models" / "all-MiniLM-L6-v2"),
    }
    with TemporaryDirectory() as place:
        documents = Path(place) / "documents"
        questions = write_documents(documents)
        small = Cluster(Path(place) / "embedded", dict(settings))
        embedded = run_embedded(small, documents, questions)
        large = Cluster(Path(place) / "scaled", dict(settings))
        scaled = run_scaled(large, documents, questions)
    *scaled, alone = scaled
    ANSWERS.write_text(json.dumps([questions, embedded, scaled, alone]), encoding="utf-8")
    compare("b.scale_same_results", scaled, alone, 99)
    # SQLite weighs words by bm25, PostgreSQL by ts_rank: what comes below the first may differ.
    compare("b.scale_same_first_as_sqlite", scaled, embedded, 1, LEAST_ALIKE)
    found = [count_found(answers) for answers in (embedded, *scaled)]
    record("b.scale_found_embedded", found[0], "", QUESTIONS, None, COMMAND)
    least, goal = min(found[1:]), math.ceil(LEAST_ALIKE * found[0])
    record("b.scale_found", least, "", goal, least >= goal, COMMAND)


def count_found(answers: Answers) -> int:
    """How many questions find the document they were cut from among the first five."""
    step = DOCUMENTS // QUESTIONS
    wanted = [f"d{number * step:03}#" for number in range(len(answers))]
    return sum(
        any(passage.startswith(own) for passage, _ in hits[:5])
        for own, hits in zip(wanted, answers, strict=True)
    )


def compare(
    name: str, scaled: list[Answers], other: Answers, depth: int, least: float = 1.0
) -> None:
    """Record how many answers of the large form are those of the small one, so far down."""
    pairs = [pair for web in scaled for pair in zip(web, other, strict=True)]
    same = sum(
        [passage for passage, _ in one[:depth]] == [passage for passage, _ in two[:depth]]
        for one, two in pairs
    )
    goal = math.ceil(least * len(pairs))
    record(name, same, "", goal, same >= goal, COMMAND)


if __name__ == "__main__":
    main()
