"""What every test stands on: the shipped rules, read once, and a place of its own for whatever is written.

No test sees the cache, the cases, the language or the rules of the person who runs it.
"""

import os

import pytest
from hypothesis import settings

from leakresp.response.assessment import Assessor
from leakresp.response.interview import Interview
from leakresp.shell import library as shipped

# A slow machine is no fault of the law; and a check that guards a change must not depend on luck.
# Whoever wants to look further than that sets LEAKRESP_EXPLORE.
settings.register_profile("guard", deadline=None, derandomize=True, print_blob=True)
settings.register_profile("explore", deadline=None, print_blob=True)
settings.load_profile("explore" if os.environ.get("LEAKRESP_EXPLORE") else "guard")


@pytest.fixture(scope="session", autouse=True)
def _own_place(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LEAKRESP_CACHE", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("LEAKRESP_DIR", str(tmp_path_factory.mktemp("cases")))
        patch.setenv("LEAKRESP_PROFILES", str(tmp_path_factory.mktemp("profiles")))
        for name in ("LEAKRESP_LANG", "LEAKRESP_RULES", "LEAKRESP_BY", "LEAKRESP_PROFILE", "NO_COLOR"):
            patch.delenv(name, raising=False)
        yield


class Law:
    """Everything shipped, under one short name: hypothesis prints what a failing test was given."""

    def __init__(self, library):
        self.library = library
        self.rulebook = library.rulebook
        self.facts = library.rulebook.facts
        self.assessor = Assessor(library.rulebook, library.papers)
        self.interview = Interview(self.assessor)

    def __repr__(self):
        return "the law as shipped"


@pytest.fixture(scope="session")
def law(library):
    """Everything shipped, for tests that take made-up incidents."""
    return Law(library)


@pytest.fixture(scope="session")
def library(_own_place):
    """The shipped rules, words and papers."""
    return shipped.load()


@pytest.fixture(scope="session")
def rulebook(library):
    """The shipped rules."""
    return library.rulebook


@pytest.fixture(scope="session")
def facts(rulebook):
    """The vocabulary."""
    return rulebook.facts


@pytest.fixture(scope="session")
def assessor(law):
    """An assessor of the shipped rules and papers."""
    return law.assessor


@pytest.fixture(scope="session")
def interview(law):
    """The shipped interview."""
    return law.interview
