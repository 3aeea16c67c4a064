"""The template is read as SAM translates it."""

import pytest

from local import template as templates


def test_resources_whose_condition_is_false_are_left_out(template_path):
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


@pytest.fixture(name="kept")
def _kept(tmp_path, monkeypatch):
    folder = tmp_path / "kept"
    monkeypatch.setattr(templates, "_KEPT", folder)
    templates._translated.cache_clear()
    yield folder
    templates._translated.cache_clear()


def test_a_translation_is_kept_for_the_next_process(template_path, kept, monkeypatch):
    made = templates.read(template_path)
    assert len(list(kept.glob("*.json"))) == 1
    templates._translated.cache_clear()
    monkeypatch.setattr(templates, "import_module", None)  # nothing is translated again
    assert templates.read(template_path).resources == made.resources


def test_each_template_and_set_of_parameters_has_its_own_translation(template_path, kept, tmp_path):
    copied = tmp_path / "template.yaml"
    text = template_path.read_text("utf-8")
    copied.write_text(text, "utf-8")
    templates.read(copied)
    templates.read(copied, parameters={"Greeting": "hi"})
    copied.write_text(text.replace("hello", "good day"), "utf-8")
    greeting = templates.read(copied).properties_of("EchoFunction")["Environment"]
    assert greeting["Variables"]["GREETING"] == "good day"
    assert len(list(kept.glob("*.json"))) == 3


def test_an_invalid_cache_file_is_replaced(template_path, kept):
    made = templates.read(template_path)
    (file,) = kept.glob("*.json")
    file.write_text("{", "utf-8")
    templates._translated.cache_clear()
    assert templates.read(template_path).resources == made.resources
    assert file.read_text("utf-8") != "{"


def test_without_a_writable_cache_the_template_is_translated_each_time(template_path, kept):
    kept.write_text("a file, not a folder", "utf-8")
    assert "EchoFunction" in templates.read(template_path).resources


def test_the_oldest_translations_go(template_path, kept, monkeypatch):
    monkeypatch.setattr(templates, "_MOST_KEPT", 2)
    for greeting in ("a", "b", "c"):
        templates.read(template_path, parameters={"Greeting": greeting})
    assert len(list(kept.glob("*.json"))) == 2
