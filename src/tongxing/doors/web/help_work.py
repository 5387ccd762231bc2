"""Help for the pages of work-study and companions."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORK: dict[str, str | Promise] = {
    "workstudy": _(
        "Whoever looks after a post finds it here. The office opens posts, sees who asks, looks at the months that are handed in, and makes the pay lists. Schools of the compulsory stage keep unpaid labour education and volunteering here."
    ),
    "workstudy-new": _(
        "Say what is done, where, and why it is safe. The pay of a post never changes: when it rises, end the post and open it anew. A colleague who looks after it needs the offence-record check and some role here."
    ),
    "workstudy-post": _(
        "Tick who worked, the day and the times; one tap writes it down for all of them. What was wrong is taken back while the month is open. When the month is over, hand it in: somebody else looks at it before it is paid."
    ),
    "workstudy-apply": _(
        "Choose the class, then the student. For paid work the birth date must be on record and the student sixteen or older. Hardship is not asked again: it stands on record or it does not."
    ),
    "workstudy-selection": _(
        "Once a year, or when a place is free. Whoever has hardship on record stands first, by name; nobody is placed by how much. Each student gets an answer, best in person."
    ),
    "workstudy-decide": _(
        "Print the agreement, let it be signed, note the day and begin. Under eighteen the family agrees first. Whoever is not chosen gets a reason that stays sealed, and may ask again."
    ),
    "workstudy-stop": _(
        "The last day of work and why it ends. A student may stop at any time. What was worked is still handed in and paid."
    ),
    "student-work": _(
        "What this student asked for and where it works. Only those who manage work-study see this page."
    ),
    "workstudy-floors": _(
        "Enter the local minimum wage or the subsistence line with its source before the first fixed post. Amounts hold from their day on; what was paid before is never worked out again."
    ),
    "county-floors": _(
        "What you enter here holds for every school of the county from that day. A school may ask for more, never for less. Amounts of earlier days stay as they were."
    ),
    "workstudy-lists": _(
        "Once months are handed in and checked, make one list of them. Finance writes it into the books as one payment; a colleague checks it there."
    ),
    "workstudy-list": _(
        "Print the sheet and let everybody sign for the own pay. Finance sees the sum here and the names on the file. As long as nothing in the books pays it, a wrong list is taken back and made anew."
    ),
    "companions": _(
        "Who stands by whom this year, and where nothing is noted yet. A companion has no account: the office notes what was done. Letters are read here before they go on."
    ),
    "companion-new": _(
        "Enter name and where from; the number is kept sealed. Whoever will meet a child needs the offence-record check. For a colleague choose the name from the list."
    ),
    "companion": _(
        "The check, the number for the office, and the students this person stands by. A new promise begins on the student’s page."
    ),
    "companion-promise": _(
        "Each date shows whether something is noted. Money is noted with its receipt in the books alone. Either side may stop at any time and owes nobody a reason; the other side only learns that it ended."
    ),
    "student-companions": _(
        "Several may stand by one student. First the family agrees, then the promise is noted as it was said, for a year at most."
    ),
}
