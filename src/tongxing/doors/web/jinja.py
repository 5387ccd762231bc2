"""The Jinja2 environment of the pages: languages, addresses, dates in the reader's words, and the page's frame."""

import datetime
import re
from functools import cache
from typing import Any

from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext, pgettext
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

from tongxing.ground.kernel import clock, money
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.outbox.models import Message
from tongxing.ground.people.queries import has_begun

from .help import HELP

#: Where one can go, in groups: (URL name, ability, icon, label, also in the phone's bottom bar).
#: “setup” is there until the first student is on the register.
NAVIGATION = (
    (
        "",
        (
            ("setup", "settings.manage", "checklist", gettext_noop("The first day"), True),
            ("week", "week.view", "calendar-week", gettext_noop("My week"), True),
            ("board", "board.view", "school", gettext_noop("Class board"), True),
            ("overview", "overview.view", "layout-dashboard", gettext_noop("Overview"), True),
            ("county", "county.view", "layout-dashboard", gettext_noop("County"), True),
            ("students", "student.view", "users", gettext_noop("Students"), True),
            ("circulars", "circular.view", "volume", gettext_noop("Plans and notices"), False),
            ("attendance", "attendance.mark", "user-check", gettext_noop("At school"), False),
            ("requests", "request.answer", "mail", gettext_noop("Asked for help"), False),
            ("highlights", "highlight.write", "sun", gettext_noop("Bright moments"), True),
            ("safety", "safety.respond", "lifebuoy", gettext_noop("Safety"), False),
            ("counselling", "counselling.keep", "message-circle", gettext_noop("Counselling"), True),
            ("restricted", "restricted.read", "lock", gettext_noop("Confidential"), True),
            ("family-home", "door.family", "home", gettext_noop("My child"), True),
            ("mine", "door.student", "star", gettext_noop("My page"), True),
        ),
    ),
    (
        gettext_noop("Around the children"),
        (
            ("register", "register.view", "notebook", gettext_noop("Register"), False),
            ("plans", "plan.write", "target-arrow", gettext_noop("Support plans"), False),
            ("around", "contact.write", "friends", gettext_noop("People around"), False),
            ("activities", "activity.view", "palette", gettext_noop("Activities"), False),
            ("surveys", "contact.write", "checklist", gettext_noop("Interviews and surveys"), False),
            ("mutual-help", "mutual.keep", "friends", gettext_noop("Help among classmates"), False),
            ("good-news", "family.door", "trophy", gettext_noop("Good news of the week"), False),
            ("lessons-away", "away.view", "clock", gettext_noop("Away from lessons"), False),
            ("invitations", "family.door", "qrcode", gettext_noop("Invite families"), False),
        ),
    ),
    (
        gettext_noop("The school’s work"),
        (
            ("screening", "screening.nominate", "eye-heart", gettext_noop("Look at every child"), False),
            ("pairing", "pairing.view", "heart-handshake", gettext_noop("Pairing"), False),
            (
                "inspections",
                "inspection.manage",
                "clipboard-check",
                gettext_noop("Monthly inspection"),
                False,
            ),
            ("review", "staffroom.view", "notebook", gettext_noop("Review of the term"), False),
            ("documents", "document.make", "file-text", gettext_noop("Documents"), False),
            ("county-office", "county.answer", "school", gettext_noop("The county"), False),
            ("county-needs", "county.needs", "lock", gettext_noop("Behind a need"), False),
            ("hardship", "hardship.review", "heart", gettext_noop("Recognition of hardship"), False),
            ("subsidies", "subsidy.pay", "heart-handshake", gettext_noop("Aid projects"), False),
            ("ledger", "ledger.view", "coin", gettext_noop("Aid money"), False),
            ("donations", "donation.view", "heart", gettext_noop("Giving"), False),
            ("notices", "notice.view", "pin", gettext_noop("Notices"), False),
            ("honours", "honour.view", "trophy", gettext_noop("Honours"), False),
            ("workstudy", "workstudy.hours", "notebook", gettext_noop("Work-study"), False),
            (
                "county-floors",
                "workstudy.floor",
                "adjustments",
                gettext_noop("The least that is paid"),
                False,
            ),
            ("county-aid", "subsidy.county", "coin", gettext_noop("Aid in the schools"), False),
            ("county-projects", "subsidy.county", "notebook", gettext_noop("Aid projects"), False),
            ("companions", "companion.manage", "heart-handshake", gettext_noop("Companions"), False),
            ("data-requests", "family.answer", "mail", gettext_noop("Families ask about data"), False),
            (
                "counselling-openings",
                "counselling.review",
                "lock",
                gettext_noop("Opened in an emergency"),
                False,
            ),
            ("import", "import.run", "table-import", gettext_noop("Import"), False),
            ("settings", "settings.manage", "settings", gettext_noop("Settings"), False),
        ),
    ),
)


def environment(**options: Any) -> Environment:
    options.setdefault("undefined", StrictUndefined)
    options["autoescape"] = True
    options["trim_blocks"] = options["lstrip_blocks"] = True
    env = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"], **options)  # noqa: S701  # autoescape is on, two lines up
    env.install_gettext_callables(translation.gettext, ngettext, newstyle=True, pgettext=pgettext)  # type: ignore[attr-defined]  # the extension adds it
    env.policies["ext.i18n.trimmed"] = True
    env.globals.update(url=url, static=staticfiles_storage.url, number=number, weekday_names=weekday_names)
    env.globals.update(week_label=week_label, break_label=break_label, this_moment=clock.now)
    env.filters.update(day=day, month_name=month_name, daytime=daytime, ago=ago, number=number)
    env.filters.update(with_calls=with_calls, yuan=money.yuan, in_words=money.in_words)
    return env


def url(name: str, *args: object, **kwargs: object) -> str:
    return reverse(name, args=args, kwargs=kwargs)


def _is_chinese() -> bool:
    return (translation.get_language() or "").startswith("zh")


def day(value: datetime.date | datetime.datetime | None) -> str:
    """11月23日 周一 / Mon 23 Nov; with the year when it is not this one."""
    if value is None:
        return ""
    date = clock.day_of(value) if isinstance(value, datetime.datetime) else value
    this_year = date.year == clock.today().year
    if _is_chinese():
        year = "" if this_year else f"{date.year}年"
        return f"{year}{date.month}月{date.day}日 周{'一二三四五六日'[date.weekday()]}"
    return f"{date:%a} {date.day} {date:%b}{'' if this_year else f' {date.year}'}"


def month_name(value: datetime.date) -> str:
    """2026年9月 / September 2026."""
    return f"{value.year}年{value.month}月" if _is_chinese() else f"{value:%B %Y}"


def weekday_names() -> list[str]:
    """Monday to Sunday, in one or two signs."""
    return list("一二三四五六日") if _is_chinese() else ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]


def daytime(value: datetime.datetime | None) -> str:
    """The day and the time at school."""
    return f"{day(value)} {timezone.localtime(value, clock.SCHOOL_TIME):%H:%M}" if value else ""


def ago(value: datetime.date | datetime.datetime | None) -> str:
    """Today, yesterday, n days ago; further back the day itself."""
    if value is None:
        return ""
    date = clock.day_of(value) if isinstance(value, datetime.datetime) else value
    days = (clock.today() - date).days
    if days == 0:
        return _("today")
    if days == 1:
        return _("yesterday")
    return ngettext("%(n)s day ago", "%(n)s days ago", days) % {"n": days} if 1 < days < 14 else day(date)


def number(value: float | None) -> str:
    """1184 → 1,184; nothing known → 无记录."""
    return _("no record") if value is None else f"{value:,}"


#: What is dialled: short numbers of help lines, mobile phones, lines with an area code.
_DIALLED = re.compile(r"(?<![\d-])(1\d{10}|0\d{2,3}-?\d{7,8}|400-?\d{3}-?\d{4}|12\d{3}|1[12]\d)(?![\d-])")


def with_calls(text: str) -> Markup:
    """A text in which a telephone number is one tap away from the call."""
    called = _DIALLED.sub(r'<a href="tel:\1">\1</a>', str(escape(text)))
    return Markup(called)  # noqa: S704  # escaped above; a number alone is put into the link


def week_label(number: int, monday: datetime.date, sunday: datetime.date) -> str:
    """第 12 教学周 · 11月23–29日 / Week 12 · 23–29 Nov."""
    if _is_chinese():
        return f"第 {number} 教学周 · {_from_to(monday, sunday)}"
    return f"Week {number} · {_from_to(monday, sunday)}"


def break_label(season: str, number: int, first: datetime.date, last: datetime.date) -> str:
    """寒假第 2 周 · 2月1–7日 / Winter break, week 2 · 1–7 Feb."""
    name = _("Winter break") if season == "winter" else _("Summer break")
    if _is_chinese():
        return f"{name}第 {number} 周 · {_from_to(first, last)}"
    return f"{name}, week {number} · {_from_to(first, last)}"


def _from_to(first: datetime.date, last: datetime.date) -> str:
    """11月23–29日 / 23–29 Nov."""
    if _is_chinese():
        end = f"{last.day}日" if last.month == first.month else f"{last.month}月{last.day}日"
        return f"{first.month}月{first.day}–{end}"
    start = f"{first.day}" if last.month == first.month else f"{first.day} {first:%b}"
    return f"{start}–{last.day} {last:%b}"


@cache
def _exists(name: str) -> bool:
    try:
        reverse(name)
    except NoReverseMatch:
        return False
    return True


def _places(request: HttpRequest, actor: Actor | None) -> list[dict[str, Any]]:
    """Whose work has few pages finds all of them in the phone's bottom bar."""
    found = [
        {
            "name": name,
            "href": reverse(name),
            "icon": icon,
            "label": _(label),
            "bar": bar,
            "group": title and _(title),
        }
        for title, of_group in NAVIGATION
        for name, ability, icon, label, bar in of_group
        if actor is not None and actor.may(ability) and _exists(name)
        if name != "setup" or not has_begun(request.school)  # type: ignore[attr-defined]  # set with the actor
        if name != "workstudy" or actor.may("workstudy.manage") or _has_paid_posts(request)
    ]
    return found if any(one["bar"] for one in found) else [one | {"bar": True} for one in found]


def _has_paid_posts(request: HttpRequest) -> bool:
    """In the compulsory stage nobody is paid: there the way to an own post is the message that names it."""
    school = getattr(request, "school", None)
    return school is not None and not school.is_compulsory


def _new_messages(actor: Actor | None) -> int:
    return Message.objects.visible_to(actor).unread().count() if actor and actor.kind == "person" else 0


def frame(request: HttpRequest) -> dict[str, Any]:
    """What the frame around every page needs, found out only where there is one; error pages have no actor."""
    actor = getattr(request, "actor", None)
    places = SimpleLazyObject(lambda: _places(request, actor))
    here = request.resolver_match.url_name if request.resolver_match else ""
    return {
        "actor": actor,
        "places": places,
        "here": here,
        "page_help": HELP.get(here or "", "") if actor else "",
        "new_messages": SimpleLazyObject(lambda: _new_messages(actor)),
        "can_search": SimpleLazyObject(lambda: any(place["name"] == "students" for place in places)),
        "language": translation.get_language(),
        "theme": request.COOKIES.get("theme", ""),
    }
