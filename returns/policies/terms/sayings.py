"""A verdict as staff and machines read it; customers are told in their own language (`returns.wording.verdicts`)."""

from collections.abc import Mapping

from returns.policies.terms.judging import Code, Verdict

_SENTENCES: Mapping[Code, str] = {
    "in_window": "It may come back until the end of {last_day}.",
    "by_law": "By law it may come back ({citation}).",
    "sealed_only": "By law it may come back with its seal unbroken ({citation}).",
    "before_delivery": "It is on its way; by law the customer need not wait for it ({citation}).",
    "window_closed": "Its {days} days ended on {last_day}.",
    "final_sale": "It is a final sale: {reason}.",
    "no_returns": "No terms take it back.",
    "not_delivered": "It is on its way; its {days} days begin with delivery.",
    "not_sent": "It was not sent.",
    "none_left": "All of it was returned.",
    "no_goods": "It is nothing that can be sent.",
}


def say_verdict(verdict: Verdict) -> str:
    facts = {name: str(value) for name, value in verdict.facts.items()}
    if verdict.code == "final_sale":
        facts["reason"] = facts["reason"].lower()
    return _SENTENCES[verdict.code].format(**facts)
