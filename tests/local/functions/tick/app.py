"""Counts its scheduled invocations in the table."""

import os

import boto3

table = boto3.client("dynamodb")


def handler(event, context):
    table.update_item(
        TableName=os.environ["TABLE_NAME"],
        Key={"pk": {"S": "ticks"}, "sk": {"S": event["source"]}},
        UpdateExpression="ADD n :one",
        ExpressionAttributeValues={":one": {"N": "1"}},
    )
