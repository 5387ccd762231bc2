"""What each page is for and where to begin, for whoever is lost: shown at its end, closed until it is asked for.

By URL name. A page that explains itself in one line, asks one question or shows one result needs none.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .help_aid import AID
from .help_county import COUNTY
from .help_hardship import HARDSHIP
from .help_honours import HONOURS
from .help_inspection import INSPECTION
from .help_notices import NOTICES
from .help_rooms import ROOMS
from .help_work import WORK

_BOARD = _(
    "The class, who needs something first. Tap a name for the student's page. The class teacher sees the own class; the coordinator and the head choose one."
)
HELP: dict[str, str | Promise] = {
    "setup": _(
        "Do the steps from top to bottom; each opens the page on which it is done. A step ticks itself once its data is there, so you can stop at any time and go on later."
    ),
    "week": _(
        "Your students stand here, who waits longest comes first. “Write down” opens the form that fits what is due; a coloured chip says what is asked for, a tick says that it is done. Nothing has to be ticked by hand: the records tick it."
    ),
    "board": _BOARD,
    "class-board": _BOARD,
    "overview": _(
        "Choose a class or a week and see whether anybody is left out. Each figure is counted from the records at this moment; tap it to see the records behind it and how it is counted."
    ),
    "overview-figure": _(
        "The records behind one figure, and in words how it is counted. A record that is missing here is missing in the figure: open the student and write it down."
    ),
    "county": _(
        "Sums of each school in tens, without names, so that no child can be recognised, not from one day to the next either. Schools that asked for a hand stand above. To help a single child, please ask the school."
    ),
    "students": _(
        "All students you may see. Search by name, pinyin or class; narrow to those on the register. Tap a name for the student's page."
    ),
    "student": _(
        "Who this child is, what is due and what was done, the newest first. Numbers and the address are hidden in part; “Show” asks what you need them for, and the opening is logged. “Write down” adds a record."
    ),
    "student-plan": _(
        "What the school promises this child, where it differs from everybody, and what is not asked for. A change first shows what it would ask for and begins with the next week or month."
    ),
    "consents": _(
        "Each purpose stands alone: the family may agree to one and not to another, and change its mind at any time. Note who agreed and, from fourteen on, that the child was asked too. “Withdraw” stops that purpose from this moment; nothing else changes."
    ),
    "circumstances": _(
        "What is true of the family, who says so and when it was last looked at. “Still holds” after a visit keeps it fresh; what holds no longer keeps its days. Hardship is seen only by those who need it for their work."
    ),
    "guardian": _(
        "What helps to reach this person: who lives with the child, who works where, when to call, who cannot read. The number is kept sealed; whoever needs it opens it on the child's page with the reason."
    ),
    "guardian-new": _(
        "Parents, grandparents or whoever looks after the child at home. “Called as number” says whom to call first."
    ),
    "student-edit": _(
        "What is known about the child. Whoever entered it is kept with the day; nothing is overwritten without a trace."
    ),
    "student-place": _(
        "Another class, leaving the school or coming back, each with its day. What was written stays with the child."
    ),
    "student-exempt": _(
        "What a family has asked for, or what cannot be done for a while: that promise does not ask any more until the day you give. What is done all the same still counts."
    ),
    "record-correct": _(
        "Change what was not right and say why. The first version stays and both can be read side by side; figures count the corrected one."
    ),
    "record-new": _(
        "Choose what it was, write a few words, save. A beginning can be tapped, all other fields may stay as they are. Without a network it is kept on this device and sent later."
    ),
    "record": _(
        "One record with its corrections. Its writer can correct it, add a photo, or withdraw it with a reason; nothing is deleted."
    ),
    "record-grid": _(
        "From my week: whoever a talk is due with, one row each; a tap says that you talked, a sentence says what about. “Show all mine” is for what stands on paper. Rows without words are left out, each row is saved by itself."
    ),
    "highlights": _(
        "Choose what you saw, then tap a name; that is all. Until ten minutes later it can be taken back."
    ),
    "search": _(
        "Finds students by name, pinyin or class, and words in notes that you may read. What is private is never found."
    ),
    "reminders": _(
        "What is due and has not been written down. A tap opens the form. Where reminders come, and when they keep silent, you choose under “Where reminders come”."
    ),
    "reminders-settings": _(
        "Choose whether reminders also come by e-mail or in your own calendar. They never carry a student's name out of the school."
    ),
    "waiting": _(
        "What you wrote without a network and what has not arrived yet. It goes out by itself; “Send now” tries at once. What was refused stays here with the reason, to be looked at again. What you began to write on this device and have not saved stands below."
    ),
    "safety": _(
        "Children about whom somebody is worried today. Open one, say what you did and who goes on. Nothing is closed without a word about how the child is."
    ),
    "safety-flag": _(
        "What was written, who has taken it on and what was done. Write down each step with its time; hand on to somebody by name if you cannot go on."
    ),
    "safety-raise": _(
        "Write in your own words what worries you. Those who answer for children's safety hear of it at once; you need not be sure."
    ),
    "restricted": _(
        "Records that colleagues addressed to the counsellor alone. Each is opened by itself, and the opening is logged."
    ),
    "screening": _(
        "Each round looks at every child. Open a round, let the rules find candidates, let class teachers go through their lists, then decide about each by name."
    ),
    "screening-candidates": _(
        "Everyone whom the rules, a teacher or a request have named, with the reason in words. Decide about each; the rules only propose."
    ),
    "screening-class": _(
        "Your class on one page: confirm what is right, name whom the list has missed, say where somebody needs nothing. One sitting is enough."
    ),
    "screening-classes": _(
        "Choose a class to go through with its class teacher's eyes. A tick says who has been gone through."
    ),
    "screening-rounds": _(
        "Each round has its day and its rules; older rounds stay as they were. Comparing two shows who is new and who needs it no longer."
    ),
    "screening-rules": _(
        "The rules in words, with their thresholds. Trying other thresholds shows at once how many students they would find; nothing changes until they are saved."
    ),
    "screening-requests": _(
        "What teachers, students and families have asked for. Answer each; who asked can be told why."
    ),
    "screening-visits": _(
        "Which classes the leading group has visited, who went and whom they asked. Classes that still wait stand first."
    ),
    "screening-unseen": _(
        "Students whom nobody has looked at in this round, with the reason why. Nobody should be left here."
    ),
    "screening-why": _(
        "All that led to this child's name being on the list: facts with their source, in words."
    ),
    "register": _(
        "Everyone we walk along with, and since when. A reason is asked for entering and for leaving; what was before stays readable."
    ),
    "pairing": _(
        "On top who waits for a helper, below what the computer proposes and why. Nothing holds before you confirm it; pin, exclude or change what you know better."
    ),
    "pairing-student": _(
        "Who could accompany this child, with the reasons for and against. Choose one, or fix beforehand that two belong together or apart."
    ),
    "pairing-weights": _(
        "What should count more when pairs are proposed. The effect on today's pairs is shown before anything is saved."
    ),
    "pairing-fixed": _(
        "Pairs that belong together or apart, and wishes for home visits, each with its reason and its end."
    ),
    "pairing-hand-over": _(
        "For a colleague who leaves or has too much: hand over one or all students. What is still promised goes along on a list."
    ),
    "pairing-renew": _(
        "All pairs proposed anew for the term, against the helpers so far. Take it over as a whole or leave it."
    ),
    "inspections": _(
        "One inspection each month. Open it and the figures of that moment stay as they are; say thanks first, then what is still to be done and by whom."
    ),
    "inspection": _(
        "The frozen figures of the month, thanks, and what somebody is to see to until when. Closed once everything is looked at again."
    ),
    "documents": _(
        "What goes out of the house, written from the records: summary, register, pairing, one child's file. Nothing is typed twice; correct the record, not the paper."
    ),
    "summary-new": _(
        "The summary as the records have it now. Read it, add your own words, issue it; each issue keeps its figures."
    ),
    "word-templates": _(
        "Word files in the school’s own layout, filled from the records. For one child they stand in the child’s file among the forms; for a class, open the template here."
    ),
    "word-template": _(
        "What the template asks for. One for a class is filled here, one for a child in the child’s own file."
    ),
    "word-template-new": _(
        "Write {{姓名}} and other fields of the list into a Word file, save it as docx and hand it in. A field that is misspelt is named, so that you can mend it."
    ),
    "exports": _(
        "Sheets in the columns that other systems want. Choose one, say what it is for, download it. Sheets with names are logged."
    ),
    "import": _(
        "Hand in sheets as they are; the next page says what was understood and what would change. Nothing is written before you say so, and it can be taken back."
    ),
    "settings": _(
        "Who may do what, when school days are, what the school promises. Each line opens its own page."
    ),
    "settings-accounts": _(
        "Everyone with an account, and the roles with their dates. A role that ends stays readable; a closed account can no longer sign in."
    ),
    "settings-calendar": _(
        "Terms, holidays and make-up days. Weeks and due dates follow them, so look here first when a date seems wrong."
    ),
    "settings-programme": _(
        "A ready set of commitments. Below you see what it would ask for until the end of term and of whom; nothing changes before you add it, and each one can be changed or stopped afterwards."
    ),
    "settings-year": _(
        "The days of the two terms. Weeks, reminders and figures follow from them; published holidays are filled in, days off and made-up school days can be changed in the calendar."
    ),
    "settings-commitments": _(
        "What the school promises its registered students and how often. A change shows what it would ask for and never rewrites the past."
    ),
    "settings-safety": _(
        "Who is called first when words sound like danger, and who next. Name two people at least."
    ),
    "settings-audit": _(
        "Who has looked at or changed what, and what for. Rows follow each other in a chain, so that none can be taken out unseen."
    ),
    "settings-network": _(
        "How phones reach this computer in the school's network, and the sheet that explains the first visit."
    ),
    "slips": _(
        "Tick colleagues and print: each gets a slip with a code that works once. Without e-mail, without passwords on paper."
    ),
    "staff-member": _(
        "Everything about one colleague: the students accompanied, the check that the law asks for, name and village, the last day. A last day ends every right; the students are then handed over one by one."
    ),
    "staff": _(
        "All colleagues, and how many students each accompanies. Tap a name to change days, posts or a last day."
    ),
    "classes": _(
        "The classes of this school year with their class teachers. Tap one to name the class teacher or who teaches there."
    ),
    "year-move": _(
        "Once a year: classes rise, the last grade leaves. Look through the classes first; it happens in one step and can be undone until something builds on it."
    ),
    "exemptions": _(
        "What rests for a while, for whom and why. It is not asked for, and what is done anyway still counts."
    ),
    "students-same": _("Entries that may be one child. Look at both and say: one child, or two."),
    "import-batch": _(
        "What was understood of the sheets, and what would change. Put right what is marked, then take it over: all of it or nothing. Later it can be taken back."
    ),
    "screening-ask": _(
        "Find the student and say in your own words what you have noticed. Each request gets an answer."
    ),
    "screening-compare": _(
        "Against the round before: who is new, who stays, who is no longer found, each with the reason in words."
    ),
    "screening-visit": _("Write down who went, when, whom you asked and what you saw in this class."),
    "settings-account": _(
        "What this account may do, from when to when. Add or end a role, close or open the account; all of it is logged."
    ),
    "class": _(
        "Name the class teacher and who teaches here. Whoever was it before stays readable, with the days."
    ),
    "student-new": _(
        "First see whether the child is there already under another entry; then a name and a class are enough to begin."
    ),
    **ROOMS,
    **HARDSHIP,
    **WORK,
    **AID,
    **COUNTY,
    **NOTICES,
    **INSPECTION,
    **HONOURS,
}
