"""The operator's command line, `python -m local.cli`, with the AWS credentials of whoever runs it."""
