"""The texts that people receive, as data. A text with `_brief` is for a fact that came without its optional fields."""

from collections.abc import Mapping

from services.notify.domain.contact import Language
from services.notify.domain.template import Template

_TEXTS: tuple[tuple[str, tuple[str, str], str, str], ...] = (
    (
        "vote_invitation",
        ("协商议事邀请", "Invitation to vote"),
        "{name}您好,“{title}”({issue_id})协商议事已启动,议事时间{meets_at},诚邀您参加投票。",
        "Dear {name}, the deliberation on “{title}” ({issue_id}) is open and meets at {meets_at}. Please vote.",
    ),
    (
        "vote_invitation_undated",
        ("协商议事邀请", "Invitation to vote"),
        "{name}您好,“{title}”({issue_id})协商议事已启动,诚邀您参加投票。",
        "Dear {name}, the deliberation on “{title}” ({issue_id}) is open. Please vote.",
    ),
    (
        "vote_invitation_brief",
        ("协商议事邀请", "Invitation to vote"),
        "{name}您好,事项{issue_id}协商议事已启动,诚邀您参加投票。",
        "Dear {name}, the deliberation on {issue_id} is open. Please vote.",
    ),
    (
        "issue_accepted",
        ("事项已受理", "Report accepted"),
        "{name}您好,您反映的“{title}”({issue_id})已受理,我们将尽快办理。",
        "Dear {name}, your report “{title}” ({issue_id}) is accepted and will be handled soon.",
    ),
    (
        "issue_accepted_brief",
        ("事项已受理", "Report accepted"),
        "{name}您好,您反映的事项{issue_id}已受理,我们将尽快办理。",
        "Dear {name}, your report {issue_id} is accepted and will be handled soon.",
    ),
    (
        "vote_passed",
        ("协商结果", "Result of the vote"),
        "{name}您好,您反映的“{title}”({issue_id})协商议事已通过:同意{votes_for}人,不同意{votes_against}人。",
        "Dear {name}, the vote on “{title}” ({issue_id}) passed: {votes_for} for, {votes_against} against.",
    ),
    (
        "vote_passed_brief",
        ("协商结果", "Result of the vote"),
        "{name}您好,您反映的事项{issue_id}协商议事已通过:同意{votes_for}人,不同意{votes_against}人。",
        "Dear {name}, the vote on {issue_id} passed: {votes_for} for, {votes_against} against.",
    ),
    (
        "vote_rejected",
        ("协商结果", "Result of the vote"),
        "{name}您好,您反映的“{title}”({issue_id})协商议事未通过:同意{votes_for}人,不同意{votes_against}人。",
        "Dear {name}, the vote on “{title}” ({issue_id}) failed: {votes_for} for, {votes_against} against.",
    ),
    (
        "vote_rejected_brief",
        ("协商结果", "Result of the vote"),
        "{name}您好,您反映的事项{issue_id}协商议事未通过:同意{votes_for}人,不同意{votes_against}人。",
        "Dear {name}, the vote on {issue_id} failed: {votes_for} for, {votes_against} against.",
    ),
    (
        "vote_lapsed",
        ("协商结果", "Result of the vote"),
        "{name}您好,您反映的“{title}”({issue_id})协商议事因人数不足流会:到会{present}人,应到不少于{required}人。",
        "Dear {name}, the vote on “{title}” ({issue_id}) had no quorum: {present} present, {required} needed.",
    ),
    (
        "vote_lapsed_brief",
        ("协商结果", "Result of the vote"),
        "{name}您好,您反映的事项{issue_id}协商议事因人数不足流会:到会{present}人,应到不少于{required}人。",
        "Dear {name}, the vote on {issue_id} had no quorum: {present} present, {required} needed.",
    ),
    (
        "vote_postponed",
        ("协商议事延期", "Meeting put off"),
        "{name}您好,“{title}”({issue_id})协商议事延期至{meets_at}。",
        "Dear {name}, the deliberation on “{title}” ({issue_id}) is put off to {meets_at}.",
    ),
    (
        "vote_postponed_brief",
        ("协商议事延期", "Meeting put off"),
        "{name}您好,事项{issue_id}协商议事延期至{meets_at}。",
        "Dear {name}, the deliberation on {issue_id} is put off to {meets_at}.",
    ),
    (
        "vote_withdrawn",
        ("协商议题已撤回", "Vote withdrawn"),
        "{name}您好,“{title}”({issue_id})协商议题已撤回,您无需再投票。",
        "Dear {name}, the vote on “{title}” ({issue_id}) does not take place. You need not vote any more.",
    ),
    (
        "vote_withdrawn_brief",
        ("协商议题已撤回", "Vote withdrawn"),
        "{name}您好,事项{issue_id}协商议题已撤回,您无需再投票。",
        "Dear {name}, the vote on {issue_id} does not take place. You need not vote any more.",
    ),
    (
        "topic_withdrawn",
        ("协商议题已撤回", "Vote withdrawn"),
        "{name}您好,您反映的“{title}”({issue_id})协商议题已撤回,不再表决。",
        "Dear {name}, the vote on “{title}” ({issue_id}), which you reported, does not take place.",
    ),
    (
        "topic_withdrawn_brief",
        ("协商议题已撤回", "Vote withdrawn"),
        "{name}您好,您反映的事项{issue_id}协商议题已撤回,不再表决。",
        "Dear {name}, the vote on {issue_id}, which you reported, does not take place.",
    ),
    (
        "confirm_request",
        ("请您评价", "Please confirm"),
        "{name}您好,您反映的事项{issue_id}已办结,请回复1-5评价(5为非常满意)。",
        "Dear {name}, your report {issue_id} is resolved. Please answer 1 to 5 (5 is very satisfied).",
    ),
    (
        "issue_reopened",
        ("事项已重办", "Report reopened"),
        "{name}您好,您反映的“{title}”({issue_id})已重新办理,我们将继续跟进。",
        "Dear {name}, your report “{title}” ({issue_id}) is open again and we go on with it.",
    ),
    (
        "issue_reopened_brief",
        ("事项已重办", "Report reopened"),
        "{name}您好,您反映的事项{issue_id}已重新办理,我们将继续跟进。",
        "Dear {name}, your report {issue_id} is open again and we go on with it.",
    ),
    (
        "issue_closed_rated",
        ("事项已结案", "Report closed"),
        "{name}您好,您反映的“{title}”({issue_id})已办结,感谢您的{satisfaction}星评价!",
        "Dear {name}, your report “{title}” ({issue_id}) is closed. Thank you for your {satisfaction}-star rating!",
    ),
    (
        "issue_closed_rated_brief",
        ("事项已结案", "Report closed"),
        "{name}您好,您反映的事项{issue_id}已办结,感谢您的{satisfaction}星评价!",
        "Dear {name}, your report {issue_id} is closed. Thank you for your {satisfaction}-star rating!",
    ),
    (
        "issue_closed",
        ("事项已结案", "Report closed"),
        "{name}您好,您反映的“{title}”({issue_id})已结案,感谢您的反映。",
        "Dear {name}, your report “{title}” ({issue_id}) is closed. Thank you for reporting.",
    ),
    (
        "issue_closed_brief",
        ("事项已结案", "Report closed"),
        "{name}您好,您反映的事项{issue_id}已结案,感谢您的反映。",
        "Dear {name}, your report {issue_id} is closed. Thank you for reporting.",
    ),
    (
        "supported_issue_closed",
        ("您支持的事项已结案", "Report closed that you support"),
        "{name}您好,您附议的“{title}”({issue_id})已结案,感谢您的关注。",
        "Dear {name}, the report “{title}” ({issue_id}) that you support is closed. Thank you for your support.",
    ),
    (
        "supported_issue_closed_brief",
        ("您支持的事项已结案", "Report closed that you support"),
        "{name}您好,您附议的事项{issue_id}已结案,感谢您的关注。",
        "Dear {name}, the report {issue_id} that you support is closed. Thank you for your support.",
    ),
    (
        "project_started",
        ("书记项目已立项", "Project started"),
        "{name}您好,由您领办的书记项目“{title}”({project_id})已立项,完成时限{deadline}。",
        "Dear {name}, the project “{title}” ({project_id}) that you lead has started; it is due on {deadline}.",
    ),
    (
        "project_started_brief",
        ("书记项目已立项", "Project started"),
        "{name}您好,由您领办的书记项目{project_id}已立项,完成时限{deadline}。",
        "Dear {name}, the project {project_id} that you lead has started; it is due on {deadline}.",
    ),
    (
        "project_returned",
        ("书记项目验收退回", "Project returned"),
        "{name}您好,书记项目{project_id}验收退回,未达标项:{failed_items}。",
        "Dear {name}, the project {project_id} was not accepted yet; not met: {failed_items}.",
    ),
    (
        "project_accepted",
        ("书记项目已验收", "Project accepted"),
        "{name}您好,书记项目{project_id}已通过验收。",
        "Dear {name}, the project {project_id} is accepted.",
    ),
    (
        "project_cancelled",
        ("书记项目已取消", "Project cancelled"),
        "{name}您好,由您领办的书记项目“{title}”({project_id})已取消。",
        "Dear {name}, the project “{title}” ({project_id}) that you lead is cancelled.",
    ),
    (
        "project_cancelled_brief",
        ("书记项目已取消", "Project cancelled"),
        "{name}您好,由您领办的书记项目{project_id}已取消。",
        "Dear {name}, the project {project_id} that you lead is cancelled.",
    ),
    (
        "member_project_cancelled",
        ("书记项目已取消", "Project cancelled"),
        "{name}您好,您参与的书记项目“{title}”({project_id})已取消。",
        "Dear {name}, the project “{title}” ({project_id}) that you work on is cancelled.",
    ),
    (
        "member_project_cancelled_brief",
        ("书记项目已取消", "Project cancelled"),
        "{name}您好,您参与的书记项目{project_id}已取消。",
        "Dear {name}, the project {project_id} that you work on is cancelled.",
    ),
    (
        "reporter_project_cancelled",
        ("书记项目已取消", "Project cancelled"),
        "{name}您好,您反映的问题所在的书记项目{project_id}已取消,问题将继续办理。",
        "Dear {name}, the project {project_id} about what you reported is cancelled; your report is still handled.",
    ),
    (
        "dispatch_offered",
        ("志愿任务邀请", "A task for you"),
        "{name}您好,“{title}”需要志愿力量,预计{hours_estimate}小时,请于{expires_at}前回复是否参加(任务{dispatch_id})。",
        "Dear {name}, “{title}” needs about {hours_estimate} h of help. Please answer by {expires_at} ({dispatch_id}).",
    ),
    (
        "dispatch_offered_brief",
        ("志愿任务邀请", "A task for you"),
        "{name}您好,任务{dispatch_id}需要志愿力量,请于{expires_at}前回复是否参加。",
        "Dear {name}, task {dispatch_id} needs help. Please answer before {expires_at}.",
    ),
    (
        "hours_credited",
        ("服务时长已入账", "Hours credited"),
        "{name}您好,“{title}”志愿服务{hours}小时已入账,累计{total_hours}小时。",
        "Dear {name}, {hours} h of service for “{title}” are credited, {total_hours} h in total.",
    ),
    (
        "hours_credited_brief",
        ("服务时长已入账", "Hours credited"),
        "{name}您好,志愿服务{hours}小时已入账,累计{total_hours}小时。",
        "Dear {name}, {hours} h of service are credited, {total_hours} h in total.",
    ),
    (
        "volunteer_qualified",
        ("资格已获得", "Qualification gained"),
        "您已完成《{title}》,获得“{qualification}”资格,有效期至{valid_until}。",
        "You have completed “{title}” and are qualified in {qualification} until {valid_until}.",
    ),
    (
        "volunteer_qualified_brief",
        ("资格已获得", "Qualification gained"),
        "您已获得“{qualification}”资格,有效期至{valid_until}。",
        "You are qualified in {qualification} until {valid_until}.",
    ),
    (
        "learner_enrolled",
        ("报名成功", "Enrolled"),
        "您已成功报名《{title}》,请按时参加。",
        "You are enrolled in “{title}”. Please attend on time.",
    ),
    (
        "learner_enrolled_brief",
        ("报名成功", "Enrolled"),
        "您已成功报名课程{course_id},请按时参加。",
        "You are enrolled in course {course_id}. Please attend on time.",
    ),
    (
        "learner_waitlisted",
        ("已候补", "On the waiting list"),
        "《{title}》名额已满,您已进入候补,当前第{position}位。",
        "“{title}” is full. You are number {position} on the waiting list.",
    ),
    (
        "learner_waitlisted_brief",
        ("已候补", "On the waiting list"),
        "课程{course_id}名额已满,您已进入候补,当前第{position}位。",
        "Course {course_id} is full. You are number {position} on the waiting list.",
    ),
    (
        "enrollment_cancelled",
        ("报名已取消", "Enrollment cancelled"),
        "您在《{title}》的报名已取消。",
        "Your enrollment in “{title}” is cancelled.",
    ),
    (
        "enrollment_cancelled_brief",
        ("报名已取消", "Enrollment cancelled"),
        "您在课程{course_id}的报名已取消。",
        "Your enrollment in course {course_id} is cancelled.",
    ),
    (
        "learner_promoted",
        ("候补已有名额", "A seat is free"),
        "您候补的《{title}》已有名额,请于{hold_expires_at}前确认,逾期将顺延。",
        "A seat in “{title}” is free. Please confirm before {hold_expires_at}, or it goes to the next person.",
    ),
    (
        "learner_promoted_brief",
        ("候补已有名额", "A seat is free"),
        "您候补的课程{course_id}已有名额,请于{hold_expires_at}前确认,逾期将顺延。",
        "A seat in course {course_id} is free. Please confirm before {hold_expires_at}, or it goes to the next person.",
    ),
    (
        "enrollment_lapsed",
        ("递补已逾期", "The seat lapsed"),
        "您候补的《{title}》名额逾期未确认,已顺延至下一位。",
        "Your seat in “{title}” was not confirmed in time and went to the next person.",
    ),
    (
        "enrollment_lapsed_brief",
        ("递补已逾期", "The seat lapsed"),
        "您候补的课程{course_id}名额逾期未确认,已顺延至下一位。",
        "Your seat in course {course_id} was not confirmed in time and went to the next person.",
    ),
    (
        "info_requested",
        ("请您补充信息", "Please tell us more"),
        "{name}您好,您反映的事项{issue_id}需要补充信息,请于{answer_by}前回复。",
        "Dear {name}, we need to know more about {issue_id}. Please answer before {answer_by}.",
    ),
    (
        "issue_rejected",
        ("事项不予受理", "Report not accepted"),
        "{name}您好,您反映的事项{issue_id}不予受理:{reason}。请联系:{referred_to}。",
        "Dear {name}, {issue_id} is not accepted: {reason}. Please turn to {referred_to}.",
    ),
    (
        "issue_merged",
        ("事项已并案", "Report merged"),
        "{name}您好,您反映的事项{issue_id}与{into_issue_id}为同一问题,已并案办理,办结后仍将请您本人确认。",
        "Dear {name}, {issue_id} is the same problem as {into_issue_id}; you will be asked to confirm it yourself.",
    ),
    (
        "issue_dispatched",
        ("事项已派单", "Sent to a unit"),
        "{name}您好,您反映的事项{issue_id}已派给{lead_kind}({lead_unit})办理。",
        "Dear {name}, your report {issue_id} was sent to {lead_kind} ({lead_unit}), which is to handle it.",
    ),
    (
        "issue_dispatched_brief",
        ("事项已派单", "Sent to a unit"),
        "{name}您好,您反映的事项{issue_id}已派给{lead_unit}办理。",
        "Dear {name}, your report {issue_id} was sent to {lead_unit}, which is to handle it.",
    ),
    (
        "dispatched_to_unit",
        ("事项待签收", "An issue to sign for"),
        "{name}您好,事项{issue_id}已派给{lead_unit},请于{sign_by}前签收。",
        "Dear {name}, {issue_id} was sent to {lead_unit}. Please sign for it before {sign_by}.",
    ),
    (
        "arbitration_opened",
        ("事项权属待裁定", "An issue to rule on"),
        "{name}您好,事项{issue_id}已被退单{returns}次,请您裁定由哪个单位办理。",
        "Dear {name}, {issue_id} was returned (times: {returns}). Please rule which unit handles it.",
    ),
    (
        "approval_requested",
        ("事项待审批", "A decision to approve"),
        "{name}您好,事项{issue_id}的{kind}申请待您审批。",
        "Dear {name}, a proposal on {issue_id} waits for your approval: {kind}.",
    ),
    (
        "approval_declined",
        ("事项审批未通过", "Not approved"),
        "{name}您好,您就事项{issue_id}提出的{kind}申请未获批准。",
        "Dear {name}, what you proposed on {issue_id} was not approved: {kind}.",
    ),
    (
        "issue_suspended",
        ("事项已挂账", "Report on hold"),
        "{name}您好,您反映的事项{issue_id}已挂账至{until},原因:{reason}。",
        "Dear {name}, {issue_id} is on hold until {until}: {reason}.",
    ),
    (
        "issue_extended",
        ("事项已延期", "More time"),
        "{name}您好,您反映的事项{issue_id}办理时限由{first_due_at}延至{due_at}。",
        "Dear {name}, the time to solve {issue_id} was extended from {first_due_at} to {due_at}.",
    ),
    (
        "issue_force_closed",
        ("事项已强制结案", "Report closed by decision"),
        "{name}您好,您反映的事项{issue_id}已强制结案:{reason}。该事项按未解决统计。",
        "Dear {name}, {issue_id} was closed by decision: {reason}. It counts as unsolved.",
    ),
    (
        "answer_reminded",
        ("请您评价", "Please confirm"),
        "{name}您好,您反映的事项{issue_id}等待您确认,请于{answer_by}前回复1-5评价。",
        "Dear {name}, {issue_id} waits for your answer, 1 to 5, before {answer_by}.",
    ),
    (
        "durability_asked",
        ("问题是否反复", "Has it lasted?"),
        "{name}您好,您反映的事项{issue_id}办结已满三十天,问题有无反复?请回复告知。",
        "Dear {name}, {issue_id} was closed thirty days ago. Is it still solved?",
    ),
    (
        "issue_assigned",
        ("事项已转办", "Issue assigned"),
        "{name}您好,事项{issue_id}已转由{org_unit_id}办理。",
        "Dear {name}, {issue_id} is now with {org_unit_id}.",
    ),
    (
        "issue_escalated",
        ("事项已上报督办", "Taken up a level"),
        "您反映的事项{issue_id}因超过办理时限,已上报至{to_unit}督办。",
        "Your report {issue_id} was not handled in time and is now with {to_unit}.",
    ),
    (
        "escalated_to_unit",
        ("事项上报督办", "An issue came up to you"),
        "{name}您好,事项{issue_id}因{from_unit}超过办理时限,已上报至{to_unit},请于{due_at}前督办。",
        "Dear {name}, {from_unit} did not act on {issue_id} in time; it is with {to_unit} until {due_at}.",
    ),
    (
        "issue_handed_over",
        ("事项已移交区级平台", "Handed to the district"),
        "您反映的事项{issue_id}已移交区级平台办理,受理编号{reference_no}。",
        "Your report {issue_id} was handed to the district platform under {reference_no}.",
    ),
    (
        "handed_over_from_unit",
        ("事项已移交区级平台", "Handed to the district"),
        "{name}您好,事项{issue_id}超过{from_unit}办理时限,已移交区级平台,受理编号{reference_no}。",
        "Dear {name}, {from_unit} did not act on {issue_id} in time; the district has it under {reference_no}.",
    ),
)

TEMPLATES: Mapping[str, Template] = {
    name: Template(
        name=name,
        title={Language.CHINESE: chinese_title, Language.ENGLISH: english_title},
        text={Language.CHINESE: chinese, Language.ENGLISH: english},
    )
    for name, (chinese_title, english_title), chinese, english in _TEXTS
}

LABELS: Mapping[
    str, Mapping[Language, str]
] = {  # glossary.md and seed-scale.md; a code that is not here is shown as it is
    code: {Language.CHINESE: chinese, Language.ENGLISH: english}
    for code, chinese, english in (
        ("hazard_inspection", "安全隐患排查", "hazard inspection"),
        ("emergency_response", "突发事件应对", "emergency response"),
        ("mediation", "矛盾调解", "mediation"),
        ("child_care", "儿童托管", "child care"),
        ("elder_care", "助老服务", "care of the elderly"),
        ("not_ours", "不属于本社区职责", "not the community's business"),
        ("not_true", "经核实情况不实", "not found to be so"),
        ("duplicate", "与已受理事项重复", "known already"),
        ("overdue", "超过办理时限", "overdue"),
        ("district_platform", "区级平台", "the district platform"),
        ("property_company", "物业公司", "a property company"),
        ("utility", "公用事业单位", "a utility"),
        ("department", "职能部门", "a department"),
        ("alliance_member", "共建成员单位", "a member of the alliance"),
        ("other", "其他单位", "another unit"),
        ("reject", "不予受理", "not to accept it"),
        ("suspend", "挂账", "to put it on hold"),
        ("extend", "延期", "more time"),
        ("force_close", "强制结案", "to close it by decision"),
    )
}
