"""Formats by their names."""

import pytest

from orders.channels import csv_file, jsonl, shopify
from orders.channels.registry import FORMAT_OF_CONNECTOR, MAPPINGS, mapping_named


def test_each_format_has_its_mapping():
    assert sorted(MAPPINGS) == ["amazon", "bigcommerce", "csv", "jsonl", "shopify", "woocommerce"]
    assert (mapping_named("shopify"), mapping_named("jsonl"), mapping_named("csv")) == (shopify, jsonl, csv_file)


def test_each_connector_that_calls_us_has_a_format():
    assert set(FORMAT_OF_CONNECTOR.values()) <= set(MAPPINGS)


def test_a_format_that_nobody_knows_is_an_error():
    with pytest.raises(KeyError):
        mapping_named("fax")
