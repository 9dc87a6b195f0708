"""How many examples a property test tries: the same few in every run, so that a change fails for what it did; more in `fuzz`."""

from typing import Any

from hypothesis import settings

FUZZ_FACTOR = 50

settings.register_profile("everyday", derandomize=True, deadline=None)
settings.register_profile("fuzz", deadline=None, print_blob=True)


def examples(everyday: int, **more: Any) -> settings:
    """The settings of one property test."""
    factor = FUZZ_FACTOR if settings.get_current_profile_name() == "fuzz" else 1
    return settings(max_examples=everyday * factor, **more)
