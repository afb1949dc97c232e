"""Everything that may be done to a case, in the order in which a case offers it."""

from __future__ import annotations

from typing import Final, NamedTuple

from amends.core import may
from amends.core.duties import Action
from amends.core.may import Refusal
from amends.desk.forms import (
    agreed_times,
    care,
    copies,
    data_requests,
    dates,
    deciding,
    ending,
    formats,
    keeping,
    lessons,
    outages,
    posting,
    questions,
    redress,
    requests,
    scheme,
    sorting,
    suppliers,
    talking,
    together,
    trade_bodies,
)
from amends.desk.forms.case_form import CaseForm, Group, Matter
from amends.desk.models import RoleName

DEEDS: Final[tuple[type[CaseForm], ...]] = (
    talking.Call,
    talking.FollowUp,
    talking.Write,
    talking.Introduce,
    agreed_times.AgreeTime,
    agreed_times.MoveTime,
    agreed_times.SettleTime,
    talking.Interval,
    talking.SilenceNotice,
    questions.AskCustomer,
    questions.SettleQuestion,
    posting.SendAgain,
    formats.NeedFormat,
    formats.OrderFormat,
    formats.DispatchFormat,
    copies.CopyOnCase,
    care.TakeStep,
    care.Complains,
    data_requests.HandOut,
    data_requests.AnswerRequest,
    deciding.Decide,
    deciding.Findings,
    sorting.Categorise,
    sorting.PersonalData,
    sorting.SchemeLimits,
    redress.RefundOutage,
    redress.RefundPaid,
    redress.Goodwill,
    redress.LatePort,
    redress.PortCredit,
    redress.Promise,
    deciding.Propose,
    deciding.Answer,
    deciding.Escalate,
    deciding.CannotSettle,
    deciding.Deadlock,
    requests.DecideRequest,
    requests.TakeBack,
    redress.Compensate,
    redress.AwardBecame,
    trade_bodies.Raised,
    trade_bodies.Said,
    sorting.Refer,
    scheme.NotThere,
    scheme.FileDue,
    scheme.FileSent,
    scheme.Outcome,
    scheme.Correct,
    scheme.CustomerSaid,
    scheme.CorrectAnswer,
    lessons.NoteLesson,
    ending.Close,
    ending.Reopen,
    ending.AskException,
    ending.ConfirmException,
    keeping.Assign,
    keeping.CustomerDetails,
    keeping.Identity,
    keeping.AddParty,
    keeping.Note,
    care.GiveParticulars,
    care.SeePayment,
    suppliers.AskSupplier,
    suppliers.ChaseSupplier,
    suppliers.SupplierAnswered,
    keeping.Fate,
    posting.CameBack,
    posting.ProvePosting,
    outages.LinkOutage,
    outages.UnlinkOutage,
    together.LinkCase,
    together.UnlinkCase,
    together.MergeCase,
    together.UndoMerge,
    dates.Pause,
    dates.Resume,
    dates.Extend,
    data_requests.ExtendRequest,
    dates.CorrectReceipt,
)

BY_SLUG: Final = {deed.slug: deed for deed in DEEDS}

SETTLES: Final[dict[str, type[CaseForm]]] = {
    Action.POST: keeping.Fate,
    Action.DECIDE_COMPLAINT: deciding.Decide,
    Action.ADD_WAY: keeping.CustomerDetails,
    Action.ASSIGN: keeping.Assign,
    Action.INTRODUCE: talking.Introduce,
    Action.AGREE_TIME: agreed_times.AgreeTime,
    Action.SETTLE_TIME: agreed_times.SettleTime,
    Action.AGREE_INTERVAL: talking.Interval,
    Action.REPLY: talking.Write,
    Action.CALL: talking.Call,
    Action.UPDATE: talking.Write,
    Action.PROPOSE: deciding.Propose,
    Action.AWARD: redress.AwardBecame,
    Action.HAND_OVER: redress.AwardBecame,
    Action.ESCALATE: deciding.Escalate,
    Action.DEADLOCK: deciding.Deadlock,
    Action.SAY_CANNOT: deciding.CannotSettle,
    Action.LOOK_AT_LETTER: keeping.Fate,
    Action.SEND_AGAIN: posting.SendAgain,
    Action.SEND_FORMAT: formats.DispatchFormat,
    Action.ASK_FORMAT: formats.NeedFormat,
    Action.APPROVE: requests.DecideRequest,
    Action.RECORD_REFERRAL: sorting.Refer,
    Action.SAY_FILE_DUE: scheme.FileDue,
    Action.MAKE_FILE: scheme.FileDue,
    Action.SEND_FILE: scheme.FileSent,
    Action.SAY_ANSWER: scheme.CustomerSaid,
    Action.NOTE_LESSON: lessons.NoteLesson,
    Action.CHASE: suppliers.ChaseSupplier,
    Action.SETTLE_QUESTION: questions.SettleQuestion,
    Action.STEP: care.TakeStep,
    Action.PAYMENT: care.SeePayment,
    Action.HAND_OUT_DATA: data_requests.HandOut,
    Action.MAKE_BUNDLE: care.GiveParticulars,
    Action.ANSWER_DATA: data_requests.AnswerRequest,
    Action.ARRANGE: care.GiveParticulars,
}
"""The form that settles a duty, by its action.

What the desk sends by itself needs none; a date that cannot be worked out is settled by newer bank holidays.
"""


ON_A_MERGED_CASE: Final = frozenset(
    {
        keeping.Note, keeping.Fate, keeping.CustomerDetails, posting.CameBack, posting.ProvePosting, posting.SendAgain,
        formats.DispatchFormat, deciding.Decide, together.LinkCase, together.UnlinkCase,
    }
)  # fmt: skip
"""What may still be done on a case that goes on as another: its letters, and what reached it since."""


class Offer(NamedTuple):
    """An action as a case offers it: open, or shut with its reason."""

    deed: type[CaseForm]
    refusal: Refusal | None


def offers(matter: Matter, roles: frozenset[RoleName]) -> dict[Group, list[Offer]]:
    """Everything that this person may do to the case now, and what not with its reason, by heading."""
    found: dict[Group, list[Offer]] = {group: [] for group in Group}
    for deed in DEEDS:
        found[deed.group].append(Offer(deed, refusal_for(deed, matter, roles)))
    return found


def refusal_for(deed: type[CaseForm], matter: Matter, roles: frozenset[RoleName]) -> Refusal | None:
    """Why this person may not do this now; None where they may."""
    if roles & deed.roles or deed.lets_in(matter):
        merged = matter.case.merged_into is not None and deed not in ON_A_MERGED_CASE
        return may.act(matter.case) if merged else deed.refused(matter)
    who = ", ".join(str(role) for role in RoleName if role in deed.roles)
    return Refusal("Your role may not do this", "A-evidence", f"Ask one of: {who}.")
