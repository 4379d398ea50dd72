"""Units of measure in technical data, in several languages, and what they are converted to.

A unit that has several meanings, such as `hp`, `gal` or `ton`, is converted to no other one.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

MAX_SYMBOL_LENGTH = 12


@dataclass(frozen=True)
class Unit:
    """A unit with its base unit: a value in this unit times `factor` plus `offset`."""

    symbol: str
    base: str
    factor: Decimal = Decimal(1)
    offset: Decimal = Decimal(0)

    def to_base(self, value: Decimal) -> Decimal:
        return value * self.factor + self.offset

    def from_base(self, value: Decimal) -> Decimal:
        return (value - self.offset) / self.factor


NO_UNIT = Unit("", "")

# By base unit: the units with their factors, and the other ways to write each of them.
TABLE: dict[str, dict[str, tuple[str, str]]] = {
    "mm": {
        "mm": ("1", "millimeter millimeters millimetre millimetres 毫米 مم ملم мм"),
        "µm": ("0.001", "um micron microns 微米 мкм"),
        "cm": ("10", "centimeter centimeters centimetre centimetres 厘米 公分 سم см"),
        "dm": ("100", "дм"),
        "m": ("1000", "meter meters metre metres mtr mtrs 米 م متر м"),
        "km": ("1000000", "kilometer kilometers kilometre kilometres 公里 千米 كم км"),
        "in": ("25.4", 'inch inches " ″ ′′ ” 英寸 بوصة'),
        "ft": ("304.8", "foot feet ′ ’ ' 英尺 قدم"),
    },
    "kg": {
        "kg": ("1", "kgs kilogram kilograms kilogramme 公斤 千克 كجم كغ كغم кг"),
        "g": ("0.001", "gram grams gr 克 غ جم г"),
        "t": ("1000", "tonne tonnes mt 吨 公吨 噸 طن т"),
        "lb": ("0.45359237", "lbs pound pounds"),
    },
    "kW": {
        "kW": ("1", "kilowatt kilowatts 千瓦 كيلوواط كيلووات كو квт"),
        "W": ("0.001", "watt watts 瓦 瓦特 واط вт"),
        "MW": ("1000", "megawatt megawatts 兆瓦 мвт"),
        "PS": ("0.73549875", "马力 л.с л.с. лс"),
    },
    "kVA": {"kVA": ("1", "千伏安 ква"), "VA": ("0.001", "伏安"), "MVA": ("1000", "兆伏安")},
    "hp": {"hp": ("1", "bhp horsepower")},
    "t/h": {
        "t/h": (
            "1",
            "tph t/hr t/hour mt/h mtph tonne/h tonnes/h tonnes/hour 吨/小时 吨/时 吨每小时 طن/ساعة"
            " طن/س т/ч т/час",
        ),
        "kg/h": ("0.001", "kg/hr kg/hour kgs/h kgs/hr 公斤/小时 千克/小时 كجم/ساعة кг/ч"),
        "kg/min": ("0.06", "公斤/分钟 千克/分钟"),
        "kg/s": ("3.6", ""),
    },
    "ton": {"ton": ("1", "tons")},
    "ton/h": {"ton/h": ("1", "tons/h ton/hr tons/hr ton/hour tons/hour")},
    "m³/h": {
        "m³/h": (
            "1",
            "m3/hr m3/hour cbm/h cum/h 立方米/小时 立方/小时 方/小时 立方米/时 م3/ساعة م3/س м3/ч"
            " м3/час",
        ),
        "m³/min": ("60", "cbm/min 立方米/分钟 立方米/分 м3/мин"),
        "m³/s": ("3600", "m3/sec"),
        "L/min": ("0.06", "lpm ltr/min 升/分钟 升/分 لتر/دقيقة л/мин"),
        "L/h": ("0.001", "l/hr lph 升/小时 升/时 لتر/ساعة л/ч"),
        "L/s": ("3.6", "升/秒 л/с"),
    },
    "L": {
        "L": ("1", "liter liters litre litres ltr ltrs 升 公升 لتر л"),
        "mL": ("0.001", "cc cm3 毫升 مل мл"),
        "m³": ("1000", "cbm cum 立方米 立方 م3 м3"),
        "ft³": ("28.316846592", "cuft cu.ft"),
    },
    "m²": {
        "m²": ("1", "sqm sq.m 平方米 平米 م2 м2"),
        "cm²": ("0.0001", "平方厘米 см2"),
        "mm²": ("0.000001", "平方毫米 мм2"),
        "ft²": ("0.09290304", "sqft sq.ft"),
    },
    "bar": {
        "bar": ("1", "bars 巴 بار бар"),
        "MPa": ("10", "兆帕 ميجاباسكال мпа"),
        "kPa": ("0.01", "千帕 кпа"),
        "Pa": ("0.00001", "帕 па"),
        "mbar": ("0.001", "毫巴 мбар"),
        "psi": ("0.0689475729", ""),
        "kgf/cm²": ("0.980665", "kg/cm2 公斤/平方厘米 кгс/см2"),
    },
    "V": {
        "V": ("1", "volt volts vac vdc 伏 伏特 فولت в"),
        "kV": ("1000", "千伏 كيلوفولت кв"),
        "mV": ("0.001", "毫伏"),
    },
    "A": {"A": ("1", "amp amps ampere amperes 安 安培 أمبير а"), "mA": ("0.001", "毫安")},
    "Hz": {
        "Hz": ("1", "hertz 赫兹 赫 هرتز гц"),
        "kHz": ("1000", "千赫 кгц"),
        "MHz": ("1000000", "兆赫 мгц"),
    },
    "°C": {"°C": ("1", "degc 度 摄氏度 °م °с"), "°F": ("", "degf 华氏度")},
    "r/min": {
        "r/min": ("1", "rpm rev/min min-1 1/min 转/分 转/分钟 转每分钟 دورة/دقيقة об/мин"),
        "r/s": ("60", "rps 转/秒 об/с"),
    },
    "m/s": {
        "m/s": ("1", "m/sec 米/秒 م/ث м/с"),
        "m/min": ("0.0166666666666666666667", "米/分 米/分钟 م/دقيقة м/мин"),
        "mm/s": ("0.001", "毫米/秒 мм/с"),
        "km/h": ("0.2777777777777777777778", "kmh kph 公里/小时 千米/小时 كم/ساعة км/ч"),
    },
    "kN": {
        "kN": ("1", "千牛 كيلونيوتن кн"),
        "N": ("0.001", "newton newtons 牛 牛顿 نيوتن н"),
        "kgf": ("0.00980665", "кгс"),
    },
    "N·m": {"N·m": ("1", "n.m n-m newton-meter 牛米 牛·米 牛.米 н.м"), "kN·m": ("1000", "kn.m")},
    "kWh": {"kWh": ("1", "kw.h kw·h 千瓦时 度电 квт.ч"), "Wh": ("0.001", ""), "MWh": ("1000", "")},
    "kg/m³": {
        "kg/m³": ("1", "公斤/立方米 千克/立方米 кг/м3"),
        "t/m³": ("1000", "吨/立方米 т/м3"),
        "g/cm³": ("1000", "g/cc 克/立方厘米 г/см3"),
    },
    "mg/m³": {"mg/m³": ("1", "毫克/立方米 мг/м3")},
    "s": {
        "s": ("1", "sec secs second seconds 秒 ثانية с сек"),
        "min": ("60", "mins minute minutes 分钟 分 دقيقة мин"),
        "h": ("3600", "hr hrs hour hours 小时 ساعة ч час"),
    },
    "day": {"day": ("1", "days 天 日 يوم дней дня день")},
    "month": {"month": ("1", "months 个月 月 شهر")},
    "year": {"year": ("1", "years yr yrs 年 سنة лет год")},
    "%": {"%": ("1", "percent pct 百分比 ٪")},
    "°": {"°": ("1", "deg degree degrees º")},
    "dB": {"dB": ("1", "分贝 дб")},
    "dB(A)": {"dB(A)": ("1", "dba")},
    "mesh": {"mesh": ("1", "目")},
    "gal": {"gal": ("1", "gallon gallons gals")},
    "pcs": {"pcs": ("1", "pc piece pieces 件 个 只 قطعة шт шт.")},
    "pcs/h": {
        "pcs/h": ("1", "pcs/hr pcs/hour pieces/h pieces/hour 件/小时 个/小时 шт/ч"),
        "pcs/min": ("60", "pieces/min 件/分钟 个/分钟"),
    },
}

# Their meaning depends on capitals: nm and mW are other units.
BY_CASE = {"Nm": "N·m", "kNm": "kN·m", "nm": "", "mW": "", "Mm": ""}

SIGNS = str.maketrans({"⋅": "·", "•": "·", "∙": "·", "³": "3", "²": "2", "∕": "/"})


def _key(text: str) -> str:
    return re.sub(r"\s+", "", text).translate(SIGNS).casefold()


FAHRENHEIT = Unit("°F", "°C", Decimal(5) / 9, Decimal(-160) / 9)
UNITS = {
    symbol: FAHRENHEIT if symbol == "°F" else Unit(symbol, base, Decimal(factor))
    for base, units in TABLE.items()
    for symbol, (factor, _names) in units.items()
}
UNITS_BY_NAME = {
    _key(name): UNITS[symbol]
    for units in TABLE.values()
    for symbol, (_factor, names) in units.items()
    for name in (symbol, *names.split())
}


def find_unit(text: str) -> Unit | None:
    """The unit that is written as `text`; None if it is not known or has several meanings."""
    text = text.strip()
    if text in BY_CASE:
        return UNITS.get(BY_CASE[text])
    key = _key(text)
    return UNITS_BY_NAME.get(key) or UNITS_BY_NAME.get(key.rstrip(".")) if key else None
