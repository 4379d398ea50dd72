"""The smaller copies of a picture: when they are made, and how a page offers them."""

import logging
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import transaction
from django.template import Context, Template
from PIL import Image
from pytest_django.asserts import assertHTMLEqual

from core.images.renditions import make_renditions
from core.richtext.models import Picture
from core.richtext.services import add_picture


def encoded(size=(60, 40)):
    out = BytesIO()
    Image.new("RGB", size, "#0f5e75").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def store(django_user_model, db, django_capture_on_commit_callbacks):
    """Returns a function that adds a picture to the library and makes its copies, as on commit."""
    user = django_user_model.objects.create_user("editor")

    def store(data):
        with django_capture_on_commit_callbacks(execute=True):
            return add_picture(SimpleUploadedFile("photo.jpg", data), by=user)

    return store


@pytest.mark.parametrize(
    ("width", "copies"), [(2000, [480, 960]), (960, [480]), (700, [480]), (480, [])]
)
def test_copies_are_made_only_narrower_than_the_picture(store, width, copies):
    picture = store(encoded(size=(width, 100)))
    stem = picture.file.name.removesuffix(".jpg")
    for copy in (480, 960):
        name = f"{stem}.{copy}.webp"
        assert default_storage.exists(name) == (copy in copies)
        if copy in copies:
            with default_storage.open(name) as file, Image.open(file) as image:
                assert (image.format, image.width) == ("WEBP", copy)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_copies_are_made_after_the_commit_and_not_at_all_when_it_is_rolled_back():
    stored = ContentFile(encoded(size=(600, 60)), name="a.jpg")
    copy = "pictures/a.480.webp"
    with transaction.atomic():
        Picture.objects.create(file=stored, digest="a", name="a.jpg")
        transaction.set_rollback(True)
    assert not default_storage.exists(copy)
    default_storage.delete("pictures/a.jpg")
    with transaction.atomic():
        stored.seek(0)
        Picture.objects.create(file=stored, digest="a", name="a.jpg")
        assert not default_storage.exists(copy)
    assert default_storage.exists(copy)


def test_a_row_that_is_saved_again_makes_no_copies(store, django_capture_on_commit_callbacks):
    picture = store(encoded(size=(600, 60)))
    with django_capture_on_commit_callbacks() as callbacks:
        Picture.objects.get(pk=picture.pk).save()
    assert [each for each in callbacks if getattr(each, "func", None) is make_renditions] == []


def test_a_copy_that_fails_is_logged_and_the_picture_is_stored(store, monkeypatch, caplog):
    save = default_storage.save

    def fail(name, *args, **kwargs):
        if name.endswith(".webp"):
            raise OSError("No space left on device")
        return save(name, *args, **kwargs)

    monkeypatch.setattr(default_storage, "save", fail)
    with caplog.at_level(logging.ERROR):
        picture = store(encoded(size=(600, 60)))
    assert "Could not create the renditions of pictures/" in caplog.text
    assert default_storage.exists(picture.file.name)


def test_the_command_makes_the_missing_copies_and_prints_their_number(store, capsys):
    picture = store(encoded(size=(1200, 60)))
    missing = picture.file.name.replace(".jpg", ".480.webp")
    default_storage.delete(missing)
    call_command("make_renditions")
    assert default_storage.exists(missing)
    call_command("make_renditions")
    assert capsys.readouterr().out == "Renditions created: 1\nRenditions created: 0\n"


def rendered(picture, arguments="", **context):
    template = Template("{% load pictures %}{% picture file " + arguments + " %}")
    return template.render(Context({"file": picture and picture.file, **context}))


def test_a_page_shows_a_picture_at_its_widths_with_its_size(store):
    picture = store(encoded(size=(1600, 900)))
    url = picture.file.url
    stem = url.removesuffix(".jpg")
    html = rendered(picture, 'alt=alt sizes="40rem" class="cover"', alt='A "jaw" <crusher>')
    assertHTMLEqual(
        html,
        f'<img src="{url}" alt="A &quot;jaw&quot; &lt;crusher&gt;" '
        f'srcset="{stem}.480.webp 480w, {stem}.960.webp 960w, {url} 1600w" sizes="40rem" '
        'width="1600" height="900" decoding="async" loading="lazy" class="cover">',
    )


def test_the_first_picture_of_a_page_is_loaded_at_once(store):
    html = rendered(store(encoded()), "eager=True")
    assert 'fetchpriority="high"' in html
    assert "loading" not in html


def test_a_small_picture_has_no_copies_to_choose_from(store):
    assert "srcset" not in rendered(store(encoded(size=(300, 200))))


def test_nothing_is_shown_without_a_picture():
    assert rendered(None) == rendered(Picture()) == ""


def test_no_file_is_opened_or_searched_while_a_page_is_rendered(store, monkeypatch):
    pk = store(encoded(size=(1600, 900))).pk
    for name in ("open", "exists", "size", "path"):
        monkeypatch.setattr(default_storage, name, lambda *args: pytest.fail("a file was accessed"))
    assert "srcset" in rendered(Picture.objects.get(pk=pk))


def test_a_picture_without_a_size_and_with_a_missing_file_is_still_shown(store):
    picture = store(encoded(size=(1600, 900)))
    default_storage.delete(picture.file.name)
    fields = ["id", "file", "width", "height"]
    bare = Picture.from_db("default", fields, [1, "lost.jpg", None, None])
    lazy = '<img src="/media/lost.jpg" alt="" decoding="async" loading="lazy">'
    assertHTMLEqual(rendered(bare), lazy)
