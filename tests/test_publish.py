"""Promises of the published code: it is made from the clauses that run, the law stands beside it, nothing is lost."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.core.build import build
from amends.core.code import Code, Period
from amends.core.letters.blocks import Details, Heading, Paragraph, clean
from amends.core.letters.letter import Letter
from amends.core.publish.around import Around, Edition, Offer
from amends.core.publish.as_blocks import APPLIES_TODAY, blocks, title
from amends.core.publish.as_json import as_json
from amends.core.publish.changes import changes, runs
from amends.core.publish.json_schema import json_schema
from amends.core.publish.markup import Html, joined, tag
from amends.core.publish.page import fragment
from amends.core.publish.parts import dates_in_force, in_short
from amends.core.publish.press import publish
from amends.core.publish.published import ChangeKind, PublishedCode, Standing
from amends.core.publish.ways import leads_to
from amends.core.schemes import Membership
from amends.core.source import MappingNode, read
from amends.law import calendars, law
from tests import html_pages
from tests.keeps_to import breaches

CODES = Path(__file__).parent.parent / "amends" / "codes"
REAL = ("opus", "netfuse", "netservers", "infinity", "focus-group")
ALL = (*REAL, "example")
TODAY = date(2026, 11, 22)
OMBUDSMAN = (Membership("communications-ombudsman", date(2023, 7, 1)),)
CISAS = (Membership("cisas", date(2020, 1, 1)),)


def text_of(name: str) -> str:
    return (CODES / f"{name}.yaml").read_text(encoding="utf-8")


def compiled(text: str) -> tuple[Code, MappingNode]:
    code, problems = build(text, "code.yaml")
    source, _ = read(text, "code.yaml")
    assert code is not None, [p.message for p in problems]
    assert isinstance(source, MappingNode)
    return code, source


def made(
    text: str,
    on: date = TODAY,
    memberships: tuple[Membership, ...] = (),
    before: str = "",
    next_from: date | None = None,
) -> PublishedCode:
    code, source = compiled(text)
    return publish(
        code, source, law(), on, calendar=calendars()[code.nation], memberships=memberships,
        previous=compiled(before)[0] if before else None, next_from=next_from,
    )  # fmt: skip


def html(code: PublishedCode, around: Around | None = None) -> html_pages.Element:
    root, wrong = html_pages.read(fragment(code, around or Around()))
    assert wrong == []
    html_pages.fragment(root)
    return root


def words(code: PublishedCode) -> str:
    """The whole code as one line of plain text."""
    return " ".join(Letter("code", title(code), blocks(code)).text().split())


def today(code: PublishedCode, clause: str) -> str:
    return " ".join(note.text for found in code.clauses if found.id == clause for note in found.today)


def test_no_line_of_the_page_ends_within_a_number_or_a_date() -> None:
    page = str(fragment(made(text_of("focus-group")), Around()))
    assert "0330\u00a0024\u00a02000" in page
    assert "Accounts (0330\u00a0024\u00a02009)" in page
    assert "1\u00a0October\u00a02018" in page
    assert 'href="tel:03300242000"' in page
    assert "\u00a0" not in words(made(text_of("focus-group"))), "Braille and voices have their own ways"


# --- Nothing is lost ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ALL)
def test_every_clause_is_on_the_page_under_its_id_with_its_words(name: str) -> None:
    code, _ = compiled(text_of(name))
    root = html(made(text_of(name)))
    shown = {
        element.get("id"): element for element in root.all("div") if "code-clause" in element.get("class")
    }
    assert list(shown) == [clause.id for clause in code.clauses]
    for clause in code.clauses:
        for part in (clause.says, clause.heading, clause.unknown):
            assert " ".join(part.split()) in shown[clause.id].text


@pytest.mark.parametrize("name", ALL)
def test_every_clause_contact_and_stage_is_in_the_blocks_that_the_other_formats_are_made_from(
    name: str,
) -> None:
    code, _ = compiled(text_of(name))
    said = words(made(text_of(name)))
    for part in (
        *(clause.says or clause.unknown for clause in code.clauses),
        *(stage.role for stage in code.stages),
        *(point.value for point in code.contacts),
    ):
        assert " ".join(part.split()).lower() in said.lower()


@pytest.mark.parametrize("name", ALL)
def test_contents_name_every_section_in_reading_order(name: str) -> None:
    published = made(text_of(name))
    root = html(published)
    contents = next(nav for nav in root.all("nav"))
    linked = [link.text for link in contents.all("a")]
    sections = [section.title for section in published.sections]
    assert [each for each in linked if each in sections] == [" ".join(s.split()) for s in sections]
    headings = [heading.text for heading in root.all("h2")]
    assert headings == ["In short", "Contents", *linked]
    listed = [block.text for block in blocks(published) if isinstance(block, Heading)]
    assert listed == ["Contents", "In short", *linked]


def test_a_gap_in_the_document_is_shown_as_one_and_not_filled_in() -> None:
    clause = next(e for e in html(made(text_of("netservers"))).all("div") if e.get("id") == "S-adr-limits")
    assert (
        "Left empty in the document. The document announces what the Ombudsman cannot deal with"
        in clause.text
    )


@pytest.mark.parametrize("name", REAL)
def test_a_code_that_was_taken_from_a_document_says_so_before_anything_else(name: str) -> None:
    published = made(text_of(name))
    root = html(published)
    head = next(root.all("header"))
    assert "not endorsed by the provider" in head.text
    first = [block.text for block in blocks(published)[:3] if isinstance(block, Paragraph)]
    assert any("not endorsed by the provider" in text for text in first)


def test_a_provider_s_own_code_has_no_such_note() -> None:
    assert "endorsed" not in words(made(text_of("example")))


# --- The page and the clocks cannot disagree ------------------------------------------------------------------------


@pytest.mark.parametrize("name", ALL)
def test_every_period_shown_is_that_of_the_promise_that_runs(name: str) -> None:
    code, _ = compiled(text_of(name))
    root = html(made(text_of(name)))
    shown: dict[str, list[str]] = {}
    for clause in root.all("div"):
        if "code-clause" in clause.get("class"):
            lines = [p for p in clause.all("p") if p.get("class") == "code-when"]
            shown[clause.get("id")] = [next(p.all("strong")).text for p in lines]
    weeks = law().adr_period.on(TODAY).value
    for promise in code.promises:
        late = str(promise.owe) == "ADR letter" and promise.within and promise.within.amount * 7 > weeks
        if promise.within and not late:
            assert f"Within {promise.within}" in shown[promise.clause]
        elif late:
            assert not any(str(promise.within) in line for line in shown[promise.clause])
    promised = [p for p in code.promises if p.within or p.every]
    assert sum(map(len, shown.values())) == len(promised) - sum(
        str(p.owe) == "ADR letter" and p.within is not None for p in promised
    )


def test_another_period_in_the_file_is_another_period_on_the_page_whatever_the_words_say() -> None:
    text = text_of("example").replace("within: 15 working days", "within: 9 working days")
    rows = {row.what: row.by_when for row in in_short(made(text))}
    assert rows["You have our answer"] == "within 9 working days"
    assert "By when: within 9 working days of your complaint reaching us" in words(made(text))


def test_updates_that_are_agreed_are_told_so_and_others_by_their_rhythm() -> None:
    opus = {row.what: row.by_when for row in in_short(made(text_of("opus")))}
    assert opus["We tell you how your complaint stands"] == "as often as you agree with your case handler"
    example = {row.what: row.line for row in in_short(made(text_of("example")))}
    assert example["We tell you how your complaint stands"].endswith(
        "every 5 working days from your case handler’s first contact"
    )


def test_channels_and_exceptions_of_a_promise_are_told() -> None:
    example = {row.what: row.counted for row in in_short(made(text_of("example")))}
    assert (
        example["We answer your email, web form or chat message"]
        == "of your email, web form or chat message reaching us"
    )
    assert example["We call you back"] == (
        "of your complaint reaching us by phone, unless it is settled in your first call or message"
    )


# --- What applies today ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["opus", "netfuse", "infinity"])
def test_eight_weeks_are_overtaken_by_six_beside_the_clause(name: str) -> None:
    clause = {"opus": "O-8-weeks", "netfuse": "N-8-weeks", "infinity": "I-8-weeks"}[name]
    published = made(text_of(name))
    assert (
        "6 weeks after we first received your complaint, if we received it on or after 8 April 2026"
        in today(published, clause)
    )
    box = next(e for e in html(published).all("div") if e.get("id") == clause)
    assert APPLIES_TODAY in box.text
    assert "8 weeks" in box.text, "the code's own words stand"


def test_before_the_new_rule_eight_weeks_are_right_and_nothing_is_said_of_them() -> None:
    assert today(made(text_of("netfuse"), date(2026, 4, 7)), "N-8-weeks") == ""
    assert "6 weeks" in today(made(text_of("netfuse"), date(2026, 4, 8)), "N-8-weeks")


def test_while_an_earlier_complaint_can_still_run_its_eight_weeks_are_told() -> None:
    keeps = "before that day keeps its 8 weeks"
    assert keeps in today(made(text_of("netfuse"), date(2026, 6, 2)), "N-8-weeks")
    assert keeps not in today(made(text_of("netfuse"), date(2026, 6, 3)), "N-8-weeks")
    early = made(text_of("example"), date(2026, 6, 2)).right
    assert early
    assert early.before == "8 weeks"


def test_a_retired_name_and_old_details_get_the_present_ones() -> None:
    note = today(made(text_of("infinity")), "I-scheme")
    assert "Ombudsman Services: Communications is now called the Communications Ombudsman." in note
    assert "by phone on 0330 440 1614 and by email at enquiry@commsombudsman.org" in note
    netfuse = today(made(text_of("netfuse")), "N-scheme")
    assert "020 7520 3814" in netfuse
    assert "cisas@cedr.com" in netfuse
    assert "100 St Paul's Churchyard" in netfuse


@pytest.mark.parametrize("name", ALL)
def test_what_applies_today_stands_beneath_the_words_that_the_law_has_overtaken(name: str) -> None:
    for clause in made(text_of(name)).clauses:
        assert clause.says or not clause.today
        assert clause.says or clause.unknown, f"{clause.id} would be a name without words"


def test_a_scheme_that_the_law_has_overtaken_is_shown_as_the_file_has_it() -> None:
    says = {
        clause.id: clause.says
        for name in ("netservers", "netfuse", "infinity", "example")
        for clause in made(text_of(name)).clauses
    }
    assert says["S-scheme"].split("\n") == [
        "Ombudsman Services: Communications", "Phone: 0330 440 1614",
        "Email: osenquiries@os-communications.org", "Post: PO Box 730, Warrington, WA4 6WU",
    ]  # fmt: skip
    assert says["N-scheme"].split("\n\n") == [
        "For complaints that we could not settle, CISAS offers our customers a free and independent service.",
        "Website: www.cisas.org.uk\nPhone: 0207 520 3827\nEmail: info@cisas.org.uk\nPost: 70 Fleet Street, London, EC4Y 1EU",
    ]
    assert "\nFax: 0330 440 1615" in says["I-scheme"]
    assert "Phone" not in says["L-scheme"], "what is right stands further down, once"
    page = html(made(text_of("netservers")))
    (clause,) = [element for element in page.all("div") if element.get("id") == "S-scheme"]
    assert clause.text.index("osenquiries@os-communications.org") < clause.text.index(APPLIES_TODAY)
    assert not [link for link in clause.all("a") if "osenquiries" in link.get("href")], "nobody writes there"


def test_an_address_under_a_heading_of_its_own_stands_beneath_it() -> None:
    says = next(clause.says for clause in made(text_of("netservers")).clauses if clause.id == "S-letter-to")
    assert says == "Post: Complaints Manager, Netservers Ltd., 21 Signet Court, Cambridge CB5 8LA"


def test_a_regulator_in_a_scheme_s_place_is_told_apart_from_the_scheme() -> None:
    note = today(made(text_of("opus"), memberships=OMBUDSMAN), "O-8-weeks")
    assert "Ofcom is the regulator; it decides no individual complaints." in note
    assert "can go to the Communications Ombudsman" in note


def test_the_window_is_the_law_s_and_without_a_letter_there_is_no_last_day() -> None:
    note = today(made(text_of("infinity")), "I-window")
    assert "12 months from our letter" in note
    assert "there is no last day" in note


def test_a_letter_that_must_be_asked_for_is_sent_unasked() -> None:
    text = text_of("example").replace("sent: sent without being asked", "sent: on request")
    assert "You need not ask for this letter" in today(made(text), "L-deadlock")


def test_a_code_that_names_no_time_gets_it_from_the_law() -> None:
    assert "6 weeks after" in today(made(text_of("netservers")), "S-last-step")


def test_a_revoked_rule_is_told() -> None:
    assert "lettered A to C" in today(made(text_of("focus-group")), "F-marketing")


def test_another_scheme_than_the_provider_s_own_is_told_and_its_details_are_not() -> None:
    note = today(made(text_of("infinity"), memberships=CISAS), "I-scheme")
    assert "Our scheme is CISAS." in note
    assert "0330" not in note


def test_the_model_code_needs_no_correction() -> None:
    published = made(text_of("example"), memberships=OMBUDSMAN)
    assert all(clause.today == () for clause in published.clauses)
    assert f"{APPLIES_TODAY}:" not in words(published)
    assert not [e for e in html(published).all("div") if e.get("class") == "code-today"]


def test_what_no_source_was_seen_for_is_never_told_as_the_law() -> None:
    text = text_of("example").replace("phone: 0330 440 1614", "phone: 01925 430049")
    assert today(made(text), "L-scheme") == ""


# --- The scheme of the day ------------------------------------------------------------------------------------------


def test_the_recorded_scheme_alone_is_named_and_without_a_record_both() -> None:
    own = made(text_of("opus"), memberships=CISAS).right
    assert own
    assert [scheme.named for scheme in own.schemes] == ["CISAS"]
    either = made(text_of("netfuse")).right
    assert either
    assert [scheme.named for scheme in either.schemes] == ["CISAS", "the Communications Ombudsman"]
    assert "The one that this code names is CISAS" in words(made(text_of("netfuse")))


def test_the_scheme_s_powers_and_limits_stand_on_the_page() -> None:
    said = words(made(text_of("opus"), memberships=CISAS))
    assert "It can award you up to £10,000." in said
    assert "complaints about fraud" in said
    assert "we must do what it says within 20 working days" in said


def test_a_code_that_is_silent_still_has_the_right_beside_it() -> None:
    published = made(text_of("focus-group"))
    assert published.right
    assert not published.right.stated
    assert "This code does not speak of it, and it is your right all the same." in words(published)
    assert "not settled 6 weeks after we first received it" in words(published)


def test_a_code_that_promises_less_time_is_held_to_it() -> None:
    text = text_of("example").replace("after: 6 weeks", "after: 4 weeks")
    right = made(text).right
    assert right
    assert (right.after, right.since, right.before) == ("4 weeks", None, "")


def test_on_a_day_for_which_the_law_is_not_known_nothing_is_guessed() -> None:
    long_ago = made(text_of("opus"), date(1999, 1, 1))
    assert long_ago.right is None
    assert all(clause.today == () for clause in long_ago.clauses)
    html(long_ago)
    early = made(text_of("opus"), date(2012, 1, 1)).right
    assert early
    assert (early.after, early.schemes) == ("8 weeks", ())
    html(made(text_of("opus"), date(2012, 1, 1)))


# --- People, ways, hours --------------------------------------------------------------------------------------------


def test_the_people_to_turn_to_stand_on_the_page_with_how_to_reach_them() -> None:
    root = html(made(text_of("example")))
    steps = next(e for e in root.all("ol") if e.get("class") == "code-steps")
    assert [next(step.all("strong")).text for step in steps.all("li")] == [
        "Customer care team", "Customer Care Lead", "Operations Director",
    ]  # fmt: skip
    assert "mailto:director@larkfield.example" in [link.get("href") for link in steps.all("a")]
    assert "We answer you in writing within 5 working days of your asking for this step." in steps.text


def test_a_trade_body_is_told_apart_from_a_scheme() -> None:
    said = words(made(text_of("netservers")))
    assert "A trade body, and no approved scheme." in said


def test_stages_without_words_of_their_own_are_shown_all_the_same() -> None:
    text = re.sub(
        r"(?s)\nstages:.*?\nclosing:",
        "\nstages:\n  - service team\n  - The Director\n\nclosing:",
        text_of("opus"),
    )
    root = html(made(text))
    assert "Who deals with your complaint" in [h.text for h in root.all("h2")]
    assert "The Director" in [strong.text for strong in root.all("strong")]


def test_what_is_offered_and_not_given_is_said() -> None:
    assert "Offered, but the document gives none." in words(made(text_of("netservers")))


@pytest.mark.parametrize(
    ("written", "leads"),
    [
        ("020 8545 8200", "tel:02085458200"),
        ("+44 20 8545 8200", "tel:+442085458200"),
        ("a@b.example", "mailto:a@b.example"),
        ("www.opus-telecoms.co.uk", "https://www.opus-telecoms.co.uk"),
        ("https://larkfield.example/chat", "https://larkfield.example/chat"),
        ("Complaints, 4 Mill Lane", ""),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("020 7981 3040 or 0845 456 3040", ""),
        ('x.example/"onclick="a', ""),
        ("", ""),
    ],
)
def test_a_press_leads_only_where_an_address_is_plain(written: str, leads: str) -> None:
    assert leads_to(written) == leads


def test_hours_stand_in_words_and_for_a_script_to_read() -> None:
    root = html(made(text_of("opus")))
    phone = next(e for e in root.all("dd") if "020 8545 8200" in e.text)
    assert "Monday to Friday 8:30 am to 5:30 pm, not on bank holidays." in phone.text
    mark = next(e for e in phone.all("strong") if e.get("data-week"))
    assert mark.get("data-week") == "[[[510,1050]],[[510,1050]],[[510,1050]],[[510,1050]],[[510,1050]],[],[]]"
    assert "hidden" in mark.attributes
    assert mark.text == "", "without a script nothing is claimed"
    days = next(e for e in root.all("dl") if e.get("data-holidays"))
    assert "2026-12-25" in days.get("data-holidays").split()
    assert "2026-08-31" not in days.get("data-holidays"), "what is past is of no use"


def test_a_server_says_itself_what_is_open() -> None:
    root = html(made(text_of("opus")), Around(open_now={"020 8545 8200": "Open now"}))
    assert "Open now" in next(e for e in root.all("dd") if "020 8545 8200" in e.text).text


# --- Versions and what changed --------------------------------------------------------------------------------------

OLDER = (
    text_of("example")
    .replace("version: July 2026", "version: 2024")
    .replace("in force from: 1 July 2026", "in force from: 1 March 2024")
    .replace("within 15 working days", "within 20 working days")
    .replace("within: 15 working days", "within: 20 working days")
    .replace("Saturday 09:00-17:00", "Saturday 10:00-16:00")
    .replace("  - id: L-whom", "  - id: L-gone\n    says: An old clause.\n  - id: L-whom")
)


def test_what_changed_is_told_clause_by_clause() -> None:
    since = made(text_of("example"), before=OLDER).since
    assert since
    assert since.version == "2024"
    told = {change.clause or change.about: change for change in since.changes}
    assert set(told) == {"L-outcome", "L-gone", "Opening hours: helpline"}
    assert told["L-outcome"].kind is ChangeKind.CHANGED
    assert "within 20 working days" in told["L-outcome"].before
    assert "within 15 working days" in told["L-outcome"].now
    assert told["L-gone"].kind is ChangeKind.REMOVED
    assert told["Opening hours: helpline"].before.endswith(
        "Saturday 10 am to 4 pm; not on bank holidays"
    ) or ("10 am to 4 pm" in told["Opening hours: helpline"].before)


def test_a_promise_that_changes_in_silence_is_a_change() -> None:
    text = text_of("example").replace("within: 15 working days", "within: 9 working days")
    (change,) = changes(compiled(text_of("example"))[0], compiled(text)[0])
    assert change.clause == "L-outcome"
    assert "within 9 working days" in change.now


def test_white_space_is_no_change_and_a_version_without_changes_says_so() -> None:
    text = text_of("example").replace("This code tells you how", "This code\n      tells you  how")
    published = made(text, before=text_of("example"))
    assert published.since
    assert published.since.changes == ()
    assert "Nothing that a customer reads has changed" in words(published)


@pytest.mark.parametrize("name", ALL)
def test_no_code_differs_from_itself(name: str) -> None:
    code, _ = compiled(text_of(name))
    assert changes(code, code) == ()


def test_a_change_shows_both_versions_with_what_differs_marked() -> None:
    root = html(made(text_of("example"), before=OLDER))
    assert "20" in " ".join(e.text for e in root.all("del"))
    assert "15" in " ".join(e.text for e in root.all("ins"))
    labels = [
        row
        for block in blocks(made(text_of("example"), before=OLDER))
        if isinstance(block, Details)
        for row in block.rows
    ]
    assert any(label.endswith(": before") and "20 working days" in value for label, value in labels)


@given(st.text(), st.text())
def test_runs_give_back_every_word_of_both_texts(before: str, now: str) -> None:
    old, new = runs(before, now)
    assert "".join(run.text for run in old).split() == before.split()
    assert "".join(run.text for run in new).split() == now.split()
    assert [w for r in old if r.same for w in r.text.split()] == [
        w for r in new if r.same for w in r.text.split()
    ]


def test_a_version_knows_how_it_stands_on_the_day() -> None:
    text = text_of("example")
    assert made(text, date(2026, 6, 30)).standing is Standing.COMING
    assert made(text, date(2026, 7, 1)).standing is Standing.IN_FORCE
    replaced = made(text, date(2027, 1, 1), next_from=date(2027, 1, 1))
    assert replaced.standing is Standing.OVER
    assert dates_in_force(replaced) == "Holds for complaints that we first received up to 31 December 2026"
    assert made(text, date(2026, 12, 31), next_from=date(2027, 1, 1)).standing is Standing.IN_FORCE
    assert dates_in_force(made(text_of("opus"))) == "The document gives no date from which it is in force"


def test_files_and_versions_are_offered_on_the_page() -> None:
    around = Around(
        offers=(Offer("Braille", "x.brf", "3 kB", save=True), Offer("PDF", "x.pdf")),
        editions=(Edition("New", "../new/index.html"), Edition("Old", "../old/index.html", here=True)),
        in_force="../index.html",
    )
    root = html(made(text_of("example"), date(2027, 1, 1), next_from=date(2027, 1, 1)), around)
    links = {link.get("href"): link for link in root.all("a")}
    assert "download" in links["x.brf"].attributes
    assert "download" not in links["x.pdf"].attributes
    assert "../new/index.html" in links
    assert "../old/index.html" not in links, "one does not go to where one is"
    assert links["../index.html"].text == "Read the version that is in force today"


def test_how_to_ask_for_a_copy_is_told_with_its_time_and_that_it_is_free() -> None:
    said = words(made(text_of("example")))
    assert "for example in large print, Braille, audio or plain text. It costs you nothing." in said
    assert "We send it within 3 working days." in said


# --- Data -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ALL)
def test_the_data_keep_to_their_schema(name: str) -> None:
    assert breaches(as_json(made(text_of(name))), json_schema()) == []
    assert (
        breaches(as_json(made(text_of("example"), before=OLDER, memberships=OMBUDSMAN)), json_schema()) == []
    )


def test_the_schema_finds_what_does_not_keep_to_it() -> None:
    data = as_json(made(text_of("example")))
    data["in_force"]["standing"] = "maybe"
    del data["sections"][0]["clauses"][0]["id"]
    data["contacts"][0]["recommended"] = "yes"
    assert len(breaches(data, json_schema())) == 3


def test_the_data_hold_each_promise_as_it_runs() -> None:
    code, _ = compiled(text_of("example"))
    data = as_json(made(text_of("example")))
    found = {
        (
            clause["id"],
            promise["owe"],
            promise["period"] and f"{promise['period']['amount']} {promise['period']['unit']}",
        )
        for section in data["sections"]
        for clause in section["clauses"]
        for promise in clause["promises"]
    }
    periods = [(p, p.every or p.within) for p in code.promises]
    ran = {
        (p.clause, str(p.owe), f"{period.amount} {period.unit}" if isinstance(period, Period) else None)
        for p, period in periods
    }
    assert found == ran


# --- Text can do no harm --------------------------------------------------------------------------------------------

NASTY = '<script>alert(1)</script>&amp; "quoted" \'it\' `a` #import "x" $1$ \\u{7} [b](c) *d* {{e}} {% f %} ]]> <!-- g'


def test_markup_in_a_code_is_words_on_the_page() -> None:
    quoted = NASTY.replace("\\", "\\\\").replace('"', '\\"')
    text = text_of("example")
    text = text.replace("title: Larkfield Broadband complaints code", f'title: "{quoted}"')
    text = text.replace(
        "says: We answer a letter within 5 working days of its arrival.", f'says: "{quoted} 5 working days"'
    )
    text = text.replace("role: Operations Director", f'role: "{quoted}"')
    text = text.replace("contact: director@larkfield.example", f'contact: "javascript:alert(1) {quoted}"')
    published = made(text, before=text_of("example"))
    root = html(published)
    assert not list(root.all("script", "iframe", "img", "style"))
    assert next(root.all("h1")).text == " ".join(clean(NASTY).split())
    assert all(not link.get("href").startswith(("javascript", "data")) for link in root.all("a"))


@given(st.text())
def test_no_text_becomes_an_element_or_an_attribute(text: str) -> None:
    root, wrong = html_pages.read(tag("p", text, title=text, class_="a"))
    assert wrong == []
    (only,) = [element for element in root.all() if element is not root]
    assert (only.name, set(only.attributes)) == ("p", {"title", "class"})
    assert only.text.split() == clean(text).split()


def test_pieces_that_are_markup_already_stay_so_and_what_parts_them_is_escaped() -> None:
    assert joined([tag("b", "x"), None, "<y>"], between=" & ") == "<b>x</b> &amp; &lt;y&gt;"
    assert isinstance(joined(["a"]), Html)
