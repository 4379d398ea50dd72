"""Files of an imported WordPress site: pictures, recordings and documents."""

import unicodedata
from pathlib import Path

import pytest
from django.core.files.storage import default_storage

from core.richtext.models import Picture
from news.models import Article, ImportedItem
from news.wordpress.file_types import detect_extension
from tests.factories import picture_file
from tests.news.test_wordpress import import_site, run
from tests.news.wordpress.site import uploads
from tests.news.wordpress.wxr import OLD, Wxr

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4\n%%EOF\n"
MP3 = b"ID3\x03\0\0\0\0\0\0" + b"\xff\xfb\x90\0" * 20
MP4 = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + b"\0" * 40
MOV = b"\0\0\0\x14ftypqt  \0\0\0\0qt  " + b"\0" * 40
OGG = b"OggS\0\2" + b"\0" * 40
HTML = b"<!DOCTYPE html><script>alert(1)</script>"


def add_file(folder: Path, name: str, content: bytes) -> None:
    path = folder / "uploads" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def downloads() -> dict[str, str]:
    """The URL of each stored file by its name."""
    rows = ImportedItem.objects.filter(file__startswith="downloads/")
    return {Path(row.file).name: default_storage.url(row.file) for row in rows}


@pytest.fixture
def media(tmp_path, stored_files):
    uploads(tmp_path)
    return tmp_path


def test_linked_recordings_and_documents_become_downloads(media, visitor):
    wxr = Wxr()
    contents = {"Price List.pdf": PDF, "song.mp3": MP3, "film.mp4": MP4, "clip.mov": MOV}
    for number, (name, content) in enumerate(contents.items(), start=901):
        add_file(media, f"2021/03/{name}", content)
        wxr.picture(number, f"2021/03/{name}")
    wxr.item(
        1,
        "A",
        f'<a href="{OLD}/wp-content/uploads/2021/03/Price%20List.pdf">Prices</a>\n\n'
        f'[audio src="{OLD}/wp-content/uploads/2021/03/song.mp3"]\n\n'
        f'[video mp4="{OLD}/wp-content/uploads/2021/03/film.mp4" width="640"][/video]\n\n'
        f'<video controls src="{OLD}/wp-content/uploads/2021/03/clip.mov"></video>\n\n'
        f'[playlist ids="902"]',
    )
    report = import_site(media, wxr)
    urls = downloads()
    assert list(urls) == ["price-list.pdf", "song.mp3", "film.mp4", "clip.mov"]
    assert Article.objects.get().body == (
        f'<p><a href="{urls["price-list.pdf"]}">Prices</a></p>\n'
        f'<p><a href="{urls["song.mp3"]}">song.mp3</a></p>\n'
        f'<p><a href="{urls["film.mp4"]}">film.mp4</a></p>\n'
        f'<p><a href="{urls["clip.mov"]}">clip.mov</a></p>\n'
        f'<p><a href="{urls["song.mp3"]}">song.mp3</a></p>'
    )
    assert "4 files to download" in report
    assert "Skipped or changed" not in report
    response = visitor.get(urls["price-list.pdf"])
    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Disposition"] == "attachment"
    assert response["X-Content-Type-Options"] == "nosniff"
    moved = visitor.get("/wp-content/uploads/2021/03/Price%20List.pdf")
    assert (moved.status_code, moved.url) == (301, urls["price-list.pdf"])


def test_a_file_that_is_linked_but_not_in_the_export_comes_along(media):
    add_file(media, "2021/03/manual.pdf", PDF)
    wxr = Wxr()
    wxr.item(1, "A", '<a href="/wp-content/uploads/2021/03/manual.pdf">Manual</a>')
    import_site(media, wxr)
    assert '/manual.pdf">Manual</a>' in Article.objects.get().body
    assert "/media/downloads/" in Article.objects.get().body


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.pdf", HTML),
        ("song.mp3", HTML),
        ("film.mp4", b"MZ\x90\0" + b"\0" * 60),
        ("page.html", HTML),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"),
        ("program.exe", b"MZ\x90\0" + b"\0" * 60),
        ("archive.zip", b"PK\3\4" + b"\0" * 60),
        ("empty.pdf", b""),
    ],
)
def test_a_file_of_another_type_is_not_imported_and_reported(media, stored_files, name, content):
    add_file(media, f"2021/03/{name}", content)
    wxr = Wxr()
    url = wxr.picture(901, f"2021/03/{name}")
    wxr.item(1, "A", f'<a href="{url}">File</a>')
    report = import_site(media, wxr)
    assert stored_files() == []
    assert f"skipped: {url} (" in report
    assert f"A linked file not imported: {url}" in report


@pytest.mark.parametrize(
    ("content", "suffix", "extension"),
    [
        (b"\xef\xbb\xbf\r\n%PDF-1.7", ".pdf", "pdf"),
        (PDF, ".mp3", "pdf"),
        (MP3, ".mp3", "mp3"),
        (b"\xff\xfb\x90\x64" + b"\0" * 40, ".mp3", "mp3"),
        (b"\xff\xf1\x50\x80" + b"\0" * 40, ".aac", "aac"),
        (MP4, ".m4v", "m4v"),
        (MP4, ".exe", "mp4"),
        (MOV, ".mp4", "mov"),
        (OGG, ".ogv", "ogv"),
        (OGG, ".mp3", "ogg"),
        (b"RIFF\0\0\0\0WAVEfmt ", ".wav", "wav"),
        (b"RIFF\0\0\0\0AVI LIST", ".avi", "avi"),
        (b"\x1aE\xdf\xa3" + b"\0" * 40, ".webm", "webm"),
        (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", ".wmv", "wmv"),
        (b"RIFF\0\0\0\0WEBPVP8 ", ".mp3", ""),
        (b"\0\0\0\x18ftypheic", ".mp4", ""),
        (b"\xff\xfe<\0h\0t\0m\0l\0", ".mp3", ""),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", ".mp3", ""),
        (HTML, ".pdf", ""),
        (b"\xff", ".mp3", ""),
    ],
)
def test_the_type_of_a_file_is_detected_from_its_content(content, suffix, extension):
    assert detect_extension(content, suffix) == extension


@pytest.mark.parametrize(
    "url",
    [
        "https://old.files.wordpress.com/2021/03/crusher.png",
        "https://old.files.wordpress.com/2021/03/crusher.png?w=300&h=200",
        "http://old.files.wordpress.com/2021/03/crusher-300x200.png",
        "https://i0.wp.com/old.files.wordpress.com/2021/03/crusher.png?resize=300%2C200&ssl=1",
        "//old.example/2021/03/crusher.png",
        "https://old.example/wp-content/uploads/sites/3/2021/03/crusher.png",
        "https://old.example/wp-content/blogs.dir/2/files/2021/03/crusher.png",
        "https://old.example/files/2021/03/crusher.png",
        "https://cdn.example/wp-content/uploads/2021/03/crusher-scaled.png",
        "/wp-content/uploads/2021/03/crusher-1024x576.png",
    ],
)
def test_a_picture_is_found_in_the_uploads_folder_by_any_address(media, url):
    wxr = Wxr()
    wxr.item(1, "A", f'<img src="{url}" alt="Crusher">')
    if "-scaled" in url:
        source = media / "uploads/2021/03/crusher.png"
        source.rename(source.with_name("crusher-scaled.png"))
    import_site(media, wxr)
    picture = Picture.objects.get()
    assert Article.objects.get().body == (
        f'<p><img alt="Crusher" height="360" src="{picture.file.url}" width="640"'
        ' loading="lazy"></p>'
    )


def test_a_picture_of_another_site_is_not_taken_from_the_uploads_folder(media):
    wxr = Wxr()
    wxr.item(1, "A", 'Text <img src="https://other.example/2021/03/crusher.png">')
    report = import_site(media, wxr)
    assert not Picture.objects.exists()
    assert "image skipped: https://other.example/2021/03/crusher.png" in report


def test_a_file_is_found_by_its_path_in_the_media_library(media):
    wxr = Wxr()
    wxr.item(
        901,
        "Crusher",
        kind="attachment",
        status="inherit",
        attachment="https://cdn.example/a1b2c3.png",
        meta={"_wp_attached_file": "/home/site/www/wp-content/uploads/2021/03/crusher.png"},
    )
    wxr.item(1, "A", '<img src="https://cdn.example/a1b2c3.png">')
    import_site(media, wxr)
    assert Picture.objects.get().file.url in Article.objects.get().body


def test_letters_with_marks_in_file_names_match(media):
    name = unicodedata.normalize("NFD", "Größe é.png")
    add_file(media, f"2021/03/{name}", picture_file("PNG", (50, 50)).read())
    wxr = Wxr()
    wxr.item(1, "A", f'<img src="{OLD}/wp-content/uploads/2021/03/Größe%20%C3%A9.png">')
    import_site(media, wxr)
    assert Picture.objects.exists()


def test_a_size_in_the_name_of_an_original_is_not_removed(media):
    add_file(media, "2021/03/crusher-300x250.png", picture_file("PNG", (300, 250)).read())
    wxr = Wxr()
    wxr.picture(901, "2021/03/crusher.png")
    url = wxr.picture(902, "2021/03/crusher-300x250.png")
    wxr.item(1, "A", f'<img class="wp-image-902" src="{url}">')
    import_site(media, wxr)
    assert 'height="250"' in Article.objects.get().body


@pytest.mark.parametrize(
    "href",
    [
        f"{OLD}/2021/03/attachment-901/",
        f"{OLD}/?attachment_id=901",
        "/?attachment_id=901",
        f"{OLD}/wp-content/uploads/2021/03/crusher.png",
    ],
)
def test_a_link_to_the_page_of_a_file_leads_to_the_file(media, href):
    wxr = Wxr()
    wxr.picture(901, "2021/03/crusher.png")
    wxr.item(1, "A", f'<a href="{href}">Crusher</a>')
    report = import_site(media, wxr)
    url = Picture.objects.get().file.url
    assert Article.objects.get().body == f'<p><a href="{url}">Crusher</a></p>'
    assert "Skipped or changed" not in report


def test_files_that_no_text_shows_come_along(media):
    wxr = Wxr()
    wxr.picture(901, "2021/03/crusher.png")
    add_file(media, "2021/03/manual.pdf", PDF)
    wxr.picture(902, "2021/03/manual.pdf")
    import_site(media, wxr)
    assert Picture.objects.get().name == "crusher.png"
    assert list(downloads()) == ["manual.pdf"]


def test_a_second_import_leaves_all_files_as_they_are(media, stored_files):
    add_file(media, "2021/03/manual.pdf", PDF)
    wxr = Wxr()
    wxr.picture(901, "2021/03/crusher.png", parent=1)
    url = wxr.picture(902, "2021/03/manual.pdf")
    wxr.item(1, "A", f'[gallery] <a href="{url}">Manual</a>')
    import_site(media, wxr)
    Picture.objects.all().delete()
    rows, files = list(ImportedItem.objects.values()), stored_files()
    report = import_site(media, wxr)
    assert (list(ImportedItem.objects.values()), stored_files()) == (rows, files)
    assert not Picture.objects.exists()
    assert report == "Checking the file 1 imported before, not changed Import finished."


def test_a_later_export_links_to_files_of_an_earlier_one(media):
    add_file(media, "2021/03/manual.pdf", PDF)
    wxr = Wxr()
    wxr.picture(902, "2021/03/manual.pdf")
    import_site(media, wxr)
    (media / "uploads/2021/03/manual.pdf").unlink()
    wxr.item(1, "A", f'<a href="{OLD}/wp-content/uploads/2021/03/manual.pdf">Manual</a>')
    import_site(media, wxr)
    url = downloads()["manual.pdf"]
    assert Article.objects.get().body == f'<p><a href="{url}">Manual</a></p>'


def test_a_file_that_was_missing_is_imported_later(media):
    wxr = Wxr()
    wxr.picture(902, "2021/03/manual.pdf")
    report = import_site(media, wxr)
    assert "manual.pdf (the file is not in the uploads folder)" in report
    add_file(media, "2021/03/manual.pdf", PDF)
    import_site(media, wxr)
    assert list(downloads()) == ["manual.pdf"]


def test_a_failed_import_deletes_the_new_downloads(media, stored_files, monkeypatch):
    add_file(media, "2021/03/manual.pdf", PDF)
    wxr = Wxr()
    wxr.picture(902, "2021/03/manual.pdf")
    wxr.item(1, "A", "x")

    def fail(*args, **kwargs):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("news.wordpress.writer.save_article", fail)
    with pytest.raises(RuntimeError):
        run(wxr.write(media), media=media / "uploads")
    assert stored_files() == []


def test_a_file_outside_the_uploads_folder_is_not_read(media):
    (media / "secret.pdf").write_bytes(PDF)
    wxr = Wxr()
    wxr.item(1, "A", f'<a href="{OLD}/wp-content/uploads/../secret.pdf">A</a>')
    wxr.item(2, "B", f'<a href="{OLD}/wp-content/uploads/%2e%2e/secret.pdf">B</a>')
    wxr.item(
        3,
        "C",
        kind="attachment",
        attachment=f"{OLD}/c.pdf",
        meta={"_wp_attached_file": "../secret.pdf"},
    )
    import_site(media, wxr)
    assert downloads() == {}
