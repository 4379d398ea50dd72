"""Text from outside is decoded by the character set that programs really use."""

import pytest

from core.text.charsets import decode, decode_as
from tests.timing import assert_linear

DECLARED = [
    ("gb2312", "朱镕基", "gb18030"),
    ("GBK", "价格 €", "gb18030"),
    ("x-gbk", "破碎机 😀", "gb18030"),
    ("gb_2312-80", "镕", "gb18030"),
    ("shift_jis", "①㈱髙", "cp932"),
    ("x-sjis", "見積書", "cp932"),
    ("Windows-31J", "①", "cp932"),
    ("euc-jp", "①見積", "euc_jis_2004"),
    ("ks_c_5601-1987", "똠방각하", "cp949"),
    ("euc-kr", "펲시", "cp949"),
    ("big5", "碁銹裏", "cp950"),
    ("big5", "啩喺度", "big5hkscs"),
    ("big5-hkscs", "啩喺度", "big5hkscs"),
    ("windows-874", "สวัสดี", "cp874"),
    ("tis-620", "“สวัสดี”", "cp874"),
    ("iso-8859-6-i", "السلام", "iso8859-6"),
    ("iso-8859-8-i", "שלום", "iso8859-8"),
    ("ISO-8859-8-E", "שלום", "iso8859-8"),
    ("iso-8859-8-i", "שָׁלוֹם – ₪", "cp1255"),
    ("iso-8859-1", "Größe – 5 €", "cp1252"),
    ("iso-8859-2", "Šířka „ť“", "cp1250"),
    ("iso-8859-9", "Şahin’in", "cp1254"),
    ("unicode-1-1-utf-7", "Größe 你好", "utf-7"),
    ("cp-1251", "Цена", "cp1251"),
    ("win-1251", "Цена", "cp1251"),
    ("x-mac-cyrillic", "Цена", "mac-cyrillic"),
    ('"utf-8"', "Größe", "utf-8"),
    ("utf-8*de", "Größe", "utf-8"),
    ("charset=koi8-r", "Цена", "koi8-r"),
]


@pytest.mark.parametrize(("declared", "text", "codec"), DECLARED)
def test_a_declared_set_is_read_as_programs_use_it(declared: str, text: str, codec: str) -> None:
    assert decode(text.encode(codec), declared) == (text, codec)


@pytest.mark.parametrize(
    "declared", ["", "x-unknown", "unknown-8bit", "us-ascii", "base64", "idna", "\ud800", "é" * 999]
)
@pytest.mark.parametrize(
    ("text", "codec"),
    [
        ("你好，我们需要破碎机", "gb18030"),
        ("報價單：我們需要兩台破碎機，請報價", "big5hkscs"),
        ("簡単なテストです", "cp932"),
        ("안녕하세요, 견적을 부탁합니다", "cp949"),
        ("Здравствуйте, нам нужна дробилка", "cp1251"),
        ("Здравствуйте, нам нужна дробилка", "koi8-r"),
        ("السلام عليكم نريد سعر الكسارة", "cp1256"),
        ("ขอใบเสนอราคาเครื่องบด", "cp874"),
        ("Καλημέρα σας, θέλουμε τιμή", "cp1253"),
        ("Teşekkürler, değirmen için fiyat", "cp1254"),
        ("Proszę o cenę kruszarki, dziękuję", "cp1250"),
        ("déjà reçu, à bientôt", "cp1252"),
        ("Preis Größe", "cp1252"),
        ("25 °C", "cp1252"),
        ("Größe", "utf-8"),
        ("", "utf-8"),
    ],
)
def test_a_missing_or_unknown_set_is_detected(text: str, codec: str, declared: str) -> None:
    assert decode(text.encode(codec), declared) == (text, codec)


@pytest.mark.parametrize(
    ("declared", "text", "codec"),
    [
        ("iso-8859-1", "你好，我们需要破碎机", "gb18030"),
        ("windows-1252", "Здравствуйте, цена", "cp1251"),
        ("iso-8859-1", "Größe", "utf-8"),
        ("utf-8", "déjà reçu, à bientôt", "cp1252"),
        ("utf-8", "你好，我们需要破碎机", "gb18030"),
        ("big5", "你好，我们需要破碎机，谢谢，请报价", "utf-8"),
    ],
)
def test_a_set_that_does_not_fit_is_not_used(declared: str, text: str, codec: str) -> None:
    assert decode(text.encode(codec), declared)[0] == text


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        ("a,你好", "utf-8-sig"),
        ("a,你好", "utf-16"),
        ("a,你好", "utf-32"),
        ("a,b\n你,好\n", "utf-16-le"),
    ],
)
def test_utf_16_and_byte_order_marks_are_recognized(text: str, codec: str) -> None:
    assert decode(text.encode(codec)) == (text, codec)
    assert decode(text.encode(codec), "us-ascii")[0] == text


@pytest.mark.parametrize("declared", ["iso-2022-jp", "", "cp50221", "us-ascii"])
@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"\x1b$BF|K\\8l -!\x1b(B hello", "日本語 ① hello"),
        (b"\x1b$B|b-j\x1b(B", "髙㈱"),
        (b"\x1b(I6E\x1b(B", "ｶﾅ"),
        ("丂日本".encode("iso2022_jp_ext"), "丂日本"),
        ("俠日本".encode("iso2022_jp_3"), "俠日本"),
        (b"a\x1b$B", "a"),
    ],
)
def test_iso_2022_jp_has_the_letters_of_windows(content: bytes, text: str, declared: str) -> None:
    assert decode(content, declared) == (text, "iso2022_jp")


@pytest.mark.parametrize(
    ("word", "codec"),
    [
        ("破碎机", "gb18030"),
        ("型号", "gb18030"),
        ("破碎機", "big5hkscs"),
        ("震動篩", "big5hkscs"),
        ("價格", "big5hkscs"),
        ("破砕機", "cp932"),
        ("クラッシャー", "cp932"),
        ("ポンプ", "cp932"),
        ("파쇄기", "cp949"),
        ("Дробилка", "cp1251"),
        ("كسارة", "cp1256"),
        ("Fraise à neige", "cp1252"),
        ("Größe", "cp1252"),
        ("25 °C", "cp1252"),
    ],
)
def test_a_single_word_between_plain_letters_is_detected(word: str, codec: str) -> None:
    for text in (f"slug,name\njaw,{word}\n", f"slug;name;sku\njaw;{word};PE-600\ncone;Cone;C-1\n"):
        assert decode(text.encode(codec)) == (text, codec)


@pytest.mark.parametrize(
    ("word", "codec"), [("破碎机", "gb18030"), ("破碎機", "big5hkscs"), ("Größe", "cp1252")]
)
def test_a_word_after_a_long_plain_text_is_detected(word: str, codec: str) -> None:
    text = "jaw,Jaw crusher,PE-600\n" * 9_999 + f"cone,{word},C-1\n"
    assert decode(text.encode(codec)) == (text, codec)


@pytest.mark.parametrize(
    ("name", "codec", "mark"),
    [
        ("gb18030", "gb18030", b""),
        ("big5", "cp950", b""),
        ("cp1251", "cp1251", b""),
        ("utf-8", "utf-8", b"\xef\xbb\xbf"),
        ("utf-16", "utf-16-le", b""),
        ("utf-16", "utf-16-be", b""),
        ("utf-16", "utf-16-le", b"\xff\xfe"),
        ("utf-16", "utf-16-be", b"\xfe\xff"),
    ],
)
def test_a_chosen_set_is_always_used(name: str, codec: str, mark: bytes) -> None:
    text = "slug\n碎" if codec != "cp1251" else "slug\nЦена"
    assert decode_as(mark + text.encode(codec), name) == text


def test_a_chosen_set_that_does_not_fit_shows_where() -> None:
    assert decode_as(b"a\xffb", "utf-8") == "a\ufffdb"
    with pytest.raises(LookupError):
        decode_as(b"a", "none")


def test_text_that_was_cut_or_has_a_broken_character_stays_readable() -> None:
    assert decode("我们需要破碎机".encode()[:-1])[0] == "我们需要破碎\ufffd"
    assert decode("我们需要破碎机".encode("gb18030")[:-1], "gb2312")[0] == "我们需要破碎\ufffd"
    long = "我们需要破碎机" * 9_999
    assert decode(long.encode("gb18030")[:-1])[0] == long[:-1] + "\ufffd"


@pytest.mark.parametrize("declared", ["", "iso-2022-jp", "utf-7", "gb2312", "iso-8859-1", "hz"])
@pytest.mark.parametrize(
    "pattern",
    [
        "你好，我们 ".encode("gb18030"),
        b"\x1b$B",
        b"\xff\x81",
        b"\xe4\xb8",
        b"+AAA",
        b"\0",
        b"~{",
        b"a\xe9",
    ],
)
def test_decoding_takes_linear_time(pattern: bytes, declared: str) -> None:
    once = pattern * (200_000 // len(pattern))
    assert_linear(lambda content: decode(content, declared), once, once * 2)
