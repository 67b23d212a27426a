"""Says how hard Hypothesis tries: `suite` by default, `nightly` by `--hypothesis-profile` or HYPOTHESIS_PROFILE."""

import os

from hypothesis import HealthCheck, settings

# No deadline: a busy machine is not a bug. Nothing is stored between runs, so that CI and a laptop see the same;
# a failure prints a blob to repeat it with.
settings.register_profile(
    "suite", deadline=None, database=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("nightly", settings.get_profile("suite"), max_examples=3000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))


def examples(in_the_suite: int) -> int:
    """How many examples a slow test tries: so many in the suite, and as many more in the nightly run."""
    return in_the_suite * settings.default.max_examples // settings.get_profile("suite").max_examples
