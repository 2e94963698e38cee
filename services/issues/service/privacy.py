"""Who sees what, who answers for whom, who looked, and what is kept of a person."""

from typing import Any

from services.issues import domain, repository, schemas
from services.issues.service import rights
from services.issues.service.keeping import keep
from services.issues.service.replying import answered
from shared import inbox, outbox
from shared.cloudevents import new_id
from shared.entrypoints import command, query
from shared.transaction import Transaction

UNDER_WAY = (domain.DeliberationState.PROPOSED, domain.DeliberationState.OPEN)


class Privacy:
    """Who sees what, who answers for whom, who looked, and what is kept of a person."""

    @command(schemas.SetVisibility, key="issue_id")
    def set_visibility(self, tx: Transaction, request: schemas.SetVisibility) -> dict[str, Any]:
        """Decide who may see an issue: `public`, `masked`, `private` or `hidden`."""
        issue = rights.issue_for(tx, "set_visibility", request.issue_id)
        request.check(issue)
        by = domain.acting_person(tx.actor, request.by)
        issue, facts = domain.set_visibility(issue, request.visibility, reason=request.reason, by=by, now=tx.now)
        return answered(tx, issue, *facts)

    @command(schemas.SetProxy, key="issue_id")
    def set_proxy(self, tx: Transaction, request: schemas.SetProxy) -> dict[str, Any]:
        """Put somebody on record who may answer questions and confirm for the reporter."""
        issue = repository.issues.get(tx, request.issue_id)
        request.check(issue)
        by = domain.acting_person(tx.actor, request.by)
        changed = domain.set_proxy(issue, request.appointment, actor=tx.actor, by=by, now=tx.now)
        if by != issue.reporter_ref:
            rights.check_branch(tx, issue)
        return schemas.proxy_view(keep(tx, changed), request.person)

    @command(schemas.EndProxy, key="issue_id")
    def end_proxy(self, tx: Transaction, request: schemas.EndProxy) -> dict[str, Any]:
        """Take a proxy off; the record of who was one stays."""
        issue = repository.issues.get(tx, request.issue_id)
        request.check(issue)
        by = domain.acting_person(tx.actor, request.by)
        changed = domain.end_proxy(issue, request.person, actor=tx.actor, by=by, now=tx.now)
        if by not in (issue.reporter_ref, request.person):
            rights.check_branch(tx, issue)
        return schemas.proxy_view(keep(tx, changed), request.person)

    @query(schemas.AccessLog)
    def access_log(self, tx: Transaction, request: schemas.AccessLog) -> dict[str, Any]:
        """List who looked at an issue that is not everybody's business, for its reporter."""
        issue = repository.issues.get(tx, request.issue_id)
        domain.check_may_read_log(issue, tx.actor, tx.actor.id)
        found = repository.looks_at(tx, issue.issue_id, after=request.after, limit=request.limit + 1)
        page = found[: request.limit]
        items = [schemas.look_view(one) for one in page]
        return {"items": items, "next": page[-1].look_id if len(found) > len(page) else None}

    @query(schemas.MyData)
    def my_data(self, tx: Transaction, request: schemas.MyData) -> dict[str, Any]:
        """Tell a person everything that is held about them, part by part; the answer is the export."""
        person = domain.acting_person(tx.actor, request.person)
        found = repository.held_about(tx, person, after=request.after, limit=request.limit + 1)
        page = found[: request.limit]
        items = [{"part": one.part, "id": one.id, "data": _told(tx, one.part, one.entity, person)} for one in page]
        return {"person": person, "items": items, "next": page[-1].position if len(found) > len(page) else None}

    @command(schemas.ErasePerson, key="person")
    def erase_person(self, tx: Transaction, request: schemas.ErasePerson) -> dict[str, Any]:
        """Cut what is personal of a person, and say what is kept for now and why; again, it cuts what is left."""
        person = domain.acting_person(tx.actor, request.person)
        cut, kept = _erase_issues(tx, person)
        kept += _erase_votes(tx, person)
        kept += _erase_mediations(tx, person)
        _erase_mentions(tx, person, [one.id for one in kept])
        if cut:
            erasure, fact = domain.erase_person(new_id(), request.reason, cut, kept, tx.now)
            repository.erasures.save(tx, erasure)
            outbox.append(tx, fact, anonymous=True)
        return {"erased": cut, "kept": [schemas.view(one) for one in kept]}


def forget(tx: Transaction, issue: domain.Issue) -> None:
    """Cut what hangs on an issue of which everything personal was cut, and what was said about it."""
    visits = repository.visits_that_found(tx, issue.issue_id)
    photos = repository.album_of(tx, issue.issue_id).photos
    answered_about = [issue.issue_id, *issue.deliberation_ids, *issue.mediation_ids]
    answered_about += [*(one.visit_id for one in visits), *(one.photo_id for one in photos)]
    inbox.forget_answers(tx, answered_about)
    repository.drop_photos(tx, issue.issue_id)
    repository.drop_updates(tx, issue.issue_id)
    repository.drop_looks(tx, issue.issue_id)
    for deliberation_id in issue.deliberation_ids:
        deliberation = repository.deliberations.get(tx, deliberation_id)
        repository.deliberations.save(tx, domain.cut_deliberation(deliberation))
        repository.drop_objections(tx, deliberation_id)
    for mediation_id in issue.mediation_ids:
        mediation = repository.mediations.get(tx, mediation_id)
        repository.mediations.save(tx, domain.cut_mediation(mediation))
    for visit in visits:
        repository.visits.save(tx, domain.cut_finding(visit, issue.issue_id))


def forget_others(tx: Transaction, issue: domain.Issue) -> None:
    """Leave the votes on an issue without their voters, and each "me too" without who said it."""
    for support in repository.supports_for(tx, issue.issue_id):
        repository.replace_support(tx, support, domain.cut_support(support, new_id()))
    for deliberation_id in issue.deliberation_ids:
        for vote in repository.voters_of(tx, deliberation_id):
            repository.replace_voter(tx, vote, domain.cut_voter(vote, new_id()))


def _erase_issues(tx: Transaction, person: str) -> tuple[list[str], list[domain.Kept]]:
    """Cut a person's issues, but those that have to stay; name both."""
    cut: list[str] = []
    kept: list[domain.Kept] = []
    for issue in repository.issues_reported_by(tx, person):
        if (stays := domain.kept(issue, tx.now)) is not None:
            kept.append(stays)
            continue
        keep(tx, domain.cut(issue))
        forget(tx, issue)
        cut.append(issue.issue_id)
    return cut, kept


def _erase_votes(tx: Transaction, person: str) -> list[domain.Kept]:
    """Take the person out of the rolls of votes that are over; name those that are not."""
    votes = repository.votes_of(tx, person)
    deliberations = repository.deliberations.find_many(tx, [vote.deliberation_id for vote in votes])
    kept: list[domain.Kept] = []
    for vote in votes:
        if deliberations[vote.deliberation_id].state in UNDER_WAY:
            kept.append(domain.Kept(id=vote.deliberation_id, reason=domain.Duty.OPEN))
        else:
            inbox.forget_answers(tx, [vote.voter_id])
            repository.replace_voter(tx, vote, domain.cut_voter(vote, new_id()))
    return kept


def _erase_mediations(tx: Transaction, person: str) -> list[domain.Kept]:
    """Take the person out of mediations that are over; name those that are not."""
    kept: list[domain.Kept] = []
    for mediation in repository.mediations_between(tx, person):
        if mediation.state is domain.MediationState.OPEN:
            kept.append(domain.Kept(id=mediation.mediation_id, reason=domain.Duty.OPEN))
        else:
            inbox.forget_answers(tx, [mediation.mediation_id])
            repository.mediations.save(tx, domain.without_party(mediation, person))
    return kept


def _erase_mentions(tx: Transaction, person: str, kept_ids: list[str]) -> None:
    """Take the person out of what belongs to others: issues they answered for or support, visits."""
    for support in repository.supports_by(tx, person):
        repository.replace_support(tx, support, domain.cut_support(support, new_id()))
    for issue in repository.issues_with_proxy(tx, person):
        inbox.forget_answers(tx, [issue.issue_id])
        keep(tx, domain.without_proxy(issue, person))
    for voter in repository.votes_held_anywhere(tx, person):
        if repository.deliberations.get(tx, voter.deliberation_id).state not in UNDER_WAY:
            inbox.forget_answers(tx, [voter.voter_id])
            repository.voters.save(tx, domain.without_vote_proxy(voter))
    for objection in repository.objections_of(tx, person):
        inbox.forget_answers(tx, [objection.deliberation_id])
        repository.objections.delete(tx, objection)
    for visit in repository.visits_naming(tx, person):
        inbox.forget_answers(tx, [visit.visit_id])
        repository.visits.save(tx, domain.cut_findings(visit, person, kept_ids))


def _told(tx: Transaction, part: str, entity: Any, person: str) -> dict[str, Any]:
    """Say to a person what one thing says about them."""
    if part in schemas.ABOUT_A_PERSON:
        told: dict[str, Any] = schemas.ABOUT_A_PERSON[part](entity, person)
        return told
    photos = repository.album_of(tx, entity.issue_id).photos
    return {**schemas.issue_view(entity), "photos": [schemas.photo_view(photo) for photo in photos]}
