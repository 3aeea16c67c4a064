"""What IAM checks for the requests that a function sends to AWS."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from local.intrinsics import ACCOUNT_ID, REGION
from local.template import Template
from tests.gateway.roles.iam import Call

Request = Mapping[str, Any]

_STEPS = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}
_ON_OBJECTS = {
    "HeadObject": "GetObject",
    "CreateMultipartUpload": "PutObject",
    "UploadPart": "PutObject",
    "CompleteMultipartUpload": "PutObject",
}
_ON_BUCKETS = {"ListObjectsV2": "ListBucket", "ListObjectVersions": "ListBucketVersions"}
_PARTITION = re.compile(r"\s*\S+\s*=\s*(:\w+)")


def calls_of(service: str, operation: str, request: Request, template: Template) -> Iterator[Call]:
    """Yield the calls that IAM checks for a request; `service` is the first part of an action's name."""
    match service:
        case "dynamodb":
            yield from _on_the_table(operation, request)
        case "s3":
            yield from _on_files(operation, request)
        case "kms":
            yield Call(f"kms:{operation}", _key(template, request["KeyId"]))
        case "secretsmanager":
            # Secrets Manager ends an ARN with six characters of its own.
            yield Call(
                f"secretsmanager:{operation}", _arn(service, f"secret:{request['SecretId']}-abcdef")
            )
        case "sqs":
            queue = str(request["QueueUrl"]).rpartition("/")[2]
            yield Call(f"sqs:{operation.removesuffix('Batch')}", _arn(service, queue))
        case "events":
            for bus in {str(entry["EventBusName"]) for entry in request["Entries"]}:
                yield Call(f"events:{operation}", _arn(service, f"event-bus/{bus}"))
        case "states":
            resource = request.get("stateMachineArn") or request["executionArn"]
            yield Call(f"states:{operation}", str(resource))
        case _:
            raise ValueError(f"no test knows the resources of {service}:{operation}")
    yield from _decrypting(service, operation, str(template.scope.parameters["TableKeyArn"]))


def _on_the_table(operation: str, request: Request) -> Iterator[Call]:
    match operation:
        case "TransactWriteItems":
            for step in request["TransactItems"]:
                for kind, write in step.items():
                    yield _on_item(_STEPS[kind], write)
        case "BatchGetItem":
            for table, wanted in request["RequestItems"].items():
                partitions = tuple(_text(key["pk"]) for key in wanted["Keys"])
                yield Call(
                    f"dynamodb:{operation}", _table(table), {"dynamodb:LeadingKeys": partitions}
                )
        case "Query":
            placeholder = _PARTITION.match(request["KeyConditionExpression"])
            assert placeholder is not None
            partition = _text(request["ExpressionAttributeValues"][placeholder[1]])
            index = f"/index/{request['IndexName']}" if "IndexName" in request else ""
            table = _table(request["TableName"]) + index
            yield Call("dynamodb:Query", table, {"dynamodb:LeadingKeys": (partition,)})
        case "Scan":
            yield Call("dynamodb:Scan", _table(request["TableName"]))
        case _:
            yield _on_item(operation, request)


def _on_item(operation: str, request: Request) -> Call:
    item = request.get("Key") or request["Item"]
    # The store abbreviates every name in an expression.
    keys = {
        "dynamodb:LeadingKeys": (_text(item["pk"]),),
        "dynamodb:Attributes": tuple(
            {*item, *request.get("ExpressionAttributeNames", {}).values()}
        ),
    }
    return Call(f"dynamodb:{operation}", _table(request["TableName"]), keys)


def _on_files(operation: str, request: Request) -> Iterator[Call]:
    bucket = f"arn:aws:s3:::{request['Bucket']}"
    if operation in _ON_BUCKETS:
        yield Call(f"s3:{_ON_BUCKETS[operation]}", bucket)
    elif operation == "DeleteObjects":
        for wanted in request["Delete"]["Objects"]:
            yield Call("s3:DeleteObject", f"{bucket}/{wanted['Key']}")
            if "VersionId" in wanted:
                yield Call("s3:DeleteObjectVersion", f"{bucket}/{wanted['Key']}")
    else:
        yield Call(f"s3:{_ON_OBJECTS.get(operation, operation)}", f"{bucket}/{request['Key']}")
        if operation == "HeadObject":
            # Without it, S3 answers 403 for an object that does not exist.
            yield Call("s3:ListBucket", bucket)


def _decrypting(service: str, operation: str, key: str) -> Iterator[Call]:
    """Yield what a service asks of the operator's own key in the name of its caller."""
    needed: Sequence[str] = ()
    if service == "dynamodb" or (service == "s3" and operation in {"GetObject", "HeadObject"}):
        needed = ("Decrypt",)
    elif service == "s3" and (operation == "PutObject" or operation in _ON_OBJECTS):
        needed = ("Decrypt", "GenerateDataKey")
    for action in needed if key else ():
        yield Call(f"kms:{action}", key, {"kms:ViaService": (f"{service}.{REGION}.amazonaws.com",)})


def _key(template: Template, alias: str) -> str:
    """Return the ARN of the key behind an alias: IAM checks calls against the key, not the alias."""
    scope = template.scope
    (key,) = (
        template.resources[each]["Properties"]["TargetKeyId"]["Ref"]
        for each in template.ids_of("AWS::KMS::Alias")
        if scope.name_of(each) == alias
    )
    return scope.arn_of(key)


def _table(name: str) -> str:
    return _arn("dynamodb", f"table/{name}")


def _arn(service: str, resource: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT_ID}:{resource}"


def _text(value: Any) -> str:
    return str(value["S"]) if isinstance(value, Mapping) else str(value)
