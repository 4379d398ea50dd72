"""Uploaded pictures: which are accepted, and how they are re-encoded."""

from io import BytesIO
from pathlib import Path

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageCms

import tests.cases
from core.images import prepare_picture
from core.images.fields import PictureFormField

ORIENTATION, ARTIST = 0x0112, 0x013B


def encoded(image_format="JPEG", size=(60, 40), mode="RGB", color="#0f5e75", **options):
    out = BytesIO()
    Image.new(mode, size, color).save(out, image_format, **options)
    return out.getvalue()


def uploaded(data, name="photo.jpg", content_type="image/jpeg"):
    return SimpleUploadedFile(name, data, content_type)


def reopened(content):
    return Image.open(BytesIO(content.read()))


@pytest.mark.parametrize(
    ("image_format", "extension"),
    [("JPEG", "jpg"), ("PNG", "png"), ("GIF", "gif"), ("WEBP", "webp")],
)
def test_a_picture_keeps_its_format_and_is_named_by_its_content(image_format, extension):
    first = prepare_picture(uploaded(encoded(image_format), "x.html", "text/html"))
    again = prepare_picture(uploaded(encoded(image_format), "y.svg", "image/svg+xml"))
    assert first.name == again.name
    assert first.name.endswith(f".{extension}")
    assert len(first.name) == 32 + 1 + len(extension)
    assert reopened(first).format == image_format


def test_pictures_that_differ_have_different_names():
    blue, red = (prepare_picture(uploaded(encoded(color=color))) for color in ("blue", "red"))
    assert blue.name != red.name


@pytest.mark.parametrize(
    "data",
    [
        b"<script>alert(1)</script>",
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"%PDF-1.4",
        encoded("BMP"),
        encoded("TIFF"),
        encoded("ICO"),
    ],
    ids=["html", "svg", "pdf", "bmp", "tiff", "ico"],
)
def test_a_file_that_is_not_jpeg_png_gif_or_webp_is_rejected_whatever_its_name(data):
    with pytest.raises(ValidationError, match="Upload a JPEG, PNG, GIF or WebP file"):
        prepare_picture(uploaded(data))


@pytest.mark.parametrize("name", ["iphone.HEIC", "camera.hif", "photo.avif"])
def test_a_photo_that_not_all_browsers_show_becomes_webp(name):
    data = (Path(tests.cases.__file__).parent / "files" / name).read_bytes()
    picture = prepare_picture(uploaded(data, name))
    assert str(picture.name).endswith(".webp")
    with Image.open(picture) as image:
        assert image.format == "WEBP"


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP"])
def test_a_truncated_picture_is_rejected_with_the_reason(image_format):
    data = (
        encoded(image_format, size=(400, 400), mode="RGB") if image_format != "PNG" else noise_png()
    )
    with pytest.raises(ValidationError, match=r"damaged or incomplete|JPEG, PNG, GIF or WebP"):
        prepare_picture(uploaded(data[: len(data) // 2]))


def noise_png():
    out = BytesIO()
    Image.effect_noise((200, 200), 90).save(out, "PNG")
    return out.getvalue()


def outcome_of(data):
    """The error code of `prepare_picture` for `data`, or `stored`."""
    try:
        prepare_picture(uploaded(data))
    except ValidationError as error:
        return error.code
    return "stored"


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "GIF", "WEBP"])
def test_a_file_damaged_anywhere_is_stored_or_rejected_with_a_reason(image_format):
    whole = encoded(image_format, size=(64, 64))
    outcomes = {
        outcome_of(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        for at in range(0, len(whole), max(1, len(whole) // 120))
    }
    assert {"not_a_picture"} < outcomes <= {"stored", "not_a_picture", "damaged", "too_many_pixels"}


def test_a_file_that_is_too_big_is_rejected_without_reading_it():
    large = uploaded(b"")
    large.size = 40 * 1024 * 1024 + 1
    with pytest.raises(ValidationError, match="larger than 40 MB"):
        prepare_picture(large)


@pytest.mark.parametrize("side", [7000, 20_000], ids=["49 megapixels", "400 megapixels"])
def test_a_small_file_with_too_many_pixels_is_rejected_before_it_is_decoded(side, monkeypatch):
    bomb = encoded("PNG", size=(side, side), mode="1", color=0)
    assert len(bomb) < 200_000
    monkeypatch.setattr(Image.Image, "load", lambda image: pytest.fail("it was decoded"))
    with pytest.raises(ValidationError, match="larger than 40 megapixels"):
        prepare_picture(uploaded(bomb))


def test_a_large_picture_is_scaled_down_to_2400_pixels():
    assert reopened(prepare_picture(uploaded(encoded(size=(3000, 1500))))).size == (2400, 1200)
    assert reopened(prepare_picture(uploaded(encoded(size=(50, 2401))))).size == (50, 2400)


def test_a_photo_is_rotated_upright_and_its_metadata_are_removed():
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[ARTIST] = "Somebody"
    data = encoded(size=(60, 40), exif=exif, comment=b"secret", xmp=b"<x:xmpmeta/>")
    assert b"Somebody" in data
    stored = prepare_picture(uploaded(data))
    content = stored.read()
    assert Image.open(BytesIO(content)).size == (40, 60)
    assert not Image.open(BytesIO(content)).getexif()
    assert not any(word in content for word in (b"Somebody", b"secret", b"xmpmeta", b"Exif"))


def test_unreadable_exif_data_are_ignored():
    data = encoded(exif=b"Exif\x00\x00" + b"garbage" * 9)
    assert reopened(prepare_picture(uploaded(data))).size == (60, 40)


def test_comments_and_profiles_are_removed_from_every_format():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for image_format in ("JPEG", "PNG", "WEBP"):
        stored = reopened(prepare_picture(uploaded(encoded(image_format, icc_profile=profile))))
        assert "icc_profile" not in stored.info
    stored = reopened(prepare_picture(uploaded(encoded("GIF", comment=b"secret"))))
    assert b"secret" not in stored.info.get("comment", b"")


def test_an_unreadable_colour_profile_is_ignored():
    stored = reopened(prepare_picture(uploaded(encoded(icc_profile=b"nonsense"))))
    assert stored.size == (60, 40)


@pytest.mark.parametrize(
    ("image_format", "mode", "color"),
    [("JPEG", "CMYK", (0, 0, 0, 0)), ("JPEG", "L", 255), ("PNG", "I;16", 65535), ("PNG", "1", 1)],
)
def test_white_stays_white_in_every_colour_mode(image_format, mode, color):
    stored = reopened(prepare_picture(uploaded(encoded(image_format, mode=mode, color=color))))
    assert stored.convert("RGB").getpixel((5, 5)) == (255, 255, 255)


def test_medium_grey_of_sixteen_bits_stays_medium_grey():
    stored = reopened(prepare_picture(uploaded(encoded("PNG", mode="I;16", color=32768))))
    assert stored.convert("L").getpixel((5, 5)) == 128


@pytest.mark.parametrize("image_format", ["PNG", "WEBP", "GIF"])
def test_transparency_is_preserved(image_format):
    stored = reopened(
        prepare_picture(uploaded(encoded(image_format, mode="RGBA", color=(9, 9, 9, 0))))
    )
    assert stored.convert("RGBA").getpixel((5, 5))[3] == 0


def test_only_the_first_frame_of_an_animation_is_stored():
    red, blue = (Image.new("RGB", (20, 20), color) for color in ("red", "blue"))
    out = BytesIO()
    red.save(out, "GIF", save_all=True, append_images=[blue])
    stored = reopened(prepare_picture(uploaded(out.getvalue())))
    assert getattr(stored, "n_frames", 1) == 1
    assert stored.convert("RGB").getpixel((5, 5)) == (255, 0, 0)


def test_a_phone_photo_with_a_second_picture_is_stored_as_jpeg():
    out = BytesIO()
    Image.new("RGB", (60, 40), "red").save(
        out, "MPO", save_all=True, append_images=[Image.new("RGB", (60, 40))]
    )
    assert Image.open(BytesIO(out.getvalue())).format == "MPO"
    assert prepare_picture(uploaded(out.getvalue())).name.endswith(".jpg")


def test_the_form_field_returns_the_prepared_picture_or_an_error():
    class PictureForm(forms.Form):
        cover = PictureFormField()

    good = PictureForm(files={"cover": uploaded(encoded("PNG"), "a" * 200 + ".jpg")})
    assert good.is_valid(), good.errors
    assert good.cleaned_data["cover"].name.endswith(".png")
    bad = PictureForm(files={"cover": uploaded(b"nothing")})
    assert bad.errors["cover"] == [
        "This file is not a supported image. Upload a JPEG, PNG, GIF or WebP file."
    ]
    assert (
        'accept="image/jpeg,image/png,image/gif,image/webp,image/heic,image/heif,image/avif"'
        in str(PictureForm()["cover"])
    )
