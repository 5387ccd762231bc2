"""Help for the pages of circulars, meetings, publicity, suggestions and the leading group."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NOTICES: dict[str, str | Promise] = {
    "circulars": _(
        "What waits for your tap stands first. Whoever leads the work writes here; the county writes to its schools, and a school passes it on as its own."
    ),
    "circular": _(
        "Read it and tap “I have read it” where that is asked. A change is a new version: what is new stands above, the old ones below. A confirmation says that it has reached you, nothing more."
    ),
    "leading-group": _(
        "Posts and class teachers are read from where they are named; a place that nobody holds stands out. Members, who answers for a programme and student cadres are added here. Choose a day below to see how it was."
    ),
    "meetings": _(
        "Kick-offs, meetings of all colleagues or of the class cadres, and class meetings on a theme with their plan and slides, which other classes may take. What was decided and is under way stands above."
    ),
    "meeting": _(
        "Write the minutes once it has been held, then who sees to what by when: each colleague finds it on the own week. Slides and plans are added as files. Minutes can be printed or sent out."
    ),
    "publicity": _(
        "One line for each column, banner or word on the radio, with a photo if you like. What was noted with a campaign and class meetings that were held count by themselves; nothing is written twice."
    ),
    "suggestions": _(
        "Say what could be better. Without your name nothing is kept of who wrote. Whoever leads the school answers within a week; the answer stands here for every colleague."
    ),
    "circular-new": _(
        "Say what is to be done, by whom and by when. Choose whom it is for: the groups follow from lessons, classes and pairs of today. Whoever joins later finds it too."
    ),
    "circular-read": _(
        "For the office that wrote it. A reminder goes only to those who have not confirmed, at most once a day; the text below names nobody and can be put into a group chat."
    ),
    "circular-sheet": _(
        "As it is printed. Whoever writes for the office gives it the next number: then it carries the coloured head, whom it is addressed to and who gets copies. A number is never given twice and never left out."
    ),
    "letterhead": _(
        "Name, logo and colour of the head, and the sign that begins your numbers. It counts for what goes out from now on; what went out stays as it was."
    ),
    "outgoing": _(
        "The list of what went out, by number. It fills by itself whenever a notice or a summary gets its number."
    ),
}
