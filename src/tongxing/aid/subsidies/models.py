"""Aid projects (资助项目): what there is, who gets what of it in a term, and the lists by which it is paid.

Invariants:
- an amount holds from its day; what was granted with an earlier one is never worked out again;
- one child has at most one subsidy of a project a term, and at most one of projects that exclude each other;
- the rules suggest, people decide, and where they differ they say why, sealed under the child's key;
- a subsidy stands on one list at most, a list is paid by one entry of the ledger: no money is kept here;
- what the county pays itself is only laid beside the entries that its statement left, never paid again;
- card numbers are sealed under the child's key and leave in the bank's file alone.
"""

from .models_pay import Card, CountyPayment, PayLine, PayList
from .models_projects import Project, Rate
from .models_rounds import Round, Subsidy

__all__ = ["Card", "CountyPayment", "PayLine", "PayList", "Project", "Rate", "Round", "Subsidy"]
