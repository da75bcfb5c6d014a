"""What the API does. No web framework in here; a function is one unit of work, and commits it."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, and_, delete, func, not_, select, text, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from .db import Sessions, is_behind, takes_changes
from .models import Item, TokenFamily, User, utcnow
from .problems import ApiError
from .schemas import (
    ItemCreate,
    ItemOut,
    ItemPage,
    ItemUpdate,
    PageQuery,
    TokenOut,
    UserCreate,
    UserOut,
)
from .security import Security, Unauthorized, family_of, make_refresh_token, token_hash

REFRESH_GRACE = timedelta(seconds=10)  # two tabs may spend a token, or one whose answer got lost


def check_ready(sessions: Sessions) -> None:
    try:
        with sessions() as db:
            applied = set(db.scalars(text("SELECT version_num FROM alembic_version")))
            writable = takes_changes(db)
    except SQLAlchemyError:
        raise ApiError(503, "The database does not answer, or is empty.") from None
    if not writable:
        raise ApiError(503, "The database takes no changes.")
    if is_behind(applied):
        raise ApiError(503, "The database's migrations are older than this release.")


def register(sessions: Sessions, security: Security, data: UserCreate) -> UserOut:
    password_hash = security.hash_password(data.password)
    user = User(email=data.email, name=data.name, password_hash=password_hash)
    with sessions.begin() as db:
        db.add(user)
    return UserOut.model_validate(user)


def login(sessions: Sessions, security: Security, email: str, password: str) -> TokenOut:
    with sessions() as db:
        user = db.scalar(select(User).where(User.email == email))
    # no connection is held while the password is hashed
    right, new_hash = security.verify_password(password, user.password_hash if user else None)
    if user is None or not right:
        raise Unauthorized("The email address or the password is wrong.")
    family = TokenFamily(id=uuid4(), user_id=user.id, expires_at=_end(security))
    token = make_refresh_token(family.id)
    family.token_hash = token_hash(token)
    with sessions.begin() as db:
        if new_hash:
            db.execute(update(User).where(User.id == user.id).values(password_hash=new_hash))
        ended = not_(_lives(security))
        db.execute(delete(TokenFamily).where(TokenFamily.user_id == user.id, ended))
        db.add(family)
    return _tokens(security, user.id, token)


def refresh(sessions: Sessions, security: Security, old: str) -> TokenOut:
    new = security.successor(old)
    now = utcnow()
    family = and_(TokenFamily.id == family_of(old), _lives(security))
    with sessions.begin() as db:
        # one statement decides: of two requests with the same token only one spends it
        user_id = db.scalar(
            update(TokenFamily)
            .where(family, TokenFamily.token_hash == token_hash(old))
            .values(token_hash=token_hash(new), rotated_at=now, expires_at=_end(security))
            .returning(TokenFamily.user_id)
        )
        if user_id is None:  # spent a moment ago, as by another tab: give the same answer
            moment_ago = TokenFamily.rotated_at > now - REFRESH_GRACE
            same = select(TokenFamily.user_id).where(family, moment_ago)
            user_id = db.scalar(same.where(TokenFamily.token_hash == token_hash(new)))
        if user_id is None:  # spent before that, so stolen or replayed: the whole family ends
            db.execute(delete(TokenFamily).where(TokenFamily.id == family_of(old)))
    if user_id is None:
        raise Unauthorized("The refresh token is not valid.", "invalid_token")
    return _tokens(security, user_id, new)


def logout(sessions: Sessions, refresh_token: str) -> None:
    with sessions.begin() as db:
        db.execute(delete(TokenFamily).where(TokenFamily.id == family_of(refresh_token)))


def get_user(sessions: Sessions, user_id: UUID) -> UserOut:
    with sessions() as db:
        return UserOut.model_validate(_caller(db, user_id))


def list_items(sessions: Sessions, user_id: UUID, page: PageQuery) -> ItemPage:
    with sessions() as db:
        mine = Item.owner_id == _caller(db, user_id).id
        total = db.scalar(select(func.count()).select_from(Item).where(mine)) or 0
        newest = select(Item).where(mine).order_by(Item.created_at.desc(), Item.id.desc())
        items = db.scalars(newest.limit(page.limit).offset(page.offset))
        found = [ItemOut.model_validate(item) for item in items]
    return ItemPage(items=found, total=total, limit=page.limit, offset=page.offset)


def create_item(sessions: Sessions, user_id: UUID, data: ItemCreate) -> ItemOut:
    with sessions.begin() as db:
        item = Item(owner_id=_caller(db, user_id).id, **data.model_dump())
        db.add(item)
    return ItemOut.model_validate(item)


def get_item(sessions: Sessions, user_id: UUID, item_id: UUID) -> ItemOut:
    with sessions() as db:
        return _found(db.scalar(select(Item).where(_mine(db, user_id, item_id))))


def update_item(sessions: Sessions, user_id: UUID, item_id: UUID, data: ItemUpdate) -> ItemOut:
    with sessions.begin() as db:
        # one statement finds and changes it: nobody can delete it in between
        change = update(Item).where(_mine(db, user_id, item_id))
        changed = change.values(data.model_dump(exclude_unset=True)).returning(Item)
        return _found(db.scalar(changed))


def delete_item(sessions: Sessions, user_id: UUID, item_id: UUID) -> None:
    with sessions.begin() as db:
        _found(db.scalar(delete(Item).where(_mine(db, user_id, item_id)).returning(Item)))


def _caller(db: Session, user_id: UUID) -> User:
    """Look the caller up each time: the token of a deleted user ends at once."""
    if user := db.get(User, user_id):
        return user
    raise Unauthorized("The access token is not valid.", "invalid_token")


def _mine(db: Session, user_id: UUID, item_id: UUID) -> ColumnElement[bool]:
    return and_(Item.id == item_id, Item.owner_id == _caller(db, user_id).id)


def _found(item: Item | None) -> ItemOut:
    if item:
        return ItemOut.model_validate(item)
    raise ApiError(404, "There is no such item.")  # nobody learns that another's item exists


def _lives(security: Security) -> ColumnElement[bool]:
    """However often it is refreshed, a login has an end."""
    begin = utcnow() - timedelta(seconds=security.settings.login_seconds)
    return and_(TokenFamily.expires_at > utcnow(), TokenFamily.created_at > begin)


def _end(security: Security) -> datetime:
    return utcnow() + timedelta(seconds=security.settings.refresh_token_seconds)


def _tokens(security: Security, user_id: UUID, refresh_token: str) -> TokenOut:
    return TokenOut(
        access_token=security.make_access_token(user_id),
        refresh_token=refresh_token,
        expires_in=security.settings.access_token_seconds,
    )
