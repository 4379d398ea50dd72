"""Uploaded pictures: which are accepted, and how they are re-encoded."""

from io import BytesIO

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageCms

from core.images import prepare_picture
from core.images.fields import PictureFormField

ORIENTATION, ARTIST = 0x0112, 0x013B


def encoded(form="JPEG", size=(60, 40), mode="RGB", color="#0f5e75", **options):
    out = BytesIO()
    Image.new(mode, size, color).save(out, form, **options)
    return out.getvalue()


def uploaded(data, name="photo.jpg", content_type="image/jpeg"):
    return SimpleUploadedFile(name, data, content_type)


def reopened(content):
    return Image.open(BytesIO(content.read()))


@pytest.mark.parametrize(
    ("form", "extension"), [("JPEG", "jpg"), ("PNG", "png"), ("GIF", "gif"), ("WEBP", "webp")]
)
def test_a_picture_keeps_its_format_and_is_named_by_its_content(form, extension):
    first = prepare_picture(uploaded(encoded(form), "x.html", "text/html"))
    again = prepare_picture(uploaded(encoded(form), "y.svg", "image/svg+xml"))
    assert first.name == again.name
    assert first.name.endswith(f".{extension}")
    assert len(first.name) == 32 + 1 + len(extension)
    assert reopened(first).format == form


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


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_picture_that_was_cut_off_is_refused_with_a_sentence(form):
    data = encoded(form, size=(400, 400), mode="RGB") if form != "PNG" else noise_png()
    with pytest.raises(ValidationError, match=r"damaged or incomplete|JPEG, PNG, GIF or WebP"):
        prepare_picture(uploaded(data[: len(data) // 2]))


def noise_png():
    out = BytesIO()
    Image.effect_noise((200, 200), 90).save(out, "PNG")
    return out.getvalue()


def answer_to(data):
    """What `prepare_picture` says to `data`: the code of its refusal, or `stored`."""
    try:
        prepare_picture(uploaded(data))
    except ValidationError as error:
        return error.code
    return "stored"


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP"])
def test_damage_anywhere_in_a_file_is_borne_or_answered_with_a_sentence(form):
    whole = encoded(form, size=(64, 64))
    answers = {
        answer_to(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        for at in range(0, len(whole), max(1, len(whole) // 120))
    }
    assert {"not_a_picture"} < answers <= {"stored", "not_a_picture", "damaged", "too_many_pixels"}


def test_a_file_of_too_many_bytes_is_refused_unread():
    large = uploaded(b"")
    large.size = 10 * 1024 * 1024 + 1
    with pytest.raises(ValidationError, match="larger than 10 MB"):
        prepare_picture(large)


@pytest.mark.parametrize("side", [7000, 20_000], ids=["49 megapixels", "400 megapixels"])
def test_a_small_file_of_too_many_pixels_is_refused_before_it_is_decoded(side, monkeypatch):
    bomb = encoded("PNG", size=(side, side), mode="1", color=0)
    assert len(bomb) < 200_000
    monkeypatch.setattr(Image.Image, "load", lambda image: pytest.fail("it was decoded"))
    with pytest.raises(ValidationError, match="larger than 40 megapixels"):
        prepare_picture(uploaded(bomb))


def test_a_large_picture_is_scaled_down_to_2400_pixels():
    assert reopened(prepare_picture(uploaded(encoded(size=(3000, 1500))))).size == (2400, 1200)
    assert reopened(prepare_picture(uploaded(encoded(size=(50, 2401))))).size == (50, 2400)


def test_a_photograph_is_turned_upright_and_what_it_tells_of_its_maker_is_dropped():
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


def test_exif_data_that_cannot_be_read_do_not_hinder():
    data = encoded(exif=b"Exif\x00\x00" + b"garbage" * 9)
    assert reopened(prepare_picture(uploaded(data))).size == (60, 40)


def test_comments_and_profiles_go_from_every_format():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for form in ("JPEG", "PNG", "WEBP"):
        stored = reopened(prepare_picture(uploaded(encoded(form, icc_profile=profile))))
        assert "icc_profile" not in stored.info
    stored = reopened(prepare_picture(uploaded(encoded("GIF", comment=b"secret"))))
    assert b"secret" not in stored.info.get("comment", b"")


def test_a_profile_that_cannot_be_read_does_not_hinder():
    stored = reopened(prepare_picture(uploaded(encoded(icc_profile=b"nonsense"))))
    assert stored.size == (60, 40)


@pytest.mark.parametrize(
    ("form", "mode", "color"),
    [("JPEG", "CMYK", (0, 0, 0, 0)), ("JPEG", "L", 255), ("PNG", "I;16", 65535), ("PNG", "1", 1)],
)
def test_white_stays_white_in_every_colour_mode(form, mode, color):
    stored = reopened(prepare_picture(uploaded(encoded(form, mode=mode, color=color))))
    assert stored.convert("RGB").getpixel((5, 5)) == (255, 255, 255)


def test_middle_grey_of_sixteen_bits_stays_middle_grey():
    stored = reopened(prepare_picture(uploaded(encoded("PNG", mode="I;16", color=32768))))
    assert stored.convert("L").getpixel((5, 5)) == 128


@pytest.mark.parametrize("form", ["PNG", "WEBP", "GIF"])
def test_what_is_transparent_stays_so(form):
    stored = reopened(prepare_picture(uploaded(encoded(form, mode="RGBA", color=(9, 9, 9, 0)))))
    assert stored.convert("RGBA").getpixel((5, 5))[3] == 0


def test_of_an_animation_the_first_frame_stays():
    red, blue = (Image.new("RGB", (20, 20), color) for color in ("red", "blue"))
    out = BytesIO()
    red.save(out, "GIF", save_all=True, append_images=[blue])
    stored = reopened(prepare_picture(uploaded(out.getvalue())))
    assert getattr(stored, "n_frames", 1) == 1
    assert stored.convert("RGB").getpixel((5, 5)) == (255, 0, 0)


def test_a_phones_jpeg_that_holds_a_second_picture_is_a_jpeg():
    out = BytesIO()
    Image.new("RGB", (60, 40), "red").save(
        out, "MPO", save_all=True, append_images=[Image.new("RGB", (60, 40))]
    )
    assert Image.open(BytesIO(out.getvalue())).format == "MPO"
    assert prepare_picture(uploaded(out.getvalue())).name.endswith(".jpg")


def test_the_form_field_answers_with_the_prepared_picture_or_a_sentence():
    class PictureForm(forms.Form):
        cover = PictureFormField()

    good = PictureForm(files={"cover": uploaded(encoded("PNG"), "a" * 200 + ".jpg")})
    assert good.is_valid(), good.errors
    assert good.cleaned_data["cover"].name.endswith(".png")
    bad = PictureForm(files={"cover": uploaded(b"nothing")})
    assert bad.errors["cover"] == [
        "This file is not a supported image. Upload a JPEG, PNG, GIF or WebP file."
    ]
    assert 'accept="image/jpeg,image/png,image/gif,image/webp"' in str(PictureForm()["cover"])
