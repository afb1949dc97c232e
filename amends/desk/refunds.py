"""What was refunded before for a service, on any case of its customer: no hour without it is paid twice (N-refund).

Which cases belong together is known to `paid_before`. Here it is about names: people write one service in several ways.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.core import awards, outage
from amends.core.redress.refund import Refunded
from amends.desk import paid_before
from amends.desk.models import Service

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amends.core.case import Case


def service_of(case: Case) -> Service | None:
    """The service of the customers' book that the case is about: the one that was named, or the only one there is."""
    linked = case.linked
    if linked is None or not linked.customer:
        return None
    theirs = Service.objects.filter(provider=case.provider, customer=int(linked.customer))
    if linked.service:
        return theirs.filter(pk=int(linked.service)).first()
    found = list(theirs[:2])
    return found[0] if len(found) == 1 else None


def named(service: Service) -> str:
    """What a service is called in a refund: as it is sold, with its first number."""
    numbers = service.numbers.splitlines()
    return f"{service.name or service.kind}{f' ({numbers[0]})' if numbers else ''}"


def before(case: Case, service: str, *, by_hand: bool = False) -> tuple[Refunded, ...]:
    """The time without this service that was refunded, or may yet be, on this case and the others of its customer.

    For an outage each refund counts unless it names another service that is known. Who works one out by hand names the
    service themselves: then refunds of outages count so, and the others by name.
    """
    own, theirs = service_of(case), _services(case)
    others = [named(x) for x in theirs if own is not None and x.pk != own.pk]
    found = list(_of(case, service, others, by_hand=by_hand))
    for other in paid_before.elsewhere(case):
        about = service_of(other)
        if own is None or about is None or about.pk == own.pk:
            found += _of(other, service, others, by_hand=by_hand, elsewhere=True)
    return tuple(found)


def _services(case: Case) -> list[Service]:
    if case.linked is None or not case.linked.customer:
        return []
    return list(Service.objects.filter(provider=case.provider, customer=int(case.linked.customer)))


def _of(
    case: Case, service: str, others: Sequence[str], *, by_hand: bool, elsewhere: bool = False
) -> tuple[Refunded, ...]:
    """The refunds of a case that count as refunds of this service."""
    refunded = awards.refunded(case, elsewhere=elsewhere)
    if not by_hand:
        return outage.as_one_service(refunded, service, others)
    of_outages = {o.service for o in case.outages}
    mine = outage.folded(service)
    counted = [r for r in refunded if r.service in of_outages or outage.folded(r.service) == mine]
    return outage.as_one_service(counted, service, others)
