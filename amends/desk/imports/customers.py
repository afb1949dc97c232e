"""Customers, accounts and services from a file: one row for each service, its customer and account on every row.

The customer's number in the provider's own system tells customers apart, so the same file brought in twice changes nothing.
An empty cell leaves what is known. Nothing that a file says touches a case: what a record learns is taken onto a case by a
person. Columns: see docs/customers.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from amends.desk.customers import book, checked
from amends.desk.customers.checked import Values, Wrong
from amends.desk.imports.reading import Row, Unreadable
from amends.desk.imports.running import CHANGED, NEW, SAME, Broken, Verdict
from amends.desk.models import Account, CustomerRow, Provider, Service

CUSTOMER: Final = "customer"
_OF_CUSTOMER: Final = {
    "name": "name", "kind": "kind", "email": "email", "phone": "phone", "prefers": "prefers",
    "headcount": "headcount", "counted_how": "counted_how", "counted_on": "counted_on",
}  # fmt: skip
_ADDRESS: Final = (
    "address",
    "address_1",
    "address_2",
    "address_3",
    "address_4",
    "address_5",
    "town",
    "county",
    "postcode",
)
"""Read together, in this order, as the lines of one address."""
_OF_ACCOUNT: Final = {
    "payment_method": "payment_method", "billing": "billing", "account_closed_on": "closed_on",
}  # fmt: skip
_OF_SERVICE: Final = {
    "service_kind": "kind", "service_name": "name", "numbers": "numbers", "service_address": "address",
    "starts": "starts", "minimum_months": "minimum_months", "renewal": "renewal", "renewal_words": "renewal_words",
    "ends": "ends", "price": "price_pence", "price_per": "price_per", "terms": "terms",
}  # fmt: skip
COLUMNS: Final = (
    CUSTOMER, *_OF_CUSTOMER, *_ADDRESS, "account_manager", "account", *_OF_ACCOUNT, "service", *_OF_SERVICE,
)  # fmt: skip


@dataclass
class Customers:
    """Brings rows of customers in."""

    provider: Provider
    by: str
    now: datetime
    what: str = "customers"
    source: str = ""
    mapping: str = ""
    _customers: dict[str, CustomerRow] = field(default_factory=dict)
    _accounts: dict[str, Account] = field(default_factory=dict)
    _services: dict[str, Service] = field(default_factory=dict)
    _erased: frozenset[str] = frozenset()
    _seen: dict[str, str] = field(default_factory=dict)
    """The customers of this file, by their ids, with what was said of them: to find a row that says otherwise."""
    _held: dict[str, str] = field(default_factory=dict)
    """The accounts and services of this file, with the customer on whose row they stood."""
    _rows: Sequence[Row] = ()
    _doubtful: bool = False
    _told_now: list[str] = field(default_factory=list)
    """What the row at hand put into `_held`: a broken row holds nothing."""

    def unknown(self, columns: Sequence[str]) -> tuple[str, ...]:
        """Columns that are not read. Raises Unreadable without a column for the customer."""
        if CUSTOMER not in columns:
            raise Unreadable(
                f"no column is called {CUSTOMER!r}: the customer’s number in your own system stands there"
            )
        return tuple(name for name in columns if name and name not in COLUMNS)

    def begin(self, rows: Sequence[Row]) -> None:
        """What these rows name, in a handful of queries."""
        self._rows, self._doubtful = rows, False
        named = {name: {row.cells[name].strip()[:100] for row in rows if name in row.cells}
                 for name in (CUSTOMER, "account", "service")}  # fmt: skip
        of = {"provider": self.provider}
        customers = CustomerRow.objects.filter(**of, external__in=named[CUSTOMER])
        self._customers = {row.external: row for row in customers}
        accounts = Account.objects.filter(**of, number__in=named["account"]).select_related("customer")
        self._accounts = {row.number: row for row in accounts}
        services = Service.objects.filter(**of, external__in=named["service"]).select_related("account")
        self._services = {row.external: row for row in services}
        digests = {book.erased_key(self.provider, each): each for each in named[CUSTOMER]}
        erased = CustomerRow.objects.filter(**of, erased_key__in=digests).values_list("erased_key", flat=True)
        self._erased = frozenset(digests[each] for each in erased)

    def key(self, row: Row) -> str:
        """Each row stands alone."""
        del row
        return ""

    def forget(self) -> None:
        """Nothing that was looked up holds any more."""
        self._customers, self._accounts, self._services = {}, {}, {}

    def bring(self, row: Row) -> Verdict:
        """One row, whole or not at all. Raises Broken."""
        if self._doubtful:
            # What a broken row had made is taken back by now: what was looked up is looked up again.
            self.begin(self._rows)
        self._doubtful, self._told_now = True, []
        try:
            verdict = self._bring(row)
        except Broken:
            for name in self._told_now:
                del self._held[name]
            raise
        self._doubtful = False
        return verdict

    def _bring(self, row: Row) -> Verdict:
        cells = row.cells
        external = self._external(cells)
        values, mild = self._read(cells)
        self._agrees(external, values[CUSTOMER], row.line)
        verdicts = []
        customer, verdict = self._customer(external, values[CUSTOMER])
        verdicts.append(("customer", verdict))
        account = None
        if "account" in cells:
            account, verdict = self._account(customer, cells["account"], values["account"])
            verdicts.append(("account", verdict))
        elif values["account"]:
            raise Broken(Wrong("account", "something is said of an account, and its number is missing"))
        if "service" in cells:
            verdict = self._service(customer, account, cells["service"].strip(), values["service"])
            verdicts.append(("service", verdict))
        elif values["service"]:
            raise Broken(Wrong("service", "something is said of a service, and its id is missing"))
        overall = next((v for v in (NEW, CHANGED) if any(x == v for _, x in verdicts)), SAME)
        told = ", ".join(f"{v} {what}" for what, v in verdicts if v != SAME)
        return Verdict(row.line, external, overall, told, mild)

    def _external(self, cells: Mapping[str, str]) -> str:
        external = cells.get(CUSTOMER, "").strip()
        if not external or len(external) > 100 or not external.isprintable():
            raise Broken(
                Wrong(
                    CUSTOMER,
                    "the customer’s number in your own system is missing, or longer than 100 letters",
                )
            )
        if external in self._erased:
            raise Broken(
                Wrong(
                    CUSTOMER, "this customer was erased here on request: take them out of your own system too"
                )
            )
        return external

    def _read(self, cells: Mapping[str, str]) -> tuple[dict[str, Values], tuple[Wrong, ...]]:
        """The values of the row's three parts, and what is odd but kept. Raises Broken with everything that is wrong."""
        address = "\n".join(cells[name] for name in _ADDRESS if name in cells)
        said = {**cells, **({"address": address} if address else {})}
        found: dict[str, Values] = {}
        wrong: list[Wrong] = []
        for part, names, rules in (
            (CUSTOMER, {**_OF_CUSTOMER, "address": "address"}, checked.CUSTOMER),
            ("account", _OF_ACCOUNT, checked.ACCOUNT),
            ("service", _OF_SERVICE, checked.SERVICE),
        ):
            given = {to: said[name] for name, to in names.items() if name in said}
            found[part], faults = checked.read(rules, given)
            back = {to: name for name, to in names.items()}
            wrong += [Wrong(back[fault.field], fault.what, mild=fault.mild) for fault in faults]
        wrong += self._manager(cells.get("account_manager", ""), found[CUSTOMER])
        if any(not fault.mild for fault in wrong):
            raise Broken(*(fault for fault in wrong if not fault.mild))
        return found, tuple(wrong)

    def _manager(self, said: str, values: Values) -> list[Wrong]:
        if not said.strip():
            return []
        named = book.manager(self.provider, said)
        if named is None:
            return [
                Wrong(
                    "account_manager",
                    f"{said.strip()[:80]!r} is nobody who works here: their sign-in or email",
                )
            ]
        values["account_manager"], values["account_manager_name"] = named
        return []

    def _agrees(self, external: str, values: Values, line: int) -> None:
        """A customer stands on many rows, and all of them say the same of the name: else two people share a number."""
        name = str(values.get("name", ""))
        before = self._seen.setdefault(external, f"{name}\n{line}")
        first, _, at = before.partition("\n")
        if name and first and name.casefold() != first.casefold():
            raise Broken(
                Wrong("name", f"row {at} calls customer {external} otherwise: are these two customers?")
            )

    def _customer(self, external: str, values: Values) -> tuple[CustomerRow, str]:
        row = self._customers.get(external)
        before = None if row is None else book.values_of(row)
        kept = book.keep_customer(self.provider, values, by=self.by, now=self.now, row=row, external=external)
        if isinstance(kept, tuple):
            raise Broken(*kept)
        self._customers[external] = kept
        if row is None:
            return kept, self._first(CUSTOMER, external)
        return kept, SAME if before == book.values_of(kept) else CHANGED

    def _account(self, customer: CustomerRow, number: str, values: Values) -> tuple[Account, str]:
        number = number.strip()
        row = self._accounts.get(number)
        self._one_holder("account", number, customer)
        before = None if row is None else book.values_of(row)
        kept = book.keep_account(customer, number, values, by=self.by, now=self.now, row=row)
        if isinstance(kept, tuple):
            raise Broken(*kept)
        self._accounts[number] = kept
        if before is None:
            return kept, self._first("account", number)
        return kept, SAME if before == book.values_of(kept) else CHANGED

    def _service(self, customer: CustomerRow, account: Account | None, external: str, values: Values) -> str:
        if not external or len(external) > 100:
            raise Broken(Wrong("service", "the service’s id is longer than 100 letters"))
        row = self._services.get(external)
        self._one_holder("service", external, customer)
        before = None if row is None else book.values_of(row)
        kept = book.keep_service(
            customer, account, values, by=self.by, now=self.now, row=row, external=external
        )
        if isinstance(kept, tuple):
            back = {to: name for name, to in _OF_SERVICE.items()}
            raise Broken(*(Wrong(back.get(fault.field, fault.field), fault.what) for fault in kept))
        self._services[external] = kept
        if before is None:
            return self._first("service", external)
        return SAME if before == book.values_of(kept) else CHANGED

    def _one_holder(self, what: str, key: str, customer: CustomerRow) -> None:
        """Within a file, too, an account or a service is one customer's: a look finds what writing would."""
        name = f"{what} {key}"
        if name not in self._held:
            self._held[name] = customer.external
            self._told_now.append(name)
        holder = self._held[name]
        if holder != customer.external:
            raise Broken(Wrong(what, f"an earlier row gives this {what} to customer {holder}"))

    def _first(self, what: str, key: str) -> str:
        """New, once: a look writes nothing, so a later row of the same file finds it new again."""
        name = f"made {what} {key}"
        if name in self._held:
            return SAME
        self._held[name] = ""
        self._told_now.append(name)
        return NEW
