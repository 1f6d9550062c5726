"""What the people of the demo reported in the last two months, and how each of it went on.

Of each: how many days ago, how it came, where, of which kind, how it went on and at which level it
was solved; then place and words; then what was said at single steps.
"""

from typing import NamedTuple


class Matter(NamedTuple):
    """`source` says who reported it: a visitor (visit), a leader, or somebody to the office.

    `nth` is the building of the compound. One that is repeated is of the same building and kind as
    the one before it.
    """

    ago: int
    source: str
    compound: str
    nth: int
    category: str
    plot: str
    level: str
    is_hard: bool
    place: str
    text: str
    said: dict[str, str]


_TEXT = """
61 leader 红棉苑 2 public_facility rated compound
一单元二楼：一单元二楼的灯坏了，晚上看不清台阶
done 物业换了声控灯，试过亮了

59 visit 榕荫新村 5 fire_hazard quick building
一楼过道：有人把电动车推进一楼过道充电
done 当场劝离，车推到充电棚，和车主说清了

57 hotline 碧湖湾 1 order called street
南门：小区门口路边乱停车，救护车进不来
call 请交警中队来清救护车道
called 交警中队
arrived
result 清走三辆，留了挪车电话
done 交警清走三辆，补画了禁停线

56 phone 荔香园 4 dispute agreed building
二单元：楼上漏水，卫生间吊顶滴水，说了几次没人管
negotiate 约了楼上楼下和物业周五下午谈
done 楼上重做防水，费用两家各出一半

54 wechat 金桂花园 3 environment fixed compound
东侧：垃圾桶满了两天没人收，有异味
done 环卫加收一次，改为每天早晚各收一次

52 leader 凤凰里 6 utility_fault quick street
大门旁：水表井往外冒水，路面都湿了
done 自来水公司换了阀门，水停了

50 visit 龙腾阁 1 elder_need rated community
：独居老人想订助餐，不会用手机下单
done 帮着登记了，下周一起送午餐

49 visit 红棉苑 9 public_facility rejected compound
一单元三楼：扶手松了，老人下楼抓不稳
done 物业拧紧了螺丝
reject 到场看过，三楼半那一截还在晃

47 window 榕荫新村 12 policy_service fixed community
：高龄津贴认证没通过，不知道差什么
done 照片重拍后通过，下月起恢复发放

45 leader 荔香园 8 building_danger called street
北面：外墙瓷砖松动，掉过一小块
call 请住建办来看外墙，掉过一小块瓷砖
called 住建办、城管中队
arrived
result 看过，定了当周敲掉松的
done 空鼓的瓷砖敲掉补好，围挡撤了

43 visit 碧湖湾 2 fire_hazard quick compound
地下一层：消防通道堆了装修垃圾
done 业主当天清走，通道通了

42 wechat 红棉苑 14 suggestion suspended - hard
中心花坛：能不能在花坛边多设几张有靠背的椅子
suspend 等下季度微改造经费批下来再装

40 phone 凤凰里 11 order fixed building
：楼上晚上十一点还在装修，吵得睡不着
done 和业主、装修队谈过，改为晚上八点前收工

38 leader 金桂花园 6 public_facility rested community
健身角：健身器材的踏板断了
suspend 厂家补发踏板，要等到货
done 踏板换好，围带撤了

36 hotline 龙腾阁 4 environment rated community
楼后空地：楼后空地有人堆旧家具
done 清走两车，装了不得堆放的牌子

35 visit 榕荫新村 18 relief fixed community
：药快吃完了，说这个月退休金还没到账
done 陪着去银行补了卡，药先由社区医院配上

33 leader 红棉苑 17 utility_fault quick street
二单元：整个单元停电，只有这一个单元没电
done 供电所换了空开，一个半小时后来电

31 visit 荔香园 12 fire_hazard reopened building
：从三楼窗口拉电线下来给电动车充电
done 电线收了，和住户说清了危险
reopen 晚上又把线拉下来了

30 window 凤凰里 2 dispute negotiating - hard
：加装电梯，一楼的住户不同意，要社区主持谈
negotiate 先分别上门听意见，再约到一起谈

28 wechat 碧湖湾 4 public_facility fixed compound
一楼大堂：门禁刷卡没反应，大门一直开着
done 物业换了读卡器

27 leader 榕荫新村 21 environment called street
巷口：下水道口堵了，一下雨就积水
call 请市政养护来疏通下水道口
called 市政养护
arrived
result 疏通车来过，清出半车淤泥
done 清出淤泥，放水试过不堵

25 visit 金桂花园 9 elder_need rated community
：出院回家，卫生间想装扶手
done 装了两根扶手，铺了防滑垫

24 phone 红棉苑 5 other cancelled
：捡到一串钥匙和门禁卡，放在社区
cancel 失主已来领走，不用再办

22 visit 龙腾阁 6 order agreed compound
楼道口：一楼住户在公共通道搭了个棚
negotiate 和住户、物业三方谈，先给一周时间自己拆
done 棚已拆，地面清干净了

20 leader 凤凰里 14 public_facility added street
北侧小路：路灯有两盏不亮
return 是哪两盏？请写清楚灯杆上的号
resubmit 灯杆号 07 和 08
done 路灯所换了灯头，两盏都亮了

18 visit 红棉苑 20 suggestion fixed community
：想在架空层放一个旧书架，大家换书看
done 物业给了位置，志愿者搬来书架

16 hotline 荔香园 15 dispute negotiating - hard
：物业费涨了没有公示，要求解释
negotiate 请物业把账目贴出来，月底开一次说明会

14 leader 碧湖湾 3 order spot building
楼下空地：有人在楼下空地烧纸，烟往楼上飘

13 visit 榕荫新村 8 policy_service extended
：优待证换新的，照片和表都交了
errand senior_card 身份证 一寸照片
extend 退役军人事务站要月底统一制证

12 window 金桂花园 2 relief begun
：临时救助的材料差一张医院的收费单
errand relief 身份证 户口簿
start 已联系医院补打，补到就送街道

11 wechat 凤凰里 8 environment done community
一到四楼：楼道墙上贴满小广告
done 志愿者铲掉了，墙面重新刷白

10 visit 龙腾阁 2 elder_need done community
：呼叫器按了没反应
done 换了电池，按过三次都接通

9 leader 红棉苑 11 building_danger calling
楼前：大榕树有一根枯枝悬着，怕砸到人
join 早上又掉下来一小枝，没伤到人
call 请园林所来修枝，已经先拉了警戒带
called 园林所

8 hotline 碧湖湾 2 dispute begun
：业主和租户为押金吵起来，要求调解
start 已约双方周四到社区来谈

7 visit 荔香园 3 fire_hazard done building
二单元五楼：楼道里堆了纸箱和旧沙发
done 住户自己搬走了，楼道通了

6 leader 凤凰里 5 order calling
西侧：消防登高面画了线还有车停在上面
join 晚上数了一下，画线里停着三辆
call 请交警中队来清消防登高面上的车
called 交警中队、消防站
arrived

5 phone 榕荫新村 15 dispute assigned
：隔壁养了三条狗，早晚叫，闻着也有味

5 visit 金桂花园 5 public_facility begun
一单元：单元门的闭门器坏了，关门声很响
start 物业说明后天来换

4 window 龙腾阁 3 policy_service assigned
：退休资格认证手机上过不了，人脸总不对
errand certification 社保卡

4 leader 红棉苑 7 environment returned
花坛边：花坛边有一堆装修剩下的沙子
return 请拍一张照片，写清在几栋哪一侧

3 leader 荔香园 10 public_facility assigned
一单元四楼：楼梯间的声控灯不亮了

2 leader 荔香园 10 public_facility repeated
一单元：四楼黑漆漆的，老人上下楼看不见
duplicate 和前两天报的是同一盏灯，一并办

2 wechat 碧湖湾 5 suggestion accepted - hard
北门：希望快递柜旁边加一个雨棚

2 visit 凤凰里 16 relief accepted
：说家里这个月断了收入，想问能不能申请救助

1 visit 榕荫新村 3 fire_hazard reported
一楼：楼道口堆着纸箱，占了一半过道

1 leader 金桂花园 8 public_facility reported
楼下：垃圾桶的盖子破了，老鼠翻垃圾

1 phone 红棉苑 13 order reported
架空层：楼下半夜有人打麻将，声音很大
"""


def _read(block: str) -> Matter:
    head, about, *steps = block.strip().splitlines()
    ago, source, compound, nth, category, plot, *more = head.split()
    place, _, text = about.partition("：")
    said = {step: words for step, _, words in (one.partition(" ") for one in steps)}
    level = more[0].strip("-") if more else ""
    is_hard = "hard" in more
    return Matter(
        *(int(ago), source, compound, int(nth), category, plot),
        *(level, is_hard, place, text, said),
    )


MATTERS = tuple(_read(block) for block in _TEXT.strip().split("\n\n"))
