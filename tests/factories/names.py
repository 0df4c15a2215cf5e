"""Ten thousand names as registers hold them, always the same: common ones, rare characters, names
of minorities with their dot, firms. Nobody is meant."""

from __future__ import annotations

import random

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏"
    "吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱"
    "覃武戴孔汤仝亓佴乜覃郄郤逄仉笪鄢哈禤揭晏盍訾厍"
)
COMPOUND = ("欧阳", "上官", "司马", "诸葛", "慕容", "令狐", "鲜于", "尉迟", "宇文", "万俟")
COMMON = "建国玉兰秀英志强春梅晓燕海涛永贵文清振堂培源月华德明桂芳素珍金花俊杰宝山成林小红立新"
RARE = (
    "喆堃祎昇玥珺赟旸甡骉犇淼焱鑫垚晞翀翾婳嬿姝婧媞妤琬琰瑀瑄璟璐璘瓒祺禛稷竑筠箬绥绮罡羿翎翚聿"
    "胤芃苒茜荻菀蓁蔺薏蘅虓蝉衎衡觐訚谞谡赑跞轶迩邈郗郯酩铄铉铮锴镕镔闿阆阇隽雯霁霏靓韬颀飏馗驿骁"
    "骐骙鹍鹔麒麴黻黼龑龢昶旻昉昀昕暕曈朓杼栩桢梓棻椋楠榛槿樾歆毓沄沅泓泠洵浛涵淏淞渝湉湜溦滢漪潆"
    "潞澍澹濛灏炜炘烜焜熙熠燊爔牧犀玎玘玚玠玢玮珂珏珉珑珞珣珩琇琎琚琛琮琯瑗瑭璇璠璨瓅"
)
EXTENDED = (
    "㛃㭎㕮㙍㧐㧑㬎㬊㳚㵐㸌㻬㽏䂮䃅䎃䓖䗖䜣䝙䢺䥽䲟䴔䶮𠅤𠙶𡐓𣲗𣲘𤧛𥖨𥻗𦈡𦒍𦭜𧿹𨐈𨚕𨱇𩽾𪟝𪣻𪨶𪾢𫄧𫍣𫍯𫍲𫍽𫐄𫓧𫔶𫖮𫖯𫗧𫘝𫚖𫞩𬀩"
    "𬃊𬇕𬍛𬍤𬘓𬘘𬘡𬘬𬘭𬙂𬙊𬜬𬟁𬤊𬤝𬩽𬬩𬬭𬬮𬬱𬬸𬬻𬬿𬭁𬭎𬭚𬭛𬭬𬭯𬭳𬭶𬭸𬮿𬯀𬯎𬱖𬱟𬳵𬳽𬳿𬴃𬴊𬶋𬶍𬶏𬶐𬶟𬶠𬶨𬶭𬶮𬷕𬸘𬸚𬸣𬸦𬸪𬹼𬺈𬺓"
)
"""Of the 通用规范汉字表 (2013), table three: outside of the 20,992 first ideographs of Unicode, and
asked of every system by GB 18030-2022, level 2."""
BEYOND = (
    "𠮷𠈓𠮟𡘙𡧳𡭄𢋰𣏌𣗊𣜿𤄃𤘘𤺋𥇍𥝱𥮲𦐂𦚰𦟌𧄍𧏛𧲸𨗈𨫍𩇕𩗏𩣑𩸽𪆐𪘂𪚲𪧀𪫺𪳻𪸩𫈉𫓹𫝆𫢸𫩺"
    "𫮃𫯱𫶇𫾣𬂫𬊤𬎆𬏷"
)
"""Further ideographs that registers know (GB 18030-2022, level 3: 87,887 characters)."""
GIVEN = (
    "买买提", "古丽努尔", "阿卜杜热合曼", "吐尔逊", "叶尔肯", "加那提别克", "巴图孟克", "哈布拉什",
    "扎西才让", "卓玛措", "那仁其木格", "塔拉甫汗", "沙依绕", "娜孜古丽", "库尔班江", "朝格图",
)  # fmt: skip
FIRMS = ("酒泉{}物业管理有限公司", "肃州区{}农牧专业合作社", "玉门市{}餐饮店（个体工商户）")


def names(count: int, seed: int = 7) -> list[str]:
    """`count` names: seven in ten common or rare, one in ten with characters of the extensions,
    the others of minorities and firms; one in a hundred holds a character beyond level 2."""
    dice = random.Random(seed)
    return [_name(dice, number) for number in range(count)]


def _name(dice: random.Random, number: int) -> str:
    kind = number % 10
    if number % 100 == 99:
        return dice.choice(SURNAMES) + dice.choice(BEYOND) + dice.choice(COMMON)
    if kind < 3:
        return _surname(dice) + "".join(dice.choices(COMMON, k=dice.choice((1, 2, 2, 2))))
    if kind < 7:
        return _surname(dice) + dice.choice(RARE) + dice.choice(("", dice.choice(COMMON + RARE)))
    if kind == 7:
        return _surname(dice) + dice.choice(EXTENDED) + dice.choice(("", dice.choice(RARE)))
    if kind == 8:
        return "·".join(dice.sample(GIVEN, dice.choice((2, 2, 3))))
    return dice.choice(FIRMS).format("".join(dice.choices(RARE + COMMON, k=2)))


def _surname(dice: random.Random) -> str:
    return dice.choice(COMPOUND) if dice.random() < 0.04 else dice.choice(SURNAMES)
