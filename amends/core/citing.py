"""What an outcome gives as its reasons: clauses of the code, cited by their ids, and whose fault it was.

S-third-party   where others are involved the outcome says honestly whose fault it was
S-outage        a major failure or a disaster, mended as fast as can be
S-impossible    no complaint makes a service possible that is impossible for a time
S-refused       nor one that was refused, or stopped, with the notice that the terms ask for

Which clause says so is data of the code (`reason:` in its file). A code without such a clause offers none of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from amends.core.code import Clause, Code, Reason
from amends.core.may import Refusal

if TYPE_CHECKING:
    from amends.core.case import Case
    from amends.core.rulebook import Rulebook

LONGEST: Final = 1_000
"""Characters of what somebody adds to a clause; the outcome itself has room for more."""


@dataclass(frozen=True, slots=True)
class Cited:
    """What an outcome cites: clauses by their ids, why they hold here, and whose fault it was."""

    clauses: tuple[str, ...] = ()
    because: str = ""
    fault_owner: str = ""


NOTHING: Final = Cited()


def offered(code: Code | None) -> tuple[Clause, ...]:
    """The clauses that an outcome under this code can cite as a reason, in their order."""
    return tuple(c for c in _all(code) if c.reason not in (None, Reason.OTHERS))


def says_whose_fault(code: Code | None) -> Clause | None:
    """The clause by which an outcome says whose fault it was; None where the code does not promise it."""
    return clause_for(code, Reason.OTHERS)


def clause_for(code: Code | None, reason: Reason) -> Clause | None:
    """The first clause of the code that gives this reason; None where none does."""
    return next((c for c in _all(code) if c.reason is reason), None)


def _all(code: Code | None) -> tuple[Clause, ...]:
    return code.clauses if code is not None else ()


def known_owner(case: Case, code: Code | None) -> str:
    """Whose fault it was by the latest findings, where the code promises to say so."""
    if says_whose_fault(code) is None:
        return ""
    return next((x.fault_owner for x in reversed(case.findings) if x.fault_owner), "")


def may_cite(case: Case, book: Rulebook, cited: Cited) -> Refusal | None:
    """Whether an outcome may give these reasons: of this code, each with what makes it true, and honest about others."""
    honest, known = says_whose_fault(book.code), {c.id for c in offered(book.code)}
    strange = next((id_ for id_ in cited.clauses if id_ not in known), "")
    if strange:
        return Refusal(f"The code gives no reason called {strange}", "A-evidence", "Cite one of those shown.")
    if cited.fault_owner.strip() and honest is None:
        return Refusal(
            "The code does not promise to say whose fault it was", "A-evidence", "Leave that empty."
        )
    if cited.clauses and not cited.because.strip():
        return Refusal(
            "A clause that is cited needs what makes it true here", cited.clauses[0],
            "Write it as the customer will read it: since when, until when, which notice and its day.",
        )  # fmt: skip
    if len(cited.because) > LONGEST:
        return Refusal(
            f"That is more than {LONGEST:,} characters", "A-evidence", "Write the rest in the outcome."
        )
    if honest is not None and case.suppliers and not cited.fault_owner.strip():
        return Refusal(
            f"{case.suppliers[-1].supplier} is involved, and the outcome does not say whose fault it was", honest.id,
            "Say whose it was; where that is not known, say so.",
        )  # fmt: skip
    return None


def cited(code: Code | None, clauses: tuple[str, ...]) -> tuple[Clause, ...]:
    """The clauses that were cited, as the code says them."""
    return tuple(c for c in _all(code) if c.id in clauses)


def reasons(case: Case, book: Rulebook) -> tuple[Clause, ...]:
    """The clauses that the outcome cites which waits for the customer's answer; none where none waits."""
    return cited(book.code, case.open_outcome.cites) if case.open_outcome is not None else ()
