import pytest

from services.issues import domain
from shared.actor import Actor
from shared.errors import Forbidden

ROLES = {
    "dispatch": {"dispatcher"},
    "add_assisting": {"dispatcher", "secretary"},
    "end_assisting": {"dispatcher", "secretary"},
    "sign": {"unit"},
    "return_issue": {"unit"},
    "rule": {"community_secretary"},
    "record_contact": {"unit", "secretary"},
    "add_update": {"triage", "dispatcher", "secretary", "unit"},
    "assign": {"triage", "dispatcher", "secretary", "unit"},
    "report_done": {"unit", "secretary"},
    "fail_check": {"verifier"},
    "acknowledge_hand_over": {"dispatcher"},
    "record_district_result": {"dispatcher"},
    "set_units": set(),
}
EVERY_ROLE = set().union(*ROLES.values()) | {"resident", "mediator"}


@pytest.mark.parametrize("command", ROLES)
def test_each_command_is_for_these_roles_and_no_other(command):
    for role in EVERY_ROLE:
        actor = Actor(id="P-0100", roles=(role,))
        if role in ROLES[command]:
            domain.authorise(actor, command)
        else:
            with pytest.raises(Forbidden) as refusal:
                domain.authorise(actor, command)
            assert refusal.value.details["roles"] == sorted({"administrator", *ROLES[command]})
