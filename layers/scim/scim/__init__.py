"""SCIM 2.0 on AWS Lambda and DynamoDB."""
