"""Says how hard Hypothesis tries: `suite` by default, `nightly` by `--hypothesis-profile=nightly`."""

from hypothesis import HealthCheck, settings

# No deadline: a busy machine is not a bug. Nothing is stored between runs, so that CI and a laptop see the same.
settings.register_profile("suite", deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("nightly", settings.get_profile("suite"), max_examples=3000)
settings.load_profile("suite")
