"""Which of an operator's words a reader gets."""

import pytest

from returns.policies.languages import choose_words

WORDS = {"en": "No.", "zh-hans": "不。", "pt": "Não."}


@pytest.mark.parametrize(
    ("language", "said"), [("zh-Hans", "不。"), ("pt-BR", "Não."), ("de", "No."), ("en-GB", "No."), ("", "No.")]
)
def test_the_language_then_its_family_then_english(language, said):
    assert choose_words(WORDS, language) == said


def test_where_there_is_no_english_whatever_there_is():
    assert choose_words({"en": "", "zh-hans": "不。"}, "de") == "不。"
    assert choose_words({}, "de") == ""
