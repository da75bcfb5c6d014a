{% extends "_shared/common/tests/conftest.py" %}
{% block settings %}yield Settings(environment="test", database_url=url){% endblock %}
{% block user %}@pytest.fixture
def user() -> Headers:
    return {}
{% endblock %}
