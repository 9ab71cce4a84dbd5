"""What holds for all tests."""

from hypothesis import settings

# No test measures time: a machine that is busy must not fail one.
settings.register_profile("atlas", deadline=None)
settings.load_profile("atlas")
