"""What each page is for and where to begin, for whoever is lost: shown at its end, closed until it is asked for.

By URL name. A page that explains itself in one line, asks one question or shows one result needs none.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

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
    "effects": _(
        "Each kind of help that stood between two exams, in one plain sentence; “How this is known” opens the figures. A gain alone tells nothing, so children with help are compared with others who started alike. With few children nothing is said."
    ),
    "student-progress": _(
        "The results of this child in the last two exams, subject by subject, and beside them what most children with a similar start came to. One step up or down says little; talk with the child about what it felt like."
    ),
    "county": _(
        "Sums of each school, without names. Small numbers stay hidden, so that no child can be recognised. To help a single child, please ask the school."
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
    "student-file": _(
        "Everything that is kept about this child on one page: who is at home and whom to call first, what was asked in forms, what the teachers have seen. “Print” makes the school's forms; in full it asks what for, and that is logged."
    ),
    "askings": _(
        "One question to everybody who teaches this child. They see the name and the question, nothing else. Ask for what can be seen; the answers stand here with name and day, and the question closes by itself."
    ),
    "surveys": _(
        "The school's short forms. Open one to key in a round on paper or to print it empty; for a single child begin at the child's page. Whoever leads the work takes over ready forms and changes them; answers keep the wording they were asked in."
    ),
    "survey": _(
        "What this form asks. Choose a class to key in its papers, or print it with the names of a class. Whoever leads the work can change it: that makes a new wording, earlier answers stay with theirs."
    ),
    "survey-class": _(
        "A card for each child whose family agrees. Key in what stands on the paper and leave the rest empty; every child is saved by itself, and nothing you typed is lost when one card needs another look."
    ),
    "plans": _(
        "Every child on the support register has a plan for the term. First comes what waits for somebody: to approve, to write on, to look at again. Nobody is put before another; the classes stand in their order."
    ),
    "student-term-plan": _(
        "Write what you have seen as facts, one goal, and a few measures with who answers for them. What is known about the child already stands above and is not typed again. You can keep it half done."
    ),
    "term-plan-write": _(
        "While it is a draft you change it as you like. What was approved stays as it was: your change becomes a new version with its reason, and the one before holds until the new one is approved."
    ),
    "term-plan": _(
        "The plan and where it stands. Handing in asks those who lead to read it; before they approve they see what it will ask of whom. What it asks then stands in my week, and ends with the plan."
    ),
    "term-plan-look": _(
        "What helped and what comes next, in a sentence each. What the family says is taken from a record where there is one. Without a next day this is the last look and the plan ends."
    ),
    "student-goals": _(
        "Nothing is typed here: a goal is a record, and how it went is another. What you write down there appears here in its month."
    ),
    "activities": _(
        "Groups with places and the days that are planned. Tap a group to put names down; whoever leads it ticks who was there and plans rehearsals and competitions. The office offers new groups."
    ),
    "activity": _(
        "Wishes are collected until their last day, so that nobody comes too late. Then the places are given in one tap, and a free one goes on by itself. The lists are in the order of names."
    ),
    "activity-new": _(
        "A group, tutoring or seats: who leads it, when, how many places. Names are put down until the last day of wishes; only then are places given."
    ),
    "activity-names": _(
        "Tick whom you have asked. On top stand children of whom somebody noted that they like it; that is a suggestion, nothing happens by itself."
    ),
    "event-new": _(
        "Choose what it is; the form follows. Whatever leaves the school needs two adults and each family's consent before its list is closed."
    ),
    "event": _(
        "From the plan to the record: who comes along, who was there, how it went. What is to be printed stands on the right. Each colleague sees the own students; whoever leads it sees everybody."
    ),
    "clubs": _(
        "Tap what you would like to join; you can change your mind at any time. When the places are given it says here whether you have one."
    ),
    "student-activities": _(
        "The groups this child wished for or has a place in, and what was held. If the child came first, the reason stands here and nowhere else."
    ),
    "consents": _(
        "Each purpose stands alone: the family may agree to one and not to another, and change its mind at any time. Note who agreed and, from fourteen on, that the child was asked too. “Withdraw” stops that purpose from this moment; nothing else changes."
    ),
    "student-door": _(
        "Hand over an invitation; once somebody has come in, you can write to them and see when it is read. What you agree stands with its day on both sides. “Close this door” is for a lost phone or the wrong person: it ends the account's right to this child at once."
    ),
    "invitations": _(
        "A slip opens a family's door: a code, one question that the family knows the answer of, a PIN. Nothing has to be installed. Slips are printed eight to a sheet and work for thirty days."
    ),
    "class-invitations": _(
        "Tick whom you want to invite, then print and cut. A code is shown on the sheet and nowhere else. Whoever has come in already keeps the PIN until a new slip is used."
    ),
    "door-invite": _(
        "One slip for each person. The question at the door is the child's birthday or the last four digits of the phone on record: if neither is there, enter one on the student's page first."
    ),
    "data-requests": _(
        "Families may see what is stored about their child, take a copy, and ask for something to be corrected or deleted. Answer each in writing, with the reason where something cannot be done; the nearest day stands first."
    ),
    "data-request": _(
        "Read what the family asks, do it on the student's page, then write what was done. An answer is written once and stays; the family reads it at its door."
    ),
    "family-home": _(
        "Each of your children has a page of its own; what stands there is about this child alone."
    ),
    "family-child": _(
        "Tap a card to open it. “Done” tells the school that something agreed is done. Below you can choose pictures and few words; where your phone can speak, a button reads the page to you."
    ),
    "family-words": _(
        "Answer with one of the ready sentences or in your own words. The teacher sees that you have read it. Another day for a visit or a call is asked for further down."
    ),
    "family-consents": _(
        "Each purpose stands alone: yes to one, no to another, and you can change your mind at any time. From fourteen on your child is asked too, and a no is respected."
    ),
    "family-stored": _(
        "What the school has on record about your child, part by part. If something is not right, ask above; the copy is a file that any phone or computer opens."
    ),
    "family-requests": _(
        "Say what should be put right or deleted, or what you would like to know. The answer with its reason comes here, within fifteen days."
    ),
    "mine": _(
        "Set a goal in your own words and tick it when you have reached it. “Leave quickly” shows another page and signs you out. Nothing of this page stays on the computer."
    ),
    "mine-say": _(
        "From fourteen on it counts what you say. Yes or no: you can change your mind at any time, and nobody holds it against you."
    ),
    "around": _(
        "Everything about the adults and classmates around the children. A child's own page, “People around this child”, shows what concerns this one; here you find the lists of your class."
    ),
    "student-around": _(
        "Who is there for this child besides you. “A line to each other” is read by the class teacher, the helper and the coordinator alone: one fact, when it was. What a family agreed to no longer has ended in that moment."
    ),
    "three-lines": _(
        "For each registered child: with the child, with the parents away, with the guardian at home. Any record that reached that person keeps the line; a tap on “time to reach out” opens the form."
    ),
    "calls": _(
        "Arrange a call on the child's page: when, with whom, on which telephone at school. Afterwards one tap on “They spoke” writes it down. Nobody answered: say what happened and when the child tries again."
    ),
    "family-slips": _(
        "Above stand the families whom a message does not reach; call them or read it out and write that down. Below, write in plain words what is asked; the slips come several on a page, to be cut and carried home."
    ),
    "partners": _(
        "An idea names two classmates and what speaks for it: a subject to talk about, something both like. “Ask them” opens a page for the two; they begin once both children and both families said yes. A talk is one tap."
    ),
    "friends": _(
        "Let the whole class hand in slips, and key in those who would like to. Bring two together who both signed up and whose families agree. Whoever does not sign up is named nowhere."
    ),
    "deeds": _(
        "Choose what you saw or write it, then tap a name: any child of the class. Above stands what waits to be read out; afterwards it leaves the list. Nothing is counted or compared."
    ),
    "proxies": _(
        "First the children who are still missing somebody. A proxy parent is a colleague or a volunteer from outside; each starts once the check is noted, the agreement signed with its rules, and the family agrees. Volunteers see no file."
    ),
    "attendance": _(
        "On top the children of whom nobody knows yet where they are; they stay until somebody knows. Below, the classes whose morning is still to be looked at. After the hours of the school coordinator and head are asked by themselves."
    ),
    "attendance-class": _(
        "Tap the names of those who are missing; all others are there. Then find out about each: call, or note who brought word. “Has come” takes a child off again."
    ),
    "attendance-absence": _(
        "Call the family; the number opens with its reason. Reached: note what was said. Not reached: when it is tried again, or which two go there. It stays open until somebody knows where the child is."
    ),
    "settings-attendance": _(
        "After how many school hours coordinator and head are asked, after how many days without leave somebody looks into it, and from when “often away” is said."
    ),
    "return-cases": _(
        "Children who may be staying away: noticed by a rule or by a colleague. Look into it, go there in twos, agree on the next step with a date. Who left without a word from the next school stands here too."
    ),
    "return-case": _(
        "Write down each step with what was found and agreed, and when it is looked at next. Back at school or lawfully elsewhere: close it, and a second person looks before it rests."
    ),
    "return-month": _(
        "The month by class, counted from the records at this moment. Tap a figure to see the children. “Keep these figures” freezes them; the Excel file holds the same."
    ),
    "break": _(
        "Before each break every class has its safety lesson; whoever missed it gets it later. The letter home can be printed. In winter and summer break registered children are called: the list follows from the pairs."
    ),
    "break-calls": _(
        "Who calls which child in which week. “Somebody else” changes one week by hand. Print it and take it along; a record of any talk with the child ticks it."
    ),
    "leaving": _(
        "Who left and where to, the files made for next schools, and the list before the term ends."
    ),
    "student-leaving": _(
        "Look back with the child: what helped, what the next teachers should know. After the last day: which school, and whether it has confirmed. The file for the next school needs the family's consent."
    ),
    "transfer-choose": _(
        "Choose, read all of it, then make the sealed file. The passphrase is shown once: write it down and read it out on the phone."
    ),
    "transfer-in": _(
        "The other school sends the file and reads out 24 digits. You see what it says before it is given to a child; it stays marked as coming from elsewhere."
    ),
    "term-end": _(
        "What was promised this term and is still open, whom to thank, and who left the register with the reason."
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
        "For what stands on paper: one row for each talk or visit. Rows without words are left out, each row is saved by itself."
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
        "What you wrote without a network and what has not arrived yet. It goes out by itself; “Send now” tries at once. What was refused stays here with the reason, to be looked at again."
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
    "counselling": _(
        "On top who is here now or comes next; below whom you asked to look after a child, what waits for an answer and what was not settled. Nobody but you sees this page. Opening hours and the words for the first talk are under “Keep the room”."
    ),
    "counselling-student": _(
        "Begin with “Read it out now”: without it nothing can be written down. Then agree times, write notes, refer. What you write here is yours alone; another counsellor sees only what you hand over."
    ),
    "counselling-note-new": _(
        "A short form for yourself: why the child came, what you talked about, what the child wants, what comes next. Words of danger ask somebody to look after the child today; the one sentence you write for them is all they read."
    ),
    "counselling-note": _(
        "One talk as you wrote it. A correction stands beside the first version; each opening is logged, also yours."
    ),
    "counselling-settings": _(
        "Hours make the room findable and propose times. The words for the first talk have versions, and none is without the exception. Questionnaires are the county's: note their levels, and on which of them somebody acts the same day."
    ),
    "counselling-appointment": _(
        "Give the wish a time, once or regularly; whoever asked finds it at their door. Tick “away from the lesson” only if teachers may know that much."
    ),
    "counselling-referral": _(
        "What a colleague has seen. They learn that you have read it; beyond that they read only the sentence you choose."
    ),
    "counselling-outside": _(
        "Whom you asked, why and who agreed. Note what came back in words that help at school; on its day it reminds you to ask again."
    ),
    "counselling-told": _(
        "Who has taken it on, and whether the family knows. If the family may be the danger, nobody calls there before whoever takes it in agrees."
    ),
    "counselling-open": _(
        "The last way when a child's safety cannot wait. Your reason is read by somebody else afterwards; counsellor and head learn of it at once."
    ),
    "counselling-openings": _(
        "Each emergency opening waits here until somebody else has looked at it: who, which child, why. Say whether it was needed, and what to do better next time."
    ),
    "counselling-refer": _(
        "Write what you have seen, not what it might mean. The counsellor alone reads it; below you see whether it was read and the sentence that comes back."
    ),
    "counselling-ask": _(
        "You need not say why. The counsellor looks for a time and it will stand here. You can change your mind at any time."
    ),
    "away": _(
        "Who of your students is expected elsewhere during a lesson this week. Why is not said here, and nobody needs to ask."
    ),
    "requests": _(
        "Everything asked for help that you answer or see to. Open one, say that you see to it, note what you try; when it is done, whoever asked says whether it helped. “Not yet” brings it back."
    ),
    "request": _(
        "Say first that you see to it. What you try is for colleagues, what was done is for whoever asked. Cannot go on? Hand it on with a reason. Each reading is noted."
    ),
    "request-ask": _(
        "Tap what it is about. The next page says who reads it before you write anything; you can leave somebody out. Then send: two taps are enough."
    ),
    "request-mine": _(
        "How each of your requests stands. When something was done, say whether it helped: “not yet” opens it again."
    ),
    "request-for": _(
        "Ask for a child you worry about: the person who can help with it finds a message. What tells of harm goes to those who answer for safety at once."
    ),
    "request-safety": _(
        "Words as they were said, and what came with them. First the child is safe; then note whether it was reported, or why not. If there was no danger, it goes the ordinary way from here."
    ),
    "boxes": _(
        "Each letter box with the one person who has the key, and by when it is to be opened. The opener notes each opening and keys the slips in."
    ),
    "box": _(
        "After opening: how many slips lay in it, none counts too; then key them in one by one. The log stays, also when the key changes hands."
    ),
    "box-slip": _(
        "Word for word, with the name if there is one. It goes to whoever can help with it; unsigned ones go to the class teacher of the class or to the office."
    ),
    "help-doors": _(
        "A printed square opens a page on which anybody can ask for help without an account. Make one, print the poster. A new square ends the one before, for example when it was passed around outside."
    ),
    "settings-requests": _(
        "For each matter: who answers, and who reads along. Changes hold for what is asked from now on; a day that was promised stays."
    ),
    "good-news": _(
        "What colleagues saw succeed this week. Print a card for the child, or copy words for the family. On a notice a name needs the family's consent to praise by name."
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
}
