"""Small waves to route."""

from collections.abc import Mapping, Sequence

from orders.policies.routing.problem import Demand, Job, Plan, Site, Wave, Way


def job(
    key: str, wanted: Mapping[str, float], parcels: Mapping[str, float], *, most: int = 3, duty: float = 0.0
) -> Job:
    """An order of these units by item, with a parcel price by warehouse; each unit costs `duty` wherever it is from."""
    demands = tuple(Demand(item, units) for item, units in wanted.items())
    ways = {code: Way(price, (duty,) * len(demands)) for code, price in parcels.items()}
    return Job(key, demands, ways, most)


def wave(stock: Mapping[str, Mapping[str, float]], *jobs: Job, capacity: Mapping[str, float] | None = None) -> Wave:
    """Stock by warehouse and item; capacities in parcels."""
    sites = [Site(code, (capacity or {}).get(code)) for code in stock]
    shelves = {(code, item): units for code, items in stock.items() for item, units in items.items()}
    return Wave(sites, jobs, shelves)


def sent(plan: Plan, key: str) -> dict[tuple[str, int], float]:
    """Units by (warehouse, place of the line)."""
    return {(part.site, part.place): part.units for part in plan.routes[key]}


def sites_of(plan: Plan, keys: Sequence[str]) -> list[set[str]]:
    return [{part.site for part in plan.routes[key]} for key in keys]
