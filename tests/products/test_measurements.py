"""Reading numbers, ranges and units in technical data."""

import time
from decimal import Decimal

import pytest

from products.measurements import MAX_LENGTH, parse_measurement
from products.units import MAX_SYMBOL_LENGTH, TABLE, UNITS, UNITS_BY_NAME, find_unit


def read(text: str, name: str = "", language: str = "en") -> tuple | None:
    """The ends as numbers, and the base unit."""
    found = parse_measurement(text, name, language)
    if found is None:
        return None
    ends = (None if end is None else float(end) for end in (found.minimum, found.maximum))
    return (*ends, found.unit.base)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("75 kW", (75, 75, "kW")),
        ("75kw", (75, 75, "kW")),
        ("0.75KW", (0.75, 0.75, "kW")),
        (".5 mm", (0.5, 0.5, "mm")),
        ("0,5 mm", (0.5, 0.5, "mm")),
        ("1,250 kg", (1250, 1250, "kg")),
        ("1.250,5 kg", (1250.5, 1250.5, "kg")),
        ("1 250 kg", (1250, 1250, "kg")),
        ("1\u202f250\u00a0kg", (1250, 1250, "kg")),
        ("1'250 kg", (1250, 1250, "kg")),
        ("1.250 kg", (1.25, 1.25, "kg")),
        ("12 345 678 pcs", (12345678, 12345678, "pcs")),
        ("12,34,567 pcs", (1234567, 1234567, "pcs")),
        ("3", (3, 3, "")),
        ("-5 °C", (-5, -5, "°C")),
        ("\u22125 ℃", (-5, -5, "°C")),
        ("85 dB(A)", (85, 85, "dB(A)")),
        ("14 r/min", (14, 14, "r/min")),
        ("10万吨", (100_000_000, 100_000_000, "kg")),
        ("７５ｋＷ", (75, 75, "kW")),
        ("75 千瓦", (75, 75, "kW")),
        ("75 кВт", (75, 75, "kW")),
        ("٧٥ كيلوواط", (75, 75, "kW")),
        ("٫٥ مم", (0.5, 0.5, "mm")),
        ("١٬٢٥٠٫٥ كجم", (1250.5, 1250.5, "kg")),
        ("½ in", (12.7, 12.7, "mm")),
        ('1½"', (38.1, 38.1, "mm")),
        ("1 1/2 in", (38.1, 38.1, "mm")),
        ("3/4″", (19.05, 19.05, "mm")),
        ("75 kW (100 HP)", (75, 75, "kW")),
        ("16.8 t (without motor)", (16800, 16800, "kg")),
        ("about 50 kg", (50, 50, "kg")),
        ("~50 kg", (50, 50, "kg")),
        ("约50公斤", (50, 50, "kg")),
        ("380 VAC", (380, 380, "V")),
    ],
)
def test_a_number_is_read(text, expected):
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("50–120 t/h", (50, 120, "t/h")),
        ("50-120t/h", (50, 120, "t/h")),
        ("50 — 120 t/h", (50, 120, "t/h")),
        ("50~120 t/h", (50, 120, "t/h")),
        ("50～120 t/h", (50, 120, "t/h")),
        ("50…120 t/h", (50, 120, "t/h")),
        ("50 to 120 t/h", (50, 120, "t/h")),
        ("from 50 to 120 t/h", (50, 120, "t/h")),
        ("от 50 до 120 т/ч", (50, 120, "t/h")),
        ("50至120吨/小时", (50, 120, "t/h")),
        ("٥٠–١٢٠ طن/ساعة", (50, 120, "t/h")),
        ("من ٥٠ إلى ١٢٠ طن/ساعة", (50, 120, "t/h")),
        ("50 t/h – 120 t/h", (50, 120, "t/h")),
        ("800 kg – 1.2 t", (800, 1200, "kg")),
        ("1,250–2,500 kg", (1250, 2500, "kg")),
        ("-20~+50 °C", (-20, 50, "°C")),
        ("-10--5 °C", (-10, -5, "°C")),
        ("≤ 500 mm", (None, 500, "mm")),
        ("<500mm", (None, 500, "mm")),
        ("max. 500 mm", (None, 500, "mm")),
        ("500 mm max", (None, 500, "mm")),
        ("500 mm (max.)", (None, 500, "mm")),
        ("up to 500 mm", (None, 500, "mm")),
        ("不超过500毫米", (None, 500, "mm")),
        ("حتى ٥٠٠ مم", (None, 500, "mm")),
        ("до 500 мм", (None, 500, "mm")),
        ("≥ 50 t/h", (50, None, "t/h")),
        ("at least 50 t/h", (50, None, "t/h")),
        ("from 50 t/h", (50, None, "t/h")),
        ("50 t/h以上", (50, None, "t/h")),
        ("50 t/h+", (50, None, "t/h")),
    ],
)
def test_a_range_is_read(text, expected):
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2.5 m", (2500, 2500, "mm")),
        ("250 cm", (2500, 2500, "mm")),
        ("10 in", (254, 254, "mm")),
        ("1.2 t", (1200, 1200, "kg")),
        ("100 lb", (45.359237, 45.359237, "kg")),
        ("100 PS", (73.549875, 73.549875, "kW")),
        ("200 kg/h", (0.2, 0.2, "t/h")),
        ("1 m³/min", (60, 60, "m³/h")),
        ("100 L/min", (6, 6, "m³/h")),
        ("2 m³", (2000, 2000, "L")),
        ("13 MPa", (130, 130, "bar")),
        ("100 psi", (6.894757, 6.894757, "bar")),
        ("6.6 kV", (6600, 6600, "V")),
        ("68 °F", (20, 20, "°C")),
        ("2 min", (120, 120, "s")),
        ("30 m/min", (0.5, 0.5, "m/s")),
    ],
)
def test_units_are_converted(text, expected):
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "unit"),
    [("100 HP", "hp"), ("5 gal", "gal"), ("5 tons", "ton"), ("5 tons/h", "ton/h")],
)
def test_a_unit_with_several_meanings_is_not_converted(text, unit):
    assert read(text)[2] == unit


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "kg", "%", "-", "–", "Q235", "304 stainless steel", "600 × 900 mm", "600x900",
        "600*900", "12.6 × 2.8 × 3.4 m", "Ø1250 mm", "±0.5 %", "±1 % / ±2 %", "380/400 V",
        "50/60 Hz", "380–440 V, 50/60 Hz", "2 × 75 kW", "75 kW + 11 kW", "6.5 kg/t", "2.2 kw/h",
        "10³ kg", "1e5", "10.0.0.1", "2021-03-02", "10-20-30", "1 2 3", "6205-2RS", "120–50 t",
        "5 t – 3 kW", "max 5–10 t", "99999999999999 kg", "5 nm", "5 mW", "\x00",
        "t" * 500, "1" * 500, "≤", "≥ t", "1/0 in", "5 C", "IP 55",
    ],
)  # fmt: skip
def test_anything_else_stays_a_text(text):
    assert read(text) is None


def test_the_language_decides_what_a_separator_before_three_digits_means():
    assert read("1.250 kg", language="es") == (1250, 1250, "kg")
    assert read("1,250 kg", language="fr") == (1.25, 1.25, "kg")


@pytest.mark.parametrize(
    ("value", "name", "expected"),
    [
        ("50-120", "Capacity (t/h)", (50, 120, "t/h")),
        ("75", "功率（kW）", (75, 75, "kW")),
        ("1.5", "Weight [t]", (1500, 1500, "kg")),
        ("75", "Мощность, кВт", (75, 75, "kW")),
        ("75 t", "Power (kW)", (75000, 75000, "kg")),
        ("75", "Power (rated)", (75, 75, "")),
        ("75", "Power", (75, 75, "")),
    ],
)
def test_the_unit_may_stand_in_the_name(value, name, expected):
    assert read(value, name) == expected


def test_each_way_to_write_a_unit_belongs_to_one_unit():
    names = [
        name
        for units in TABLE.values()
        for _factor, names in units.values()
        for name in names.split()
    ]
    assert len(names) == len(set(names))
    for base, units in TABLE.items():
        assert UNITS[base].factor == 1
        for symbol, (_factor, others) in units.items():
            assert len(symbol) <= MAX_SYMBOL_LENGTH
            for name in (symbol, *others.split()):
                assert find_unit(name) == UNITS[symbol], name
    assert all(UNITS_BY_NAME)


@pytest.mark.parametrize("unit", UNITS.values(), ids=UNITS)
def test_a_number_comes_back_from_its_base_unit(unit):
    assert abs(unit.from_base(unit.to_base(Decimal(75))) - 75) < Decimal("1e-9")


@pytest.mark.parametrize(
    "text", ["1 ", "1-", "1a", "1 000 ", "a", "1.", "1/1 ", "(1", "1 (", "1~", "1 a ", "万", "max"]
)
def test_no_text_takes_long(text):
    long = (text * MAX_LENGTH)[:MAX_LENGTH]
    start = time.perf_counter()
    parse_measurement(long, long)
    assert time.perf_counter() - start < 1
