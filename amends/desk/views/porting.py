"""Moving numbers on a page: whether some can move, and the rules that say so, each with its days."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from amends.core.calendar import london_date
from amends.core.care.porting import Rule, Way
from amends.core.may import Refusal
from amends.desk import access, porting
from amends.desk.forms.porting import CanItMove, PortRuleForm
from amends.desk.views.here import KEEP, READ, Here, console
from amends.desk.views.pages import back, show


@console(methods=("GET", "HEAD", "POST"))
def port_rules(request: HttpRequest, here: Here) -> HttpResponse:
    """What is asked about numbers is answered from the rules; whoever keeps the desk writes rules down."""
    form = PortRuleForm(request.POST or None) if here.keeps else None
    if form is not None and form.is_bound and form.is_valid():
        said = form.cleaned_data
        way = Way(said["way"]) if said["way"] else None
        rule = Rule(said["start"], said["moves"] == "yes", said["why"], way, said["partner"])
        done = porting.add(here.provider, rule, said["since"], by=here.id, now=here.now)
        if not isinstance(done, Refusal):
            messages.success(request, _("The rule stands."))
            return back(here, "port-rules")
        form.add_error("start", str(done))
    today = london_date(here.now)
    question = CanItMove(request.GET if "numbers" in request.GET else None, auto_id="ask_%s")
    answers = None
    if question.is_bound and question.is_valid():
        ask, held = question.cleaned_data, porting.rules(here.provider.pk)
        answers = porting.asked(ask["numbers"], Way(ask["way"]), ask["partner"], today, held)
    rows = list(access.port_rules_for(here.person, here.provider.pk).order_by("start", "partner", "id"))
    return show(
        request, here, "console/port_rules.html", at="house", form=form, question=question, answers=answers,
        rules=[r for r in rows if r.until is None], ended=[r for r in rows if r.until is not None], today=today,
        status=422 if form is not None and form.is_bound else 200,
    )  # fmt: skip


@console(roles=KEEP & READ, methods=("POST",))
def end_port_rule(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """From today on a rule holds no longer."""
    rule = access.port_rules_for(here.person, here.provider.pk).filter(pk=number).first()
    if rule is None:
        raise Http404(str(number))
    refusal = porting.end(rule, by=here.id, now=here.now)
    if refusal is None:
        messages.success(request, _("The rule has ended."))
    else:
        messages.error(request, str(refusal))
    return back(here, "port-rules")
