"""What the contract says of every answer, and the OpenAPI document does not: a check of Schemathesis."""

import os
import re

import schemathesis

# Of answers that nginx makes itself, no instance is the author.
IS_DIRECT = os.environ["CONTRACT_PROXY"] == "no"
RETRY_STATUSES = (429, 503)
# Hypothesis builds no text for a pattern with Unicode classes.
UNICODE_CLASSES = re.compile(r"\\p\{C[cs]\}")


@schemathesis.hook
def before_load_schema(context, raw_schema):
    simplify_patterns(raw_schema)


def simplify_patterns(node):
    if isinstance(node, dict):
        pattern = node.get("pattern")
        if isinstance(pattern, str) and UNICODE_CLASSES.search(pattern):
            node["pattern"] = r"^[!-~]+( [!-~]+)*$"
        node = list(node.values())
    if isinstance(node, list):
        for child in node:
            simplify_patterns(child)


@schemathesis.check
def contract_headers(ctx, response, case):
    headers = {name.lower(): value for name, value in response.headers.items()}
    status = response.status_code
    assert "x-request-id" in headers, "an answer without X-Request-Id"
    if IS_DIRECT:
        assert "x-instance" in headers, "an answer without X-Instance"
    if status in RETRY_STATUSES:
        assert "retry-after" in headers, f"{status} without Retry-After"
    if status == 405:
        assert "allow" in headers, "405 without Allow"
    if status >= 400 and case.method != "HEAD":
        problem_form(headers, response)


def problem_form(headers, response):
    media_type = str(headers.get("content-type", ["none"])[0])
    assert media_type.startswith("application/problem+json"), f"an error as {media_type}"
    problem = response.json()
    assert problem.get("status") == response.status_code, "a problem of another status"
    assert re.fullmatch("[a-z_]+", problem.get("code", "")), "a problem without a code"
