"""The help of the rooms around a child: file, plan, people, groups, requests, counselling, mornings, doors."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ROOMS: dict[str, str | Promise] = {
    "indicators": _(
        "Each card puts two figures beside each other and says in words what that means, and what it does not mean. Choose a grade or a class, an earlier week, or months instead of weeks; tap a heading for one of them with its classes and records."
    ),
    "indicator": _(
        "How one of them went, week by week, with the figures it is counted from. Every number in the table opens its records. The small pictures show grades and classes in their order; they are there to find where help is needed, not to compare people."
    ),
    "effects": _(
        "Each kind of help that stood between two exams, in one plain sentence; “How this is known” opens the figures. A gain alone tells nothing, so children with help are compared with others who started alike. With few children nothing is said."
    ),
    "student-progress": _(
        "The results of this child in the last two exams, subject by subject, and beside them what most children with a similar start came to. One step up or down says little; talk with the child about what it felt like."
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
    "measure": _(
        "Something that a plan agreed with you for this child. Say how it went in one tap, with a few words if you like; what did not come about counts for nothing and is no fault. You see this one thing and the child's name, nothing else of the plan, and that you saw it is logged."
    ),
    "friends-grid": _(
        "Let the printed sheet go round, then tick the names that stand on it and copy what they wrote. It does not have to be complete: the next sheet is keyed in the same way."
    ),
    "student-goals": _(
        "Nothing is typed here: a goal is a record, and how it went is another. What you write down there appears here in its month."
    ),
    "activities": _(
        "Groups with places and the days that are planned. Tap a group to put names down; whoever leads it ticks who was there and plans rehearsals and competitions. The office offers new groups."
    ),
    "activity": _(
        "Wishes are collected until their last day, so that nobody comes too late. Then the places are given in one tap, and a free one goes on by itself. The lists are in the order of names. A volunteer whose check is noted can help beside whoever leads."
    ),
    "activity-new": _(
        "A group, tutoring or seats: who leads it, when, how many places. Names are put down until the last day of wishes; only then are places given. Tutoring has its subject: a tick there is tutoring in the child's file."
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
    "event-photos": _(
        "Whoever can be seen is ticked, and only children whose family agreed to photos can be. If one family changes its mind, the photo is gone in that moment, also from backups. Photos stay inside the school."
    ),
    "clubs": _(
        "Tap what you would like to join; you can change your mind at any time. When the places are given it says here whether you have one."
    ),
    "student-activities": _(
        "The groups this child wished for or has a place in, and what was held. If the child came first, the reason stands here and nowhere else."
    ),
    "student-door": _(
        "Hand over an invitation; once somebody has come in, you can write to them and see when it is read. What you agree stands with its day on both sides. “Close this door” is for a lost phone or the wrong person: it ends the account's right to this child at once."
    ),
    "unanswered": _(
        "Words stand here until somebody at school has answered them, or has spoken with the family: one tap on “We have spoken about it” is enough. “Read it, all right” needs no answer. Those who see to the whole school see that words wait, not what they say."
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
    "my-work": _(
        "The school's posts that you may have. Ask for one in your own words; the answer stands here. Your family signs the agreement with you before you begin, and hours never take lessons away."
    ),
    "mine-say": _(
        "From fourteen on it counts what you say. Yes or no: you can change your mind at any time, and nobody holds it against you."
    ),
    "around": _(
        "Everything about the adults and classmates around the children. A child's own page, “People around this child”, shows what concerns this one; here you find the lists of your class."
    ),
    "proxy-note": _(
        "A proxy parent from outside has no account. What they need to know of daily life goes along on paper, with the rules they signed and room for an answer. The note is kept nowhere; what was said is written down as a record."
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
    "counselling-days": _(
        "Choose a day on which you are away; a reason is for you alone. No time is offered then, and regular talks leave it out. Whoever has a time already is shown next, so that you move or tell each of them."
    ),
    "counselling-day": _(
        "Give each another time, or put the talk off: then the wish waits again in your room. Who asked at the door gets a message without any reason; the others hear it from you."
    ),
    "counselling-move": _(
        "The next free time of your opening hours is proposed. Length and everything else stay as they were agreed."
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
    "lessons-away": _(
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
    "request-for-whom": _(
        "The children of the classes you teach, by name alone. Tap one, say what it is about, and read who will see it before you write. Below stands how your earlier requests go on."
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
    "measure-hand-on": _(
        "Who goes on with this measure from today, and why. Whoever knows the child can take it; they find it in their own week and hear of it."
    ),
    "thanks-card": _(
        "On the pair's page the goal of the two is marked reached or changed with one tap, also several times; what was before stays with its days. Thanks can be written at any time. The card is printed once for each."
    ),
    "good-news": _(
        "What colleagues saw succeed this week: of a class, or of the children you accompany. One tap sends the words to the family’s own door; where there is none yet, print the card. On a notice a name needs the family's consent to praise by name."
    ),
    "ledger": _(
        "What waits for you stands first. One colleague writes an entry down, another compares it with the paper; only then it counts. Where the money is and what it is meant for stands below and follows from the entries alone."
    ),
    "ledger-new": _(
        "Choose what happened, then say from where to where the money went. The entry that accountants need follows from that and stands on the next page. A photo of the paper can be added now or later."
    ),
    "ledger-entries": _(
        "Everything that was written down, the newest first. What was taken back before it counted is left out; what was reversed stays, with its reversal."
    ),
    "ledger-entry": _(
        "Whoever did not write it looks at it: the same amount, day and words as on the paper. Afterwards nobody can change it; a mistake is reversed, so that both stay readable."
    ),
    "ledger-funds": _(
        "A fund is money given for something. What stands under it is what it may be used for; a payment names one of these. A fund that is used up takes no more entries and stays readable."
    ),
    "ledger-budgets": _(
        "How much may be spent, for a fund or for one thing it is for, in which days. A payment that goes beyond it is refused when it is checked. A new amount takes the place of the earlier one, with the reason."
    ),
    "ledger-months": _(
        "A month can be closed once it is over, everything in it is checked and every difference of its statements is explained. Months are closed in their order and never opened again."
    ),
    "ledger-statements": _(
        "Hand in the sheet of the bank or of the county as it is. It is laid beside the books by number, amount and day; what differs on either side is listed until somebody has said what is behind it."
    ),
    "ledger-statement": _(
        "Rows that fit need nothing. For each difference, write down the missing entry or say in a few words what is behind it. Payments of the county are only noted, they never touch the school's money."
    ),
    "ledger-report": _(
        "Counted from checked entries alone, for the days you choose. The spreadsheet and the PDF hold the same rows as this page; each download is logged."
    ),
    "donations": _(
        "What waits for you stands first. Class teachers hand over for their class, finance receives: each handing-over is one receipt in the aid books. Class figures are seen by whoever entered them and by finance alone."
    ),
    "donation-campaign": _(
        "The appeal, what was done to make it known, and thanks. How many took part is shown for the whole school only, counted by the roster of the day that the campaign names."
    ),
    "donation-grid": _(
        "One row for each class or department: how many took part and the money together. Two people count. A name is noted later, and only for whoever wants a receipt or thanks."
    ),
    "donation-outside": _(
        "Money from outside comes through the school's lawful account or a charity; here it is noted with its number there. A giver can be given a private address that shows what the gifts became."
    ),
    "donation-became": _(
        "For everybody at school: what came in and what it became, as the checked aid books have it. No names, no classes. The sheet can be hung up inside the school."
    ),
    "donation-boxes": _(
        "Each box with the place where it stands. Its money belongs to one fund, and what lies in it is counted by two."
    ),
    "donation-box": _(
        "Print an empty protocol before opening. Both count alone; if the counts differ, write down why. It goes into the aid books once both have confirmed."
    ),
    "mutual-help": _(
        "Who of the class likes to help with what. Ask in the class, note who offers, and take a line off whenever a child would rather not."
    ),
}
