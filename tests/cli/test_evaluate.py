"""`coach evaluate`: cases judged, a report kept, two runs compared, seasons lived."""

import json
import pathlib

from coach.evaluation.cases import OUTPUTS
from tests.command_line import PAIRS, call


def test_the_pairs_of_the_demonstration_serve_where_no_file_is_named() -> None:
    done = call("evaluate")
    assert done.code == 0, done.err
    assert "14 drafts, 14 with every clause holding." in done.out.splitlines()


def test_a_report_is_kept_and_the_next_run_is_compared_with_it(tmp_path: pathlib.Path) -> None:
    report = tmp_path / "reports" / "one.json"
    first = call("evaluate", PAIRS, "--minutes", "30", "--minutes", "45", "--report", str(report))
    assert first.code == 0, first.out
    kept = json.loads(report.read_text(encoding="utf-8"))
    assert len(kept["results"]) == 12 * 5 + 11
    assert {one["output"] for one in kept["results"]} == set(OUTPUTS)
    briefs = [one for one in kept["results"] if one["output"].startswith("prep")]
    counted = [one["held"] + len(one["not_applicable"]) + len(one["broken"]) for one in briefs]
    assert counted == [12] * 24
    again = call("evaluate", PAIRS, "--against", str(report), "--format", "json")
    changes = again.json["differences"]
    assert {one["output"] for one in changes} == set(OUTPUTS)
    (recap,) = (c for c in changes if (c["output"], c["score"]) == ("recap", "score"))
    assert recap["before"] == recap["after"]
    assert (recap["low"], recap["high"]) == (0.0, 0.0)


def test_seasons_are_lived_by_script() -> None:
    done = call("evaluate", PAIRS, "--suite", "season", "--seasons", "2", "--format", "json")
    assert done.code == 0, done.out
    assert done.json["seasons"] == 2
    assert done.json["findings"] == []
    text = call("evaluate", "--suite", "season", "--seasons", "1")
    assert text.out.startswith("1 season of 8 sessions, 8 agendas: promises 0")


def test_what_is_no_report_is_refused_in_one_sentence(tmp_path: pathlib.Path) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text("[]", encoding="utf-8")
    for file, said in ((bad, "is no report of"), (tmp_path / "none.json", "cannot be read")):
        done = call("evaluate", "--against", str(file))
        assert done.code == 2
        assert said in done.err
    done = call("evaluate", "--report", str(bad / "below"))
    assert (done.code, "cannot be written" in done.err) == (2, True)
