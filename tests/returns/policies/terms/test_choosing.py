from returns.choices import FinalSale
from returns.policies.terms.choosing import choose_terms, find_conflicts
from tests.make.terms import item, terms

PATHS = {"clothing": ("clothing",), "briefs": ("clothing", "briefs"), "lamps": ("lamps",)}


def test_the_row_that_says_more_about_a_sale_wins():
    general, german, german_clothing = (
        terms("All"),
        terms("DE", country="DE"),
        terms("C", country="DE", category="clothing"),
    )

    assert choose_terms([general, german, german_clothing], item("clothing")).terms is german_clothing
    assert choose_terms([general, german, german_clothing], item("lamps")).terms is german
    assert choose_terms([general, german, german_clothing], item("lamps", country="FR")).terms is general


def test_of_two_categories_the_deeper_one_wins():
    wide, narrow = terms("Clothing", category="clothing"), terms("Briefs", days=0, category="briefs")

    assert choose_terms([wide, narrow], item("clothing", "briefs")).terms is narrow
    assert choose_terms([wide, narrow], item("clothing", "tops")).terms is wide


def test_goods_count_before_people_and_people_before_places():
    rows = [terms("Land", country="DE"), terms("Gold", customer_tier="gold"), terms("Sale", product_tag="sale")]

    assert choose_terms(rows, item(tags=("sale",), tier="Gold")).terms is rows[2]
    assert choose_terms(rows, item(tier="Gold")).terms is rows[1]


def test_two_rows_as_specific_as_each_other_are_a_tie_that_the_customer_wins():
    short, long = terms("Sale", 14, product_tag="sale"), terms("New", 60, product_tag="new")

    choice = choose_terms([short, long], item(tags=("sale", "new")))

    assert (choice.terms, choice.ties) == (long, (short,))


def test_nothing_fits_where_every_row_is_for_something_else():
    assert choose_terms([terms("US", country="US")], item()).terms is None


def test_a_tie_and_two_rows_that_cross_are_shown_as_conflicts():
    sale, new = terms("Sale", 14, product_tag="sale"), terms("New", 60, product_tag="new")
    german, briefs = terms("DE", 60, country="DE"), terms("Briefs", 0, category="briefs", final_sale=FinalSale.INTIMATE)

    found = [
        (each.winner.name, each.loser.name, each.tied) for each in find_conflicts([sale, new, german, briefs], PATHS)
    ]

    assert found[0] == ("New", "Sale", True)
    assert ("Briefs", "DE", False) in found


def test_a_row_that_is_a_case_of_another_is_no_conflict():
    clothing, briefs = terms("Clothing", category="clothing"), terms("Briefs", 7, category="briefs")

    assert not list(find_conflicts([terms("All", 14), clothing, briefs], PATHS))


def test_rows_that_never_meet_are_no_conflict():
    lamps, briefs = terms("Lamps", category="lamps"), terms("Briefs", 7, category="briefs")

    assert not list(find_conflicts([lamps, briefs], PATHS))
    assert not list(find_conflicts([terms("US", 10, country="US"), terms("DE", 9, country="DE")], PATHS))
