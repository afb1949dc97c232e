"""The addresses of the desk: the sign-in, one's own pages under /me/, the console, the portal.

The console is under /desk/<provider>/, the portal under /portal/<provider>/. Of django-allauth's own pages none is here.
"""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from amends.desk.views import (
    acting,
    alarms,
    case,
    cases,
    contact,
    files,
    house,
    letters,
    mail,
    mine,
    my_day,
    my_factors,
    people,
    sending,
    sign_ins,
    sign_on,
    signing_in,
    style,
)
from amends.desk.views.portal import complain, follow, front, my_case

CONSOLE: list[URLPattern | URLResolver] = [
    path("", my_day.my_day, name="my-day"),
    path("cases", cases.cases, name="cases"),
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
    path("provider/people/<int:number>", sign_ins.person, name="person"),
    path("provider/people/<int:number>/password", sign_ins.reset_password, name="reset-password"),
    path(
        "provider/people/<int:number>/second-factor", sign_ins.reset_second_factor, name="reset-second-factor"
    ),
    path("provider/people/<int:number>/sign-on", sign_ins.record_sign_on, name="record-sign-on"),
    path("provider/people/<int:number>/no-sign-on", sign_ins.remove_sign_on, name="remove-sign-on"),
    path("provider/signing-in", sign_ins.rules, name="sign-in-rules"),
    path("provider/sign-ins", sign_ins.sign_ins, name="sign-ins"),
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

MINE: list[URLPattern | URLResolver] = [
    path("", mine.my_sign_in, name="my-sign-in"),
    path("confirm", mine.confirm, name="my-confirm"),
    path("password", mine.my_password, name="my-password"),
    path("sessions/end", mine.end_other_sessions, name="end-sessions"),
    path("second-factor", my_factors.set_up, name="set-up-second-factor"),
    path("second-factor/app", my_factors.authenticator, name="my-authenticator"),
    path("second-factor/passkey", my_factors.passkey, name="my-passkey"),
    path("second-factor/codes", my_factors.recovery_codes, name="my-recovery-codes"),
    path("second-factor/<int:number>/remove", my_factors.remove, name="remove-second-factor"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", signing_in.home, name="home"),
    path("sign-in", signing_in.sign_in, name="sign-in"),
    path("sign-in/second-factor", signing_in.second_factor, name="second-factor"),
    path("sign-in/with/<slug:provider>", sign_on.sign_on, name="sign-on"),
    path("sign-in/from/<slug:provider>", sign_on.sign_on_return, name="sign-on-return"),
    path("sign-out", signing_in.sign_out, name="sign-out"),
    path("me/", include(MINE)),
    path("accent/<str:colour>.css", style.accent, name="accent"),
    path("desk/<slug:provider>/", include(CONSOLE)),
    path("portal/<slug:provider>/", include(PORTAL)),
]
