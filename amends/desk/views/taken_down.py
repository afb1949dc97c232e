"""Writing a contact down: the contact, who they are, the decision, the agreed time, the plan or the end, in one docket."""

from __future__ import annotations

from django.core import signing
from django.db import IntegrityError
from django.utils.translation import gettext as _

from amends.core import facts as f
from amends.core.code import Unless
from amends.core.may import Refusal
from amends.desk import access, actions, merging
from amends.desk.customers import linking
from amends.desk.forms.contact import CHECKED, NEW, OF_BOOK, ContactForm
from amends.desk.forms.deciding import BY_A_PERSON
from amends.desk.forms.keeping import customer_known
from amends.desk.models import CaseRow
from amends.desk.opened import Opened, read
from amends.desk.record import CaseInHand, Docket, LetterMissing, docket
from amends.desk.views.acting import Undone
from amends.desk.views.case import open_for
from amends.desk.views.here import Here

SALT = "new contact"
"""Of the reference that a form brings along: sent twice, it opens one case."""


def _reference(form: ContactForm) -> str | None:
    try:
        return str(signing.loads(form.cleaned_data["reference"], salt=SALT))
    except signing.BadSignature:
        return None


def record(here: Here, form: ContactForm, chosen: str) -> str:
    """Write the contact down, and all that was filled in with it; the reference of its case.

    It is one docket: either all of it stands, or nothing does. Raises Undone, and nothing of it was.
    """
    row = merging.survivor(access.case_for(here.person, here.provider.pk, chosen)) if chosen else None
    this_case = row if form.cleaned_data["about"] == chosen else None
    drawn = _reference(form)
    try:
        return _recorded(here, form, row, this_case, drawn)
    except IntegrityError:
        there = CaseRow.objects.filter(provider=here.provider, reference=drawn or "").first()
        if there is None:
            raise
        if _is_there(read(there), form):
            return there.reference
        # Other words under a reference that is given: they open a case of their own, and are not lost.
        return _recorded(here, form, row, None, None)


def _recorded(
    here: Here, form: ContactForm, row: CaseRow | None, this_case: CaseRow | None, drawn: str | None
) -> str:
    try:
        with docket(*([this_case.pk] if this_case else []), now=here.now) as taken:
            hand = taken.cases[this_case.pk] if this_case else None
            if hand is not None and _is_there(hand, form):
                return hand.row.reference
            hand = _taken_down(taken, hand, here, form, _customer(here, form, row), drawn)
            _of_the_book(hand, here, form)
            _decided(taken, hand, here, form)
            return hand.row.reference
    except LetterMissing as missing:
        raise Undone(Refusal("A letter cannot be written yet", "A-evidence", str(missing))) from missing


def _of_the_book(hand: CaseInHand, here: Here, form: ContactForm) -> None:
    """Say whose case it is, where a person chose a customer of the book. Raises Undone."""
    about = form.cleaned_data["about"]
    if not about.startswith(OF_BOOK):
        return
    customer = access.customer_for(here.person, here.provider.pk, int(about.removeprefix(OF_BOOK)))
    accounts = list(customer.accounts.filter(closed_on__isnull=True)[:2])
    refusal = linking.link(
        hand, customer, by=here.id, now=here.now, account=accounts[0] if len(accounts) == 1 else None
    )
    if refusal is not None:
        raise Undone(refusal)


def _is_there(hand: CaseInHand | Opened, form: ContactForm) -> bool:
    """Whether this very contact stands on the case already: the form was sent twice."""
    new = form.contact()
    at = new.effective or new.received
    return any(
        c.inbound is not form.ours and c.channel == new.channel and c.at == at and c.words == new.words
        for c in hand.case.contacts
    )


def _customer(here: Here, form: ContactForm, row: CaseRow | None) -> f.CustomerKnown | None:
    """What was written down of the customer, with what an earlier case of theirs knows."""
    said = dict(form.cleaned_data)
    if row is not None and form.cleaned_data["about"].startswith(NEW):
        earlier = open_for(here, row.reference).case.customer
        for name in ("name", "email", "phone", "address", "account", "prefers", "headcount", "counted_how"):
            said[name] = said.get(name) or getattr(earlier, name)
        said["customer_kind"] = said["customer_kind"] or (
            "" if earlier.kind == "unknown" else str(earlier.kind)
        )
    known = customer_known(said, here.actor, here.now)
    return (
        known
        if any(
            (
                known.name,
                known.email,
                known.phone,
                known.address,
                known.account,
                known.customer_kind,
                known.prefers,
            )
        )
        else None
    )


def _taken_down(
    taken: Docket,
    hand: CaseInHand | None,
    here: Here,
    form: ContactForm,
    known: f.CustomerKnown | None,
    drawn: str | None,
) -> CaseInHand:
    if hand is None:
        return actions.open_case(taken, here.provider, form.contact(), known, here.actor, here.now, drawn)
    if known is not None:
        actions.know_customer(hand, known)
    if form.ours:
        _called(hand, here, form)
    else:
        actions.add_contact(hand, form.contact(), here.actor, here.now)
    return hand


def _called(hand: CaseInHand, here: Here, form: ContactForm) -> None:
    """A call of ours. What the customer complained of on it besides is a contact of theirs, in the same words."""
    said = form.cleaned_data
    refusal = actions.call(
        hand, here.actor, here.now, purpose=said["purpose"], words=said["words"], reached=form.spoke,
        at=said["received"],
    )  # fmt: skip
    if refusal is not None:
        raise Undone(refusal)
    _timed(hand, here, form)
    if said["complaint"] == "yes":
        actions.add_contact(hand, form.contact(), here.actor, here.now)


def _timed(hand: CaseInHand, here: Here, form: ContactForm) -> None:
    """How long the call took: as many minutes as were written, else until now where it began a short while ago."""
    call = hand.case.contacts[-1]
    ended = form.ended(here.now)
    if call.channel == "phone" and call.at == form.cleaned_data["received"] and ended is not None:
        actions.time_call(hand, here.actor, here.now, contact=call.id, ended=ended)


def _kept(hand: CaseInHand, here: Here, form: ContactForm) -> Refusal | None:
    """The call that was begun from an agreed time says what became of it."""
    promised = next(
        (a for a in hand.case.appointments if a.id == form.cleaned_data["appointment"] and not a.settled),
        None,
    )
    if promised is None:
        return None
    began = form.cleaned_data["received"]
    if began < promised.starts and not form.spoke:
        # Whoever does not answer before the time agreed has missed nothing: it still stands.
        return None
    how, why = "kept", ""
    if began > promised.ends:
        how, why = "missed by us", _("We called later than was agreed.")
    elif not form.spoke:
        how, why = "missed by the customer", _("We called in the agreed time and did not reach them.")
    return actions.settle_time(hand, here.actor, here.now, appointment=promised.id, how=how, why=why)


def _decided(taken: Docket, hand: CaseInHand, here: Here, form: ContactForm) -> None:
    """The identity check, the decision, the handler, and how it goes on."""
    said, by, now = form.cleaned_data, here.actor, here.now
    contact = hand.case.contacts[-1]
    done: list[Refusal | None] = [_kept(hand, here, form)]
    if contact.inbound:
        _timed(hand, here, form)
    if said["identity"] in CHECKED:
        done.append(
            actions.check_identity(hand, by, now, passed=said["identity"] == "yes", how=said["identity_how"])
        )
    if said["complaint"] in ("yes", "no") and contact.inbound:
        complaint = said["complaint"] == "yes"
        done.append(
            actions.decide_complaint(
                hand, by, now, contact=contact.id, complaint=complaint, why=said["why_not"]
            )
        )
    if said["take"]:
        done.append(actions.assign(hand, by, now, handler=by))
    if said["ends"] == "settled":
        done.append(_settled(taken, hand, here, form))
    elif said["ends"] == "time":
        done.append(
            actions.agree_time(
                taken, hand, by, now, starts=said["from"], ends=said["to"], person=said["person"], plan=said["plan"],
                number=said["number"] or hand.case.customer.phone,
            )
        )  # fmt: skip
    refusal = next((r for r in done if r is not None), None)
    if refusal is not None:
        raise Undone(refusal)


def _settled(taken: Docket, hand: CaseInHand, here: Here, form: ContactForm) -> Refusal | None:
    evidence = "not a complaint" if hand.case.complaint is False else "customer confirmed"
    first = len([c for c in hand.case.contacts if c.inbound and not c.machine]) == 1
    how = str(Unless.SETTLED_FIRST_CONTACT) if first else BY_A_PERSON
    return actions.close(
        taken, hand, here.actor, here.now, evidence=evidence, how=how,
        words=form.cleaned_data["settled_words"],
    )  # fmt: skip
