"""Sentences that cannot stand alone, and outcomes one can see."""

import time

import pytest

from coach.coaching.boundaries import dangling_opener, is_observable
from coach.knowledge.adding import markdown_in
from coach.knowledge.chunking import split_sentences
from coach.shipped import shipped

DANGLING = [
    "This also works on a phone.",
    "This means the total is right.",
    "That is why the copy matters.",
    "These help you to find the file.",
    "Those are safe.",
    "It then opens the folder.",
    "It is in the menu.",
    "It’s at the top.",
    "They fill in the form.",
    "She showed the table.",
    "However, the total is wrong.",
    "As above, choose Group.",
    "Therefore keep two copies.",
    "Also check the date.",
    "Then choose Months.",
    "And save the file.",
    "But ask first.",
    "Such tables are long.",
    "The latter is safer.",
    "Both are safe.",
    "To do this, open the menu.",
    "For example, name the file by date.",
    "If this happens, undo it.",
    "Because of this, ask twice.",
    "Pero la suma no era correcta.",
    "Por eso pidió otra copia.",
    "Donc la copie est ailleurs.",
    "Elles sont dans le dossier.",
    "“This is the one.”",
    "Their answer surprised us.",
    "Another reason is time.",
    "Otherwise the copy is lost.",
    "So choose the second.",
]
STANDING = [
    "Esta tabla tiene una fila de más.",
    "La page montre deux tableaux, mais pas le total.",
    "This form has five fields.",
    "That button saves the file.",
    "These three steps take a minute.",
    "Those folders are shared.",
    "It helps to name the file first.",
    "It is worth asking twice.",
    "It is best to keep two copies.",
    "It takes ten minutes to set up.",
    "It pays to wait.",
    "It is wise to ask who can see the folder.",
    "A filter hides rows but SUM still counts them.",
    "So that nobody is surprised, tell them first.",
    "Both people write down one promise.",
    "Besides the owner, two people can edit.",
    "IT staff can reset the account.",
    "Instead of copying figures, refresh the table.",
    "Still images need less space.",
    "The same folder can be shared twice.",
    "Thank the person who helped.",
    "Theory comes later.",
    "Item numbers stay.",
    "Andrea opens the file.",
    "One step at a time is enough.",
    "",
    "漢字",
]
OBSERVABLE = [
    "The mentee has grouped one pivot table by month.",
    "You can both see two promises written down.",
    "The mentee explains the filter in own words.",
    "Each of you names one thing to change.",
    "The first passkey is created and tested.",
    "The mentee undid one commit.",
    "A date is chosen.",
    "The mentor rehearsed the opening sentence.",
    "One question answered from memory.",
]
HIDDEN = [
    "Understand pivot tables.",
    "The mentee knows about passkeys.",
    "Learn about the cloud.",
    "Be aware of the risks.",
    "The mentee is familiar with filters.",
    "Feel confident with posts.",
    "The mentor appreciates the budget cycle.",
    "More clarity.",
    "",
    "The mentee shows the table and understands it.",
]


@pytest.mark.parametrize("sentence", DANGLING)
def test_an_opener_without_its_noun_dangles(sentence: str) -> None:
    assert dangling_opener(sentence)


@pytest.mark.parametrize("sentence", STANDING)
def test_a_sentence_with_its_own_noun_stands(sentence: str) -> None:
    assert not dangling_opener(sentence)


@pytest.mark.parametrize("outcome", OBSERVABLE)
def test_an_outcome_one_can_see_is_observable(outcome: str) -> None:
    assert is_observable(outcome)


@pytest.mark.parametrize("outcome", HIDDEN)
def test_an_outcome_inside_a_head_is_not(outcome: str) -> None:
    assert not is_observable(outcome)


def test_most_sentences_of_the_library_stand_alone() -> None:
    said = [
        text[span.start : span.end]
        for text in (path.read_text(encoding="utf-8") for path in markdown_in(shipped("knowledge")))
        for span in split_sentences(text)
    ]
    dangling = [sentence for sentence in said if dangling_opener(sentence)]
    assert len(dangling) < 0.1 * len(said)


@pytest.mark.parametrize("text", ["it " * 66_000, "this " * 40_000, "a" * 200_000, "😀" * 1_000])
def test_any_text_is_read_in_under_two_seconds(text: str) -> None:
    begun = time.process_time()
    dangling_opener(text)
    is_observable(text)
    assert time.process_time() - begun < 2.0
