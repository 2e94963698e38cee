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
    )
}
