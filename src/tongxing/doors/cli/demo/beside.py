"""What stands beside the records: a photo of a page of homework, thanks from colleagues, the next time, a word in
confidence."""

import datetime
import io
from uuid import UUID

from PIL import Image, ImageDraw

from tongxing.care.contacts.actions import Told, write_contact
from tongxing.care.contacts.attachments import attach
from tongxing.care.contacts.models import Contact, Visibility
from tongxing.care.contacts.thanks import thank
from tongxing.ground.access.queries import actor_for
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor

from . import Demo, words

HOUR = datetime.timedelta(hours=1)
RECORDS = 12  # of the last days


def tell(demo: Demo) -> None:
    lately = Contact.objects.filter(school=demo.school, kind="talk", made=True, visibility=Visibility.TEAM)
    lately = lately.filter(recorded_at__lte=demo.until - 2 * HOUR, staff__user__is_active=True)
    newest = lately.select_related("student__key", "staff__user", "school").order_by("-recorded_at", "-pk")
    head = demo.posts["head"]
    for number, contact in enumerate(newest[:RECORDS]):
        with clock.telling(contact.recorded_at + HOUR):
            writer = actor_for(contact.staff.user)
            if number % 3 == 0 and writer.may(
                "contact.write", school_id=demo.school.pk, student_id=contact.student_id
            ):
                attach(writer, contact=contact, contents=[_page_of_homework(number)])
            if number % 2 == 0 and contact.staff != head:
                thank(actor_for(head.user), contact=contact, words=demo.random.choice(words.THANKS))
            if number % 4 == 1:
                _in_confidence(demo, writer, contact)


def _in_confidence(demo: Demo, writer: Actor, after: Contact) -> None:
    if not writer.may("contact.write", school_id=demo.school.pk, student_id=after.student_id):
        return
    write_contact(
        writer,
        student=after.student,
        client_id=UUID(int=demo.random.getrandbits(128), version=4),
        kind="talk",
        told=Told(
            {"thoughts": "不想让别人知道爸妈最近常常争吵，想找人说说。"},
            reached=("student",),
            next_on=clock.today() + datetime.timedelta(days=7),
        ),
        visibility=Visibility.COUNSELLOR,
    )


def _page_of_homework(number: int) -> bytes:
    """A ruled page with lines of sums, drawn and not photographed."""
    page = Image.new("RGB", (900, 1200), "#fdfbf4")
    pen = ImageDraw.Draw(page)
    for row in range(14):
        pen.line((60, 120 + row * 75, 840, 120 + row * 75), fill="#b9c7d6", width=2)
    for row in range(10):
        x = row + number + 2
        pen.text(
            (90, 130 + row * 75), f"{x}x + {x + 3} = {x * 4 + x + 3}     x = 4", fill="#26324d", font_size=40
        )
    out = io.BytesIO()
    page.save(out, "PNG")
    return out.getvalue()
