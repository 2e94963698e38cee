"""Photos of an issue."""

from typing import Any

from services.issues import domain, imaging, repository, schemas
from services.issues.service import looking, rights
from shared.concurrency import aside
from shared.entrypoints import command, query
from shared.transaction import Transaction

FULL, THUMBNAIL = domain.Size.FULL, domain.Size.THUMBNAIL
PUBLIC, ORIGINAL = domain.Version.PUBLIC, domain.Version.ORIGINAL


class Photos:
    """Photos of an issue."""

    @command(schemas.AttachPhoto, key="issue_id", largest=schemas.LARGEST_UPLOAD)
    def attach_photo(self, tx: Transaction, request: schemas.AttachPhoto) -> dict[str, Any]:
        """Add a photo; only its pixels are kept. The same one again answers with what it is already."""
        issue = repository.issues.get(tx, request.issue_id)
        by = domain.acting_person(tx.actor, request.by)
        side = domain.side_of(issue, tx.actor, by, tx.now)
        if side is domain.Side.HANDLER and by not in issue.workers:
            rights.check_branch(tx, issue)
        album = repository.album_of(tx, issue.issue_id)
        request.check(album)
        photo = album.find(domain.photo_id(issue.issue_id, request.content))
        return _shown(tx, issue, photo or _attached(tx, album, request, side=side, by=by))

    @command(schemas.RedactPhoto, key="issue_id")
    def redact_photo(self, tx: Transaction, request: schemas.RedactPhoto) -> dict[str, Any]:
        """Black out parts of a photo for everybody but those who work on the issue while they do."""
        issue = rights.issue_for(tx, "redact_photo", request.issue_id)
        album = repository.album_of(tx, issue.issue_id)
        request.check(album)
        by = domain.acting_person(tx.actor, request.by)
        album = domain.redact_photo(issue, album, request.photo_id, request.areas, by=by, now=tx.now)
        _blacken(tx, album, request)
        repository.albums.save(tx, album)
        return _shown(tx, issue, album.get(request.photo_id))

    @query(schemas.GetPhoto)
    def get_photo(self, tx: Transaction, request: schemas.GetPhoto) -> dict[str, Any]:
        """Look at a photo as JPEG in base64, `full` or as `thumbnail`; shown to whom the issue is shown whole."""
        issue = repository.issues.get(tx, request.issue_id)
        allowed = request.version is PUBLIC or domain.may_see_original(issue, tx.actor, request.viewer)
        looking.whole(tx, issue, request.viewer, allowed=allowed)
        photo = repository.album_of(tx, issue.issue_id).get(request.photo_id)
        picture = repository.picture(tx, photo.photo_id, request.version, request.size)
        return schemas.photo_view(photo, picture.jpeg)

    @query(schemas.ListPhotos)
    def list_photos(self, tx: Transaction, request: schemas.ListPhotos) -> dict[str, Any]:
        """List the photos of an issue in the order they came; at most 18, so there are no pages."""
        issue = repository.issues.get(tx, request.issue_id)
        looking.whole(tx, issue, request.viewer)
        return {"items": [schemas.photo_view(photo) for photo in repository.album_of(tx, issue.issue_id).photos]}


def _shown(tx: Transaction, issue: domain.Issue, photo: domain.Photo) -> dict[str, Any]:
    """Show a photo as a command answers it: its number only to whom the issue is not shown whole."""
    whole = looking.look(tx, issue, None) is domain.View.WHOLE
    return schemas.photo_view(photo) if whole else {"photo_id": photo.photo_id}


def _attached(
    tx: Transaction, album: domain.Album, request: schemas.AttachPhoto, *, side: domain.Side, by: str
) -> domain.Photo:
    """Develop a photo and put it into the album."""
    domain.check_room(album, side)
    content = request.content
    pictures = aside(imaging.develop, content)
    photo = domain.Photo(
        photo_id=domain.photo_id(album.issue_id, content),
        kind=request.kind,
        side=side,
        by=by,
        at=tx.now,
        width=pictures.width,
        height=pictures.height,
        caption=request.caption,
    )
    repository.albums.save(tx, domain.attach_photo(album, photo))
    repository.save_pictures(tx, album.issue_id, photo.photo_id, PUBLIC, _sizes(pictures))
    return photo


def _blacken(tx: Transaction, album: domain.Album, request: schemas.RedactPhoto) -> None:
    """Put blackened pixels into the place of the public ones; what was there first is kept beside them, once."""
    photo_id = request.photo_id
    now = {size: repository.picture(tx, photo_id, PUBLIC, size).jpeg for size in (FULL, THUMBNAIL)}
    if len(album.get(photo_id).redactions) == 1:
        repository.save_pictures(tx, album.issue_id, photo_id, ORIGINAL, now)
    pictures = aside(imaging.redact, now[FULL], request.areas)
    repository.save_pictures(tx, album.issue_id, photo_id, PUBLIC, _sizes(pictures))


def _sizes(pictures: imaging.Pictures) -> dict[domain.Size, bytes]:
    return {FULL: pictures.full, THUMBNAIL: pictures.thumbnail}
