"""Prompts are files: checked against their headers, and each with a rendering to review."""

import pathlib
import subprocess
import sys

import pytest

from coach.llm.opening import PROMPTS
from coach.llm.prompts import PromptFault, load_prompt

GOLDEN = pathlib.Path(__file__).resolve().parent.parent / "golden" / "prompts"
SHARED = {
    "mark": "0123456789abcdef",
    "facts": ("Role of the mentor: data analyst", "Role of the mentee: regional director"),
    "passages": ["A pivot table sums up rows. It changes nothing in them.", "Ask for one example."],
}
VALUES: dict[str, dict[str, object]] = {
    "agenda_block": {
        "kind": "demo",
        "lead": "mentor",
        "title": "See it once",
        "lines": ["(say) This serves your report.", "(ask) How do you do it today?"],
        "fitting": "1",
    },
    "follow_ups": {"drafts": ["(experience, asked by the mentor) What did {1} teach you?"]},
    "recap": {
        "question": "What is a pivot table?",
        "style": "plain",
        "answer": "A pivot table sums up rows.",
        "explanation": "It changes nothing in them.",
    },
    "prep_brief": {
        "reader": "mentor",
        "lesson": "1",
        "notes": "2",
        "says": ["A pivot table sums up rows."],
        "teaching": ["Ask for one example."],
        "career": "none",
        "asks": ["(the mentee may ask this) What does {1} mean?"],
    },
}
HEAD = "---\nid: one\nversion: 1\ninputs: [a]\n---\nSystem.\n---\n"
PROBE = (
    "import socket, asyncio, sys; import coach.settings; calls = [];"
    "socket.socket.connect = lambda *a: calls.append(a);"
    "from langchain_core.runnables import RunnableLambda;"
    "asyncio.run(RunnableLambda(str).ainvoke(1)); sys.exit(len(calls))"
)


@pytest.mark.parametrize("name", PROMPTS)
def test_a_prompt_renders_as_reviewed(name: str) -> None:
    messages = load_prompt(name).render(**SHARED, **VALUES[name])
    shown = "\n\n=== request ===\n\n".join(str(message.text) for message in messages) + "\n"
    file = GOLDEN / f"{name}.txt"
    assert file.read_text(encoding="utf-8") == shown


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("no header at all", id="no header"),
        pytest.param(HEAD + "{{ b }}", id="another variable"),
        pytest.param(HEAD + "nothing", id="a surplus one"),
        pytest.param(HEAD.replace("System.", "{{ a }}") + "{{ a }}", id="in the system message"),
        pytest.param(HEAD.replace("one", "two") + "{{ a }}", id="another name"),
        pytest.param(HEAD + "{{ a ", id="no template"),
    ],
)
def test_a_damaged_prompt_is_refused(tmp_path: pathlib.Path, text: str) -> None:
    (tmp_path / "one.md.j2").write_text(text, encoding="utf-8")
    with pytest.raises(PromptFault):
        load_prompt("one", tmp_path)


def test_a_missing_or_surplus_value_is_refused() -> None:
    with pytest.raises(PromptFault):
        load_prompt("recap").render(mark="m")


def test_what_people_write_is_a_value_and_never_a_template() -> None:
    values = {**SHARED, **VALUES["recap"], "question": "{{ 7 * 7 }} {% raw %}"}
    assert "{{ 7 * 7 }} {% raw %}" in str(load_prompt("recap").render(**values)[1].text)


@pytest.mark.parametrize("switch", ["LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2"])
def test_tracing_opens_no_socket(switch: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROBE],
        env={switch: "true", "LANGSMITH_API_KEY": "x", "PATH": ""},
        check=False,
        timeout=60,
    )
    assert done.returncode == 0
