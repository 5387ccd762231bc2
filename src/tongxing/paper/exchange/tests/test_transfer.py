"""The file for the next school: any archive program opens it, nothing changed does, and the next school takes it in."""

import ctypes
import ctypes.util
import dataclasses
import datetime
import functools
import json
import zipfile
from io import BytesIO

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.cast import NOW

from tongxing.care.attendance_watch.models import ReceivedFile
from tongxing.ground.kernel.encryption import Unreadable as NoKey
from tongxing.ground.kernel.encryption import unseal
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.people.models import Student

from .. import sealed_zip, transfer_format, transfer_in
from ..transfer_format import Child, Part, Transfer

PASSPHRASE = "0734 2916 9873 2379 5952 9235"
OTHER = "1" * 24
TRANSFER = Transfer(
    "和风镇中心初中",
    NOW.date(),
    Child("周晓禾", "女", "2013-05-04", "", "初一(1)班"),
    (Part("likes", "喜欢什么", ("剪纸", "跑步")),),
)
PDF = b"%PDF-1.7 ..."


@functools.cache
def archive(transfer=TRANSFER):
    return transfer_format.write(transfer, PDF, PASSPHRASE)


def take_in(cast, by="outsider", file=None, passphrase=PASSPHRASE):
    school = cast.other_school if by == "outsider" else cast.school
    return transfer_in.take_in(
        cast.actor(by), school=school, archive=file or archive(), passphrase=passphrase
    )


@settings(max_examples=25, deadline=None)
@given(st.dictionaries(st.text("ab文.", min_size=1, max_size=9), st.binary(max_size=2000), max_size=4))
def test_what_goes_in_comes_out_with_the_passphrase_however_it_is_typed(files):
    sealed = sealed_zip.pack(files, PASSPHRASE)
    assert sealed_zip.unpack(sealed, PASSPHRASE.replace(" ", "-")) == files
    if files:
        with pytest.raises(sealed_zip.WrongPassphrase):
            sealed_zip.unpack(sealed, OTHER)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 255))
def test_one_changed_byte_never_gives_other_words(place, by):
    sealed = bytearray(archive())
    sealed[place % len(sealed)] ^= by
    try:
        found = transfer_format.read(bytes(sealed), PASSPHRASE)
    except Refused:
        return
    assert found == TRANSFER  # a byte that says nothing, such as the date


def test_every_changed_byte_of_what_is_encrypted_is_noticed():
    sealed = archive()
    info = zipfile.ZipFile(BytesIO(sealed)).infolist()[0]
    first = info.header_offset + 30 + len(info.filename.encode()) + 11
    for place in range(first, first + info.compress_size):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(Refused):
            transfer_format.read(bytes(changed), PASSPHRASE)


def test_names_are_listed_and_contents_are_not_readable_without_the_passphrase():
    sealed = archive()
    assert [one.filename for one in zipfile.ZipFile(BytesIO(sealed)).infolist()] == [
        "tongxing-transfer.json",
        "转学资料.pdf",
    ]
    assert "剪纸".encode() not in sealed and b"%PDF" not in sealed


def test_another_program_opens_it_with_the_same_digits():
    name = ctypes.util.find_library("archive")
    if not name:
        pytest.skip("libarchive is not installed here")
    found = _opened_by_libarchive(ctypes.CDLL(name), archive(), sealed_zip.digits_of(PASSPHRASE))
    assert found[1] == PDF and json.loads(found[0])["student"]["name"] == "周晓禾"


def _opened_by_libarchive(lib, content, digits):
    lib.archive_read_new.restype = ctypes.c_void_p
    reader, entry, found = ctypes.c_void_p(lib.archive_read_new()), ctypes.c_void_p(), []
    lib.archive_read_support_format_all(reader)
    lib.archive_read_add_passphrase(reader, digits.encode())
    lib.archive_read_open_memory(reader, content, ctypes.c_size_t(len(content)))
    while lib.archive_read_next_header(reader, ctypes.byref(entry)) == 0:
        buffer = ctypes.create_string_buffer(1 << 20)
        length = lib.archive_read_data(reader, buffer, ctypes.c_size_t(1 << 20))
        found.append(buffer.raw[:length])
    return found


def test_a_passphrase_is_24_random_digits_and_nothing_shorter_seals_a_file():
    one, two = sealed_zip.new_passphrase(), sealed_zip.new_passphrase()
    assert one != two and len(sealed_zip.digits_of(one)) == 24
    with pytest.raises(Refused) as refusal:
        transfer_format.write(TRANSFER, PDF, "1234")
    assert refusal.value.field == "passphrase"


def test_a_version_not_known_here_says_so():
    newer = dataclasses.replace(TRANSFER, version=2)
    with pytest.raises(Refused, match="升级"):
        transfer_format.read(archive(newer), PASSPHRASE)


@pytest.mark.parametrize("content", [b"", b"PK\x05\x06" + bytes(18), b"no archive", bytes(5000)])
def test_what_is_no_such_file_is_refused(content):
    with pytest.raises(Refused) as refusal:
        transfer_format.read(content, PASSPHRASE)
    assert refusal.value.field == "file"


def test_a_wrong_passphrase_keeps_nothing(cast):
    with pytest.raises(Refused) as refusal:
        take_in(cast, passphrase=OTHER)
    assert refusal.value.field == "passphrase"
    assert not ReceivedFile.objects.exists()


def test_the_next_school_opens_it_and_gives_it_to_a_child_without_changing_any_record(cast):
    received = take_in(cast)
    assert take_in(cast) == received
    assert "剪纸".encode() not in bytes(received.content_sealed)
    before = Student.objects.values().get(pk=cast.students.far.pk)
    attached = transfer_in.attach(cast.actor("outsider"), received=received, student=cast.students.far)
    assert Student.objects.values().get(pk=cast.students.far.pk) == before
    assert transfer_in.of_student(cast.actor("outsider"), cast.students.far) == [(attached, TRANSFER)]
    attached.refresh_from_db()
    assert attached.key.wrapped is None
    with pytest.raises(NoKey):
        unseal(attached.key, attached.content_sealed, transfer_in.CONTENT)


def test_nobody_without_the_right_takes_it_in_and_no_other_school_sees_it(cast):
    for by in ("class_teacher", "helper", "system_admin"):
        with pytest.raises(NotAllowed):
            take_in(cast, by)
    received = take_in(cast)
    assert not ReceivedFile.objects.visible_to(cast.actor("head")).exists()
    with pytest.raises(NotAllowed):
        transfer_in.attach(cast.actor("head"), received=received, student=cast.students.key)


def test_let_go_it_is_unreadable_for_good_and_can_be_given_to_nobody(cast):
    received = take_in(cast)
    transfer_in.let_go(cast.actor("outsider"), received=received)
    received = ReceivedFile.objects.select_related("key", "student__key").get()
    assert transfer_in.content(received) is None and received.key.wrapped is None
    with pytest.raises(Refused):
        transfer_in.attach(cast.actor("outsider"), received=received, student=cast.students.far)


def test_what_nobody_said_anything_about_is_forgotten_after_a_month(cast):
    take_in(cast)
    assert transfer_in.forget_waiting() == 0
    with time_machine.travel(NOW + datetime.timedelta(days=31), tick=False):
        assert transfer_in.forget_waiting() == 1
    assert ReceivedFile.objects.get().let_go_at is not None
