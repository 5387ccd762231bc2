"""Help for the pages between a county and its schools."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

COUNTY: dict[str, str | Promise] = {
    "county-months": _(
        "Choose a count or a share above. Each small picture is one school, all with the same scale; the words below say the same. A share is a mark from the least to the most it may be, because counts stand in tens. There is no order but that of names."
    ),
    "county-programme": _(
        "Draft a version, look at each point, publish it. Schools then take it over; you see who has, which point is different where and why, and what is still open."
    ),
    "county-version": _(
        "Tap a point to change how often, for whom and what counts; leave out what is not meant. Only published does it reach the schools, and then it stays as it is."
    ),
    "county-reports": _(
        "Ask for a report with its parts, its day and its schools. The schools’ records fill it; there it is checked and sent. Open one to see who has sent and the sums."
    ),
    "county-report": _(
        "What each school sent, frozen as it was sent, in tens. A school may send anew; the newest counts. “not yet” is no reproach: a call is best."
    ),
    "county-needs": _(
        "The supervisor asks with a reason, the data officer decides and reads the names until the hour, the school is told. In danger to life the data officer opens at once and the supervisor looks at it again by a day."
    ),
    "county-need": _(
        "Why it was asked, who decided and until when it is open. Names stand on a page of their own, for whoever opened them; each look is logged."
    ),
    "county-office": _(
        "Reports wait by their day; each fills itself from your records. The county’s programme is compared with what the school promises. Whenever the county opens names, it stands here with the reason, and you may close it."
    ),
    "county-taken": _(
        "“Take it over” adds what is missing and raises what asks for less; what asks for more stays. Where a point does not fit your school, say why instead: the county reads it, and nothing else follows."
    ),
    "county-due": _(
        "Look at each figure; it is counted from your records at this moment. If one is not right, complete the records and come back. What you send is exactly what you see."
    ),
}
