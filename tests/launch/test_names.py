"""Forms of names: short, exact, qualified; who shadows whom, and what still works."""

from __future__ import annotations

import pytest
from receiving import install, scope_of, write

from hocket.errors import UsageError
from hocket.launch import locate


def meant(place, text):
    return locate.find(place.open(), text).script


def forms(place):
    """Give the forms of all that was written here; the tour stands for what comes with hocket."""
    names = locate.named(place.open())
    return [names.form(one) for one in names.found if one.scope != "bundled" or one.name == "tour"]


def test_every_form_means_the_same_command(place):
    install(scope_of(place.root), "deep", "acme")
    for text in ("/deep", "deep", "/deep:deep", "deep:deep", "/acme/deep:deep"):
        assert meant(place, text).bundle == "deep"
    assert meant(place, "/core/tour:tour").bundle == "tour"


def test_what_is_shadowed_keeps_an_exact_name(place):
    project, user = scope_of(place.root), scope_of()
    install(project, "one", "acme", "go")
    install(user, "two", "acme", "go")
    assert forms(place) == ["/go", "/two:go", "/tour"]
    assert meant(place, "/go").bundle == "one"
    assert meant(place, "/two:go").bundle == "two"


def test_two_registries_with_one_bundle_name_need_the_registry(place):
    project, user = scope_of(place.root), scope_of()
    install(project, "deep", "acme", says="of acme")
    install(user, "deep", "other", says="of other")
    assert forms(place) == ["/deep", "/other/deep:deep", "/tour"]
    assert "of acme" in meant(place, "/deep").source
    assert "of acme" in meant(place, "/acme/deep:deep").source
    assert "of other" in meant(place, "/other/deep:deep").source
    with pytest.raises(UsageError) as caught:
        meant(place, "/deep:deep")
    assert caught.value.message == (
        "workflow '/deep:deep': two registries have a bundle of this name here; "
        "expected one of /acme/deep:deep, /other/deep:deep."
    )


def test_the_same_bundle_in_both_scopes_is_no_question(place):
    project, user = scope_of(place.root), scope_of()
    install(project, "deep", "acme", says="of the project")
    install(user, "deep", "acme", says="of the user")
    assert "of the project" in meant(place, "/deep:deep").source
    assert forms(place) == ["/deep", "", "/tour"]


def test_a_bundle_by_hand_is_reached_before_one_of_a_registry(place):
    write(place.root / ".hocket/workflows", "tour", says="by hand")
    assert "by hand" in meant(place, "/tour").source
    assert "by hand" in meant(place, "/tour:tour").source
    assert forms(place) == ["/tour", "/core/tour:tour"]
    assert "by hand" not in meant(place, "/core/tour:tour").source


def test_a_file_that_is_shadowed_has_its_path_alone(place):
    place.save(name=".hocket/workflows/go.py")
    place.save(name=".claude/workflows/go.py", body="return 2")
    assert forms(place) == ["/go", "", "/tour"]


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("/acme-prot", ["acme-port", "acme-part", "acme-deep"]),
        ("/acme:prot", ["acme:acme-port", "acme:acme-part", "acme:acme-deep"]),
        ("/nobody/acme:acme-port", ["acme:acme-port", "acme:acme-part", "acme:acme-deep"]),
        ("/acme-tour", ["acme-port", "acme-part", "tour"]),
    ],
)
def test_the_three_nearest_names_are_told(typed, near, place):
    write(place.root / ".hocket/workflows", "acme", "acme-port", "acme-part", "acme-deep")
    with pytest.raises(UsageError) as caught:
        meant(place, typed)
    assert caught.value.exit_code == 2
    told = caught.value.expected.removeprefix("a script file or one of ").split(", ")
    assert (told[0], sorted(told)) == (near[0], sorted(near))
    assert caught.value.hint.startswith(f"Did you mean {near[0]}?")
