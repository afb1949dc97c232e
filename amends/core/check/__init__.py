"""Judges a compiled code against the law of a day and good sense: one small function per rule.

A code is judged by what it compiles to and by what its words say. A rule that no source was seen for warns, says so,
and never fails anything. The order of `RULES` is the order of docs/checks.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import islice

from amends.core.build import build_in_part
from amends.core.check import leftovers, letters, periods, promising, reach, schemes, together
from amends.core.check.judged import Finding, Judged, Rule
from amends.core.code import Code
from amends.core.dated import in_words
from amends.core.law import Law, Membership, NotKnown
from amends.core.part import one_line
from amends.core.problems import Problem, Severity, Where, in_file_order
from amends.core.source import MappingNode, Node, read

__all__ = ["RULES", "Judged", "Rule", "check", "judge"]

_MOST = 100
"""How often one rule is reported; a file with more of the same fault is not read further for it."""
LAW_NOT_KNOWN = "LAW_NOT_KNOWN"

RULES: tuple[Rule, ...] = (
    Rule("STALE_THRESHOLD", periods.stale_threshold, ("CH-08", "CH-09")),
    Rule("LEGACY_CARVEOUT_EXPIRED", periods.legacy_carveout_expired, ("CH-09",)),
    Rule("MISSING_ADR_PERIOD", periods.missing_adr_period, ("CH-13",)),
    Rule("NO_DEADLOCK_ROUTE", periods.no_deadlock_route, ("CH-11",)),
    Rule("DEADLOCK_ON_REQUEST", periods.deadlock_on_request, ("CH-12",)),
    Rule("MISSING_ADR_WINDOW", periods.missing_adr_window, ("R-08",)),
    Rule("WRONG_ADR_WINDOW", periods.wrong_adr_window, ("AD-03", "AD-04")),
    Rule("MISSING_SCHEME", schemes.missing_scheme, ("CH-03",)),
    Rule("OFCOM_OR_ISPA_AS_ADR", schemes.ofcom_or_ispa_as_adr, ("AD-01", "CH-27")),
    Rule("SCHEME_NOT_APPROVED", schemes.scheme_not_approved, ("AD-01",)),
    Rule("WRONG_SCHEME_FOR_PROVIDER", schemes.wrong_scheme_for_provider, ("CH-03",)),
    Rule("INCONSISTENT_SCHEME_NAME", schemes.inconsistent_scheme_name),
    Rule("RETIRED_SCHEME_NAME", schemes.retired_scheme_name, ("AD-02",)),
    Rule("OLD_ADDRESS", schemes.old_address),
    Rule("OLD_PHONE", schemes.old_phone),
    Rule("OLD_EMAIL", schemes.old_email),
    Rule("OLD_DOMAIN", schemes.old_domain),
    Rule("DIFFERS_FROM_DIRECTORY", schemes.differs_from_directory),
    Rule("ADR_NOT_FREE_STATED", schemes.adr_not_free_stated, ("R-08",)),
    Rule("SINGLE_CHANNEL", reach.single_channel, ("CH-19",)),
    Rule("MISSING_PHONE", reach.missing_phone, ("CH-19",)),
    Rule("MISSING_POST", reach.missing_post, ("CH-19",)),
    Rule("MISSING_EMAIL", reach.missing_email, ("CH-19",)),
    Rule("COSTLY_PHONE", reach.costly_phone, ("R-03",)),
    Rule("BOUNDARY_10", reach.boundary_10, ("CH-05",)),
    Rule("NO_ALT_FORMAT", reach.no_alt_format, ("R-04",)),
    Rule("DP_COMPLAINT_ROUTE_MISSING", reach.dp_complaint_route_missing, ("DP-01",)),
    Rule("DP_ACKNOWLEDGE_LATE", reach.dp_acknowledge_late, ("DP-01",)),
    Rule("NOT_STANDALONE", reach.not_standalone, ("R-04",)),
    Rule("MISSING_TIMEFRAMES", promising.missing_timeframes, ("CH-19",)),
    Rule("VAGUE_TIMEFRAME", promising.vague_timeframe, ("CH-19",)),
    Rule("PAGE_AND_CLOCK_DIFFER", promising.page_and_clock_differ),
    Rule("PROMISE_NOT_RUN", promising.promise_not_run),
    Rule("CLOSE_BY_SILENCE", promising.close_by_silence, ("CH-16",)),
    Rule("BANK_HOLIDAYS_UNSAID", promising.bank_holidays_unsaid),
    Rule("CLOSING_TIME_ASSUMED", promising.closing_time_assumed),
    Rule("CHANGED_ON_ANOTHER_DAY", together.changed_on_another_day),
    Rule("UNRENDERED_PLACEHOLDER", leftovers.unrendered_placeholder),
    Rule("WORDS_CUT_OFF", leftovers.words_cut_off),
    Rule("GAP_IN_DOCUMENT", leftovers.gap_in_document),
    Rule("REVOKED_CONDITION", leftovers.revoked_condition, ("CH-02",)),
    Rule("DEAD_ODR_LINK", leftovers.dead_odr_link, ("AD-20",)),
    Rule("REVOKED_SI_2015_542", leftovers.revoked_si_2015_542, ("AD-19",)),
    Rule("COMP_AMOUNT_FOR_DATE", leftovers.comp_amount_for_date, ("AC-R1",)),
    Rule("LETTER_LACKS", letters.letter_lacks),
)

_IN_PART = frozenset({
    "STALE_THRESHOLD", "LEGACY_CARVEOUT_EXPIRED", "WRONG_ADR_WINDOW", "OFCOM_OR_ISPA_AS_ADR", "SCHEME_NOT_APPROVED",
    "RETIRED_SCHEME_NAME", "OLD_ADDRESS", "OLD_PHONE", "OLD_EMAIL", "OLD_DOMAIN", "COSTLY_PHONE", "BOUNDARY_10",
    "VAGUE_TIMEFRAME", "UNRENDERED_PLACEHOLDER", "WORDS_CUT_OFF", "GAP_IN_DOCUMENT", "REVOKED_CONDITION",
    "DEAD_ODR_LINK", "REVOKED_SI_2015_542", "COMP_AMOUNT_FOR_DATE",
})  # fmt: skip
"""The rules that find words which stand in the file: they hold of a broken code too, whatever else is mended in it."""


def judge(
    text: str, file: str, law: Law, on: date, memberships: tuple[Membership, ...] = ()
) -> tuple[Code | None, tuple[Problem, ...]]:
    """Build a code and check it by the law of a day: the code, or None where it is broken, and every problem.

    `on` is a London date; `memberships` are what is known of the provider's schemes. The problems stand in the
    order of the file. What can be read of a broken code is judged too, by the rules that look at what stands there:
    that something is missing can be said only once all of it is read.
    """
    code, problems = build_in_part(text, file)
    source, _ = read(text, file)
    if code is None or source is None:
        return None, problems
    broken = any(problem.severity is Severity.BROKEN for problem in problems)
    rules = tuple(rule for rule in RULES if rule.id in _IN_PART) if broken else RULES
    found = check(code, source, law, on, memberships, rules)
    return (None if broken else code), in_file_order([*problems, *found])


def check(
    code: Code, source: Node, law: Law, on: date, memberships: tuple[Membership, ...] = (),
    rules: tuple[Rule, ...] = RULES,
) -> tuple[Problem, ...]:  # fmt: skip
    """Every problem of a code, by the law of the day `on`, in the order of the file.

    `source` is what `read` made of the same text. What the law does not know on that day is said once and not judged.
    """
    if not isinstance(source, MappingNode):
        raise TypeError("the source of a compiled code is a mapping")
    judged = Judged(code, source, law, on, memberships)
    problems: list[Problem] = []
    unknown: list[NotKnown] = []
    for rule in rules:
        try:
            problems += [_problem(rule, finding, judged) for finding in islice(rule.judge(judged), _MOST)]
        except NotKnown as refused:
            unknown.append(refused)
    problems += _not_known(unknown, judged)
    return in_file_order(list(dict.fromkeys(problems)))


def cited(rule: Rule, law: Law) -> Iterator[str]:
    """The rules that a check stands on, each in words with its id."""
    for rule_id in rule.cites:
        yield f"{law.rule(rule_id).says} ({rule_id})"


def _problem(rule: Rule, finding: Finding, judged: Judged) -> Problem:
    problem = Problem(
        finding.where,
        rule.id,
        finding.severity,
        one_line(finding.message),
        " ".join(part for part in (finding.why, *cited(rule, judged.law)) if part) or rule.finds,
        finding.mend,
    )
    if rule.cites and not any(judged.law.rule(rule_id).verified for rule_id in rule.cites):
        unverified = f"{problem.message} This is unverified: no source of the rule was seen."
        return replace(problem, severity=Severity.WARNING, message=unverified)
    return problem


def _not_known(unknown: list[NotKnown], judged: Judged) -> Iterator[Problem]:
    """What the law could not answer, said once."""
    names = sorted({refused.name.replace("_", " ") for refused in unknown})
    if names:
        yield Problem(
            Where(judged.source.where.file, 1, 1),
            LAW_NOT_KNOWN,
            Severity.WARNING,
            f"Some rules were not applied: for {in_words(judged.on)} the law is not known here ({', '.join(names)}).",
            "The law is applied as it was on a day; a day for which it was not gathered is not guessed.",
            "Check the code for a later day.",
        )
