"""What the pictures of the aid rooms show of the demo school, by the name in an address."""

from collections.abc import Callable
from typing import Any

from tongxing.aid.companions.models import Companion, Kept, Letter, Promise
from tongxing.aid.donations.actions.gifts import token_of as gift_token
from tongxing.aid.donations.models import (
    BoxOpening,
    Campaign,
    DonationBox,
    Gift,
    GiftLink,
    Goods,
    HandingOver,
    HelpOffer,
    Honour,
    Step,
)
from tongxing.aid.hardship.models import Application as HardshipApplication
from tongxing.aid.hardship.models import OfficialList, Recognition, Review
from tongxing.aid.ledger.models import Budget, Entry, EntryFile, Fund, Statement
from tongxing.aid.subsidies.models import PayLine as SubsidyLine
from tongxing.aid.subsidies.models import PayList as SubsidyList
from tongxing.aid.subsidies.models import Project, Rate, Subsidy
from tongxing.aid.subsidies.models import Round as SubsidyRound
from tongxing.aid.workstudy.models import Application, Assignment, FloorRow, Month, PayList, Post, WorkedHours
from tongxing.ground.publicity.models import Notice, Objection

Values = Callable[[], Any]


def keys(found: Any) -> list[Any]:
    return list(found.values_list("pk", flat=True)[:8])


def newest(model: Any) -> Values:
    return lambda: keys(model.objects.order_by("-pk"))


AID: dict[str, Values] = {
    "way": lambda: ["payment"],
    "report_code": lambda: ["funds"],
    "file_kind": lambda: ["xlsx"],
    "entry_id": lambda: keys(Entry.objects.posted().order_by("-pk")),
    "paper_id": newest(EntryFile),
    "fund_id": newest(Fund),
    "budget_id": newest(Budget),
    "statement_id": lambda: keys(Statement.objects.order_by("pk")),
    "campaign_id": newest(Campaign),
    "step_id": newest(Step),
    "handing_id": lambda: keys(HandingOver.objects.order_by("pk")),
    "gift_id": newest(Gift),
    "gift_token": lambda: [gift_token(one) for one in GiftLink.objects.standing()[:1]],
    "goods_id": newest(Goods),
    "honour_id": newest(Honour),
    "donation_box_id": newest(DonationBox),
    "box_opening_id": newest(BoxOpening),
    "help_id": newest(HelpOffer),
    "application_id": lambda: keys(HardshipApplication.objects.order_by("state", "-pk")),
    "review_id": newest(Review),
    "recognition_id": lambda: keys(Recognition.objects.holding()),
    "official_list_id": lambda: keys(OfficialList.objects.order_by("pk")),
    "notice_id": newest(Notice),
    "objection_id": newest(Objection),
    "post_id": lambda: keys(Post.objects.filter(rate=0).order_by("pk")),
    "asked_id": lambda: keys(Application.objects.waiting().order_by("pk")),
    "work_place_id": lambda: keys(Assignment.objects.order_by("-pk")),
    "pay_list_id": lambda: keys(PayList.objects.order_by("pk")),
    "floor_id": lambda: keys(FloorRow.objects.order_by("pk")),
    "hours_id": lambda: keys(WorkedHours.objects.order_by("-pk")),
    "work_month_id": lambda: keys(Month.objects.order_by("pk")),
    "project_id": lambda: keys(Project.objects.filter(school__kind="school").order_by("pk")),
    "county_project_id": lambda: keys(Project.objects.filter(school__kind="county").order_by("pk")),
    "rate_id": lambda: keys(Rate.objects.order_by("pk")),
    "subsidy_round_id": lambda: keys(SubsidyRound.objects.order_by("pk")),
    "subsidy_id": lambda: keys(Subsidy.objects.order_by("pk")),
    "subsidy_list_id": lambda: keys(SubsidyList.objects.order_by("pk")),
    "subsidy_line_id": lambda: keys(SubsidyLine.objects.order_by("pk")),
    "companion_id": lambda: keys(Companion.objects.order_by("pk")),
    "companion_promise_id": lambda: keys(Promise.objects.order_by("pk")),
    "kept_id": newest(Kept),
    "thanks_letter_id": newest(Letter),
}
