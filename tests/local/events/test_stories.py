"""A story tells a right answer from a wrong one."""

from typing import Any

import pytest

from local.events.built import building, cache_of, variables_of
from local.events.stories import STORIES, Story

SCIM = Story("UsersFunction", 200, is_scim=True)


@pytest.mark.parametrize(
    ("story", "answer", "wrong"),
    [
        (SCIM, {"statusCode": 200, "body": '{"schemas": []}'}, ""),
        (SCIM, {"statusCode": 404, "body": "gone"}, "status 404, expected 200: gone"),
        (SCIM, {"statusCode": 200, "body": "{}"}, "the body is no SCIM message"),
        (SCIM, {"errorMessage": "oops"}, "oops, expected no error"),
        (Story("A", raises="Unauthorized"), {"errorMessage": "Unauthorized"}, ""),
        (Story("A", raises="Unauthorized"), {"principalId": "x"}, "None, expected Unauthorized"),
        (Story("A"), None, ""),
    ],
)
def test_an_answer_is_held_against_its_story(story: Story, answer: Any, wrong: str) -> None:
    assert story.wrong_with(answer) == wrong


def test_every_story_of_http_has_a_status() -> None:
    assert all(each.status for each in STORIES.values() if each.is_scim)


def test_each_processor_architecture_has_its_own_build() -> None:
    assert cache_of("arm64") != cache_of("x86_64")
    assert variables_of("x86_64")["LAYER_ARCHITECTURE"] == "x86_64"
    assert "Architecture=x86_64" in building("x86_64")
