"""The addresses of the desk: the sign-in, the console under /desk/<provider>/, the portal under /portal/<provider>/."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from amends.desk.views import (
    acting,
    alarms,
    case,
    cases,
    contact,
    exports,
    files,
    house,
    letters,
    mail,
    my_day,
    people,
    reports,
    sending,
    signing_in,
    style,
)
from amends.desk.views.portal import complain, follow, front, my_case

CONSOLE: list[URLPattern | URLResolver] = [
    path("", my_day.my_day, name="my-day"),
    path("cases", cases.cases, name="cases"),
    path("views/save", cases.save_view, name="save-view"),
    path("views/<int:number>/drop", cases.drop_view, name="drop-view"),
    path("export/<slug:what>/<slug:kind>", exports.export, name="export"),
    path("reports", reports.reports, name="reports"),
    path("reports/promises", reports.promises, name="promises"),
    path("reports/customers", reports.customers, name="customers"),
    path("provider/lists", reports.lists, name="lists"),
    path("cases/<str:reference>", case.case, name="case"),
    path("cases/<str:reference>/<slug:slug>", acting.deed, name="deed"),
    path("new-contact", contact.new_contact, name="new-contact"),
    path("mail", mail.mail, name="mail"),
    path("mail/<uuid:message>", mail.message, name="message"),
    path("mail/<uuid:message>/place", mail.place, name="place"),
    path("mail/<uuid:message>/raw", files.raw, name="raw"),
    path("mail/<uuid:message>/html", files.message_html, name="message-html"),
    path("files/<int:number>", files.upload, name="upload"),
    path("letters", letters.letters, name="letters"),
    path("letters/posted", letters.posted, name="posted"),
    path("letters/pdf/<path:key>", files.letter_pdf, name="letter-pdf"),
    path("letters/as/<slug:kind>/<path:key>", files.letter_as, name="letter-as"),
    path("letters/read/<path:key>", letters.letter, name="letter"),
    path("alarms", alarms.alarms, name="alarms"),
    path("alarms/<int:number>/clear", alarms.clear, name="clear-alarm"),
    path("runbook", alarms.runbook, name="runbook"),
    path("provider", house.house, name="house"),
    path("provider/code/<int:position>", house.code, name="code"),
    path("provider/scheme", house.scheme, name="scheme"),
    path("provider/people", people.people, name="people"),
    path("provider/people/add", people.add_person, name="add-person"),
    path("provider/people/give", people.give, name="give-role"),
    path("provider/people/<int:number>/take", people.take, name="take-role"),
    path("provider/sending", sending.sending, name="sending"),
    path("provider/sending/let-go", sending.let_go, name="let-go"),
]

PORTAL: list[URLPattern | URLResolver] = [
    path("", front.front, name="portal"),
    path("code", front.code, name="portal-code"),
    path("code/<slug:version>", front.code, name="portal-code-version"),
    path("code/<slug:version>/<str:name>", front.code_file, name="portal-code-file"),
    path("complain", complain.complain, name="complain"),
    path("received", complain.received, name="received"),
    path("follow", follow.follow, name="follow"),
    path("follow/link", follow.ask_link, name="ask-link"),
    path("link/<str:token>", follow.link, name="link"),
    path("leave", follow.leave, name="leave"),
    path("case", my_case.my_case, name="my-case"),
    path("case/say", my_case.say, name="say"),
    path("case/answer", my_case.answer, name="answer"),
    path("case/higher", my_case.ask_higher, name="ask-higher"),
    path("case/letters/<path:key>", my_case.letter, name="my-letter"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", signing_in.home, name="home"),
    path("sign-in", signing_in.sign_in, name="sign-in"),
    path("sign-out", signing_in.sign_out, name="sign-out"),
    path("accent/<str:colour>.css", style.accent, name="accent"),
    path("desk/<slug:provider>/", include(CONSOLE)),
    path("portal/<slug:provider>/", include(PORTAL)),
]
