{% extends "_shared/common/tests/conftest.py" %}
{% block password %}PASSWORD = "correct horse battery"
{% endblock %}
{% block sign_up %}SignUp = Callable[..., Headers]
{% endblock %}
{% block settings %}yield Settings(
            environment="test",
            database_url=url,
            secret_key="a secret for tests: 64 bytes, so that it would do for HS512 as well",
            argon2_time_cost=1,
            argon2_memory_kib=32,
            argon2_parallelism=1,
            login_rate="1000/minute",
        ){% endblock %}
{% block user %}@pytest.fixture
def sign_up(client: Client) -> SignUp:
    """Register a user and log in: gives the headers of a request of theirs."""

    def go(email: str, client: Client = client) -> Headers:
        data = {"email": email, "password": PASSWORD, "name": "Ann"}
        client.post("/api/v1/auth/register", json=data).raise_for_status()
        form = {"username": email, "password": PASSWORD}
        tokens = client.post("/api/v1/auth/login", data=form).raise_for_status().json()
        return {"Authorization": f"Bearer {tokens['access_token']}"}

    return go


@pytest.fixture
def user(sign_up: SignUp) -> Headers:
    return sign_up("user@example.com")
{% endblock %}
