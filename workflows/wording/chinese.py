"""Numbers in Chinese words, plain (一百零五) and in the capitals of money (壹佰零伍)."""

from __future__ import annotations

from decimal import Decimal

_PLAIN = ("零一二三四五六七八九", "十百千")
_CAPITAL = ("零壹贰叁肆伍陆柒捌玖", "拾佰仟")
_GROUPS = ((10**8, "亿"), (10**4, "万"))


def chinese_number(number: int) -> str:
    """十二, 二十一, 一百一十; below 10¹⁶ either way."""
    words = _whole(abs(number), *_PLAIN)
    if words.startswith("一十"):
        words = words[1:]
    return f"负{words}" if number < 0 else words


def capital_money(amount: Decimal) -> str:
    """An amount of whole 分 below 10¹⁶ in capitals.

    支付结算办法 (银发〔1997〕393 号) 附一: 整 behind 元; 零 before 分 where 角 is 0.
    会计基础工作规范 (2019) 第五十二条 also wants 整 behind 角 and none behind 分. Where both allow
    零 or none (a group or 元 ends in 0, the next digit is not 0), none: 壹拾万柒仟元伍角叁分.
    """
    cents = int(abs(amount).scaleb(2))
    yuan, rest = divmod(cents, 100)
    tenths, hundredths = divmod(rest, 10)
    digits = _CAPITAL[0]
    words = f"{_whole(yuan, *_CAPITAL)}元" if yuan or not rest else ""
    if tenths:
        words += f"{digits[tenths]}角"
    elif hundredths and yuan:
        words += "零"
    words += f"{digits[hundredths]}分" if hundredths else "整"
    return f"负{words}" if amount < 0 and cents else words


def _whole(number: int, digits: str, units: str) -> str:
    for size, name in _GROUPS:
        if number >= size:
            high, low = divmod(number, size)
            words = f"{_whole(high, digits, units)}{name}"
            gap = "零" if 0 < low < size // 10 else ""
            return words + gap + (_whole(low, digits, units) if low else "")
    return _below_group(number, digits, units)


def _below_group(number: int, digits: str, units: str) -> str:
    """0 to 9999; one 零 for a run of zeros inside, none at the end."""
    if number == 0:
        return digits[0]
    words = ""
    gap = False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit == 0:
            gap = bool(words)
            continue
        words += ("零" if gap else "") + digits[digit] + (units[place - 1] if place else "")
        gap = False
    return words
