"""The command line: python -m local.fsck --table NAME [--endpoint-url URL]."""

import argparse
import sys

import boto3

from local.fsck.check import open_work, violations


def main(arguments: list[str]) -> int:
    """Check a table; say what is wrong, and return how a process should end."""
    parser = argparse.ArgumentParser(prog="python -m local.fsck", description=__doc__)
    parser.add_argument("--table", required=True, help="the table's name")
    parser.add_argument("--endpoint-url", help="where DynamoDB is, if not at AWS")
    options = parser.parse_args(arguments)
    client = boto3.client("dynamodb", endpoint_url=options.endpoint_url)
    pages = client.get_paginator("scan").paginate(TableName=options.table, ConsistentRead=True)
    items = [item for page in pages for item in page["Items"]]
    wrong = violations(items)
    for line in wrong:
        print(line)
    print(f"{len(items)} items, {len(open_work(items))} open jobs, {len(wrong)} violations")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
