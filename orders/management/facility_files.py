"""Files of facility location problems, the nearest thing to routing of which the best answers are published.

OR-Library's CAP (capacitated warehouse location, split demand; J. E. Beasley, European Journal of Operational Research
33 (1988) 314–325) and SSCFLP (each customer from one warehouse).
"""

from collections.abc import Iterator
from typing import Literal, get_args

from orders.policies.routing.problem import Demand, Job, Site, Wave, Way

Kind = Literal["cap", "sscflp"]
KINDS = get_args(Kind)

ITEM = "goods"


class NotAProblem(ValueError):
    """The file holds something else, or less than it says."""


def read_problem(text: str, kind: Kind | None = None) -> Wave:
    """A wave with an order a customer and one line each. Its capacities count units.

    Raises:
        NotAProblem
    """
    kind = kind or _guess_kind(text)
    numbers = _numbers(text)
    try:
        places, customers = int(next(numbers)), int(next(numbers))
        if places < 1 or customers < 1:
            raise NotAProblem("It has no warehouse, or no customer.")
        read = _read_cap if kind == "cap" else _read_single_source
        sites, demands, costs = read(numbers, places, customers)
    except StopIteration:
        raise NotAProblem("The file ends before its problem does.") from None
    if next(numbers, None) is not None:
        raise NotAProblem("There are more numbers than the problem needs: is it of the other kind?")
    if min(demands) <= 0:
        raise NotAProblem("A customer wants nothing.")
    single = kind == "sscflp"
    jobs = [
        Job(
            key=f"customer {number + 1}",
            demands=(Demand(ITEM, demand),),
            ways={
                site.code: Way(cost, (0.0,)) if single else Way(0.0, (cost / demand,))
                for site, cost in zip(sites, costs[number], strict=True)
            },
            most_parcels=1 if single else places,
        )
        for number, demand in enumerate(demands)
    ]
    stock = {(site.code, ITEM): float(site.capacity or 0) for site in sites}
    return Wave(sites, jobs, stock, counts="units")


def _guess_kind(text: str) -> Kind:
    """Both kinds hold equally many numbers. The second line tells: a warehouse's two, or a capacity of each."""
    lines = [line.split() for line in text.splitlines() if line.strip()]
    if len(lines) < 2 or len(lines[0]) != 2:
        raise NotAProblem("It does not begin with the numbers of warehouses and customers.")
    if lines[0][0] == "2":
        raise NotAProblem("With two warehouses the kinds look alike: say which it is.")
    return "cap" if len(lines[1]) == 2 else "sscflp"


def _numbers(text: str) -> Iterator[float]:
    for word in text.split():
        try:
            yield float(word)
        except ValueError:
            raise NotAProblem(f"{word!r} is no number.") from None


def _read_cap(
    numbers: Iterator[float], places: int, customers: int
) -> tuple[list[Site], list[float], list[list[float]]]:
    """Capacity and fixed cost of each warehouse; then each customer's demand, and what all of it costs from each."""
    sites = [Site(f"warehouse {number + 1:02}", next(numbers), next(numbers)) for number in range(places)]
    demands, costs = [], []
    for _ in range(customers):
        demands.append(next(numbers))
        costs.append([next(numbers) for _ in range(places)])
    return sites, demands, costs


def _read_single_source(
    numbers: Iterator[float], places: int, customers: int
) -> tuple[list[Site], list[float], list[list[float]]]:
    """All capacities, fixed costs and demands; then a row of costs a customer."""
    capacities = [next(numbers) for _ in range(places)]
    openings = [next(numbers) for _ in range(places)]
    demands = [next(numbers) for _ in range(customers)]
    costs = [[next(numbers) for _ in range(places)] for _ in range(customers)]
    sites = [Site(f"warehouse {n + 1:02}", *pair) for n, pair in enumerate(zip(capacities, openings, strict=True))]
    return sites, demands, costs
