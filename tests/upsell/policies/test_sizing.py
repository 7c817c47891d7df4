"""In which size something is offered."""

from upsell.policies.sizing import Fit, Kind, Match, Worn, find_size, match_size, sort_fits

TOPS, TROUSERS, SHOES = Kind(1, 9), Kind(2, 9), Kind(3, 8)
SHIRT = [Fit("S-RED", {"size": "S", "colour": "red"}, 1.0), Fit("M-RED", {"size": "M", "colour": "red"}, 5.0)]
SHIRT += [Fit("M-BLUE", {"size": "M", "colour": "blue"}, 2.0), Fit("L-RED", {"size": "L", "colour": "red"}, 3.0)]


def skus(fits, match, like):
    return [fit.sku for fit in sort_fits(fits, match, like=like)]


def test_the_size_of_this_order_is_known_before_those_of_earlier_ones():
    worn = [Worn("s", TOPS, here=True), Worn("l", TOPS, here=False)]

    assert match_size(SHIRT, worn, TOPS) == Match("S", "order")


def test_a_size_that_was_kept_of_the_same_category_counts_before_one_of_another():
    worn = [Worn("l", TROUSERS, here=True), Worn("s", TOPS, here=False)]

    assert match_size(SHIRT, worn, TOPS) == Match("S", "kept")


def test_letters_are_the_same_in_categories_side_by_side_and_numbers_are_not():
    assert match_size(SHIRT, [Worn("l", TROUSERS, here=True)], TOPS) == Match("L", "order")
    assert match_size(SHIRT, [Worn("l", SHOES, here=True)], TOPS) is None
    trousers = [Fit("42", {"Size": "42"}, 1.0)]
    assert match_size(trousers, [Worn("42", TOPS, here=True)], TROUSERS) is None
    assert match_size(trousers, [Worn("42", TROUSERS, here=True)], TROUSERS) == Match("42", "order")


def test_goods_without_a_category_say_nothing_of_each_other():
    assert match_size(SHIRT, [Worn("m", Kind(None, None), here=True)], Kind(None, None)) is None


def test_the_size_comes_first_then_the_colour_that_was_thought_of_then_what_sells():
    like = {"size": "L", "colour": "blue"}

    assert skus(SHIRT, Match("M", "order"), like) == ["M-BLUE", "M-RED", "L-RED", "S-RED"]


def test_where_no_size_is_known_what_sells_best_comes_first():
    assert skus(SHIRT, None, {"size": "S", "colour": "red"}) == ["M-RED", "L-RED", "M-BLUE", "S-RED"]


def test_a_size_by_any_of_its_names():
    assert find_size({"Größe": " XL "}) == "xl"
    assert find_size({"colour": "red"}) == ""
    assert find_size({"size": "One size"}) == ""
