"""The edge of notify: contacts, messages by command, and a subscription for each fact that people are told about."""

from typing import Any

from services.notify import domain, inbound, repository, schemas, sender
from services.notify.domain import Cause, Contact
from services.notify.events import OrgTreeRequested
from services.notify.telling import tell, tell_secretary
from shared import outbox
from shared.cloudevents import new_id
from shared.entrypoints import Service, command, query, subscribe
from shared.errors import AlreadyHandled
from shared.schemas import dump
from shared.transaction import Transaction


class NotifyService(Service):
    """Reaching people: `n.rpc.notify.…` in the shell."""

    name = "notify"
    collections = (repository.contacts, repository.notifications, repository.org_units)
    background = (sender.run_once,)

    def on_start(self, tx: Transaction) -> None:
        """Ask for the organisation tree where our copy is empty."""
        if not repository.knows_the_tree(tx):
            outbox.append(tx, OrgTreeRequested(service=self.name))

    # -- commands

    @command(schemas.SetContact, key="person_id")
    def set_contact(self, tx: Transaction, request: schemas.SetContact) -> dict[str, Any]:
        """Say how a person can be reached; a corrected address lifts the suspension of its channel."""
        domain.ensure_own(request.person_id, actor_id=tx.actor.id, administrator=tx.actor.is_administrator)
        known = repository.contacts.find(tx, request.person_id)
        if known is not None:
            request.check(known)
        return schemas.contact_view(_set_contact(tx, known, request))

    @command(schemas.SetContacts)
    def set_contacts(self, tx: Transaction, request: schemas.SetContacts) -> dict[str, Any]:
        """Say how many persons can be reached; the last of two entries for one person counts."""
        domain.ensure_administrator(tx.actor.is_administrator)
        entries = {entry.person_id: entry for entry in request.contacts}
        known = repository.contacts.find_many(tx, entries)
        for entry in entries.values():
            _set_contact(tx, known.get(entry.person_id), entry)
        return {"set": len(entries), "new": len(entries) - len(known)}

    @command(schemas.Send)
    def send(self, tx: Transaction, request: schemas.Send) -> dict[str, Any]:
        """Send a template to a person: `n.rpc.notify.send("R-1001", "issue_accepted", {…})`."""
        domain.ensure_administrator(tx.actor.is_administrator)
        template = domain.find(domain.TEMPLATES, request.template)
        contact = repository.contacts.get(tx, request.person_id)
        params = domain.texts(request.params, contact.language)
        domain.check(template, params)
        cause = Cause.of_command(request.command_id or new_id(), params.get("issue_id"))
        notification, _ = domain.compose(
            cause, template, params, person_ref=request.person_id, contact=contact, now=tx.now
        )
        repository.notifications.save(tx, notification)
        return schemas.notification_view(notification)

    @command(schemas.RequestOrgTree)
    def request_org_tree(self, tx: Transaction, request: schemas.RequestOrgTree) -> dict[str, Any]:  # noqa: ARG002 -- it carries no fields
        """Ask for every unit of the tree again: `n.rpc.notify.request_org_tree()`."""
        domain.ensure_administrator(tx.actor.is_administrator)
        outbox.append(tx, OrgTreeRequested(service=self.name))
        return {"requested": True}

    # -- questions

    @query(schemas.PreviewTemplate)
    def preview_template(self, tx: Transaction, request: schemas.PreviewTemplate) -> dict[str, Any]:  # noqa: ARG002 -- templates are code
        """Show a template filled with parameters, `name` among them."""
        template = domain.find(domain.TEMPLATES, request.template)
        params = domain.texts(request.params, request.language)
        domain.check(template, params)
        return {"template": template.name, "text": domain.render(template, request.language, params)}

    @query(schemas.ListTemplates)
    def list_templates(self, tx: Transaction, request: schemas.ListTemplates) -> dict[str, Any]:  # noqa: ARG002 -- templates are code
        """List the templates by name, with texts and placeholders."""
        names = [name for name in sorted(domain.TEMPLATES) if name > (request.after or "")]
        shown = names[: request.limit]
        items = [schemas.template_view(domain.TEMPLATES[name]) for name in shown]
        return {"items": items, "next": shown[-1] if len(names) > len(shown) else None}

    @query(schemas.Inbox)
    def inbox(self, tx: Transaction, request: schemas.Inbox) -> dict[str, Any]:
        """Show the messages a person received, newest first; to the person and to administrators only."""
        domain.ensure_own(request.person_id, actor_id=tx.actor.id, administrator=tx.actor.is_administrator)
        found = repository.inbox(tx, request.person_id, request.after, request.limit + 1)
        shown = found[: request.limit]
        items = [schemas.message_view(notification) for notification in shown]
        return {"items": items, "next": shown[-1].notification_id if len(found) > len(shown) else None}

    @query(schemas.DeliveryReport)
    def delivery_report(self, tx: Transaction, request: schemas.DeliveryReport) -> dict[str, Any]:  # noqa: ARG002 -- it asks for everything
        """Count notifications, tries and failures by state, channel and template."""
        return schemas.report_view(repository.counts(tx))

    @query(schemas.GetOrgUnit)
    def get_org_unit(self, tx: Transaction, request: schemas.GetOrgUnit) -> dict[str, Any]:
        """Show what notify knows of a unit of the tree."""
        return dict(dump(repository.org_units.get(tx, request.org_unit_id)))

    # -- the tree

    @subscribe(inbound.OrgUnitUpdated, preload=repository.load_units)
    def on_org_unit_updated(self, tx: Transaction, fact: inbound.OrgUnitUpdated) -> None:
        """Keep our copy of the unit, unless we know a newer one."""
        unit = domain.newer(repository.org_units.find(tx, fact.org_unit_id), fact.as_unit())
        if unit is None:
            raise AlreadyHandled("this unit is known as of this revision or a newer one", org_unit_id=fact.org_unit_id)
        repository.org_units.save(tx, unit)

    # -- facts that people are told about

    @subscribe(inbound.IssueTriaged)
    def on_issue_triaged(self, tx: Transaction, fact: inbound.IssueTriaged) -> None:
        """Tell the reporter that the report was accepted."""
        tell(tx, fact)

    @subscribe(inbound.DeliberationOpened)
    def on_deliberation_opened(self, tx: Transaction, fact: inbound.DeliberationOpened) -> None:
        """Tell everybody on the roll that they may vote."""
        tell(tx, fact)

    @subscribe(inbound.DeliberationPostponed)
    def on_deliberation_postponed(self, tx: Transaction, fact: inbound.DeliberationPostponed) -> None:
        """Tell everybody on the roll when it meets instead."""
        tell(tx, fact)

    @subscribe(inbound.DeliberationWithdrawn)
    def on_deliberation_withdrawn(self, tx: Transaction, fact: inbound.DeliberationWithdrawn) -> None:
        """Tell the reporter and everybody on the roll that there is no vote."""
        tell(tx, fact)

    @subscribe(inbound.DeliberationPassed)
    def on_deliberation_passed(self, tx: Transaction, fact: inbound.DeliberationPassed) -> None:
        """Tell the reporter the result of the vote."""
        tell(tx, fact)

    @subscribe(inbound.DeliberationRejected)
    def on_deliberation_rejected(self, tx: Transaction, fact: inbound.DeliberationRejected) -> None:
        """Tell the reporter the result of the vote."""
        tell(tx, fact)

    @subscribe(inbound.DeliberationLapsed)
    def on_deliberation_lapsed(self, tx: Transaction, fact: inbound.DeliberationLapsed) -> None:
        """Tell the reporter that too few took part."""
        tell(tx, fact)

    @subscribe(inbound.SecretaryProjectStarted)
    def on_secretary_project_started(self, tx: Transaction, fact: inbound.SecretaryProjectStarted) -> None:
        """Tell the leader that the project has begun."""
        tell(tx, fact)

    @subscribe(inbound.SecretaryProjectReturned)
    def on_secretary_project_returned(self, tx: Transaction, fact: inbound.SecretaryProjectReturned) -> None:
        """Tell the leader what is not met."""
        tell(tx, fact)

    @subscribe(inbound.SecretaryProjectAccepted)
    def on_secretary_project_accepted(self, tx: Transaction, fact: inbound.SecretaryProjectAccepted) -> None:
        """Tell the leader that the project is accepted."""
        tell(tx, fact)

    @subscribe(inbound.SecretaryProjectCancelled)
    def on_secretary_project_cancelled(self, tx: Transaction, fact: inbound.SecretaryProjectCancelled) -> None:
        """Tell the leader, the members and the reporters that the project is over."""
        tell(tx, fact)

    @subscribe(inbound.IssueResolved)
    def on_issue_resolved(self, tx: Transaction, fact: inbound.IssueResolved) -> None:
        """Tell the reporter, and ask for an answer."""
        tell(tx, fact)

    @subscribe(inbound.IssueReopened)
    def on_issue_reopened(self, tx: Transaction, fact: inbound.IssueReopened) -> None:
        """Tell the reporter that work goes on."""
        tell(tx, fact)

    @subscribe(inbound.IssueClosed)
    def on_issue_closed(self, tx: Transaction, fact: inbound.IssueClosed) -> None:
        """Tell the reporter and those who supported the issue that the case is over."""
        tell(tx, fact)

    @subscribe(inbound.IssueInfoRequested)
    def on_issue_info_requested(self, tx: Transaction, fact: inbound.IssueInfoRequested) -> None:
        """Ask the reporter for what is missing."""
        tell(tx, fact)

    @subscribe(inbound.IssueRejected)
    def on_issue_rejected(self, tx: Transaction, fact: inbound.IssueRejected) -> None:
        """Tell the reporter that it is not accepted, and where to go instead."""
        tell(tx, fact)

    @subscribe(inbound.IssueMerged)
    def on_issue_merged(self, tx: Transaction, fact: inbound.IssueMerged) -> None:
        """Tell the reporter which issue leads."""
        tell(tx, fact)

    @subscribe(inbound.IssueDispatched)
    def on_issue_dispatched(self, tx: Transaction, fact: inbound.IssueDispatched) -> None:
        """Tell the persons of the unit to sign for it, and the reporter who has it."""
        tell(tx, fact)

    @subscribe(inbound.IssueArbitrationOpened)
    def on_issue_arbitration_opened(self, tx: Transaction, fact: inbound.IssueArbitrationOpened) -> None:
        """Tell the secretary of the community, who rules."""
        tell_secretary(tx, fact)

    @subscribe(inbound.IssueApprovalRequested)
    def on_issue_approval_requested(self, tx: Transaction, fact: inbound.IssueApprovalRequested) -> None:
        """Tell those who may approve."""
        tell(tx, fact)

    @subscribe(inbound.IssueApprovalDeclined)
    def on_issue_approval_declined(self, tx: Transaction, fact: inbound.IssueApprovalDeclined) -> None:
        """Tell who asked."""
        tell(tx, fact)

    @subscribe(inbound.IssueSuspended)
    def on_issue_suspended(self, tx: Transaction, fact: inbound.IssueSuspended) -> None:
        """Tell the reporter until when it rests."""
        tell(tx, fact)

    @subscribe(inbound.IssueExtended)
    def on_issue_extended(self, tx: Transaction, fact: inbound.IssueExtended) -> None:
        """Tell the reporter the new due date beside the first one."""
        tell(tx, fact)

    @subscribe(inbound.IssueForceClosed)
    def on_issue_force_closed(self, tx: Transaction, fact: inbound.IssueForceClosed) -> None:
        """Tell the reporter that it was ended by decision."""
        tell(tx, fact)

    @subscribe(inbound.IssueAnswerReminded)
    def on_issue_answer_reminded(self, tx: Transaction, fact: inbound.IssueAnswerReminded) -> None:
        """Remind the reporter to answer."""
        tell(tx, fact)

    @subscribe(inbound.IssueDurabilityAsked)
    def on_issue_durability_asked(self, tx: Transaction, fact: inbound.IssueDurabilityAsked) -> None:
        """Ask the reporter whether it has stayed solved."""
        tell(tx, fact)

    @subscribe(inbound.IssueAssigned)
    def on_issue_assigned(self, tx: Transaction, fact: inbound.IssueAssigned) -> None:
        """Tell the secretary of the unit."""
        tell_secretary(tx, fact)

    @subscribe(inbound.IssueEscalated)
    def on_issue_escalated(self, tx: Transaction, fact: inbound.IssueEscalated) -> None:
        """Tell the reporter."""
        tell(tx, fact)

    @subscribe(inbound.IssueEscalated)
    def on_issue_escalated_secretary(self, tx: Transaction, fact: inbound.IssueEscalated) -> None:
        """Tell the new secretary."""
        tell_secretary(tx, fact)

    @subscribe(inbound.IssueHandedOver)
    def on_issue_handed_over(self, tx: Transaction, fact: inbound.IssueHandedOver) -> None:
        """Tell the reporter."""
        tell(tx, fact)

    @subscribe(inbound.IssueHandedOver)
    def on_issue_handed_over_secretary(self, tx: Transaction, fact: inbound.IssueHandedOver) -> None:
        """Tell the secretary who had it last."""
        tell_secretary(tx, fact)

    @subscribe(inbound.DispatchOffered)
    def on_dispatch_offered(self, tx: Transaction, fact: inbound.DispatchOffered) -> None:
        """Tell the volunteer, and ask for an answer."""
        tell(tx, fact)

    @subscribe(inbound.HoursCredited)
    def on_hours_credited(self, tx: Transaction, fact: inbound.HoursCredited) -> None:
        """Tell the volunteer which hours count."""
        tell(tx, fact)

    @subscribe(inbound.VolunteerQualified)
    def on_volunteer_qualified(self, tx: Transaction, fact: inbound.VolunteerQualified) -> None:
        """Tell the volunteer which qualification was gained."""
        tell(tx, fact)

    @subscribe(inbound.LearnerEnrolled)
    def on_learner_enrolled(self, tx: Transaction, fact: inbound.LearnerEnrolled) -> None:
        """Tell the learner that there is a seat."""
        tell(tx, fact)

    @subscribe(inbound.LearnerWaitlisted)
    def on_learner_waitlisted(self, tx: Transaction, fact: inbound.LearnerWaitlisted) -> None:
        """Tell the learner the place on the waiting list."""
        tell(tx, fact)

    @subscribe(inbound.LearnerPromoted)
    def on_learner_promoted(self, tx: Transaction, fact: inbound.LearnerPromoted) -> None:
        """Tell the learner until when to confirm."""
        tell(tx, fact)

    @subscribe(inbound.EnrollmentCancelled)
    def on_enrollment_cancelled(self, tx: Transaction, fact: inbound.EnrollmentCancelled) -> None:
        """Tell the learner that the place was given up."""
        tell(tx, fact)

    @subscribe(inbound.EnrollmentLapsed)
    def on_enrollment_lapsed(self, tx: Transaction, fact: inbound.EnrollmentLapsed) -> None:
        """Tell the learner that the offer is over."""
        tell(tx, fact)


def _set_contact(tx: Transaction, known: Contact | None, data: schemas.ContactData) -> Contact:
    contact = domain.set_contact(
        known, person_id=data.person_id, name=data.name, addresses=data.addresses, language=data.language
    )
    repository.contacts.save(tx, contact)
    return contact
