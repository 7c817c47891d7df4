"""The GraphQL documents about parcels. Each asks for little and for more only where there is more: what a query might
return is what Shopify wants to have points for.
"""

_ERRORS = "userErrors { field message }"

READ_FULFILLMENTS = """
query ReadFulfillments($id: ID!, $first: Int!) {
  order(id: $id) {
    cancelledAt fulfillments(first: $first) { id status trackingInfo(first: 1) { company number url } }
  }
}
"""
READ_UNITS = """
query ReadUnits($id: ID!, $first: Int!) {
  fulfillment(id: $id) { fulfillmentLineItems(first: $first) { nodes { quantity lineItem { id sku } } } }
}
"""
READ_EVENTS = """
query ReadEvents($id: ID!) {
  fulfillment(id: $id) { events(first: 30) { nodes { status } } }
}
"""
READ_WAITING = """
query ReadWaiting($id: ID!, $after: String) {
  order(id: $id) {
    fulfillmentOrders(first: 2, after: $after) {
      nodes {
        id status assignedLocation { location { id } }
        fulfillmentHolds { id handle heldByRequestingApp }
        lineItems(first: 20) { nodes { id remainingQuantity lineItem { id sku } } pageInfo { hasNextPage endCursor } }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""
READ_WAITING_LINES = """
query ReadWaitingLines($id: ID!, $after: String) {
  fulfillmentOrder(id: $id) {
    lineItems(first: 100, after: $after) {
      nodes { id remainingQuantity lineItem { id sku } } pageInfo { hasNextPage endCursor }
    }
  }
}
"""
FULFILL = f"""
mutation Fulfill($fulfillment: FulfillmentInput!, $message: String) {{
  fulfillmentCreate(fulfillment: $fulfillment, message: $message) {{ fulfillment {{ id status }} {_ERRORS} }}
}}
"""
UPDATE_TRACKING = f"""
mutation UpdateTracking($fulfillmentId: ID!, $trackingInfoInput: FulfillmentTrackingInput!) {{
  fulfillmentTrackingInfoUpdate(
    fulfillmentId: $fulfillmentId, trackingInfoInput: $trackingInfoInput, notifyCustomer: false
  ) {{ fulfillment {{ id }} {_ERRORS} }}
}}
"""
ADD_EVENT = f"""
mutation AddEvent($fulfillmentEvent: FulfillmentEventInput!) {{
  fulfillmentEventCreate(fulfillmentEvent: $fulfillmentEvent) {{ fulfillmentEvent {{ id status }} {_ERRORS} }}
}}
"""
