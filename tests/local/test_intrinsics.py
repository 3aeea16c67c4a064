"""Intrinsic functions resolve to what CloudFormation would put there."""

import pytest

from local.intrinsics import Scope, UnknownIntrinsicError

SCOPE = Scope(
    stack="s",
    parameters={"Empty": "", "Full": "x", "Number": 5},
    conditions={
        "IsFull": {"Fn::Not": [{"Fn::Equals": [{"Ref": "Full"}, ""]}]},
        "IsFive": {"Fn::Equals": [{"Ref": "Number"}, "5"]},
        "Both": {"Fn::And": [{"Condition": "IsFull"}, {"Condition": "IsFive"}]},
        "Neither": {"Fn::Not": [{"Fn::Or": [{"Condition": "IsFull"}, {"Condition": "IsFive"}]}]},
    },
    resources={
        "Table": {"Type": "AWS::DynamoDB::Table"},
        "Named": {"Type": "AWS::DynamoDB::Table", "Properties": {"TableName": {"Ref": "Full"}}},
        "Bucket": {"Type": "AWS::S3::Bucket"},
        "Layer": {"Type": "AWS::Lambda::LayerVersion"},
        "Function": {"Type": "AWS::Lambda::Function"},
        "Alias": {
            "Type": "AWS::Lambda::Alias",
            "Properties": {"FunctionName": {"Ref": "Function"}, "Name": "live"},
        },
    },
)


@pytest.mark.parametrize(
    ("node", "value"),
    [
        pytest.param("plain", "plain", id="plain"),
        pytest.param({"Ref": "Number"}, 5, id="parameter"),
        pytest.param({"Ref": "Table"}, "s-Table", id="generated name"),
        pytest.param({"Ref": "Named"}, "x", id="given name"),
        pytest.param({"Ref": "Bucket"}, "s-bucket", id="a bucket is lower case"),
        pytest.param({"Ref": "Layer"}, "arn:aws:lambda:us-east-1:123456789012:layer:s-Layer:1", id="layer"),
        pytest.param({"Ref": "Alias"}, "arn:aws:lambda:us-east-1:123456789012:function:s-Function:live", id="alias"),
        pytest.param({"Ref": "AWS::Region"}, "us-east-1", id="pseudo parameter"),
        pytest.param({"Fn::GetAtt": ["Table", "Arn"]}, "arn:aws:dynamodb:us-east-1:123456789012:table/s-Table", id="arn"),
        pytest.param({"Fn::GetAtt": "Bucket.Arn"}, "arn:aws:s3:::s-bucket", id="dotted"),
        pytest.param({"Fn::Sub": "${Full}-${AWS::StackName}-${Table.Arn}-${!Full}"}, "x-s-arn:aws:dynamodb:us-east-1:123456789012:table/s-Table-${Full}", id="sub"),
        pytest.param({"Fn::Sub": ["${A}${Full}", {"A": {"Ref": "Number"}}]}, "5x", id="sub with variables"),
        pytest.param({"Fn::Join": ["-", ["a", {"Ref": "Number"}]]}, "a-5", id="join"),
        pytest.param({"Fn::If": ["Both", {"Ref": "Full"}, "no"]}, "x", id="if"),
        pytest.param({"Fn::If": ["Neither", "yes", "no"]}, "no", id="if not"),
        pytest.param({"a": {"Ref": "AWS::NoValue"}, "b": [1, {"Ref": "AWS::NoValue"}]}, {"b": [1]}, id="no value"),
    ],
)  # fmt: skip
def test_an_intrinsic_function_resolves_to_its_value(node, value):
    assert SCOPE.value_of(node) == value


@pytest.mark.parametrize(
    "node",
    [
        pytest.param({"Ref": "Nothing"}, id="unknown name"),
        pytest.param({"Fn::GetAtt": ["Nothing", "Arn"]}, id="unknown resource"),
        pytest.param({"Fn::If": ["Nothing", 1, 2]}, id="unknown condition"),
        pytest.param({"Fn::Cidr": ["10.0.0.0/8", 1]}, id="unknown function"),
    ],
)
def test_an_unknown_name_or_function_is_an_error(node):
    with pytest.raises(UnknownIntrinsicError):
        SCOPE.value_of(node)
