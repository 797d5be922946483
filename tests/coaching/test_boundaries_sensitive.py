"""Crisis, sensitive matters and topics with company risk."""

import json
import time
from pathlib import Path

import pytest

from coach.coaching.boundaries import company_risk, is_crisis, is_sensitive
from coach.knowledge.adding import markdown_in
from coach.knowledge.chunking import split_sentences
from coach.shipped import shipped

PAIRS = json.loads(
    (Path(__file__).parents[1] / "data/pairs/pairs.json").read_text(encoding="utf-8")
)["pairs"]

CRISIS = [
    "I do not see the point of going on, I think about ending it.",
    "I don’t see the point of going on.",
    "I think about ending it.",
    "She said they would be better off without me.",
    "Everyone would be better off without her, he said.",
    "What's the point of living?",
    "There is no point in going on.",
    "I want to die.",
    "He said he wants to disappear.",
    "I can't go on like this.",
    "I just can't go on.",
    "I can't do this any more.",
    "She told me she thought about killing herself.",
    "He talked about suicide.",
    "She has suicidal thoughts.",
    "I want to end my life.",
    "He wants to end it all.",
    "Sometimes I think about not waking up. I hope I never wake up.",
    "I wish I was dead.",
    "I wish I had never been born.",
    "Nobody would notice if I was gone.",
    "Who would even miss me?",
    "My life is not worth living.",
    "Life has become pointless, she said.",
    "I have nothing left to live for.",
    "I am tired of living.",
    "I am a burden to everyone.",
    "I feel like a burden.",
    "You won't have to worry about me much longer.",
    "I won't be here much longer.",
    "He took too many pills on Sunday.",
    "She has started to self-harm again.",
    "He cuts himself when it gets bad.",
    "I could jump off a bridge.",
    "I thought about driving my car into a wall.",
    "I don't want to be here any more.",
    "I do not want to live.",
    "It would be easier for them if I was dead.",
    "She lost the will to live.",
    "I want it all to stop; I want it to be over, make it all stop.",
    "He sees no reason to live.",
    "Ich will nicht mehr leben.",
    "Dice que no quiere vivir.",
    "I just want to end it.",
    "I've been thinking it would be simpler not to be around.",
    "Some days I just want it all to go away, me included.",
    "He wrote letters to say goodbye to his kids.",
    "I don't think I will make it to Christmas, and I don't want to.",
    "She said there's nothing here for her any more.",
    "I keep thinking about the bridge.",
    "I have a plan and the pills are ready.",
    "What's the use of living like this.",
    "They'd cope better if I were gone.",
    "He told me he had tried to take his own life.",
    "I can't see a way forward for me, I'd rather not wake up.",
    "I'm done. I want out of this life.",
    "Life isn't for me any more.",
    "She hurts herself.",
    "I feel like ending everything.",
    "I'd be better off dead.",
    "Nobody would care if I died.",
    "No one needs me; I should just go.",
    "I have been having thoughts of ending my life.",
    "He googled ways to die.",
]

NO_CRISIS = [
    "This deadline is killing me.",
    "Kill the process and start it again.",
    "We talked about the contract and about ending it.",
    "The subscription renews in May; think about ending it before.",
    "We plan on ending it at five.",
    "There is no point in going on with the old report.",
    "Which e-mails would nobody miss?",
    "The point of going on site is to see the store.",
    "The server process killed itself.",
    "I want to live in Leeds.",
    "I could die of embarrassment.",
    "The mentor wants the icon to disappear from the list.",
    "We ended the session early.",
    "How do I make the alerts stop?",
    "She cannot go on Thursday.",
    "The team is better off with a shared folder.",
    "She will not be here next week.",
    "What is the point of this chart?",
    "He jumped into the new tool.",
    "The export died after two minutes.",
    "I can't do this any more since the update moved the button.",
    "He lost the thread and started again.",
    "Mentor's evenings are blocked by a project lead; mentee offered to rehearse the talk.",
    "Tell the story of a failure and what it taught you.",
    "We cut ourselves off from the old list.",
    "Life is busy.",
    "The budget is a burden shared by two teams.",
    "She took all the tablets out of the cupboard for the update.",
    "Nobody would notice the change.",
    "He hangs his coat up himself.",
    "We can't go on without the licence.",
]

SENSITIVE = [
    "She is off sick with stress.",
    "He was diagnosed with cancer.",
    "Her pregnancy is not known in the team.",
    "He is getting divorced.",
    "My mother died in spring.",
    "She lost her husband last year.",
    "He has a drinking problem.",
    "She is in therapy.",
    "He had a panic attack before the talk.",
    "She feels burnt out.",
    "He is close to burn-out.",
    "The director told her about redundancies in the north.",
    "Forty people will be made redundant.",
    "The merger with Acme is not announced.",
    "Keep this to yourself until spring.",
    "The board plans to close the depot.",
    "He plans to resign in June.",
    "She is looking for another job.",
    "He told me in confidence what happens next.",
    "A colleague harassed her.",
    "He threatened to hurt her.",
    "His debts are a problem.",
    "She came out as gay.",
    "There is a disciplinary against him.",
    "They will lay off half the team.",
    "She burst into tears.",
    "Staff sickness was high in May.",
    "My daughter is in hospital.",
    "He's seeing a marriage counsellor.",
    "Her scan came back positive.",
    "The CFO is leaving and it's not out yet.",
    "We may sell the Leeds division.",
    "She had an operation on her knee.",
    "His son was arrested.",
    "He is on antidepressants.",
    "The board will cut a third of the team.",
    "She is trying for a baby.",
    "He's behind with his rent.",
    "There may be a reorganisation in spring, nobody is to know.",
    "Her ex-husband keeps calling.",
    "He got a warning from HR.",
    "She takes pills to sleep.",
    "They plan to outsource the help desk.",
]

HARMLESS = [
    "Merge the two cells.",
    "We merged the branch.",
    "Redundancy of backups keeps the archive safe.",
    "Mentee is afraid of sounding boastful.",
    "Mentee noticed that the mentor answers mails at midnight.",
    "Mentee said clearly: tired is a sign, not a failure.",
    "The event was fired twice.",
    "Dismiss the message and go on.",
    "An account takeover begins with a fake page.",
    "The phone died during the session.",
    "The button is disabled.",
    "I am sick of copying figures.",
    "Diagnose the fault with the log.",
    "The technical debt grows.",
    "She restructured the table.",
    "Acquire the licence first.",
    "The hospital charity runs two accounts.",
    "What is said here stays between the two of you.",
    "Check the health of the system each week.",
    "He separated the columns.",
    "Talk to the colleague who rewrites my work.",
    "We closed the file and the window.",
    "Protect two evenings a week.",
    "They split the group in two.",
]

RISK = [
    "Write a prompt for the assistant",
    "Use AI tools for minutes",
    "Create a passkey for the work account",
    "Use a password manager",
    "Share a folder with the board",
    "Decide where the archive lives in the cloud",
    "Upload the customer list",
    "Test the form with real data",
    "Recognise a fake sign-in page",
]

NO_RISK = [
    "Group a pivot table by month",
    "Write a profile and one post a week",
    "Reply promptly to comments",
    "Take the audience into account",
    "Undo a commit",
    "Speak at a conference",
    "Prepare the pay talk",
]


@pytest.mark.parametrize("sentence", CRISIS, ids=CRISIS)
def test_a_statement_of_possible_self_harm_is_recognised(sentence: str) -> None:
    assert is_crisis(sentence)
    assert is_sensitive(sentence)


@pytest.mark.parametrize("sentence", NO_CRISIS, ids=NO_CRISIS)
def test_an_idiom_or_a_contract_is_no_crisis(sentence: str) -> None:
    assert not is_crisis(sentence)


@pytest.mark.parametrize("sentence", SENSITIVE, ids=SENSITIVE)
def test_private_and_unannounced_matters_are_sensitive(sentence: str) -> None:
    assert is_sensitive(sentence)
    assert not is_crisis(sentence)


@pytest.mark.parametrize("sentence", HARMLESS, ids=HARMLESS)
def test_everyday_work_is_not_sensitive(sentence: str) -> None:
    assert not is_sensitive(sentence)


@pytest.mark.parametrize("topic", RISK, ids=RISK)
def test_tools_data_and_accounts_ask_for_a_line_on_safe_use(topic: str) -> None:
    assert company_risk(topic)


@pytest.mark.parametrize("topic", NO_RISK, ids=NO_RISK)
def test_other_topics_ask_for_none(topic: str) -> None:
    assert not company_risk(topic)


def test_of_all_notes_of_the_sample_pairs_only_the_one_statement_is_held_back() -> None:
    held = {
        (pair["id"], sentence)
        for pair in PAIRS
        for session in pair["history"]
        for sentence in sentences(session["notes"])
        if is_sensitive(sentence)
    }
    assert {name for name, _ in held} == {"X08"}
    assert len(held) == 1


def test_no_sentence_of_the_shipped_library_reads_as_a_crisis() -> None:
    said = [
        sentence
        for path in markdown_in(shipped("knowledge"))
        for sentence in sentences(path.read_text(encoding="utf-8"))
        if is_crisis(sentence)
    ]
    assert said == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("😀" * 1_000, id="emoji only"),
        pytest.param("漢字かな交じり文。" * 22_000, id="Japanese"),
        pytest.param("a" * 200_000, id="one long word"),
        pytest.param("i think about it " * 12_000, id="near misses"),
        pytest.param("nobody would " * 16_000, id="openers"),
    ],
)
def test_any_text_is_read_in_under_two_seconds(text: str) -> None:
    begun = time.process_time()
    assert not is_sensitive(text)
    assert not company_risk(text)
    assert time.process_time() - begun < 2.0


def sentences(text: str) -> list[str]:
    return [text[span.start : span.end] for span in split_sentences(text)]
