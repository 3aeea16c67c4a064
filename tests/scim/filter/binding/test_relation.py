"""What a filter asks the store about relations."""

from scim.filter.binding.bound_tree import RelationHolds, questions, with_answers
from tests.scim.filter.things import bound_text, line

_TEXT = (
    '(members.value eq "u" or not (members.value eq "v")) and displayName pr and members pr '
    'and members[value eq "u"]'
)
_U, _V = RelationHolds("members", "u"), RelationHolds("members", "v")


def test_equal_questions_are_asked_once() -> None:
    assert questions(bound_text("Group", _TEXT).tree) == {_U, _V}
    assert questions(bound_text("User", 'groups.value eq "g"').tree) == frozenset()


def test_answers_take_the_place_of_their_questions() -> None:
    answers = {_U: frozenset({"b", "a"}), _V: frozenset[str]()}
    assert line(with_answers(bound_text("Group", _TEXT).tree, answers)) == (
        "((id in ['a', 'b'] | !id in []) & displayName pr & members -> any & id in ['a', 'b'])"
    )


def test_a_question_without_an_answer_stays() -> None:
    tree = bound_text("Group", 'members.value eq "u"').tree
    assert with_answers(tree, {_V: frozenset({"a"})}) == tree
