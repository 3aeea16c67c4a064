"""Queues: their messages are delivered to functions, and records that were given up are sent to them."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from local.clients import client
from local.runtime import EventTooLargeError, FunctionError
from local.streams.delivery import Invoke, Record
from local.streams.source import EventSource


def url_of(arn: str) -> str:
    queue = arn.rpartition(":")[2]
    return str(client("sqs").get_queue_url(QueueName=queue)["QueueUrl"])


def tell_failure(source: EventSource, records: Sequence[Record]) -> None:
    """Send the records of a stream that were given up to the source's failure queue, if it has one."""
    numbers = [record["dynamodb"]["SequenceNumber"] for record in records]
    print(f"Event source {source.source_arn}: {len(records)} record(s) given up")
    if not source.failures:
        return
    message = {
        "requestContext": {"functionArn": source.function, "condition": "RetryAttemptsExhausted"},
        "version": "1.0",
        "timestamp": datetime.now(UTC).isoformat(),
        "DDBStreamBatchInfo": {
            "startSequenceNumber": numbers[0],
            "endSequenceNumber": numbers[-1],
            "batchSize": len(records),
            "streamArn": source.source_arn,
        },
    }
    client("sqs").send_message(QueueUrl=url_of(source.failures), MessageBody=json.dumps(message))


class Queue:
    """A queue that is an event source."""

    def __init__(self, source: EventSource) -> None:
        self._source = source
        self._client, self._url = client("sqs"), url_of(source.source_arn)

    def drain(self, invoke: Invoke) -> int:
        """Deliver the queue's messages to its function; return how many were done."""
        done = 0
        while True:
            answer = self._client.receive_message(
                QueueUrl=self._url,
                MaxNumberOfMessages=min(self._source.batch, 10),
                MessageSystemAttributeNames=["All"],
            )
            messages = answer.get("Messages", [])
            if not messages:
                return done
            failed = _failed(self._source, messages, invoke)
            for message in messages:
                if message["MessageId"] not in failed:
                    handle = message["ReceiptHandle"]
                    self._client.delete_message(QueueUrl=self._url, ReceiptHandle=handle)
                    done += 1


def _failed(source: EventSource, messages: Sequence[Mapping[str, Any]], invoke: Invoke) -> set[str]:
    records = [
        {
            "messageId": message["MessageId"],
            "receiptHandle": message["ReceiptHandle"],
            "body": message["Body"],
            "attributes": message.get("Attributes", {}),
            "eventSource": "aws:sqs",
            "eventSourceARN": source.source_arn,
        }
        for message in messages
    ]
    try:
        answer = invoke(source.function, {"Records": records})
    except (FunctionError, EventTooLargeError) as error:
        print(f"Event source {source.source_arn}: {error}")
        return {message["MessageId"] for message in messages}
    failures = (answer or {}).get("batchItemFailures") or () if source.reports_failures else ()
    return {each["itemIdentifier"] for each in failures}
