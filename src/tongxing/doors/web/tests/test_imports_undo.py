from django.core.files.uploadedfile import SimpleUploadedFile

from tongxing.ground.people.models import Student
from tongxing.paper.exchange.models import ImportBatch
from tongxing.paper.exchange.tests.files import ROSTER, xlsx


def test_an_import_is_taken_back_after_saying_what_stays(cast):
    client = cast.client("coordinator")
    client.post("/import/", {"uploads": SimpleUploadedFile("名册.xlsx", xlsx(ROSTER))})
    batch = ImportBatch.objects.get()
    address = f"/import/{batch.pk}/take-back/"
    assert client.get(address).status_code == 422
    done = client.post(f"/import/{batch.pk}/take-over/", follow=True)
    assert address in done.content.decode()
    Student.objects.filter(code="00012").update(dormitory="3-201")
    shown = client.get(address).content.decode()
    assert "古丽努尔·艾山" in shown
    assert "温小满" not in shown
    gone = client.post(address, follow=True)
    assert "已撤回" in gone.content.decode()
    assert not Student.objects.filter(code="20260301").exists()
    assert client.post(address).status_code == 422
