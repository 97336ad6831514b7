import pytest

# what they find wrong is told in full
pytest.register_assert_rewrite("tests.deployment.finding")
