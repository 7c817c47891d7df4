"""A partner's program that knows the OpenAPI document and nothing else of us.

It finds each operation by its summary, fills the path from it, sends only what the document says it takes, and checks
what comes back against what the document says it gives.
"""

import itertools
from typing import Any

import httpx
from jsonschema import Draft202012Validator

_labels = itertools.count(1)


class Stranger:
    """Reads the document over HTTP, and does what it says."""

    def __init__(self, address: str, key: str) -> None:
        self.http = httpx.Client(base_url=address, headers={"Authorization": f"Bearer {key}"}, timeout=30)
        self.document = self.http.get("/api/schema/").raise_for_status().json()
        self.operations = {
            operation["summary"]: (method, path, operation)
            for path, methods in self.document["paths"].items()
            for method, operation in methods.items()
        }

    def __enter__(self) -> "Stranger":
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def do(self, summary: str, body: Any = None, *, expect: int | None = None, **where: Any) -> Any:
        """Call the operation; `where` fills its path, the rest goes into the query. The answer's JSON."""
        method, path, operation = self.operations[summary]
        in_path = {name: where.pop(name) for name in list(where) if f"{{{name}}}" in path}
        headers = {}
        if "requestBody" in operation:
            self._check(operation["requestBody"]["content"]["application/json"]["schema"], body or {})
        if any(each["name"] == "Idempotency-Key" for each in operation.get("parameters", ())):
            headers["Idempotency-Key"] = f"stranger-{next(_labels)}"
        answer = self.http.request(
            method.upper(),
            path.format(**in_path),
            params=where,
            headers=headers,
            json=(body or {}) if "requestBody" in operation else None,
        )
        described = operation["responses"].get(str(answer.status_code))
        assert described is not None, f"{summary}: {answer.status_code} is not in the document. {answer.text[:300]}"
        if content := described.get("content"):
            self._check(next(iter(content.values()))["schema"], answer.json())
        if expect is not None:
            assert answer.status_code == expect, answer.text
        return answer.json() if answer.content else None

    def walk(self, summary: str, **query: Any) -> list[Any]:
        """All results of a list, page by page."""
        results, cursor = [], ""
        while True:
            page = self.do(summary, **(query | ({"cursor": cursor} if cursor else {})))
            results += page["results"]
            cursor = page["next_cursor"]
            if not cursor:
                return results

    def _check(self, schema: Any, value: Any) -> None:
        whole = {"components": self.document["components"], "allOf": [schema]}
        errors = [f"{error.json_path}: {error.message}" for error in Draft202012Validator(whole).iter_errors(value)]
        assert errors == []
