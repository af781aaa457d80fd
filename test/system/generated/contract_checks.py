"""What the contract says of every answer, and the OpenAPI document does not: a check of Schemathesis."""

import atexit
import json
import os
import re
from collections import Counter

import schemathesis
from schemathesis import GenerationMode

IS_DIRECT = os.environ["CONTRACT_PROXY"] == "no"
# nginx itself may answer with these, and no instance is the author then.
PROXY_STATUSES = (400, 413, 414, 429, 431, 501, 503, 505)
RETRY_STATUSES = (429, 503)
# Hypothesis builds no text for a pattern with Unicode classes.
UNICODE_CLASSES = re.compile(r"\\p\{C[cs]\}")
# A header that nobody knows is no fault (RFC 9110, section 5.1).
UNKNOWN_HEADER = re.compile("schemathesis-unknown-property|unknown-property-", re.IGNORECASE)
# Made up, these are refused before the request comes to what it asks for.
GUESSES = {"if-match", "if-none-match", "lockstep-at-least", "idempotency-key"}

# Only whose token is accepted gets to these.
LET_IN = (200, 201, 202, 204, 402, 404, 409, 412, 422)

answers = Counter()


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


@schemathesis.hook
def filter_case(context, case):
    return not any(UNKNOWN_HEADER.search(name) for name in case.headers or {})


@schemathesis.hook
def map_case(context, case):
    """Half of the right requests go without what is refused early, and so come further."""
    is_right = case.meta is not None and case.meta.generation.mode == GenerationMode.POSITIVE
    if not is_right or hash_of(case) % 2:
        return case
    for name in [name for name in case.headers or {} if name.lower() in GUESSES]:
        del case.headers[name]
    if case.query and "cursor" in case.query:
        del case.query["cursor"]
    return case


def hash_of(case):
    """The same for the same request in every run, as Python's own is not."""
    return sum(repr((case.headers, case.query, case.body)).encode())


@schemathesis.check
def contract_headers(ctx, response, case):
    note(response, case)
    headers = {name.lower(): value for name, value in response.headers.items()}
    status = response.status_code
    assert "x-request-id" in headers, "an answer without X-Request-Id"
    if IS_DIRECT or status not in PROXY_STATUSES:
        assert "x-instance" in headers, "an answer without X-Instance"
    if status in RETRY_STATUSES:
        assert "retry-after" in headers, f"{status} without Retry-After"
    if status == 405:
        assert "allow" in headers, "405 without Allow"
    if status in (200, 304) and case.method == "GET" and is_cached(case):
        assert "cache-status" in headers, "a cached read without Cache-Status"
    if status >= 400 and case.method != "HEAD":
        problem_form(headers, response)


def problem_form(headers, response):
    media_type = str(headers.get("content-type", ["none"])[0])
    assert media_type.startswith("application/problem+json"), f"an error as {media_type}"
    problem = response.json()
    assert problem.get("status") == response.status_code, "a problem of another status"
    assert re.fullmatch("[a-z_]+", problem.get("code", "")), "a problem without a code"


def is_cached(case):
    documented = case.operation.definition.raw["responses"].get("200", {})
    return "Cache-Status" in documented.get("headers", {})


def note(response, case):
    """Counts it by whom it is for."""
    # Other methods than the documented ones are tried too, and OPTIONS is for everyone.
    if case.method.upper() == case.operation.method.upper():
        answers[f"{access_to(case)} {response.status_code // 100}xx"] += 1
        if response.status_code in LET_IN:
            answers[f"{access_to(case)} let in"] += 1


def access_to(case):
    operation = case.operation.definition.raw
    if not operation.get("security"):
        return "open"
    return "admin" if "403" in operation["responses"] else "customer"


@atexit.register
def write_answers():
    with open(os.environ["CONTRACT_ANSWERS"], "w", encoding="utf-8") as file:
        json.dump(answers, file)
