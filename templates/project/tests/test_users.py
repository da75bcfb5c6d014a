from .conftest import Client, Headers, SignUp, assert_problem

ITEMS = "/api/v1/items"


def test_get_me(client: Client, user: Headers) -> None:
    response = client.get("/api/v1/users/me", headers=user)
    assert response.status_code == 200
    assert set(response.json()) == {"id", "email", "name", "created_at"}


def test_get_me_needs_a_token(client: Client) -> None:
    response = client.get("/api/v1/users/me")
    assert_problem(response, 401)
    assert response.headers["www-authenticate"] == 'Bearer realm="api"'


def test_items_need_a_token(client: Client) -> None:
    assert_problem(client.get(ITEMS), 401)
    assert_problem(client.post(ITEMS, json={"title": "x"}), 401)


def test_items_of_others_do_not_exist(client: Client, user: Headers, sign_up: SignUp) -> None:
    item = client.post(ITEMS, json={"title": "mine"}, headers=user).headers["location"]
    stranger = sign_up("stranger@example.com")
    assert_problem(client.get(item, headers=stranger), 404)
    assert_problem(client.patch(item, json={"title": "yours"}, headers=stranger), 404)
    assert_problem(client.delete(item, headers=stranger), 404)
    page = client.get(ITEMS, headers=stranger).json()
    assert (page["items"], page["total"]) == ([], 0)
    assert client.get(item, headers=user).json()["title"] == "mine"
