"""Decides by the word in the Authorization header, and counts how often it was asked."""

calls = []


def handler(event, context):
    calls.append(event)
    word = event["headers"]["Authorization"].removeprefix("Bearer ")
    stage = event["methodArn"].rsplit("/GET/", 1)[0] if "/GET/" in event["methodArn"] else "arn:*"
    answers = {
        "all": policy("Allow", ["arn:aws:execute-api:*:*:*/*"]),
        "reader": policy("Allow", [f"{stage}/GET/*"]),
        "this": policy("Allow", [event["methodArn"]]),
        "denied": policy("Deny", ["*"]),
        "nothing": policy("Allow", []),
        "no-principal": {"policyDocument": policy("Allow", ["*"])["policyDocument"]},
        "no-policy": {"principalId": "x"},
        "nested": {**policy("Allow", ["*"]), "context": {"a": {"b": 1}}},
        "conditional": {
            "principalId": "x",
            "policyDocument": {
                "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {}}
            },
        },
        "event": {**policy("Allow", ["*"]), "context": {"event": repr(event)}},
    }
    if word == "unauthorized":
        raise PermissionError("Unauthorized")
    if word == "crash":
        raise RuntimeError("crash")
    return answers[word]


def policy(effect, resources):
    statement = {"Effect": effect, "Action": ["execute-api:Invoke"], "Resource": resources}
    return {
        "principalId": "somebody",
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement] if resources else []},
        "context": {"tenant": "demo", "calls": len(calls), "share": 0.5, "is_admin": False},
    }
