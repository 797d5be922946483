"""The house rules that a linter does not know: lengths, colours, words that stay out."""

import ast
import pathlib
import re
import subprocess
from collections.abc import Iterator

import pytest

from coach.storage import tables

ROOT = pathlib.Path(__file__).resolve().parent.parent
MIGRATIONS = ROOT / "coach" / "storage" / "migrations" / "versions"
TABLES = ROOT / "coach" / "storage" / "tables"
COLUMNS = TABLES.with_name("columns.py")  # what columns are made of; no table stands there
SOURCES = sorted(path for path in (ROOT / "coach").rglob("*.py") if "_shipped" not in path.parts)
TESTS = sorted(path for path in (ROOT / "tests").rglob("*.py"))
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)

PAGE = 300
FUNCTION = 40
ARGUMENTS = 6

# Pieced together here, so that this file does not name what it forbids.
MACHINE = re.compile(
    "|".join(
        [
            "/" + "work/(main|shared|tools)",
            "/" + "tmp/(tools|plan)",
            "/" + "root/",
            "/" + r"home/(?!app\b)\w",
            r"pypi\." + "(org|python)",
            "python" + "hosted",
            "artifact" + "ory",
            r"\bnex" + r"us\.",
            "extra-" + "index-url",
            "--" + "index-url",
        ]
    ),
    re.IGNORECASE,
)


def named(path: pathlib.Path) -> str:
    """The path as the repository knows it."""
    return str(path.relative_to(ROOT))


def tree_of(path: pathlib.Path) -> ast.Module:
    """The parsed source."""
    return ast.parse(path.read_text(encoding="utf-8"))


def functions_of(source: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function of this source, the inner ones too."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, FUNCTIONS):
            yield node


def too_long(source: str, limit: int = FUNCTION) -> list[str]:
    """Names of the functions in this source that run past the limit."""
    return [
        node.name
        for node in functions_of(source)
        if node.end_lineno is not None and node.end_lineno - node.lineno >= limit
    ]


def arguments_of(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.arg]:
    """All arguments by any way of passing them."""
    return [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]


def takes_db(source: str) -> list[str]:
    """Names of the async functions in this source that are handed a database."""
    return [
        node.name
        for node in functions_of(source)
        if isinstance(node, ast.AsyncFunctionDef)
        and any(
            arg.arg == "db" or (arg.annotation and ast.unparse(arg.annotation) in {"Db", "Session"})
            for arg in arguments_of(node)
        )
    ]


def tracked() -> list[pathlib.Path]:
    """The files git knows, or would know if they were added now."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if listed.returncode:
        pytest.skip("this is not a git checkout")
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def in_sources(found: dict[str, list[str]]) -> list[str]:
    """Offenders as `file: name`, for a failure that can be read."""
    return [f"{path}: {name}" for path, names in found.items() for name in names]


def test_no_function_runs_past_a_screen() -> None:
    found = {named(path): too_long(path.read_text(encoding="utf-8")) for path in SOURCES}
    kept = {path: names for path, names in found.items() if not path.startswith(named(MIGRATIONS))}
    assert in_sources(kept) == []


def test_no_module_runs_past_its_page() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}
    kept = [path for path in SOURCES if path.parent != MIGRATIONS]
    assert [f"{named(path)}: {lengths[path]}" for path in kept if lengths[path] > PAGE] == []


def test_no_function_takes_more_than_six_arguments() -> None:
    found = {
        named(path): [
            node.name
            for node in functions_of(path.read_text(encoding="utf-8"))
            if len([arg for arg in arguments_of(node) if arg.arg not in {"self", "cls"}])
            > ARGUMENTS
        ]
        for path in SOURCES
    }
    assert in_sources(found) == []


def test_no_async_function_is_handed_a_database() -> None:
    found = {named(path): takes_db(path.read_text(encoding="utf-8")) for path in SOURCES}
    assert in_sources(found) == []


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_every_module_says_what_it_is_for(path: pathlib.Path) -> None:
    assert ast.get_docstring(tree_of(path))


def test_mapped_classes_stand_in_one_place() -> None:
    mapped = re.compile(r"__tablename__|\bmapped_column\(|\bDeclarativeBase\b|sa\.Table\(")
    assert [
        named(path)
        for path in SOURCES
        if path != COLUMNS
        and path.parent not in (TABLES, MIGRATIONS)
        and mapped.search(path.read_text(encoding="utf-8"))
    ] == []


def test_every_table_stands_at_the_one_door() -> None:
    """A page nobody imports would be missing from migrations and backups, without a word."""
    classes = {
        node.name
        for path in TABLES.glob("*.py")
        for node in tree_of(path).body
        if isinstance(node, ast.ClassDef)
    }
    assert classes
    assert classes - set(tables.__all__) == set()


def test_nothing_outside_settings_reads_the_environment() -> None:
    reads = re.compile(
        r"\bos\.(environ|getenv)|\bfrom os import\b.*\b(environ|getenv)\b|load_dotenv"
    )
    allowed = ROOT / "coach" / "settings.py"
    assert [
        named(path)
        for path in SOURCES
        if path != allowed and reads.search(path.read_text(encoding="utf-8"))
    ] == []


def test_blind_excepts_say_why() -> None:
    blind = re.compile(r"except (Base)?Exception\b(?!Group).*")
    explained = re.compile(r"#\s*(noqa: \w+\s+)?(?!noqa)\w+ \w+")
    assert [
        f"{named(path)}: {found.group()}"
        for path in SOURCES
        for found in blind.finditer(path.read_text(encoding="utf-8"))
        if not explained.search(found.group())
    ] == []


def test_tests_use_fakes_instead_of_mocks() -> None:
    mocks = re.compile(r"unittest\.mock|\bMagicMock\b|\bAsyncMock\b|\bmocker\b\.|mock\.patch")
    this = pathlib.Path(__file__).resolve()
    assert [
        named(path)
        for path in [*SOURCES, *TESTS]
        if path != this and mocks.search(path.read_text(encoding="utf-8"))
    ] == []


def test_no_plain_respx() -> None:
    """Plain `respx.mock` catches nothing that httpx2 sends."""
    plain = re.compile(r"respx\.mock\b(?!\(using=)")
    this = pathlib.Path(__file__).resolve()
    assert [
        named(path)
        for path in TESTS
        if path != this and plain.search(path.read_text(encoding="utf-8"))
    ] == []


def test_no_file_names_a_machine_or_a_registry() -> None:
    found = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{named(path)}: {match.group()}" for match in MACHINE.finditer(text)]
    assert found == []


def test_locks_pin_with_hashes_and_name_no_host() -> None:
    for lock in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / lock).read_text(encoding="utf-8")
        assert not re.search(r"https?://|^--|find-links", text, re.MULTILINE | re.IGNORECASE), lock
        pins = re.split(r"\n(?=[\w.-]+==)", text)
        assert len(pins) > 1
        assert [pin for pin in pins if "--hash=sha256:" not in pin] == []


def test_both_locks_pin_the_same_versions() -> None:
    """`make test` after `make run` installs nothing twice."""
    run, dev = (
        set(re.findall(r"^([\w.-]+==[^\s;\\]+)", (ROOT / lock).read_text(encoding="utf-8"), re.M))
        for lock in ("requirements.lock", "requirements-dev.lock")
    )
    assert run - dev == set()


@pytest.mark.parametrize(
    ("source", "offenders"),
    [
        pytest.param("async def f(db): ...", ["f"], id="by name"),
        pytest.param("async def f(session: Db): ...", ["f"], id="by type"),
        pytest.param("async def f(*, db=None): ...", ["f"], id="by keyword"),
        pytest.param("def f(db): ...", [], id="a plain function may"),
        pytest.param("async def f(database): ...", [], id="the whole database is not a handle"),
    ],
)
def test_the_colour_rule_itself_works(source: str, offenders: list[str]) -> None:
    assert takes_db(source) == offenders


def test_the_length_rule_itself_works() -> None:
    assert too_long("def f():\n" + "    x = 1\n" * 39) == []
    assert too_long("def f():\n" + "    x = 1\n" * 40) == ["f"]
