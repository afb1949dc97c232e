"""The law answers on the days that it knows, to the day and to the penny, and refuses all others."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.core.dated import Dated, Series
from amends.core.law import Compensation, Law, Membership, NotKnown, membership_on
from amends.law import LawMistake, calendars, law
from amends.law.reading import read_law

ROOT = Path(__file__).parent.parent
TODAY = date(2026, 11, 21)
THE_LAW = law()
DAY = timedelta(days=1)


# --- The period before dispute resolution (CH-06 to CH-09) -----------------------------------------------


@pytest.mark.parametrize(
    ("received", "days", "due", "rule"),
    [
        (date(2009, 8, 31), 84, date(2009, 11, 23), "CH-06"),
        (date(2009, 9, 1), 56, date(2009, 10, 27), "CH-07"),
        (date(2026, 2, 11), 56, date(2026, 4, 8), "CH-07"),
        (date(2026, 4, 7), 56, date(2026, 6, 2), "CH-07"),
        (date(2026, 4, 8), 42, date(2026, 5, 20), "CH-08"),
        (date(2028, 2, 1), 42, date(2028, 3, 14), "CH-08"),
    ],
)
def test_the_period_follows_the_day_of_first_receipt(received: date, days: int, due: date, rule: str) -> None:
    day, period = THE_LAW.adr_due(received)
    assert (day, period.value, period.rule) == (due, days, rule)


def test_a_complaint_received_a_day_later_falls_due_thirteen_days_earlier() -> None:
    before, after = (THE_LAW.adr_due(day)[0] for day in (date(2026, 4, 7), date(2026, 4, 8)))
    assert before - after == timedelta(days=13)


def test_the_last_earlier_period_ends_on_2_june_2026() -> None:
    assert THE_LAW.last_legacy_due == date(2026, 6, 2)


@given(st.dates(date(2003, 1, 1), date(2060, 1, 1)), st.dates(date(2003, 1, 1), date(2060, 1, 1)))
def test_within_one_period_later_receipt_never_falls_due_earlier(one: date, other: date) -> None:
    (due_one, period_one), (due_other, period_other) = THE_LAW.adr_due(one), THE_LAW.adr_due(other)
    if period_one == period_other and one <= other:
        assert due_one - one == due_other - other
        assert due_one <= due_other


@given(st.dates(date(2003, 1, 1), date(2060, 1, 1)))
def test_the_letter_is_due_six_to_twelve_whole_weeks_after_receipt(received: date) -> None:
    due, _ = THE_LAW.adr_due(received)
    assert (due - received).days in (84, 56, 42)
    assert due.weekday() == received.weekday()


# --- Only the days that are known ------------------------------------------------------------------------


def every_series(of: Law = THE_LAW) -> Iterator[Series[object]]:
    for name in type(of).__dataclass_fields__:
        value = getattr(of, name)
        if isinstance(value, Series):
            yield value
    yield from of.automatic_compensation.values()
    for scheme in of.schemes:
        yield from (scheme.approved, scheme.window, *scheme.details.values())


@pytest.mark.parametrize("series", list(every_series()), ids=lambda s: s.name)
def test_a_day_outside_the_known_days_is_refused(series: Series[object]) -> None:
    with pytest.raises(NotKnown, match="known from"):
        series.on(series.first - DAY)
    if series.last is not None:
        with pytest.raises(NotKnown):
            series.on(series.last + DAY)
    assert series.on(series.first) is series.entries[0]
    assert series.on(series.last or date(2100, 1, 1)) is series.entries[-1]


def test_a_refusal_says_which_days_are_known() -> None:
    with pytest.raises(NotKnown) as refused:
        THE_LAW.adr_due(date(2002, 12, 31))
    assert (
        str(refused.value)
        == "adr_period is not known for 31 December 2002: it is known from 1 January 2003 on."
    )
    assert not refused.value.not_yet, "no source gives the first day of the 12 weeks"


def test_a_duty_that_had_not_begun_is_told_from_one_that_is_not_known() -> None:
    with pytest.raises(NotKnown) as early:
        THE_LAW.dp_acknowledge_days.on(date(2026, 6, 18))
    assert early.value.not_yet
    with pytest.raises(NotKnown) as late:
        THE_LAW.automatic_compensation[Compensation.DELAYED_START].on(date(2027, 4, 1))
    assert not late.value.not_yet
    assert THE_LAW.dp_acknowledge_days.on(date(2026, 6, 19)).value == 30


def entry(value: int, start: date | None, end: date | None) -> Dated[int]:
    return Dated(value, start, end, "CH-08", "S")


def test_a_gap_between_two_entries_is_refused_and_told() -> None:
    series = Series(
        "a sum",
        "pounds",
        (entry(1, date(2020, 1, 1), date(2020, 1, 31)), entry(2, date(2020, 3, 1), None)),
    )
    assert series.find(date(2020, 2, 15)) is None
    with pytest.raises(NotKnown, match="1 January 2020 to 31 January 2020, and from 1 March 2020 on"):
        series.on(date(2020, 2, 15))


@pytest.mark.parametrize(
    "entries",
    [
        (),
        (entry(1, None, None),),
        (entry(1, date(2020, 1, 1), None), entry(2, date(2021, 1, 1), None)),
        (entry(1, date(2020, 1, 1), date(2021, 1, 1)), entry(2, date(2021, 1, 1), None)),
        (entry(1, date(2020, 1, 1), date(2019, 1, 1)),),
        (entry(1, date(2020, 1, 1), date(2020, 2, 1)), entry(2, None, None)),
    ],
    ids=["none", "no first day", "two open", "overlap", "backwards", "unknown in the middle"],
)
def test_entries_out_of_order_make_no_series(entries: tuple[Dated[int], ...]) -> None:
    with pytest.raises(ValueError, match="a sum"):
        Series("a sum", "pounds", entries)


# --- Automatic compensation, to the penny ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last", "repair", "appointment", "start", "confidence"),
    [
        (date(2019, 4, 1), date(2021, 3, 31), "8.00", "25.00", "5.00", "S"),
        (date(2021, 4, 1), date(2022, 3, 31), "8.06", "25.18", "5.04", "S"),
        (date(2022, 4, 1), date(2023, 3, 31), "8.40", "26.24", "5.25", "S"),
        (date(2023, 4, 1), date(2024, 3, 31), "9.33", "29.15", "5.83", "S"),
        (date(2024, 4, 1), date(2025, 3, 31), "9.76", "30.49", "6.10", "S"),
        (date(2025, 4, 1), date(2026, 3, 31), "9.98", "31.19", "6.24", "I"),
        (date(2026, 4, 1), date(2027, 3, 31), "10.34", "32.31", "6.46", "S"),
    ],
)
def test_compensation_is_exact_on_the_first_and_last_day_of_its_year(
    first: date, last: date, repair: str, appointment: str, start: str, confidence: str
) -> None:
    sums = THE_LAW.automatic_compensation
    wanted = {
        Compensation.DELAYED_REPAIR: repair,
        Compensation.MISSED_APPOINTMENT: appointment,
        Compensation.DELAYED_START: start,
    }
    for event, pounds in wanted.items():
        for day in (first, last):
            assert sums[event].on(day).value == Decimal(pounds)
            assert sums[event].on(day).confidence == confidence
    assert sums[Compensation.DELAYED_REPAIR].on(last).expected == (last == date(2027, 3, 31))


def test_each_year_follows_from_the_one_before_by_consumer_prices() -> None:
    rises = (Decimal("0.7"), Decimal("4.2"), Decimal("11.1"), Decimal("4.6"), Decimal("2.3"), Decimal("3.6"))
    for series in THE_LAW.automatic_compensation.values():
        amount = series.entries[0].value
        for rise, later in zip(rises, series.entries[1:], strict=True):
            amount = (amount * (1 + rise / 100)).quantize(Decimal("0.01"))
            assert later.value == amount, later.rule


# --- Every value stands in a rule ------------------------------------------------------------------------


def documented() -> dict[str, str]:
    """The ids of docs/regulation.md with what it says of how sure we are."""
    found = {"2A": "S"}
    for line in (ROOT / "docs/regulation.md").read_text().splitlines():
        row = re.match(r"\| ((?:CH|R|AD|C5|AC|SW|CT|BL|NC|MK|DP|RP)-\w+) \|.*\|([^|]*)\|$", line)
        if row:
            found[row[1]] = "R" if row[1].startswith("R-") else row[2]
    return found


def test_the_rules_are_those_of_the_document_and_no_surer() -> None:
    said = documented()
    assert set(THE_LAW.rules) == set(said)
    for rule in THE_LAW.rules.values():
        conflict = "conflict" in said[rule.id] and rule.confidence == "I"
        assert conflict or rule.confidence in re.findall(r"\b[PSIR]\b", said[rule.id]), rule.id


def every_dated() -> Iterator[Dated[object]]:
    for series in every_series():
        yield from series.entries
    for scheme in THE_LAW.schemes:
        yield from (scheme.applying, scheme.cost, scheme.carry_out.days, *scheme.powers)
        yield from (exclusion.says for exclusion in scheme.exclusions)
        yield from (period.days for period in scheme.periods.values())


def test_every_value_has_a_rule_a_confidence_and_what_it_rests_on() -> None:
    said = documented()
    entries = list(every_dated())
    assert len(entries) > 90
    for dated in entries:
        assert dated.rule in said
        assert dated.confidence in "PSIR"
        assert dated.sources or dated.note or not dated.verified, dated
        assert set(dated.sources) <= set(THE_LAW.sources)


def test_every_number_says_its_rule_and_the_day_that_governs_it() -> None:
    for series in every_series():
        if series.unit != "text":
            assert series.says.endswith(".")
            assert series.governed_by.startswith("the day ")


def test_what_was_only_recalled_is_not_verified() -> None:
    recalled = {s.name for s in every_series() for e in s.entries if not e.verified}
    assert recalled == {
        "record_retention",
        "cooling_off_days",
    }


# --- Schemes by day --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scheme", "day", "name"),
    [
        ("communications-ombudsman", date(2009, 1, 1), "Otelo"),
        ("communications-ombudsman", date(2016, 2, 29), "Ombudsman Services: Communications"),
        ("communications-ombudsman", date(2023, 6, 30), "Ombudsman Services: Communications"),
        ("communications-ombudsman", date(2023, 7, 1), "Communications Ombudsman"),
        ("cisas", date(2016, 2, 29), "CISAS"),
        ("cisas", TODAY, "CISAS"),
    ],
)
def test_a_scheme_has_the_name_of_the_day(scheme: str, day: date, name: str) -> None:
    assert THE_LAW.scheme(scheme).name_on(day) == name


def test_a_name_between_two_known_ones_is_not_guessed() -> None:
    with pytest.raises(NotKnown, match="Otelo from 1 January 2008 to 31 December 2010"):
        THE_LAW.scheme("communications-ombudsman").name_on(date(2013, 1, 1))


def test_both_schemes_are_approved_and_can_be_named_today() -> None:
    assert [s.id for s in THE_LAW.approved(TODAY)] == ["communications-ombudsman", "cisas"]
    ombudsman, cisas = (s.on(TODAY) for s in THE_LAW.approved(TODAY))
    assert (ombudsman.phone, cisas.phone) == ("0330 440 1614", "020 7520 3814")
    assert (ombudsman.email, cisas.email) == ("enquiry@commsombudsman.org", "cisas@cedr.com")
    assert ombudsman.post == ("P.O. Box 730", "Warrington", "WA4 6WU")
    assert cisas.post == ("100 St Paul's Churchyard", "London", "EC4M 8BU")
    assert (ombudsman.hours, cisas.hours) == (None, "Monday to Friday 09:00-17:00")
    assert ombudsman.window_months == cisas.window_months == 12
    assert ombudsman.free
    assert cisas.free


def test_no_detail_is_given_without_saying_how_sure_it_is() -> None:
    for scheme in THE_LAW.approved(TODAY):
        details = scheme.on(TODAY)
        for name in ("phone", "email", "web", "post"):
            dated = details.dated[name]
            assert dated.verified
            assert dated.confidence == "P" or dated.sources
        assert any(note.startswith("post: ") and "not confirmed" in note for note in details.notes)


def test_details_before_they_are_known_are_refused() -> None:
    with pytest.raises(NotKnown):
        THE_LAW.scheme("cisas").on(date(2019, 1, 1))
    with pytest.raises(NotKnown):
        THE_LAW.approved(date(2018, 9, 30))
    with pytest.raises(KeyError):
        THE_LAW.scheme("ispa")


def test_each_scheme_counts_the_days_of_a_decision_in_its_own_way() -> None:
    ombudsman, cisas = THE_LAW.schemes
    assert (ombudsman.decision_days, ombudsman.decision_days_kind) == (28, "calendar")
    assert (cisas.decision_days, cisas.decision_days_kind) == (20, "working")
    assert cisas.periods["accept"].days.value == 30


@pytest.mark.parametrize(
    ("received", "closes"),
    [
        (date(2026, 5, 20), date(2027, 5, 20)),
        (date(2028, 2, 29), date(2029, 2, 28)),
    ],
)
def test_the_window_is_twelve_months_from_receiving_the_letter(received: date, closes: date) -> None:
    for scheme in (None, *THE_LAW.schemes):
        assert THE_LAW.adr_closes(received, scheme)[0] == closes


def test_a_provider_that_moves_has_the_scheme_of_the_day() -> None:
    moves = (
        Membership("communications-ombudsman", date(2015, 7, 1), date(2025, 12, 31)),
        Membership("cisas", date(2026, 1, 1)),
    )
    assert membership_on(moves, date(2015, 6, 30)) is None
    assert membership_on(moves, date(2025, 12, 31)) == moves[0]
    assert membership_on(moves, date(2026, 1, 1)) == moves[1]
    still_open = (Membership("communications-ombudsman", date(2015, 7, 1)), moves[1])
    assert membership_on(reversed(still_open), TODAY) == moves[1]
    assert membership_on((), TODAY) is None


# --- Names in a code -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("you may ask for help from CISAS.", "CISAS"),
        (
            "Communications & Internet Services\nAdjudication Scheme",
            "Communications and Internet Services Adjudication Scheme",
        ),
        ("the communications ombudsman's decision", "Communications Ombudsman"),
        ("refer to Ombudsman Services: Communications, an", "Ombudsman Services: Communications"),
        ("Ombudsman Services Communications\nPO Box 730", "Ombudsman Services: Communications"),
        ("Ombudsman Services – Communications", "Ombudsman Services: Communications"),
        ("Ombudsman Services (Communications)", "Ombudsman Services: Communications"),
        ("contact Ombudsman Services, who", "Ombudsman Services"),
        ("OTELO's decision", "Otelo"),
    ],
)
def test_a_scheme_is_found_by_every_name_it_had(text: str, name: str) -> None:
    mention = THE_LAW.find_scheme(text)
    assert mention is not None
    assert mention.name == name
    assert text[mention.start_offset : mention.end_offset] == mention.text_as_found
    assert (mention.retired is None) == (name.startswith("C"))


@pytest.mark.parametrize(
    "text",
    [
        "The Ombudsman can ask us to apologise.",
        "Ombudsman Services: Energy deals with gas.",
        "hotelotelonia",
        "www.cisas.org.uk",
        "info@cisas.org.uk",
        "https://www.cedr.com/consumer/cisas/",
        "Ofcom",
    ],
)
def test_what_names_no_scheme_is_not_found(text: str) -> None:
    assert THE_LAW.find_scheme(text) is None


def test_two_schemes_in_one_text_are_told_in_its_order() -> None:
    found = THE_LAW.scheme_mentions("CISAS/Otelo, or the Communications Ombudsman (cisas@cedr.com)")
    assert [m.name for m in found] == ["CISAS", "Otelo", "Communications Ombudsman"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("raise the complaint with the ISPA.", "ISPA UK"),
        ("make a complaint through Ofcom", "Ofcom"),
        ("Federation of Communication Services Limited", "Federation of Communication Services"),
        ("Trading Standards", "Trading Standards"),
    ],
)
def test_bodies_that_are_no_scheme_are_found_with_the_reason(text: str, name: str) -> None:
    (mention,) = THE_LAW.not_scheme_mentions(text)
    assert mention.body.name == name
    assert mention.body.reason.endswith(".")
    assert mention.body.rule in THE_LAW.rules


def test_a_short_name_is_found_in_capitals_only() -> None:
    assert THE_LAW.not_scheme_mentions("see www.ispa.org.uk, or say ispa") == ()


def retired(text: str, on: date = TODAY) -> list[tuple[str, str, str]]:
    found = THE_LAW.retired_in(text, on)
    for mention in found:
        assert text[mention.start_offset : mention.end_offset] == mention.text_as_found
    return [(m.kind, m.text_as_found, m.current_value) for m in found]


def test_a_code_with_an_old_directory_is_told_what_to_print_instead() -> None:
    text = (
        "CISAS' contact details are:\n\nCISAS\n\n70 Fleet Street\n\nLondon\n\nEC4Y 1EU\n\n"
        "Email: info@cisas.org.uk\n\nWebsite: www.cisas.org.uk\n\nTelephone: 0207 520 3827\n"
    )
    assert retired(text) == [
        ("address", "70 Fleet Street\n\nLondon\n\nEC4Y 1EU", "100 St Paul's Churchyard, London, EC4M 8BU"),
        ("email", "info@cisas.org.uk", "cisas@cedr.com"),
        ("domain", "www.cisas.org.uk", "https://www.cedr.com/consumer/cisas/"),
        ("phone", "0207 520 3827", "020 7520 3814"),
    ]


def test_the_present_directory_is_not_called_old() -> None:
    for scheme in THE_LAW.approved(TODAY):
        details = scheme.on(TODAY)
        printed = (details.name, details.phone, details.email, details.web, *details.post)
        assert retired("\n".join(printed)) == []


@pytest.mark.parametrize(
    "number",
    [
        "020 7520 3827",
        "0207 520 3827",
        "02075203827",
        "+44 20 7520 3827",
        "+44 (0)20 7520-3827",
        "(020) 7520 3827",
    ],
)
def test_a_number_is_the_same_whatever_its_spacing(number: str) -> None:
    assert retired(f"Tel: {number}.") == [("phone", number, "020 7520 3814")]


@pytest.mark.parametrize("number", ["020 7520 38270", "1020 7520 3827", "020 7520 3814", "0330 440 1614"])
def test_another_number_is_not_found(number: str) -> None:
    assert retired(f"Tel: {number}.") == []


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("Email: osenquiries@os-communications.org", "email", "osenquiries@os-communications.org"),
        ("Email: ENQUIRIES@os-communications.org.", "email", "ENQUIRIES@os-communications.org"),
        ("write to complaints@os-communications.org", "domain", "complaints@os-communications.org"),
        (
            "http://www.ombudsman-services.org/our-powers.html",
            "domain",
            "http://www.ombudsman-services.org/our-powers.html",
        ),
        ("see cedr.com/cisas/ for the rules", "domain", "cedr.com/cisas/"),
        ("70 Fleet St., London EC4Y 1EU", "address", "70 Fleet St., London EC4Y 1EU"),
        ("Fax: 0330 440 1615", "phone", "0330 440 1615"),
        ("3300 Daresbury Park, Warrington", "address", "3300 Daresbury Park"),
    ],
)
def test_old_details_are_found_as_they_are_written(text: str, kind: str, found: str) -> None:
    assert [(k, f) for k, f, _ in retired(text)] == [(kind, found)]


@pytest.mark.parametrize(
    "text",
    ["170 Fleet Street", "notcisas.org.uk", "www.cedr.com/consumer/cisas/", "cisas.org.uk.example.com"],
)
def test_what_only_looks_like_an_old_detail_is_left_alone(text: str) -> None:
    assert retired(text) == []


def test_a_name_is_old_from_its_day_on() -> None:
    text = "Ombudsman Services: Communications"
    assert retired(text, date(2023, 6, 30)) == []
    assert retired(text, date(2023, 7, 1)) == [("name", text, "Communications Ombudsman")]


def test_what_is_old_on_a_day_without_a_directory_is_refused() -> None:
    with pytest.raises(NotKnown):
        THE_LAW.retired_in("Otelo", date(2016, 3, 1))


@pytest.mark.parametrize(
    "line", ["a", "a.", "a+", "0 ", "cisas.", "Otelo ", "a@", "www.cisas.", "70 Fleet Street,,,"]
)
def test_a_hostile_line_costs_one_pass(line: str) -> None:
    # A pattern that goes back over the line would need hours for this one and not a moment.
    text = line * (200_000 // len(line))
    assert len(THE_LAW.retired_in(text, TODAY)) <= len(text)


# --- The files -------------------------------------------------------------------------------------------


def shipped() -> dict[str, str]:
    return {name: (ROOT / f"amends/law/{name}.yaml").read_text() for name in ("law", "schemes", "rules")}


def test_the_same_files_are_the_same_version_and_others_another() -> None:
    files = shipped()
    assert read_law(**files).version == THE_LAW.version
    changed = read_law(**{**files, "law": files["law"].replace("value: 42", "value: 43")})
    assert changed.version != THE_LAW.version
    assert changed.adr_due(date(2026, 4, 8))[0] == date(2026, 5, 21)
    assert re.fullmatch("[0-9a-f]{12}", THE_LAW.version)


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("law", "until: 2009-08-31", "until: 2009-08-32", "2009-08-32 is no day of the calendar"),
        ("law", "until: 2009-08-31", "until: 31 August 2009", "is no day such as 2026-04-08"),
        ("law", "until: 2009-08-31", "until: 2009-09-01", "out of order, overlapping"),
        ("law", "value: 84", "value: 84 days", "'84 days' is no whole number"),
        ("law", "value: 84", "value: 0", "'0' is no whole number"),
        ("law", "value: 10.34", "value: 10.3", "is no sum in pounds and pence"),
        ("law", "rule: CH-06", "rule: CH-99", "rule CH-99 does not stand in rules.yaml"),
        ("law", "sources: [S14]", "sources: [S199]", "source S199 does not stand in rules.yaml"),
        ("law", "sources: [S14]", "sources: []", "confidence S needs the source that was seen"),
        ("law", "confidence: P", "confidence: Q", "'Q' is none of: P, S, I, R"),
        ("law", "  adr_window:", "  adr_windows:", "'adr_window' is missing"),
        ("law", "  delayed start:", "  late start:", "'delayed start' is missing"),
        ("law", "    answers from: 2003-01-01", "    x: 1", "'x' is not known here"),
        ("schemes", "kind: phone", "kind: telex", "'telex' is none of: name, address"),
        ("schemes", "ground: court", "ground: weather", "'weather' is none of"),
        ("schemes", "      email:", "      mail:", "'email' is missing"),
        ("schemes", "free: {value: yes,", "free: {value: maybe,", "'maybe' is none of: yes, no"),
        ("rules", "sources: [S06, S07, S08]", "sources: [S06, S07, S08, S07x]", "source S07x does not stand"),
        ("rules", "  CH-02:", "  CH-01:", "'CH-01' is written twice"),
        ("rules", "rules:\n", "rules: {\n", "cannot be read"),
    ],
)  # fmt: skip
def test_a_wrong_file_of_ours_is_told_with_its_place(file: str, old: str, new: str, said: str) -> None:
    files = shipped()
    assert old in files[file]
    with pytest.raises(LawMistake) as mistake:
        read_law(**{**files, file: files[file].replace(old, new, 1)})
    assert said in str(mistake.value)
    assert re.match(rf"{file}\.yaml:\d+:\d+: ", str(mistake.value))


def test_the_place_is_that_of_the_wrong_value() -> None:
    files = shipped()
    line = files["law"][: files["law"].index("until: 2009-08-31")].count("\n") + 1
    wrong = files["law"].replace("until: 2009-08-31", "until: 2009-08-32")
    with pytest.raises(LawMistake, match=rf"^law\.yaml:{line}:16: "):
        read_law(**{**files, "law": wrong})


def test_the_calendars_of_all_nations_are_there() -> None:
    found = calendars()
    assert set(found) == {"england-and-wales", "scotland", "northern-ireland"}
    assert calendars() is found


def test_the_version_of_the_law_is_known_without_reading_it() -> None:
    """An idle tick asks for the version alone; a command should not spend its start on reading YAML for that."""
    ask = (
        "import sys; from amends.law import law, law_version; version = law_version(); "
        "print(law.cache_info().currsize, version == law().version, law.cache_info().currsize)"
    )
    said = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["0", "True", "1"]
