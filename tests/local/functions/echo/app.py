"""Answers with the event it was given, or with what the body of a request to /answer says."""

import json
import os

LOADED_WITH = os.environ["GREETING"]
calls = []


def handler(event, context):
    calls.append(event)
    if event["resource"] == "/answer":
        return json.loads(event["body"])
    if event["resource"] == "/big":
        return {"statusCode": 200, "body": "x" * int(event["queryStringParameters"]["size"])}
    seen = {
        "event": event,
        "greeting": LOADED_WITH,
        "function": context.function_name,
        "arn": context.invoked_function_arn,
        "memory": context.memory_limit_in_mb,
        "milliseconds": context.get_remaining_time_in_millis(),
        "calls": len(calls),
    }
    return {"statusCode": 200, "body": json.dumps(seen)}
