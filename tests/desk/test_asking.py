"""What we ask a customer: who asked what, by when, the answer that joins it, the chase, and what happens if none comes.

The dates are of November 2026: Ann complained on Monday the 2nd at nine; the law's day is Monday 14 December.
"""

from __future__ import annotations

import pytest
from pytest_django import Settings

from amends.desk import actions
from amends.desk.models import DutyRow, Outgoing, Provider
from amends.desk.providers import Adopted, adopt
from amends.desk.record import docket
from amends.desk.ticker import tick
from tests.desk.made import case, closed, example, london
from tests.desk.mails import answer_to, mail, take
from tests.desk.office import NOON, Office, clock
from tests.desk.test_promises import folded, of, portal, promise
from tests.desk.visitor import Page

pytestmark = pytest.mark.django_db
WANTED = "Which lamp is red? A photo helps."
HANA = actions.Actor("7", "Hana", "handler")


def asked(at: Office, **said: str) -> Page:
    """The page after Hana has asked Ann for something."""
    at.give_to("handler")
    page = at.do("ask-customer", "Send the question", **{"words": WANTED, **said})
    assert page.status == 200, page.mistakes
    return page


def goes_on(settings: Settings, iso: str) -> None:
    """It is then, and the worker has looked."""
    clock(settings, london(iso))
    tick(london(iso))


def letters(at: Office, kind: str) -> list[Outgoing]:
    return list(Outgoing.objects.filter(case=at.row, letter=kind).order_by("pk"))


def duties(at: Office) -> list[str]:
    """What the case waits for, in the words of My day."""
    return [d.what for d in DutyRow.objects.filter(case=at.row)]


@of("infinity")
def test_a_question_waits_for_its_answer_and_the_answer_joins_it_in_the_portal(
    at: Office, settings: Settings
) -> None:
    """I-information: asked on the 2nd for the 9th; Ann reads it with a box, and her answer stands beside it."""
    law, code = promise(at.row, "adr-letter").due, promise(at.row, "I-email-5").due
    page = asked(at)
    assert "Handler asked the customer for something, by Monday 9 November 2026" in page.main
    (letter,) = letters(at, "question")
    assert WANTED in " ".join(letter.text.split())
    assert "Please answer by Monday 9 November 2026." in " ".join(letter.text.split())
    assert "We will not close your complaint because you did not answer." in " ".join(letter.text.split())

    ann, mine = portal(at, at.row)
    assert "We need something from you" in mine.main
    assert "Please answer by Monday 9 November 2026" in mine.main
    assert "You can answer what we asked you" in mine.main
    mistaken = ann.press(mine, "Send this answer")
    assert mistaken.mistakes == ["Write your answer."]
    box = f"question-{folded(at.row).questions[0].id}-words"
    after = ann.press(mistaken, "Send this answer", **{box: "The second one, see the photo."})
    assert "Thank you. We have your answer." in after.words
    assert "We need something from you" not in after.main
    assert "The second one, see the photo." in after.main

    (question,) = folded(at.row).questions
    assert (question.how, question.over) == ("answered", NOON)
    assert folded(at.row).contacts[-1].id == question.contact
    assert "Answered" in at.visitor().get(at.case_at()).main
    goes_on(settings, "2026-11-10 09:00")
    assert letters(at, "question-again") == [], "who has answered is not chased"
    assert promise(at.row, "adr-letter").due == law, "the law's clock never waits"
    assert promise(at.row, "I-email-5").due == code, "nor does the code's, for the code does not say so"


@of("infinity")
def test_every_question_that_waits_stands_in_one_list_with_its_day_and_where_it_stands(
    at: Office, settings: Settings
) -> None:
    """I-information: whoever looks after everybody's cases sees on one page what customers owe an answer to."""
    mia = at.visitor("manager")
    assert "No customer owes us an answer" in mia.get(at.at("questions")).main
    asked(at)
    asked(at, words="And a photo of the socket.", answer_by="2026-11-12")
    assert at.at("questions") in mia.get(at.at("?whose=team")).links
    assert rows(mia.get(at.at("questions"))) == [
        ("Monday 9 November", WANTED, "Waiting for the answer"),
        ("Thursday 12 November", "And a photo of the socket.", "Waiting for the answer"),
    ]
    goes_on(settings, "2026-11-10 09:00")
    assert rows(at.visitor("auditor").get(at.at("questions"))) == [
        ("Thursday 12 November", "And a photo of the socket.", "Waiting for the answer"),
        ("Tuesday 17 November", WANTED, "Asked for again"),
    ]
    take(at.provider, mail("The second one.", to=answer_to(at.row)), london("2026-11-10 10:00"))
    goes_on(settings, "2026-11-10 10:05")
    page = at.visitor("manager").get(at.at("questions"))
    assert {stands for _day, _words, stands in rows(page)} == {"The customer has been in touch since"}
    assert len(rows(page)) == 2
    for question in folded(at.row).questions:
        at.do("question", "Save", what=question.id, how="not needed", words="The engineer saw it.")
    assert "No customer owes us an answer" in at.visitor("manager").get(at.at("questions")).main


def rows(page: Page) -> list[tuple[str, str, str]]:
    """By when, what we need, and where it stands, of each row of the list."""
    found = [
        [" ".join(td.text_content().split()) for td in tr.xpath("td")] for tr in page.doc.xpath("//tbody/tr")
    ]
    return [(day, words, stands) for day, words, _case, _asked, stands, *_rest in found]


@of("infinity")
def test_without_an_answer_the_desk_asks_once_more_and_then_a_person_goes_on_without(
    at: Office, settings: Settings
) -> None:
    """I-information: the 9th passes, a second letter leaves on the 10th by itself, and on the 18th we go on without."""
    asked(at)
    goes_on(settings, "2026-11-09 23:59")
    assert letters(at, "question-again") == []
    goes_on(settings, "2026-11-10 00:00")
    (again,) = letters(at, "question-again")
    assert WANTED in " ".join(again.text.split())
    assert "please answer by Tuesday 17 November 2026" in " ".join(again.text.split())
    goes_on(settings, "2026-11-12 09:00")
    assert len(letters(at, "question-again")) == 1, "once"
    refused = at.do("close", "Close the case", evidence="customer confirmed")
    assert refused.status == 422, "silence closes nothing"
    assert folded(at.row).closed is None

    goes_on(settings, "2026-11-18 09:00")
    assert (
        "No answer has come to our question: go on with what we have" in at.visitor().get(at.case_at()).main
    )
    page = at.do("question", "Save", how="not given")
    assert "Going on without an answer needs its reason" in page.words
    at.do("question", "Save", how="not given", words="The line test shows enough.")
    (question,) = folded(at.row).questions
    assert (question.how, question.chased) == ("not given", london("2026-11-10 00:00"))
    assert "No answer has come" not in at.visitor().get(at.case_at()).main
    assert folded(at.row).closed is None


@of("infinity")
def test_nobody_goes_on_without_an_answer_that_was_asked_for_once_only(at: Office) -> None:
    """A-consent, beside I-information: "no answer came" is refused before the second letter has left."""
    asked(at)
    page = at.do("question", "Save", how="not given", words="She never answers.")
    assert "The customer has been asked once only" in page.words
    assert folded(at.row).questions[0].over is None
    at.do("question", "Save", how="not needed", words="The engineer found it himself.")
    assert folded(at.row).questions[0].how == "not needed"


@of("infinity")
def test_whoever_has_written_since_is_not_chased_until_somebody_has_read_it(
    at: Office, settings: Settings
) -> None:
    """I-information: Ann's email of the 6th is looked at first; it answers nothing, so the letter of the 10th leaves."""
    asked(at)
    clock(settings, london("2026-11-06 10:00"))
    take(at.provider, mail("It is off again today.", to=answer_to(at.row)), london("2026-11-06 10:00"))
    assert folded(at.row).contacts[-1].words.startswith("It is off again today.")
    goes_on(settings, "2026-11-10 09:00")
    assert letters(at, "question-again") == []
    assert "does it answer our question?" in " ".join(duties(at))
    at.do("question", "Save", how="not yet")
    (again,) = letters(at, "question-again")
    assert WANTED in " ".join(again.text.split())


@of("infinity")
def test_a_call_that_answers_it_is_written_down_and_named(at: Office, settings: Settings) -> None:
    """I-information: the answer may come on any way; it stands which contact it was."""
    asked(at)
    clock(settings, london("2026-11-03 09:00"))
    agent = at.visitor("agent")
    page = agent.get(at.at(f"new-contact?about={at.row.reference}"))
    agent.press(page, "Save the contact", channel="phone", words="It is the second lamp.", complaint="yes")
    heard = folded(at.row).contacts[-1]
    page = at.do("question", "Save", how="answered", contact="")
    assert page.mistakes == ["Choose the contact. Write a call down first, as a new contact."]
    at.do("question", "Save", how="answered", contact=heard.id)
    (question,) = folded(at.row).questions
    assert (question.how, question.contact) == ("answered", heard.id)


@of("infinity")
def test_no_word_of_an_answer_is_lost_that_comes_when_the_question_is_over(at: Office) -> None:
    """I-information: from a second window, after a call that answered it, and once the case is closed; twice it is one."""
    asked(at)
    box = f"question-{folded(at.row).questions[0].id}-words"
    ann, mine = portal(at, at.row)
    other, window = portal(at, at.row)
    for _ in range(2):
        assert "We have your answer" in ann.press(mine, "Send this answer", **{box: "The second one."}).words
    after = other.press(window, "Send this answer", **{box: "And the third one blinks."})
    assert "We have your answer" in after.words
    assert "And the third one blinks." in after.main
    said = [c.words for c in folded(at.row).contacts if c.inbound]
    assert (said.count("The second one."), said.count("And the third one blinks.")) == (1, 1)
    assert folded(at.row).questions[0].how == "answered"
    closed(at.row, NOON)
    late = other.press(window, "Send this answer", **{box: "It is dark again."})
    assert "It is dark again." in late.main
    assert folded(at.row).closed is None, "it is not settled, they say"


@of("infinity")
def test_what_is_asked_has_words_and_a_day_to_come(at: Office) -> None:
    at.give_to("handler")
    page = at.do("ask-customer", "Send the question", words="", answer_by="2026-11-09")
    assert page.mistakes == ["Write what we need from the customer."]
    page = at.do("ask-customer", "Send the question", words=WANTED, answer_by="2026-11-02")
    assert "The day for an answer is not to come" in page.words
    assert letters(at, "question") == []


def test_a_code_may_let_its_own_time_stand_still_and_never_the_laws(settings: Settings) -> None:
    """I-information, beside A-law-clock: under a code that says so, the wait from the 3rd to the 6th is added to ours."""
    before = "    owe: reply\n    on: [email"
    after = "    owe: reply\n    stands still: while we wait for your answer\n    on: [email"
    text = example().replace(before, after, 1)
    made = adopt(text, "still.yaml", now=london("2026-11-01 09:00"), by="test", as_published=True)
    assert isinstance(made, Adopted), made
    row = case(Provider.objects.get(pk=made.provider))
    law = promise(row, "adr-letter").due
    assert promise(row, "L-email").due == london("2026-11-04 17:30")
    asked_at, answered_at = london("2026-11-03 10:00"), london("2026-11-06 10:00")
    with docket(row.pk, now=asked_at) as d:
        assert actions.ask_customer(d, d.cases[row.pk], HANA, asked_at, words=WANTED) is None
    still = promise(row, "L-email")
    assert still.paused
    assert "we wait for the customer's answer" in still.times.unknown
    assert promise(row, "adr-letter").due == law
    with docket(row.pk, now=answered_at) as d:
        hand = d.cases[row.pk]
        said = actions.NewContact(channel="email", received=answered_at, words="The second lamp.")
        contact = actions.add_contact(hand, said, actions.THE_CUSTOMER, answered_at)
        question = hand.case.questions[0].id
        assert actions.settle_question(
            hand, HANA, answered_at, question=question, how="answered", contact=contact
        ) is None  # fmt: skip
    assert promise(row, "L-email").due == london("2026-11-09 17:30"), "one working day was left, and is left"
    assert promise(row, "adr-letter").due == law
