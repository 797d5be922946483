"""What a pair agreed to keep out, and what is dropped from a note."""

import json
import time
from pathlib import Path

import pytest

from coach.coaching.boundaries import (
    Limits,
    drop_reason,
    hits_confidential,
    hits_off_limits,
    sanitise,
)
from coach.coaching.brief import Reader
from coach.knowledge.chunking import split_sentences
from coach.pairs.records import OffLimits

PAIRS = json.loads(
    (Path(__file__).parents[1] / "data/pairs/pairs.json").read_text(encoding="utf-8")
)["pairs"]

PATIENTS = "never mention patients"
DEPOTS = "no depot names in shared recap"
AMOUNTS = "no amounts in the recap"
LOANS = "loan values"
SICKNESS = "staff sickness data must not be shown"

KEPT_OUT = [
    (PATIENTS, "Post about the people who agreed, never about patients."),
    (PATIENTS, "A patient's story moved her."),
    (PATIENTS, "Patients waited for an hour."),
    (DEPOTS, "Depot North was late again."),
    (DEPOTS, "She filtered the Leeds depot."),
    (DEPOTS, "The depot in Leeds lost money."),
    (DEPOTS, "Filter depot 14 first."),
    (DEPOTS, "Leeds depot was late."),
    (AMOUNTS, "She asks for €4,000 more."),
    (AMOUNTS, "Aim at 45k."),
    (AMOUNTS, "He offered forty thousand euros."),
    (AMOUNTS, "The range is 500 to 600 dollars."),
    (LOANS, "The loan is insured for two million."),
    (LOANS, "Each picture is worth $90."),
    (SICKNESS, "Sickness was high in May."),
    (SICKNESS, "Three nurses called in sick."),
    ("no client names", "We met Acme Ltd today."),
    ("no client names", "The talk with Dr Lund went well."),
    ("no names", "We talked with Sarah about it."),
    ("the merger with Acme", "The merger is off."),
    ("never mention clients", "A client called."),
    ("Keep the budget cuts out of the notes", "Budgets shrink next year."),
    ("salary details", "Her salary was fixed in May."),
    ("patients or donors", "A donor wrote to us."),
]

LET_THROUGH = [
    (PATIENTS, "Be patient with the upload."),
    (PATIENTS, "The charity runs research days."),
    (PATIENTS, "Never share the link."),
    (DEPOTS, "Make one pivot table: depot in rows, cost in values."),
    (DEPOTS, "Build the monthly depot report with a pivot table."),
    (DEPOTS, "Rebuild September as a table and filter one depot."),
    (DEPOTS, "Drag Depot to Rows."),
    (DEPOTS, "The depot manager asked twice."),
    (DEPOTS, "We filtered twice. The depot was late."),
    (AMOUNTS, "Collect three facts about market pay."),
    (AMOUNTS, "A large amount of data needs a filter."),
    (AMOUNTS, "Move ten accounts into the password manager."),
    (LOANS, "The lenders' contracts are in the archive."),
    (LOANS, "The value of a second copy is plain."),
    (SICKNESS, "Test the form with made-up data."),
    (SICKNESS, "The staff plan is done."),
    ("no client names", "The client liked the chart."),
    ("no names", "Open Excel and drag it to Rows on Monday."),
    ("the merger with Acme", "Merge the two cells."),
    ("", "Anything may be said."),
]

DEPOTS_ES = "ningún nombre de almacén en el resumen compartido"
DEPOTS_FR = "aucun nom de dépôt dans le compte rendu partagé"
PATIENTS_DE = "niemals von Patienten sprechen oder schreiben"
ELSEWHERE = [
    (DEPOTS_ES, "El almacén Norte llegó tarde.", True),
    (DEPOTS_ES, "El informe del almacén de Zaragoza está listo.", True),
    (DEPOTS_ES, "Probar la tabla con los datos de un almacén. El almacén llegó tarde.", False),
    (DEPOTS_ES, "Queda por ver cómo se comprueba el total de la semana.", False),
    (DEPOTS_FR, "Le dépôt Nord était en retard.", True),
    (DEPOTS_FR, "Le rapport du dépôt de Lyon est dans le dossier.", True),
    (DEPOTS_FR, "Comparer les chiffres de chaque dépôt dans le tableau.", False),
    ("nombres de clientes", "Hablamos de la tabla con Acme SA.", True),
    ("nombres de clientes", "Hablamos de la tabla con una clienta.", False),
    ("ningún importe en las notas", "Pide 4.000 € más de sueldo.", True),
    ("ningún importe en las notas", "La suma de la columna está en las notas.", False),
    ("les salaires de l'équipe", "Le salaire est fixé en mai.", True),
    ("les salaires de l'équipe", "L'équipe a les données dans le tableau.", False),
    (PATIENTS_DE, "Die Patienten warten.", True),
    (PATIENTS_DE, "Von der Liste schreiben wir eine Kopie.", False),
    ("son", "Her son called.", True),
]

MERGER = OffLimits("merger talk", scope="shared")
OFF_LIMITS = [
    pytest.param(OffLimits("pay", ("pay",)), "Prepare the pay talk.", "pair", True, id="a term"),
    pytest.param(OffLimits("pay", ("pay",)), "The payload is small.", "pair", False, id="short"),
    pytest.param(OffLimits("x", ("redundanc",)), "Redundancies come.", "mentor", True, id="prefix"),
    pytest.param(OffLimits("x", ("negotiate",)), "The negotiation ran.", "pair", True, id="stem"),
    pytest.param(OffLimits("x", ("office move",)), "Our office moved.", "pair", True, id="two"),
    pytest.param(OffLimits("x", ("office move",)), "Move the office.", "pair", False, id="order"),
    pytest.param(OffLimits("politics"), "His political views differ.", "pair", True, id="no terms"),
    pytest.param(OffLimits("her divorce"), "The divorced one.", "mentee", True, id="of the text"),
    pytest.param(OffLimits("the sales team"), "The team meets.", "pair", False, id="generic word"),
    pytest.param(OffLimits("the sales team"), "Sales fell.", "pair", True, id="telling word"),
    pytest.param(OffLimits("politics"), "The file is open.", "pair", False, id="something else"),
    pytest.param(MERGER, "The merger is near.", "pair", True, id="shared, for the pair"),
    pytest.param(MERGER, "The merger is near.", "mentee", False, id="shared, for one person"),
    pytest.param(OffLimits("x", ("",)), "Anything.", "pair", False, id="an empty term"),
]


@pytest.mark.parametrize(("line", "sentence"), KEPT_OUT)
def test_what_a_line_about_confidentiality_keeps_out(line: str, sentence: str) -> None:
    assert hits_confidential(sentence, ("be kind", line))


@pytest.mark.parametrize(("line", "sentence"), LET_THROUGH)
def test_what_a_line_about_confidentiality_lets_through(line: str, sentence: str) -> None:
    assert not hits_confidential(sentence, (line,))


@pytest.mark.parametrize(("line", "sentence", "kept_out"), ELSEWHERE)
def test_a_line_is_read_in_the_language_it_is_written_in(
    line: str, sentence: str, kept_out: bool
) -> None:
    assert hits_confidential(sentence, (line,)) is kept_out


@pytest.mark.parametrize(("topic", "sentence", "reader", "hit"), OFF_LIMITS)
def test_an_off_limits_topic_is_found_for_its_reader(
    topic: OffLimits, sentence: str, reader: Reader, hit: bool
) -> None:
    assert hits_off_limits(sentence, (topic,), reader) is hit


def test_no_promise_and_no_goal_of_the_sample_pairs_is_kept_from_them() -> None:
    kept_out = {
        words
        for pair in PAIRS
        for words in [goal["text"] for goal in pair["goals"]]
        + [one["text"] for past in pair["history"] for one in past["commitments"]]
        if hits_confidential(words, tuple(pair["constraints"]["confidentiality"]))
    }
    assert kept_out == set()


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        pytest.param("I want to die and she is ill.", "crisis", id="crisis is gravest"),
        pytest.param("She is ill and so is a patient.", "sensitive", id="then what is sensitive"),
        pytest.param("Politics and patients came up.", "off_limits", id="then off-limits"),
        pytest.param("Just click on a patient.", "confidential", id="then confidential"),
        pytest.param("Just click on Save.", "lint", id="then the lint"),
        pytest.param("We saved the file.", None, id="nothing"),
    ],
)
def test_the_gravest_reason_is_named(sentence: str, reason: str | None) -> None:
    limits = Limits((OffLimits("politics"),), (PATIENTS,))
    assert drop_reason(sentence, limits) == reason


@pytest.mark.parametrize(
    ("note", "kept"),
    [
        pytest.param("We sorted. We filtered.", ["We sorted.", "We filtered."], id="all stay"),
        pytest.param(
            "We sorted. Her mother died. We filtered.",
            ["We sorted.", "We filtered."],
            id="one goes",
        ),
        pytest.param(
            "She is ill. It began in May. We filtered.",
            ["We filtered."],
            id="what leans on it goes",
        ),
        pytest.param(
            "We set it up. I want to die. The manager stayed.",
            ["We set it up."],
            id="after a crisis nothing stays",
        ),
        pytest.param("", [], id="an empty note"),
    ],
)
def test_a_note_loses_whole_sentences_and_nothing_is_masked(note: str, kept: list[str]) -> None:
    spans = sanitise(note, split_sentences(note), Limits())
    assert [note[span.start : span.end] for span in spans] == kept


@pytest.mark.parametrize(
    "text",
    [
        "",
        "😀" * 1_000,
        "漢字" * 100_000,
        "a" * 200_000,
        "Depot " * 33_000,
        "5" * 200_000,
        '"a ' * 66_000,
    ],
    ids=["empty", "emoji", "Chinese", "one word", "near misses", "digits", "quotes"],
)
def test_any_text_is_read_in_under_two_seconds(text: str) -> None:
    begun = time.process_time()
    hits_confidential(text, (PATIENTS, AMOUNTS, DEPOTS))
    hits_off_limits(text, (OffLimits("x", ("merger plan",)),), "pair")
    assert time.process_time() - begun < 2.0
