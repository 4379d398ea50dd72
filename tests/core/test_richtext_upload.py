"""Uploading pictures in the editor: permissions, what is stored, and error messages."""

import logging
from io import BytesIO

import pytest
from django.contrib.auth.models import Permission
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from core.richtext.models import Picture

URL = "/admin/richtext/upload/"


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def editor(django_user_model, db):
    user = django_user_model.objects.create_user("editor", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="add_picture"))
    return user


@pytest.fixture
def editor_client(editor):
    client = Client()
    client.force_login(editor)
    return client


def picture(name="At the works.jpg", color="#0f5e75", form="JPEG"):
    out = BytesIO()
    Image.new("RGB", (60, 40), color).save(out, form)
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def test_the_upload_url_is_the_one_that_the_editor_has():
    assert reverse("richtext:upload") == URL


def test_an_uploaded_picture_is_stored_and_its_url_returned(editor_client, editor):
    response = editor_client.post(URL, {"upload": picture()})
    stored = Picture.objects.get()
    assert response.json() == {
        "uploaded": 1,
        "fileName": "At the works.jpg",
        "url": f"/media/{stored.file.name}",
        "width": 60,
        "height": 40,
    }
    assert stored.uploaded_by == editor
    assert (stored.width, stored.height, str(stored)) == (60, 40, "At the works.jpg")
    assert stored.file.name == f"pictures/{stored.digest}.jpg"
    assert default_storage.exists(stored.file.name)
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Type"] == "application/json"


def test_the_same_picture_twice_is_one_row_and_one_file(editor_client):
    first = editor_client.post(URL, {"upload": picture()}).json()
    second = editor_client.post(URL, {"upload": picture("Another name.jpg")}).json()
    assert first == second
    assert Picture.objects.count() == 1
    assert len(default_storage.listdir("pictures")[1]) == 1


def test_uploading_a_lost_file_again_restores_it_at_its_url(editor_client):
    first = editor_client.post(URL, {"upload": picture()}).json()
    default_storage.delete(Picture.objects.get().file.name)
    assert editor_client.post(URL, {"upload": picture()}).json() == first
    assert default_storage.exists(Picture.objects.get().file.name)


def test_a_jpeg_with_the_extension_html_gets_the_extension_jpg(editor_client):
    data = editor_client.post(URL, {"upload": picture("x.html")}).json()
    assert data["url"].endswith(".jpg")


@pytest.mark.parametrize("name", ["x.html", "x.svg", "x.phtml", "x.jpg"])
def test_a_file_that_is_not_a_picture_is_rejected_with_a_message(editor_client, name):
    upload = SimpleUploadedFile(name, b"<script>alert(1)</script>", "image/jpeg")
    response = editor_client.post(URL, {"upload": upload})
    assert response.status_code == 200
    assert response.json() == {
        "uploaded": 0,
        "error": {
            "message": "This file is not a supported image. Upload a JPEG, PNG, GIF or WebP file."
        },
    }
    assert not Picture.objects.exists()
    assert not default_storage.exists("pictures")


def test_a_post_without_a_file_gets_an_error_message(editor_client):
    data = editor_client.post(URL).json()
    assert data["error"]["message"].startswith("No image received.")


def test_a_form_token_is_required(editor):
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    assert client.post(URL, {"upload": picture()}).status_code == 403
    assert not Picture.objects.exists()
    client.cookies["csrftoken"] = token = "a" * 32
    response = client.post(URL, {"upload": picture()}, headers={"X-CSRFToken": token})
    assert response.json()["uploaded"] == 1


def is_refused(response):
    return response.status_code == 403 and response.json()["uploaded"] == 0


def test_a_visitor_may_not_upload(client, db):
    assert is_refused(client.post(URL, {"upload": picture()}))
    assert not Picture.objects.exists()


def test_staff_without_the_permission_may_not_upload(client, django_user_model, db):
    client.force_login(django_user_model.objects.create_user("sales", is_staff=True))
    assert is_refused(client.post(URL, {"upload": picture()}))
    assert not Picture.objects.exists()


def test_a_customer_with_the_permission_who_is_not_staff_may_not_upload(client, editor):
    editor.is_staff = False
    editor.save()
    client.force_login(editor)
    assert is_refused(client.post(URL, {"upload": picture()}))


@pytest.mark.parametrize("method", ["get", "head", "put", "delete", "patch"])
def test_only_post_requests_are_allowed(editor_client, method):
    assert getattr(editor_client, method)(URL).status_code == 405


def test_query_parameters_are_not_repeated_in_the_response(editor_client):
    response = editor_client.post(f"{URL}?CKEditorFuncNum=1)alert(1", {"upload": picture()})
    assert b"alert" not in response.content


def test_markup_in_a_name_is_escaped(editor_client, admin_client):
    editor_client.post(URL, {"upload": picture('"><img src=x onerror=alert(1)>.jpg')})
    html = admin_client.get("/admin/richtext/picture/").content.decode()
    assert "<img src=x" not in html
    assert "onerror=alert(1)&gt;.jpg" in html


def test_a_long_name_is_truncated_before_its_extension(editor_client):
    editor_client.post(URL, {"upload": picture("a" * 200 + ".jpg")})
    assert Picture.objects.get().name == "a" * 146 + ".jpg"


def test_a_failing_disk_is_logged_and_reported_to_the_editor(editor_client, monkeypatch, caplog):
    def fail(*args, **kwargs):
        raise OSError("No space left on device")

    monkeypatch.setattr(default_storage, "save", fail)
    with caplog.at_level(logging.ERROR):
        response = editor_client.post(URL, {"upload": picture()})
    assert response.status_code == 200
    assert response.json()["error"]["message"].startswith("The image could not be saved.")
    assert "No space left on device" in caplog.text
    assert not Picture.objects.exists()


def test_the_library_lists_finds_and_deletes_pictures_but_adds_none(admin_client, editor_client):
    editor_client.post(URL, {"upload": picture("crusher.jpg")})
    editor_client.post(URL, {"upload": picture("mixer.jpg", color="red")})
    listed = admin_client.get("/admin/richtext/picture/", {"q": "crush"}).content.decode()
    assert "crusher.jpg" in listed
    assert "mixer.jpg" not in listed
    stored = Picture.objects.get(name="crusher.jpg")
    assert stored.file.url in admin_client.get(f"/admin/richtext/picture/{stored.pk}/change/").text
    assert admin_client.get("/admin/richtext/picture/add/").status_code == 403
    admin_client.post(f"/admin/richtext/picture/{stored.pk}/delete/", {"post": "yes"})
    assert not Picture.objects.filter(pk=stored.pk).exists()
    assert default_storage.exists(stored.file.name), "articles may still show it"


def test_a_picture_remains_when_the_account_that_uploaded_it_is_deleted(editor_client, editor):
    editor_client.post(URL, {"upload": picture()})
    editor.delete()
    assert Picture.objects.get().uploaded_by is None
