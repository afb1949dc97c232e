"""Writing the customers' book: each change stands with who made it, what stood before, and when; the same twice is one.

Whoever writes gives values that `checked` has read. A refusal is the list of what is wrong, and then nothing is written.
Call these in a transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils.crypto import salted_hmac

from amends.desk import lookup
from amends.desk.address import Address
from amends.desk.customers import checked, numbers
from amends.desk.customers.checked import Wrong
from amends.desk.hints import postcode
from amends.desk.models import (
    Account,
    CustomerChange,
    CustomerRow,
    NumberRange,
    Provider,
    Role,
    Service,
)
from amends.desk.people import person_id

OF_CUSTOMER: Final = (
    "kind", "name", "email", "phone", "address", "prefers", "headcount", "counted_how", "counted_on",
    "account_manager", "account_manager_name",
)  # fmt: skip
OF_SERVICE: Final = (
    "kind", "name", "numbers", "address", "starts", "minimum_months", "renewal", "renewal_words", "ends",
    "price_pence", "price_per", "terms",
)  # fmt: skip
OF_ACCOUNT: Final = ("payment_method", "billing", "closed_on")
Told = dict[str, list[Any]]


def keep_customer(
    provider: Provider, values: Mapping[str, Any], *, by: str, now: datetime,
    row: CustomerRow | None = None, external: str = "",
) -> CustomerRow | tuple[Wrong, ...]:  # fmt: skip
    """A new customer, or `row` with these values changed. What is not among them stays as it is."""
    whole = {name: values.get(name, getattr(row, name, None)) for name in OF_CUSTOMER}
    wrong = checked.fits_customer(whole)
    if row is not None and row.erased_at is not None:
        wrong = (Wrong("customer", "this customer was erased: nothing is written down of them any more"),)
    if wrong:
        return wrong
    if row is None:
        row = CustomerRow(provider=provider, external=external, made=now, changed=now)
        _put(row, values, OF_CUSTOMER)
        _keys(row)
        row.save(force_insert=True)
        note(row, "made", None, by, now)
        return row
    told = _put(row, values, OF_CUSTOMER)
    if told:
        row.changed = now
        _keys(row)
        row.save()
        note(row, "details", told, by, now)
    return row


def keep_account(
    customer: CustomerRow, number: str, values: Mapping[str, Any], *, by: str, now: datetime,
    row: Account | None = None,
) -> Account | tuple[Wrong, ...]:  # fmt: skip
    """An account of a customer by its number, made or changed. One of another customer is not taken from them."""
    number = number.strip()
    if not number or len(number) > 100:
        return (Wrong("account", "an account has a number of up to 100 letters"),)
    row = row or Account.objects.filter(provider=customer.provider_id, number=number).first()
    if row is None:
        row = Account(provider_id=customer.provider_id, customer=customer, number=number)
        told = _put(row, values, OF_ACCOUNT)
        row.save(force_insert=True)
        note(customer, "account", {"number": ["", number], **told}, by, now)
        return row
    if row.customer_id != customer.pk:
        return (
            Wrong("account", "this account is another customer’s: end it there first, or mend the number"),
        )
    told = _put(row, values, OF_ACCOUNT)
    if told:
        row.save()
        note(customer, f"account {row.pk}", told, by, now)
    return row


def keep_service(
    customer: CustomerRow, account: Account | None, values: Mapping[str, Any], *, by: str, now: datetime,
    row: Service | None = None, external: str = "",
) -> Service | tuple[Wrong, ...]:  # fmt: skip
    """A service of a customer, made or changed; its numbers can then be looked up."""
    if account is not None and account.customer_id != customer.pk:
        return (Wrong("account", "this account is another customer’s"),)
    if row is not None and row.customer_id != customer.pk:
        return (Wrong("service", "this service is another customer’s: mend its id"),)
    wrong = checked.fits_service({name: values.get(name, getattr(row, name, None)) for name in OF_SERVICE})
    if wrong:
        return wrong
    new = row is None
    if row is None:
        row = Service(provider_id=customer.provider_id, customer=customer, external=external)
    told = _put(row, values, OF_SERVICE)
    if account is not None and row.account_id != account.pk:
        told["account"] = ["" if row.account is None else row.account.number, account.number]
        row.account = account
    if new or told:
        row.save()
        note(customer, "service" if new else f"service {row.pk}", told, by, now)
    if "numbers" in told:
        _look_up(row)
    return row


def note(customer: CustomerRow, what: str, told: Told | None, by: str, now: datetime) -> None:
    """One line of a customer's history."""
    CustomerChange.objects.create(
        provider_id=customer.provider_id, customer=customer, at=now, by=by, what=what[:60], fields=told or {},
    )  # fmt: skip


def values_of(row: CustomerRow | Account | Service) -> tuple[Any, ...]:
    """What the row says, to tell whether it was changed."""
    fields: tuple[str, ...]
    if isinstance(row, CustomerRow):
        fields = OF_CUSTOMER
    else:
        fields = OF_ACCOUNT if isinstance(row, Account) else (*OF_SERVICE, "account_id")
    return tuple(getattr(row, name) for name in fields)


def erased_key(provider: Provider, external: str) -> str:
    """What stays of an erased customer's id, so that no file brings them back: a digest that only this desk can make."""
    return salted_hmac("erased customer", f"{provider.pk}\n{external}", algorithm="sha256").hexdigest()


ERASED: Final = "erased "
"""How the number of an erased case of another system begins: see `gone_key`."""


def gone_key(provider: Provider, source: str, number: str) -> str:
    """What stays of the number by which another system knows an erased case; of what was erased before, the same again."""
    if number.startswith(ERASED) and len(number) == len(ERASED) + 64:
        return number
    return ERASED + erased_key(provider, f"{source}\n{number}")


def manager(provider: Provider, said: str) -> tuple[str, str] | None:
    """The id and name of the colleague whom these words name: by sign-in, or by direct email. None for nobody."""
    said = said.strip()
    if not said:
        return "", ""
    role = (
        Role.objects.filter(
            Q(email__iexact=said) | Q(person__username__iexact=said) | Q(person__email__iexact=said)
        )
        .filter(provider=provider, person__is_active=True)
        .select_related("person")
        .first()
    )
    return (person_id(role.person), _called(role.person)) if role else None


def _called(person: User) -> str:
    return person.get_full_name() or person.get_username()


def _put(row: CustomerRow | Account | Service, values: Mapping[str, Any], fields: tuple[str, ...]) -> Told:
    """Write the values into the row; what changed, as it stood and as it stands."""
    told: Told = {}
    for name in fields:
        if name not in values:
            continue
        field = row._meta.get_field(name)
        value = values[name]
        if value is None and not field.null:
            value = ""
        was = getattr(row, name)
        if was != value:
            told[name] = [_plain(was), _plain(value)]
            setattr(row, name, value)
    return told


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _keys(row: CustomerRow) -> None:
    for name, value in lookup.keys(row.name, row.phone).items():
        setattr(row, name, value)
    row.email_key = Address("", row.email).key[:320] if row.email else ""
    row.postcode = postcode(row.address)


def _look_up(row: Service) -> None:
    """The ranges by which the service's numbers are found."""
    with transaction.atomic():
        NumberRange.objects.filter(service=row).delete()
        NumberRange.objects.bulk_create(
            [
                NumberRange(
                    provider_id=row.provider_id, service=row, customer_id=row.customer_id, first=r.first, last=r.last
                )
                for r in numbers.ranges(row.numbers)
            ]
        )  # fmt: skip
