"""Doing something to a case: one page for each action, one POST, checked again while the case is locked.

The form carries how many facts the case had when it was shown. If the case has moved meanwhile, nothing is done: the
page says what changed and keeps what was typed, so that pressing twice, or two people at once, does no harm.

No letter leaves unseen: an action that may write shows first what would leave, and a second press sends it. Where no
letter would leave, a call that was logged for one, the first press does it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from amends.core import awards
from amends.core import facts as f
from amends.core.calendar import london_date
from amends.core.case import Contact
from amends.core.citing import reasons
from amends.core.eligibility import SchemeAnswer
from amends.core.may import Refusal
from amends.core.scheme_path import may_go
from amends.desk import access, ledger, merging, paid_before, presence, unsent
from amends.desk.forms import redress
from amends.desk.forms.case_form import CaseForm, Matter
from amends.desk.forms.deciding import Propose
from amends.desk.forms.deeds import BY_SLUG, refusal_for
from amends.desk.forms.requests import DecideRequest
from amends.desk.forms.sorting import Refer
from amends.desk.models import Draft
from amends.desk.opened import Opened
from amends.desk.powers import ESCALATION
from amends.desk.record import CaseInHand, LetterMissing, docket
from amends.desk.story import Entry, tell
from amends.desk.views import looking
from amends.desk.views.case import colleagues, matter_of, open_for, papers, since
from amends.desk.views.company import company
from amends.desk.views.given import Shown, shown
from amends.desk.views.here import WORK, Here, console
from amends.desk.views.pages import show

SEND, CHANGE, PDF, DRAFT = "send", "change", "pdf", "draft"
"""What is pressed where a letter is looked at: it leaves, one goes back to the words, sees it printed, or they are kept."""
BY_ITSELF = "X-Draft"
"""The header by which a page says that it saves a draft by itself, and wants no page for it."""
WAITS = gettext_noop(
    "It is over what you decide alone: it waits under Decide, and nothing of it is done yet."
)
RECKON = "reckon"
"""The step of a form by which its sum is shown, and nothing is kept."""
ABOUT_AWARDS = (
    Propose,
    redress.RefundOutage,
    redress.RefundPaid,
    redress.Goodwill,
    redress.LatePort,
    redress.Promise,
)
"""The forms beside which it stands what was worked out for the next outcome."""
NOT_KEPT = ("csrfmiddlewaretoken", "step")


class Undone(Exception):
    """The action was not taken, and nothing of it was: `refusal` says why, or `moved` what changed meanwhile."""

    def __init__(self, refusal: Refusal | None = None, moved: list[f.Fact] | None = None) -> None:
        super().__init__(str(refusal or "the case moved"))
        self.refusal = refusal
        self.moved = moved or []


@console(roles=WORK, methods=("GET", "HEAD", "POST"))
def deed(request: HttpRequest, here: Here, reference: str, slug: str) -> HttpResponse:
    """The page of one action."""
    kind = BY_SLUG.get(slug)
    if kind is None:
        raise Http404(slug)
    opened = open_for(here, reference)
    matter = matter_of(here, opened, colleagues(here.provider.pk))
    if kind.suggests:
        mine = access.cases(here.person, here.provider.pk)
        matter = replace(matter, near=tuple(merging.near(mine, opened.row, opened.case)))
    if request.method == "POST":
        return _take(request, here, opened, kind, matter)
    refusal = refusal_for(kind, matter, here.roles)
    draft = unsent.find(here.person, here.provider, opened.row, slug)
    if draft is not None and opened.case.merged_into is not None:
        last = merging.survivor(opened.row)
        if unsent.follow(draft, last):
            said = _("%(old)s goes on as %(new)s, and so does what you were writing.")
            messages.info(request, said % {"old": reference, "new": last.reference})
            return HttpResponseRedirect(reverse("deed", args=[here.provider.pk, last.reference, slug]))
    draft = None if refusal else draft
    if draft is not None:
        return _taken_up(request, here, opened, kind, matter, draft)
    start = {
        name: value for name, value in request.GET.items() if name in kind.base_fields and name != "facts"
    }
    form = None if refusal else kind(matter=matter, start=start)
    return _page(request, here, opened, kind, form, refusal)


def _taken_up(
    request: HttpRequest, here: Here, opened: Opened, kind: type[CaseForm], matter: Matter, draft: Draft
) -> HttpResponse:
    """The form as the person left it, with what happened to the case since."""
    form = kind(unsent.as_form(draft, opened.row.facts), matter=matter)
    form.is_valid()
    form.quiet()
    moved = since(opened.facts, draft.facts) if draft.facts is not None else []
    return _page(request, here, opened, kind, form, draft=draft, since_draft=_entries(moved, here, opened))


def _entries(moved: list[f.Fact], here: Here, opened: Opened) -> list[Entry]:
    return [entry for _, day in tell(moved, papers(here, opened)) for entry in day] if moved else []


def _kept(
    request: HttpRequest, here: Here, opened: Opened, kind: type[CaseForm], form: CaseForm
) -> HttpResponse:
    """What was typed is kept for whoever typed it; nothing else is done."""
    kept = unsent.keep(here.person, here.provider, opened.row, kind.slug, request.POST, here.now)
    if BY_ITSELF in request.headers:
        presence.note(here.person, opened.row, kind.slug, here.now)
        return HttpResponse(status=204 if kept else 422)
    if kept:
        messages.success(request, _("Your draft is kept, for you alone. It waits in My day."))
    else:
        messages.info(
            request, _("Nothing was kept: nothing is typed yet, or it is longer than this form takes.")
        )
    form.is_valid()
    form.quiet()
    return _page(request, here, opened, kind, form)


def _take(
    request: HttpRequest, here: Here, opened: Opened, kind: type[CaseForm], matter: Matter
) -> HttpResponse:
    form = kind(request.POST, request.FILES, matter=matter)
    step = request.POST.get("step", "")
    if step == DRAFT:
        return _kept(request, here, opened, kind, form)
    if step == CHANGE:
        form.is_valid()
        form.quiet()
        return _page(request, here, opened, kind, form)
    if not form.is_valid():
        return _page(request, here, opened, kind, form, status=422)
    if kind.reckons and step == RECKON:
        return _page(request, here, opened, kind, form)
    try:
        if kind.writes and step != SEND:
            seen = looking.look(lambda: carry_out(here, opened, form), here, opened, form)
            if seen.letters or step == PDF:
                # Whoever reads the letter first may be called away from it.
                unsent.keep(here.person, here.provider, opened.row, kind.slug, request.POST, here.now)
                return _shown(request, here, opened, form, seen, step)
        waits = carry_out(here, opened, form)
    except Undone as undone:
        return _undone(request, here, opened, kind, form, undone)
    unsent.drop(here.person, here.provider, [opened.row], kind.slug)
    presence.leave(here.person, opened.row)
    messages.success(request, _(WAITS) if waits else str(kind.done))
    if kind.slug == "decide-request" and request.POST.get("from") == "decide":
        return HttpResponseRedirect(reverse("decide", args=[here.provider.pk]))
    return HttpResponseRedirect(reverse("case", args=[here.provider.pk, opened.row.reference]))


def _shown(
    request: HttpRequest, here: Here, opened: Opened, form: CaseForm, seen: looking.Seen, step: str
) -> HttpResponse:
    """What would leave, before it does: on a page, or as it would be printed."""
    if step == PDF and seen.letters:
        return looking.as_pdf(seen.letters)
    return show(
        request, here, "console/look.html", at="cases", row=opened.row, case=opened.case, deed=type(form), seen=seen,
        kept=[(name, value) for name in request.POST for value in request.POST.getlist(name) if name not in NOT_KEPT],
    )  # fmt: skip


def carry_out(here: Here, opened: Opened, form: CaseForm) -> bool:
    """Take the action while the case is locked; whether it now waits for somebody's decision.

    Raises Undone, and nothing of it was.
    """
    seen = form.cleaned_data.get("facts")
    other = _beside(here, form)
    try:
        with docket(opened.row.pk, *other, now=here.now) as taken:
            hand = taken.cases[opened.row.pk]
            if seen is not None and hand.row.facts != seen:
                moved = since(ledger.load([hand.row.pk])[hand.row.pk], seen)
                if moved:
                    raise Undone(moved=moved)
            matter = replace(form.matter, case=hand.case, book=hand.book, facts=hand.row.facts)
            refusal = refusal_for(type(form), matter, here.roles) or form.do(
                taken, hand, here.actor, here.now
            )
            if refusal is not None:
                raise Undone(refusal)
            return waits_for_decision(hand)
    except LetterMissing as missing:
        raise Undone(Refusal("The letter cannot be written yet", "A-evidence", f"{missing}")) from missing


def waits_for_decision(hand: CaseInHand) -> bool:
    """Whether what was just done only asks for a decision: nothing of it is done yet."""
    return any(isinstance(x, f.ApprovalAsked) and x.deed != ESCALATION for x in hand.added)


def _beside(here: Here, form: CaseForm) -> tuple[int, ...]:
    """The id of the other case that an action is about too, if it is about one. Raises Undone where it is not theirs."""
    wanted = form.beside()
    if not wanted:
        return ()
    try:
        return (access.case_for(here.person, here.provider.pk, wanted).pk,)
    except access.NotYours as none:
        said = Refusal(
            "There is no such case here", "A-evidence", "Choose one of those shown, or look at the reference."
        )
        raise Undone(said) from none


def _undone(
    request: HttpRequest, here: Here, opened: Opened, kind: type[CaseForm], form: CaseForm, undone: Undone
) -> HttpResponse:
    if not undone.moved:
        form.add_error(None, str(undone.refusal))
        return _page(request, here, opened, kind, form, status=422)
    fresh = open_for(here, opened.row.reference)
    if isinstance(form.data, QueryDict):
        # A copy keeps every tick of a list, which a dict of it would not.
        form.data = form.data.copy()
        form.data["facts"] = str(fresh.row.facts)
    unsent.keep(here.person, here.provider, fresh.row, kind.slug, request.POST, here.now)
    return _page(request, here, fresh, kind, form, status=409, moved=_entries(undone.moved, here, fresh))


def _page(
    request: HttpRequest, here: Here, opened: Opened, kind: type[CaseForm], form: CaseForm | None,
    refusal: Refusal | None = None, *, status: int = 200, **more: Any,
) -> HttpResponse:  # fmt: skip
    return show(
        request, here, "console/deed.html", at="cases", status=status, row=opened.row, case=opened.case, deed=kind,
        awards=_given(opened, kind), form=form, refusal=refusal, calendar=opened.book.calendar, last=_last_words(opened),
        gestures=_gestures(opened, kind), facts=opened.facts, answer=_eligible(here, opened, kind),
        company=company(here, opened.row, kind.slug if form else ""), reasons=reasons(opened.case, opened.book), **more,
    )  # fmt: skip


def _given(opened: Opened, kind: type[CaseForm]) -> list[Shown]:
    """What was worked out for the next outcome, beside the forms that are about it."""
    return shown(awards.prepared(opened.case), opened.book) if kind in ABOUT_AWARDS else []


def _gestures(opened: Opened, kind: type[CaseForm]) -> tuple[paid_before.Gesture, ...]:
    """What was given as goodwill on the customer's other cases, beside the forms that may give more, or agree to it."""
    return paid_before.goodwill(opened.case) if kind in (Propose, redress.Goodwill, DecideRequest) else ()


def _eligible(here: Here, opened: Opened, kind: type[CaseForm]) -> SchemeAnswer | None:
    """Whether the complaint may go to a scheme today, beside the form that writes down that it did."""
    return may_go(opened.case, opened.book, london_date(here.now)) if kind is Refer else None


def _last_words(opened: Opened) -> Contact | None:
    """What the customer said last: what an answer answers."""
    heard = [c for c in opened.case.contacts if c.inbound and not c.machine]
    return heard[-1] if heard else None
