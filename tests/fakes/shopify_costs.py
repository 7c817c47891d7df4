"""What a query costs at Shopify: an object one point, a connection so many as it is asked for, each with what is in it;
a mutation ten.
"""

from collections.abc import Mapping
from typing import Any

from graphql import FieldNode, IntValueNode, OperationDefinitionNode, OperationType, SelectionSetNode, parse

MOST = 1_000
MUTATION = 10.0
_WRAPPERS = ("nodes", "pageInfo")


def cost_of(query: str, variables: Mapping[str, Any]) -> float:
    (operation,) = (each for each in parse(query).definitions if isinstance(each, OperationDefinitionNode))
    if operation.operation == OperationType.MUTATION:
        return MUTATION
    return float(_sum(operation.selection_set, variables))


def _sum(selections: SelectionSetNode, variables: Mapping[str, Any]) -> int:
    return sum(_cost(field, variables) for field in selections.selections if isinstance(field, FieldNode))


def _cost(field: FieldNode, variables: Mapping[str, Any]) -> int:
    if field.selection_set is None:
        return 0
    inside = _sum(field.selection_set, variables)
    if field.name.value in _WRAPPERS:
        return inside
    first = (each.value for each in field.arguments or () if each.name.value == "first")
    times = (int(each.value) if isinstance(each, IntValueNode) else variables[each.name.value] for each in first)
    return next(times, 1) * (1 + inside)
