"""Help for the pages of aid projects."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

AID: dict[str, str | Promise] = {
    "subsidies": _(
        "What is open this term and what waits: an emergency for a second person, children whom nothing reaches yet, lists to pay. Begin with the projects; then open one for the term."
    ),
    "subsidy-open": _(
        "A project is opened once a term. The paper that gives the money is entered here, so that the file of the project is complete later."
    ),
    "subsidy-round": _(
        "Class by class: who is suggested and on what grounds. One tap grants what is suggested; open a name to decide otherwise, with a reason. Then make the list; each class signs its own sheet."
    ),
    "subsidy-decide": _(
        "The rules suggest, you decide. For a child that came or left in the term the part of its days is shown; whether it holds is agreed with the other school. Help in an emergency needs a second person on the same day."
    ),
    "subsidies-uncovered": _(
        "Recognised, and nothing granted this term. Each line says what can be done next; no child is put before another. Whoever was decided not to get something stands here with the reason."
    ),
    "student-aid": _(
        "What this student has and what it can have. In an emergency choose the project here and say what has happened. A card number is sealed at once and leaves in the bank's file alone."
    ),
    "subsidy-lists": _(
        "Every list with where it stands. What the school pays becomes one entry of the books; what the county pays is laid beside the entry its statement left."
    ),
    "subsidy-list": _(
        "Print the sheet and let everybody sign for the own amount. Finance sees sums here and the names on the file. When the bank sends money back, its number on the list is enough; the child can stand on another list then."
    ),
    "subsidy-projects": _(
        "What the school and the county give. The usual projects with the amounts of the state come in one tap; look at them before the first list."
    ),
    "subsidy-project-new": _(
        "Say who pays and for whom it is. Two projects with the same word under “excludes” never reach one child in the same term."
    ),
    "subsidy-project": _(
        "The amounts for one term and from which day they hold. The line that says most about a child is used; among these the newest. What was granted is never worked out again."
    ),
    "county-projects": _(
        "What you enter here stands in every school of the county. Schools keep projects of their own beside them."
    ),
    "county-project-new": _(
        "A project for all schools of the county: who pays, for whom, and which others it excludes."
    ),
    "county-project": _(
        "Amounts for one term, from their day on. Schools use them for what they grant from then; what was granted before stays."
    ),
    "county-aid": _(
        "Sums of this term, school by school in the order of names. Counts of children stand in tens, amounts are exact; an amount behind which fewer than ten children stand is not shown. Names stay in the schools."
    ),
}
