import datetime
import hashlib
from pathlib import Path

import pytest
from botocore.exceptions import ClientError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from core.clock.clock import real_now
from core.documents import storage
from core.documents.formats import PDF, PNG, Format
from core.documents.models import Upload
from core.documents.uploads import clean_name, latest, receive
from core.reference.models import Setting
from core.refusals import Invalid, Unavailable
from tests.core.documents import files
from tests.core.documents.conftest import DAY


def take(house, data=None, name="材料.pdf", slot="profile"):
    return receive(
        files.as_upload(data or files.pdf(), name), matter=house.agency, slot=slot, actor=house.clerk, on=DAY
    )


def test_an_upload_keeps_what_came_under_a_random_name(house):
    data = files.pdf(2)
    upload = take(house, data, "机构基本情况.pdf")
    assert (upload.name, upload.media_type, upload.pages, upload.size) == ("机构基本情况.pdf", PDF, 2, len(data))
    assert upload.sha256 == hashlib.sha256(data).hexdigest()
    assert upload.file.read() == data
    assert "机构" not in upload.file.name
    assert upload.file.name.startswith("uploads/2026/09/")
    assert upload.uploaded_by == house.clerk.position


@pytest.mark.parametrize("failure", [OSError(28, "No space left"), ClientError({}, "PutObject")])
def test_where_the_store_takes_nothing_a_sentence_says_so_and_nothing_is_left(house, settings, monkeypatch, failure):
    save = default_storage._save

    def half(name, content):
        save(name, ContentFile(content.read(10)))
        raise failure

    monkeypatch.setattr(default_storage, "_save", half)
    with pytest.raises(Unavailable, match="存不进去"), transaction.atomic():
        take(house)
    assert not Upload.objects.exists()
    assert not [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_versions_count_within_a_slot(house):
    versions = [take(house).version, take(house).version, take(house, slot="venue").version]
    assert versions == [1, 2, 1]
    assert latest(house.agency, "profile").version == 2


def test_the_same_version_twice_is_impossible(house):
    first = take(house)
    first.pk, first.version = None, 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Upload.objects.create(
            matter_type=first.matter_type, matter_id=first.matter_id, slot="profile", version=1, name="x",
            media_type=PDF, size=1, sha256="0", uploaded_by=house.clerk.position, on=DAY,
        )  # fmt: skip


def test_too_large_is_refused_by_the_setting_of_the_day(house):
    Setting.objects.create(key="upload_max_mb", value=1, effective_from=DAY, note="测试")
    big = files.picture("PNG", (900, 900))
    assert len(big) > 1024 * 1024
    with pytest.raises(Invalid, match="1 MB 的上限"):
        take(house, big, "照片.png")
    receive(
        files.as_upload(big, "照片.png"), matter=house.agency, slot="a", actor=house.clerk,
        on=DAY - datetime.timedelta(days=1),
    )  # fmt: skip


def test_a_refused_file_leaves_no_row_and_no_file(house, settings):
    with pytest.raises(Invalid):
        take(house, b"MZ" * 300, "材料.pdf")
    assert not Upload.objects.exists()
    assert not list(Path(settings.MEDIA_ROOT).rglob("*.*"))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("扫描件.pdf", "扫描件.pdf"),
        ("扫描件.PDF", "扫描件.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\甲\\桌面\\证书.pdf", "证书.pdf"),
        ("发票\u202efdp.exe.pdf", "发票fdp.exe.pdf"),
        ("a\x00b\n.pdf", "ab.pdf"),
        ("没有扩展名", "没有扩展名.pdf"),
        ("材料2026.09", "材料2026.09.pdf"),
        ("", "未命名.pdf"),
        (".pdf", "未命名.pdf"),
        ('带"引号"<b>.pdf', "带 引号 b.pdf"),
    ],
)
def test_names_are_made_safe(given, kept):
    assert clean_name(given, Format(PDF)) == kept


def test_a_long_name_keeps_its_extension():
    name = clean_name("长" * 400 + ".pdf", Format(PDF))
    assert len(name) == 200
    assert name.endswith(".pdf")


def test_a_disguised_file_is_refused_but_a_misnamed_picture_is_renamed():
    with pytest.raises(Invalid, match=r"以 \.jpg 结尾，内容却是 PDF"):
        clean_name("照片.jpg", Format(PDF))
    assert clean_name("照片.jpg", Format(PNG)) == "照片.png"


def test_files_of_a_rolled_back_transaction_are_removed_after_a_day(house, monkeypatch):
    class Undo(Exception):
        pass

    kept = take(house)
    with pytest.raises(Undo), transaction.atomic():
        lost = take(house).file.name
        raise Undo
    assert default_storage.exists(lost)
    assert storage.remove_orphans(real_now()) == 0
    with monkeypatch.context() as objects:  # an object store says so of every folder
        objects.setattr(default_storage, "exists", lambda name: False)
        assert storage.remove_orphans(real_now() + datetime.timedelta(hours=25)) == 1
    assert not default_storage.exists(lost)
    assert default_storage.exists(kept.file.name)
