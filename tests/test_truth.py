"""Three truth values: not knowing can never be taken for "no", nor for "yes"."""

import pytest

from leakresp.law.truth import BY_WORD, NO, UNKNOWN, YES

each_truth = pytest.mark.parametrize("truth", [YES, NO, UNKNOWN], ids=str)


@each_truth
def test_a_truth_value_has_no_bool(truth):
    with pytest.raises(TypeError, match=truth.word):
        bool(truth)


@each_truth
def test_the_shortcuts_that_hide_a_bool_raise_too(truth):
    with pytest.raises(TypeError):
        _ = not truth
    with pytest.raises(TypeError):
        _ = truth and YES
    with pytest.raises(TypeError):
        any([truth])
    with pytest.raises(TypeError):
        _ = "report" if truth else "no report"


def test_the_three_values_are_three():
    assert len({YES, NO, UNKNOWN}) == 3
    assert YES is not NO
    assert UNKNOWN is not NO


def test_files_and_json_write_the_three_words():
    assert {word: str(truth) for word, truth in BY_WORD.items()} == {"yes": "yes", "no": "no", "unknown": "unknown"}
    assert BY_WORD["unknown"] is UNKNOWN


@each_truth
def test_a_truth_value_cannot_be_bent(truth):
    with pytest.raises(AttributeError):
        truth.weight = 1
    assert repr(truth) == truth.word.upper()
