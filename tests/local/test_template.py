"""The template is read as SAM translates it."""

import pytest

from local import template as templates


def test_resources_whose_condition_does_not_hold_are_not_there(template_path):
    template = templates.read(template_path)
    assert "EchoFunction" in template.ids_of("AWS::Lambda::Function")
    assert "NeverFunction" not in template.resources


def test_a_functions_folder_is_found_beside_the_template(template_path):
    template = templates.read(template_path)
    code = template.properties_of("EchoFunction")["Code"]
    assert template.folder_of(code) == template_path.parent / "functions" / "echo"


def test_parameters_are_the_defaults_unless_given(template_path):
    def greeting(**parameters):
        template = templates.read(template_path, parameters=parameters)
        return template.properties_of("EchoFunction")["Environment"]["Variables"]["GREETING"]

    assert greeting() == "hello"
    assert greeting(Greeting="hi") == "hi"


def test_a_parameter_that_is_not_declared_is_an_error(template_path):
    with pytest.raises(ValueError, match="has no parameter Nothing"):
        templates.read(template_path, parameters={"Nothing": "x"})
