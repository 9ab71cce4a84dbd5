"""Settings of the property tests: no time limit per example, so that a busy machine fails nothing."""

from hypothesis import settings

settings.register_profile("atlas", deadline=None)
settings.load_profile("atlas")
