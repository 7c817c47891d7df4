"""Why things come back, and who decides on it, until the operator says otherwise."""

from django.db import migrations

EXPECTED, TRANSIT, MISTAKEN, ABUSE = "NOT_AS_EXPECTED", "DAMAGED_IN_TRANSIT", "MISUNDERSTANDING", "ABUSE"
# code, English, Chinese, root cause, Shopify's word, then: p(hoto), c(omment), f(ault of ours), s(taff alone)
REASONS = [
    ("too-small", "Too small", "尺码偏小", EXPECTED, "SIZE_TOO_SMALL", ""),
    ("too-large", "Too large", "尺码偏大", EXPECTED, "SIZE_TOO_LARGE", ""),
    ("colour", "The color is different", "颜色与预期不同", EXPECTED, "COLOR", ""),
    ("style", "I do not like the style", "不喜欢款式", EXPECTED, "STYLE", ""),
    ("quality", "The quality is not what I expected", "质量不如预期", EXPECTED, "OTHER", "c"),
    ("not-as-described", "Not as described", "与描述不符", EXPECTED, "NOT_AS_DESCRIBED", "cf"),
    ("defective", "It does not work or has a fault", "无法使用或有瑕疵", EXPECTED, "DEFECTIVE", "pf"),
    ("wrong-item", "I was sent the wrong item", "收到了错误的商品", EXPECTED, "WRONG_ITEM", "pf"),
    ("missing-parts", "Parts are missing", "缺少配件", EXPECTED, "NOT_AS_DESCRIBED", "cf"),
    ("too-late", "It arrived too late", "送达太晚", EXPECTED, "UNWANTED", ""),
    ("damaged", "It arrived damaged", "送达时已损坏", TRANSIT, "DEFECTIVE", "pf"),
    ("changed-mind", "I changed my mind", "改变主意了", MISTAKEN, "UNWANTED", ""),
    ("by-mistake", "Ordered by mistake", "误下单", MISTAKEN, "UNWANTED", ""),
    ("to-choose", "I ordered several to choose from", "多买几件以供挑选", MISTAKEN, "UNWANTED", ""),
    ("other", "Another reason", "其他原因", MISTAKEN, "OTHER", "c"),
    ("misuse", "Worn, swapped or emptied", "已穿用、调换或掏空", ABUSE, "OTHER", "s"),
]
RULES = [
    ("High abuse score", {"score": {"at_least": 60}}, "REVIEW"),
    ("Withdrawal from the contract", {"kind": ["WITHDRAWAL"]}, "APPROVE"),
    (
        "Damaged on the way and worth little",
        {"root_cause": ["DAMAGED_IN_TRANSIT"], "value": {"at_most": "15.00", "currency": "EUR"}, "photo": True},
        "KEEP_IT",
    ),
    ("Claims", {"kind": ["CLAIM"]}, "REVIEW"),
    ("Worth much", {"value": {"at_least": "500.00", "currency": "EUR"}}, "REVIEW"),
    ("Everything that the terms allow", {}, "APPROVE"),
]


def fill(apps, schema_editor):
    reason = apps.get_model("returns", "ReturnReason")
    reason.objects.bulk_create(
        reason(
            code=code,
            labels={"en": english, "zh-hans": chinese},
            root_cause=cause,
            shopify=word,
            needs_photo="p" in marks,
            needs_comment="c" in marks,
            merchant_fault="f" in marks,
            active="s" not in marks,
            position=10 * place,
        )
        for place, (code, english, chinese, cause, word, marks) in enumerate(REASONS, 1)
    )
    rule = apps.get_model("returns", "ReturnRule")
    rule.objects.bulk_create(
        rule(position=10 * place, name=name, conditions=conditions, verdict=verdict)
        for place, (name, conditions, verdict) in enumerate(RULES, 1)
    )


class Migration(migrations.Migration):
    dependencies = [("returns", "0001_initial")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
