"""The words of a case by which it is found: references, people, numbers, and what was written on it, from its facts.

They are kept in one form for both databases, and what is looked for is brought into the same: small letters without accents,
letters and digits alone, one space apart, without the words that stand in every sentence. So nothing that anybody types
can mean anything to a database but words. What every letter of a kind says is not kept: what a person wrote into it
stands on a fact. What tells of somebody's health (a needed format, the consent) is not kept either.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from amends.core import facts as f
from amends.desk import ledger, quick
from amends.desk.lookup import PHONE_DIGITS
from amends.desk.models import CaseRow, CaseWords

if TYPE_CHECKING:
    from amends.desk.record import CaseInHand

FOUND_BY: Final[dict[type[f.Fact], tuple[str, ...]]] = {
    f.CaseOpened: ("reference",),
    f.ContactReceived: ("sender", "subject", "words"),
    f.CaseImported: ("number",),
    f.CustomerKnown: ("name", "email", "phone", "address", "account"),
    f.PartyAdded: ("name", "email"),
    f.HandlerIntroduced: ("words",),
    f.ContactMade: ("words",),
    f.ContactTimeAgreed: ("number", "plan"),
    f.ContactTimeSettled: ("why",),
    f.PromisePaused: ("why",),
    f.PromiseExtended: ("why",),
    f.FindingsRecorded: ("words",),
    f.OutcomeProposed: ("words", "because", "fault_owner"),
    f.OutcomeAnswered: ("words",),
    f.StageEntered: ("why",),
    f.DeadlockDeclared: ("position",),
    f.SchemeReferred: ("number",),
    f.SchemeTold: ("number",),
    f.SchemeNotFound: ("words",),
    f.SchemeDecided: ("words", "number", "asked"),
    f.SchemeCorrected: ("words", "number", "asked", "why"),
    f.SchemeAnswered: ("words",),
    f.SchemeAnswerCorrected: ("words", "why"),
    f.TradeBodyAsked: ("number",),
    f.TradeBodySaid: ("words",),
    f.LessonNoted: ("words",),
    f.CaseFileDue: ("words",),
    f.CaseFileSent: ("how",),
    f.CaseClosed: ("words",),
    f.CaseReopened: ("why",),
    f.NoteAdded: ("words",),
    f.PostingProved: ("certificate",),
    f.ApprovalAsked: ("why",),
    f.ApprovalGiven: ("why",),
    f.ApprovalRefused: ("why",),
    f.SupplierAsked: ("number", "words"),
    f.SupplierChased: ("number", "words"),
    f.SupplierAnswered: ("words",),
    f.QuestionAsked: ("words",),
    f.QuestionSettled: ("words",),
    f.AwardPrepared: ("words", "looked_at"),
    f.AwardFate: ("why",),
    f.CaseLinked: ("why",),
    f.CaseMergedInto: ("why",),
    f.CaseMergedFrom: ("reference", "why"),
    f.CaseMergeUndone: ("why",),
    f.ParticularsGiven: ("given",),
    f.StepTaken: ("words",),
    f.PaymentSeen: ("words",),
    f.OutageLinked: ("service",),
    f.OutageUnlinked: ("why",),
    f.DataRequestExtended: ("why",),
    f.DataRequestAnswered: ("why",),
    f.DataBundleGiven: ("words",),
}
"""Which fields of which facts a case is found by."""

LONGEST_ENTRY: Final = 20_000
LONGEST: Final = 200_000
"""Letters of one entry, and of a case, that are kept: a mail as long as a book is found by its first chapter."""
LONGEST_WORD: Final = 60
_WORD: Final = re.compile(r"[^\W_]+")
_NUMBER: Final = re.compile(r"\+?\d[\d ()./-]{5,}\d")

COMMON: Final = frozenset(
    (
        "i", "me", "my", "myself", "we", "our", "ours", "ourselves", "you", "your", "yours", "yourself",
        "yourselves", "he", "him", "his", "himself", "she", "her", "hers", "herself", "it", "its", "itself",
        "they", "them", "their", "theirs", "themselves", "what", "which", "who", "whom", "this", "that",
        "these", "those", "am", "is", "are", "was", "were", "be", "been", "being", "have", "has", "had",
        "having", "do", "does", "did", "doing", "a", "an", "the", "and", "but", "if", "or", "because", "as",
        "until", "while", "of", "at", "by", "for", "with", "about", "against", "between", "into", "through",
        "during", "before", "after", "above", "below", "to", "from", "up", "down", "in", "out", "on", "off",
        "over", "under", "again", "further", "then", "once", "here", "there", "when", "where", "why", "how",
        "all", "any", "both", "each", "few", "more", "most", "other", "some", "such", "no", "nor", "not",
        "only", "own", "same", "so", "than", "too", "very", "s", "t", "can", "will", "just", "don",
        "should", "now",
    )
)  # fmt: skip
"""Words that tell cases apart in nothing: those that PostgreSQL leaves out of English too."""


def plain(said: str) -> list[str]:
    """The words of what somebody wrote or looks for, as they are compared."""
    bare = unicodedata.normalize("NFKD", said)
    if not bare.isascii():
        bare = "".join(c for c in bare if not unicodedata.combining(c))
    return [word[:LONGEST_WORD] for word in _WORD.findall(bare.casefold()) if word not in COMMON]


def entry(said: str) -> str:
    """The words of one entry of a case, and each number in it once more without its spaces."""
    said = said[:LONGEST_ENTRY]
    numbers = {"".join(filter(str.isdigit, found)) for found in _NUMBER.findall(said)}
    whole = [n for number in sorted(numbers) for n in _ways(number)]
    return " ".join((*plain(said), *whole))


def _ways(number: str) -> tuple[str, ...]:
    """A number as it is written without spaces, and a telephone's last digits, however its beginning is written."""
    return (number,) if len(number) <= PHONE_DIGITS else (number, number[-PHONE_DIGITS:])


def of_facts(facts: Iterable[f.Fact]) -> str:
    """The words of a case with these facts; nothing twice."""
    said: dict[str, None] = {}
    for fact in facts:
        for name in FOUND_BY.get(type(fact), ()):
            written = _particulars(fact) if isinstance(fact, f.ParticularsGiven) else getattr(fact, name)
            if written:
                said.setdefault(entry(written))
    said.pop("", None)
    return "\n".join(said)[:LONGEST]


def _particulars(fact: f.ParticularsGiven) -> str:
    """What was given, without the names under which it stands; not what somebody tells of their own situation."""
    given: dict[str, str] = json.loads(fact.given) if fact.given else {}
    return "\n".join(words for name, words in given.items() if name != "situation")


def keep(hands: Sequence[CaseInHand]) -> None:
    """Write the words of cases to which a docket added facts. Only `keeping` asks."""
    new: list[CaseWords] = []
    longer: dict[int, str] = {}
    for hand in hands:
        said = of_facts(hand.added)
        if hand.row.facts == len(hand.added):
            new.append(CaseWords(case_id=hand.row.pk, provider_id=hand.row.provider_id, words=said))
        elif said:
            longer[hand.row.pk] = said
    quick.insert(new, with_key=True)
    if longer:
        _lengthen(longer)


def _lengthen(longer: dict[int, str]) -> None:
    stand = dict(CaseWords.objects.filter(case__in=longer).values_list("case_id", "words"))
    for pk, said in longer.items():
        if pk not in stand:
            continue  # older than the index of words: `catching_up` makes them from its facts
        known = dict.fromkeys(filter(None, stand[pk].split("\n")))
        more = [line for line in said.split("\n") if line not in known]
        if more:
            CaseWords.objects.filter(case=pk).update(words="\n".join((*known, *more))[:LONGEST])


def rewrite(cases: Sequence[int]) -> None:
    """Write the words of these cases anew, from their facts. Call it in a transaction."""
    # Locked first, so that no fact comes in between.
    houses = dict(
        CaseRow.objects.select_for_update()
        .filter(pk__in=cases)
        .order_by("pk")
        .values_list("pk", "provider_id")
    )
    made = ledger.load(list(houses))
    rows = [
        CaseWords(case_id=pk, provider_id=house, words=of_facts(made[pk])) for pk, house in houses.items()
    ]
    CaseWords.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["case"], update_fields=["words", "provider"]
    )


def stand(cases: Sequence[int]) -> dict[int, str]:
    """The words of these cases as they stand."""
    return dict(CaseWords.objects.filter(case__in=cases).values_list("case_id", "words"))
