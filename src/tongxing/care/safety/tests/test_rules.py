"""What a text says, and what only sounds like it; who is asked, and when."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongxing.care.safety import rules
from tongxing.care.safety.rules import Adult, adults_named, danger_words, deadlines, in_order, level_due
from tongxing.ground.kernel.clock import SCHOOL_TIME


def categories(text):
    return in_order(danger.category for danger in danger_words(text))


SPOKEN = {
    "self_harm": ["我好想死啊", "手腕有刀割的痕迹", "写了一封告别信", "说如果我不在了", "没人在乎我是不是还活着", "觉得自己是多余的", "总说活得累", "吃了一整瓶药", "想用绳子勒自己", "说以后再也见不到我",
        "我不想活了", "觉得活着没意思", "说“活着好累”", "真的想死", "死了算了", "要是我死了就好了", "想过自杀", "用小刀划手臂",
        "手腕上有几道划痕", "说要从楼上跳下去", "给同桌写了遗书", "没有我大家会更好", "想消失", "攒了安眠药", "想 死", "不想再活下去了", "叹气说活不下去",
        "想结束自己的生命", "偷偷伤害自己", "睡着不再醒就好", "笑死我了，可是我不想活了",
    ],
    "abuse": ["爸爸拿棍子打我腿", "昨晚被爸爸打了一顿", "爸爸把我锁在家里", "身上青一块紫一块", "眼角有淤青", "背上有伤，说是摔的", "不准我吃饭",
        "爸爸喝醉了打我", "我爸昨天又打了我", "被妈妈用衣架抽", "胳膊上有淤青", "奶奶不给我饭吃", "继父打她", "被爸爸赶出家门", "挨打了", "妈妈打得我身上青了",
        "爷爷用皮带抽他", "家里人把他关在门外", "脸上有巴掌印", "孩子被家长打骂",
    ],
    "harm_by_others": ["班主任扇了他一个耳光", "体育老师踢了我一脚", "那个叔叔摸我下面", "有个大叔老跟着我", "一个男的给我钱叫我跟他走", "网友约我见面",
        "邻居叔叔摸我", "他摸了我的腿", "让我不要告诉别人", "不许说出去", "教练打了他一巴掌", "老师打我", "有人跟踪我", "要脱我的衣服", "网友让她发裸照", "社会上的人问他收保护费", "有人拿着刀威胁",
        "约我出去单独见面", "被陌生人尾随",
    ],
    "bullying": ["宿舍里的人都不理我", "他们往我床上泼水", "被几个男生围着打", "同学让我跪下", "把我按在地上打", "他打我", "我被打了",
        "同学欺负我", "被室友孤立", "几个人把他堵在厕所", "高年级的打了我", "抢我的钱", "不给就打", "全班都不跟我说话", "逼他下跪", "扇了他耳光，还拍了视频", "被人起外号、嘲笑",
        "放学后堵我", "没人愿意跟我玩", "骂我没人要",
    ],
    "running_away": ["想离开家", "不想在家待了", "打算自己坐车去找妈妈", "想离家出走", "不想回家", "不敢回家", "偷偷坐车去找妈妈", "半夜翻墙出去", "再也不回来了", "说要跟网友走"],
    "danger_at_home": ["父母经常打架，孩子躲在床底", "家里没人，饿了两天", "一个人在家，害怕", "爸爸赌钱输了就摔东西打人", "爸爸喝醉就砸东西", "三天没吃饭", "家里没有大人", "他一个人过夜", "没人管我", "放学去水库游泳", "爸妈打架，拿刀"],
}  # fmt: skip
HARMLESS = [
    "我打他电话没接", "上课打瞌睡，被老师叫醒", "被同学推选为组长", "老师让他上台，被大家推着上去", "同学们围着他听故事", "被大家围着鼓掌", "老师骂他懒", "妈妈让他不要告诉爸爸成绩", "他的膝盖青了，是打球摔的", "老师约我出去走走谈心", "爸妈没人管我学习", "拿刀切菜帮奶奶做饭", "同学叫我出去玩", "他抢我的书看，我们闹着玩", "看了跳楼机的视频", "被关在门外，忘带钥匙", "老师抽他背书", "同学骂他笨，后来道歉了", "同学们都不跟他争", "寒假想去广东找爸爸妈妈过年", "解脱了，终于考完了", "妈妈不给我吃饭前零食", "妈妈不让我上学迟到", "老师抱了他一下鼓励他", "他想考上重点高中，想死磕数学",
    "不想死记硬背单词", "打死我也不信", "笑死我了", "作业多得累死了", "热死了，想吃冰棍", "想死你了妈妈", "想死我奶奶了", "他死活不肯上台", "数学要死记公式吗", "电脑死机了",
    "爸爸每周打电话给我", "妈妈打了个电话给他", "妈妈打视频给我看家里的狗", "爸爸在外打工，过年回来", "爸爸教我打篮球", "妈妈给他打针吃药", "爷爷打鱼给我吃", "妈妈抽空陪我", "爸爸抽烟，我不喜欢",
    "爸爸踢球踢得比我好", "和同学打羽毛球", "放学打扫教室", "没有人欺负他", "同学们没有欺负过他", "没有自伤想法", "主题班会：预防校园欺凌", "防溺水教育已讲", "反校园欺凌讲座，他听得认真",
    "背书背死了也背不下来", "生死字词听写", "英语听不懂，怕被点名", "想学好英语", "作业 3 次未交", "晚上要照看弟弟", "想念父母，睡前常常想事情", "周末不回家，住奶奶家", "想家了", "跟同桌吵了一架，已经和好",
    "妈妈骂我不写作业", "老师表扬了他", "跑步摔了一跤，膝盖擦伤", "排队接水被挤了一下", "打算周五前补交", "打开书包", "爸爸给我打气", "不敢举手", "害怕考试", "他和死党一组", "把时间都杀在游戏上：杀时间",
]  # fmt: skip


@pytest.mark.parametrize(
    ("category", "text"), [(category, text) for category, texts in SPOKEN.items() for text in texts]
)
def test_what_children_say_is_heard(category, text):
    assert category in categories(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_manners_of_speaking_and_ordinary_days_raise_nothing(text):
    assert danger_words(text) == []


@given(st.sampled_from([text for texts in SPOKEN.values() for text in texts]), st.sampled_from(HARMLESS))
def test_a_harmless_sentence_beside_it_hides_nothing(said, harmless):
    assert set(categories(said)) <= set(categories(f"{harmless}。{said}"))
    assert set(categories(said)) <= set(categories(f"{said}。\n{harmless}"))


@given(st.text(max_size=200))
def test_any_text_can_be_read_and_each_wording_comes_once(text):
    found = danger_words(text)
    assert len(found) == len(set(found)) and all(danger.words for danger in found)


@given(st.lists(st.sampled_from(HARMLESS), max_size=8))
def test_ordinary_sentences_stay_ordinary_together(texts):
    assert danger_words("。".join(texts)) == []


def test_what_weighs_most_comes_first_and_unknown_categories_are_refused():
    assert in_order(["bullying", "self_harm", "bullying"]) == ["self_harm", "bullying"]
    with pytest.raises(KeyError):
        in_order(["other"])


GU, BAI, OUYANG = Adult(1, "顾言", frozenset({"校长"})), Adult(2, "白露"), Adult(3, "欧阳敏")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("白露老师打了我", {2}), ("白老师骂他", {2}), ("校长打人", {1}), ("被校长骂哭了", {1}), ("顾校长", {1}), ("欧阳老师", {3}),
        ("欧老师", set()), ("老师打我", set()), ("副校长来了", set()), ("白校长", {2}), ("说校长骂他", {1}), ("同学欺负我", set()), ("白 老 师", {2}),
    ],
)  # fmt: skip
def test_adults_are_known_by_name_by_surname_and_title_or_by_post(text, named):
    assert adults_named(text, [GU, BAI, OUYANG]) == named


def at(hour, minute=0, day=25):
    return datetime.datetime(2026, 11, day, hour, minute, tzinfo=SCHOOL_TIME)


@pytest.mark.parametrize(
    ("raised", "deputy", "head"),
    [
        (at(9), at(17, 30), at(20)),
        (at(17), at(18), at(20)),
        (at(19, 30), at(20, 30), at(21, 30)),
        (at(23, 30), at(0, 30, 26), at(1, 30, 26)),
    ],
)
def test_nobody_took_it_on_the_deputy_is_asked_in_the_afternoon_and_the_head_in_the_evening(
    raised, deputy, head
):
    assert deadlines(raised) == (deputy, head)


@given(st.integers(0, 600_000), st.integers(0, 5000))
def test_asking_goes_up_step_by_step_and_never_back(start, minutes):
    raised = at(0) + datetime.timedelta(minutes=start)
    later = raised + datetime.timedelta(minutes=minutes)
    assert level_due(raised, raised) == 0
    assert level_due(raised, later) <= level_due(raised, later + datetime.timedelta(minutes=1))
    assert level_due(raised, raised + datetime.timedelta(days=1)) == 2
    assert rules.deadlines(raised).deputy <= rules.deadlines(raised).head
