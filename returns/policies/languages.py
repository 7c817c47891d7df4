"""Words that an operator wrote in several languages, kept by the code of the language."""

from collections.abc import Mapping

USUAL = "en"


def choose_words(words: Mapping[str, str], language: str) -> str:
    """Those of the language, else of its family, else in English, else whatever there is."""
    code = language.lower()
    found = words.get(code) or words.get(code.split("-")[0]) or words.get(USUAL)
    return found or next((said for said in words.values() if said), "")
