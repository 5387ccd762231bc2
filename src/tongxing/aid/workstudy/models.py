"""Work-study (勤工助学): posts, who asks for one, who works, the hours, the months and what is paid.

Invariants:
- a post is paid (fixed or temporary) or not (labour education, volunteering); in a school of the compulsory stage none is;
- what an applicant writes and why somebody was not chosen is sealed under the student's key and read in the hardship
  zone alone; whoever supervises a post sees the names of its people and nothing else of them;
- hours are never changed: they are taken back and written anew, and stand still once their month is handed in;
- a month is handed in by one person and checked by another; it stands on one pay list at most, so nothing is paid twice;
- the amounts of a pay list stay as they were worked out; the money itself is an entry of the ledger.
"""

from .models_pay import Month, PayLine, PayList
from .models_people import Application, Assignment, WorkedHours
from .models_posts import FloorRow, Post

__all__ = ["Application", "Assignment", "FloorRow", "Month", "PayLine", "PayList", "Post", "WorkedHours"]
