"""What a child likes and can do, on the page and in the file for a meeting."""

from uuid import uuid4

from django.urls import reverse

from tongxing.care.profiles.models import Trait
from tongxing.ground.kernel import clock
from tongxing.paper.documents.dossier_records import dossier_facts


def note(cast, by="helper", **told):
    address = reverse("trait-note", args=[cast.students.key.pk])
    sent = {"kind": "interest", "words": "羽毛球", "client_id": uuid4()} | told
    return cast.client(by).post(address, sent, follow=True)


def test_a_word_is_noted_and_stands_on_the_page_and_in_the_file_for_a_meeting(cast):
    assert "羽毛球" in note(cast).content.decode()
    facts = dossier_facts(cast.actor("coordinator"), cast.students.key, cast.term, clock.now())
    assert ("喜欢", "羽毛球") in facts.essentials


def test_an_empty_word_is_refused_in_words_and_strangers_do_not_find_the_child(cast):
    refused = note(cast, words=" ")
    assert refused.status_code == 422 and "写几个字" in refused.content.decode()
    assert note(cast, client_id="1").status_code == 404
    assert note(cast, by="other_class_teacher").status_code in (403, 404)
    assert not Trait.objects.exists()


def test_taking_off_offers_the_way_back(cast):
    note(cast)
    end = reverse("trait-end", args=[Trait.objects.get().pk])
    page = cast.client("class_teacher").post(end, follow=True).content.decode()
    assert 'name="holds"' in page and "羽毛球" not in page
    assert cast.client("other_class_teacher").post(end, {"holds": "1"}).status_code in (403, 404)
    assert "羽毛球" in cast.client("class_teacher").post(end, {"holds": "1"}, follow=True).content.decode()
