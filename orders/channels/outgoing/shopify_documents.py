"""The GraphQL documents that Shopify is sent, for the version that `shopify_api` names."""

_LINES = "nodes { id sku name currentQuantity } pageInfo { hasNextPage endCursor }"
_ERRORS = "userErrors { field message }"

READ_ORDER = f"""
query ReadOrder($id: ID!) {{
  order(id: $id) {{
    id cancelledAt currencyCode presentmentCurrencyCode email phone
    currentTotalPriceSet {{ shopMoney {{ amount }} }}
    shippingAddress {{
      name company address1 address2 city province provinceCode zip countryCodeV2 phone
    }}
    shippingLines(first: 20) {{ nodes {{ id title discountedPriceSet {{ shopMoney {{ amount }} }} }} }}
    lineItems(first: 50) {{ {_LINES} }}
    fulfillmentOrders(first: 20) {{ nodes {{ id status fulfillmentHolds {{ id handle heldByRequestingApp }} }} }}
  }}
}}
"""
READ_LINES = f"""
query ReadLines($id: ID!, $after: String) {{
  order(id: $id) {{ lineItems(first: 50, after: $after) {{ {_LINES} }} }}
}}
"""
READ_PAYMENTS = """
query ReadPayments($id: ID!) {
  order(id: $id) {
    currencyCode presentmentCurrencyCode
    refunds(first: 100) { id note }
    transactions(first: 100) {
      id kind status gateway amountSet { shopMoney { amount } } parentTransaction { id }
    }
  }
}
"""
READ_SHOP = "query ReadShop { shop { name } }"
FIND_VARIANT = """
query FindVariant($query: String!) {
  productVariants(first: 10, query: $query) { nodes { id sku } }
}
"""
UPDATE_ORDER = f"""
mutation UpdateOrder($input: OrderInput!) {{
  orderUpdate(input: $input) {{ order {{ id }} {_ERRORS} }}
}}
"""
BEGIN_EDIT = f"""
mutation BeginEdit($id: ID!) {{
  orderEditBegin(id: $id) {{
    calculatedOrder {{ id lineItems(first: 100) {{ nodes {{ id }} }} shippingLines {{ id stagedStatus }} }}
    {_ERRORS}
  }}
}}
"""
SET_QUANTITY = f"""
mutation SetQuantity($id: ID!, $lineItemId: ID!, $quantity: Int!, $restock: Boolean) {{
  orderEditSetQuantity(id: $id, lineItemId: $lineItemId, quantity: $quantity, restock: $restock) {{
    calculatedOrder {{ id }} {_ERRORS}
  }}
}}
"""
ADD_VARIANT = f"""
mutation AddVariant($id: ID!, $variantId: ID!, $quantity: Int!) {{
  orderEditAddVariant(id: $id, variantId: $variantId, quantity: $quantity, allowDuplicates: true) {{
    calculatedLineItem {{ id originalUnitPriceSet {{ shopMoney {{ amount }} }} }}
    {_ERRORS}
  }}
}}
"""
ADD_DISCOUNT = f"""
mutation AddDiscount($id: ID!, $lineItemId: ID!, $discount: OrderEditAppliedDiscountInput!) {{
  orderEditAddLineItemDiscount(id: $id, lineItemId: $lineItemId, discount: $discount) {{
    calculatedOrder {{ id }} {_ERRORS}
  }}
}}
"""
REMOVE_SHIPPING = f"""
mutation RemoveShipping($id: ID!, $shippingLineId: ID!) {{
  orderEditRemoveShippingLine(id: $id, shippingLineId: $shippingLineId) {{ calculatedOrder {{ id }} {_ERRORS} }}
}}
"""
ADD_SHIPPING = f"""
mutation AddShipping($id: ID!, $shippingLine: OrderEditAddShippingLineInput!) {{
  orderEditAddShippingLine(id: $id, shippingLine: $shippingLine) {{ calculatedOrder {{ id }} {_ERRORS} }}
}}
"""
COMMIT_EDIT = f"""
mutation CommitEdit($id: ID!, $staffNote: String) {{
  orderEditCommit(id: $id, notifyCustomer: false, staffNote: $staffNote) {{ order {{ id }} {_ERRORS} }}
}}
"""
CANCEL_ORDER = """
mutation CancelOrder(
  $orderId: ID!, $refundMethod: OrderCancelRefundMethodInput!, $reason: OrderCancelReason!, $staffNote: String
) {
  orderCancel(
    orderId: $orderId, refundMethod: $refundMethod, restock: true, reason: $reason
    notifyCustomer: false, staffNote: $staffNote
  ) {
    job { id done }
    orderCancelUserErrors { field message }
  }
}
"""
HOLD = f"""
mutation Hold($id: ID!, $fulfillmentHold: FulfillmentOrderHoldInput!) {{
  fulfillmentOrderHold(id: $id, fulfillmentHold: $fulfillmentHold) {{ fulfillmentHold {{ id }} {_ERRORS} }}
}}
"""
RELEASE = f"""
mutation Release($id: ID!, $holdIds: [ID!]) {{
  fulfillmentOrderReleaseHold(id: $id, holdIds: $holdIds) {{ fulfillmentOrder {{ id status }} {_ERRORS} }}
}}
"""
REFUND = f"""
mutation Refund($input: RefundInput!, $key: String!) {{
  refundCreate(input: $input) @idempotent(key: $key) {{ refund {{ id }} {_ERRORS} }}
}}
"""
READ_LOCATION = "query ReadLocation { location { id } }"
READ_STOCK = """
query ReadStock($query: String!, $location: ID!, $after: String) {
  productVariants(first: 100, after: $after, query: $query) {
    nodes {
      sku
      inventoryItem {
        id tracked
        inventoryLevel(locationId: $location) { quantities(names: ["available"]) { quantity } }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""
SET_STOCK = """
mutation SetStock($input: InventorySetQuantitiesInput!, $key: String!) {
  inventorySetQuantities(input: $input) @idempotent(key: $key) {
    inventoryAdjustmentGroup { id }
    userErrors { code field message }
  }
}
"""
