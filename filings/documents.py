"""The papers of chapter 2: which there are, what each freezes. Registered in FilingsConfig.ready().

correctable: words alone (names, addresses, reasons). Never dates, periods, codes, levels or the scope, which decide
something; nor what a notice asks for, which only another notice may change.

Every content holds kind ("首次备案") and application (its number), of a filing's own papers agency, credit_code and
filing_code; dates as dates, articles as codes ("M10").
"""

from core.documents.series import Series

_MATTER = ("kind", "application")
_REMEDIES = ("remedies",)  # regulation.remedies.sentences(...)
_MERIT = ("score", "criteria", "scores", "merit")  # filings.contents.selection(...)

ACKNOWLEDGEMENT = Series(
    key="acknowledgement",
    title="收件凭证",
    word="职评收",
    template="papers/acknowledgement.html",
    # materials: [{label, files: [{name, pages, sha256}], note}]; note where one is carried over
    fields=(*_MATTER, "agency", "credit_code", "received_on", "due_on", "materials"),
    optional=("resubmitted", "over_counter"),
    letterhead=False,
    correctable=("agency",),
)
ACCEPTANCE = Series(
    key="acceptance",
    title="受理通知书",
    word="职评受",
    template="papers/acceptance.html",
    fields=(*_MATTER, "received_on", "accepted_on", "decision_due_on"),
    optional=("recommendation_due_on",),
)
CORRECTION = Series(
    key="correction",
    title="补正通知书",
    word="职评补",
    template="papers/correction.html",
    # items: [{label, what, todo?, article?}]; last_day where the day of service is known already
    fields=(*_MATTER, "received_on", "items", "days"),
    optional=("last_day",),
)
CORRECTION_EXTENSION = Series(
    key="correction_extension",
    title="补正期限延长通知书",
    word="职评延",
    template="papers/correction_extension.html",
    fields=(*_MATTER, "correction_number", "reason", "days"),
    optional=("last_day",),
    correctable=("reason",),
)
DECLINE = Series(
    key="decline",
    title="不予受理决定书",
    word="职评不受",
    template="papers/decline.html",
    # each reason has text and basis
    fields=(*_MATTER, "received_on", "reasons", *_REMEDIES),
    adverse=True,
    correctable=("reasons.*.text",),
)
DEEMED_ACCEPTANCE = Series(
    key="deemed_acceptance",
    title="视为受理通知书",
    word="职评视受",
    template="papers/deemed_acceptance.html",
    fields=(*_MATTER, "received_on", "deemed_on", "decision_due_on"),
    optional=("recommendation_due_on",),
)
ABANDONMENT = Series(
    key="abandonment",
    title="视为放弃申请通知书",
    word="职评视弃",
    template="papers/abandonment.html",
    fields=(*_MATTER, "correction_number", "served_on", "last_day", *_REMEDIES),
    adverse=True,
)
RECOMMENDATION = Series(
    key="recommendation",
    title="推荐意见书",
    word="职评荐",
    template="papers/recommendation.html",
    fields=(*_MATTER, "agency", "credit_code", "accepted_on", "favourable", "opinion"),
    optional=("deemed", "late"),
    correctable=("agency", "opinion"),
)
REFUSAL = Series(
    key="refusal",
    title="不予备案决定书",
    word="职评不备",
    template="papers/refusal.html",
    # each reason has text and basis; for selection on merit the own score, of what, on each criterion ({label, full,
    # marks, since}), and what became of the places
    fields=(*_MATTER, "accepted_on", "reasons", *_REMEDIES),
    optional=("deemed", *_MERIT),
    adverse=True,
    correctable=("reasons.*.text",),
)
SUPPLEMENT = Series(
    key="supplement",
    title="补充材料通知书",
    word="职评充",
    template="papers/supplement.html",
    fields=(*_MATTER, "accepted_on", "items", "decision_due_on"),
)
PARTIAL_REFUSAL = Series(
    key="partial_refusal",
    title="部分不予备案决定书",
    word="职评部不备",
    template="papers/partial_refusal.html",
    # each part left out has what, reason, basis
    fields=(*_MATTER, "receipt_number", "left_out", *_REMEDIES),
    optional=_MERIT,
    adverse=True,
    correctable=("left_out.*.reason",),
)
RECEIPT = Series(
    key="receipt",
    title="备案回执",
    word="职评备",
    template="papers/receipt.html",
    # scope: [{code, occupation, levels: [5, 4], sites: [name]}]; sites: [{name, area, address}]
    # on_paper: filed before the portal, so that there is no application of the portal
    fields=(*_MATTER, "agency", "credit_code", "filing_code", "address", "valid_from", "valid_until", "scope"),
    # ruling: what a new receipt rests on where no application was granted (filings.undoing.ruling)
    optional=("sites", "partial", "on_paper", "ruling"),
    public=True,
    correctable=("agency", "address", "sites.*.name", "sites.*.address"),
)
DEREGISTRATION = Series(
    key="deregistration",
    title="注销备案决定书",
    word="职评注销",
    template="papers/deregistration.html",
    # asked_on, or ceased_on and reason; without effective_on on the day of service
    fields=("agency", "credit_code", "filing_code", *_REMEDIES),
    optional=("asked_on", "ceased_on", "reason", "effective_on"),
    adverse=True,
    public=True,
)
WITHDRAWAL = Series(
    key="withdrawal",
    title="撤回申请确认书",
    word="职评撤",
    template="papers/withdrawal.html",
    fields=(*_MATTER, "withdrawn_on"),
    optional=("submitted_on", "reason"),
)

_SET_ASIDE = ("authority", "ruling_number", "ruled_on", "orders", "decision", "decided_on", "papers")
RESUMPTION = Series(
    key="resumption",
    title="恢复办理通知书",
    word="职评复",
    template="papers/resumption.html",
    # papers: those of the decision set aside, in words; period: what runs afresh from resumed_on, with its article
    fields=(*_MATTER, *_SET_ASIDE, "state", "resumed_on", "period", "article", "last_day"),
)
REVOCATION = Series(
    key="revocation",
    title="撤销备案决定通知书",
    word="职评撤备",
    template="papers/revocation.html",
    # effects: what becomes of the filing, a sentence each
    fields=(*_MATTER, *_SET_ASIDE, "effects", *_REMEDIES),
    adverse=True,
)
REINSTATEMENT = Series(
    key="reinstatement",
    title="恢复备案通知书",
    word="职评复备",
    template="papers/reinstatement.html",
    fields=(*_MATTER, *_SET_ASIDE, "effects"),
)
_ASSIGNMENT = ("agency", "filing_code", "code", "occupation", "levels", "quota_area", "site", "since")
ASSIGNMENT = Series(
    key="assignment",
    title="市内调配通知书",
    word="职评调",
    template="papers/assignment.html",
    fields=(*_ASSIGNMENT, "consented_on", "reason"),
)
ASSIGNMENT_END = Series(
    key="assignment_end",
    title="终止市内调配通知书",
    word="职评调止",
    template="papers/assignment_end.html",
    # own: it ends by itself (a local agency is filed, the filing ended), not by a decision
    fields=(*_ASSIGNMENT, "assignment_number", "until", "reason", "own", *_REMEDIES),
    adverse=True,
)

SERIES = (
    ACKNOWLEDGEMENT,
    ACCEPTANCE,
    CORRECTION,
    CORRECTION_EXTENSION,
    DECLINE,
    DEEMED_ACCEPTANCE,
    ABANDONMENT,
    RECOMMENDATION,
    SUPPLEMENT,
    REFUSAL,
    PARTIAL_REFUSAL,
    RECEIPT,
    DEREGISTRATION,
    WITHDRAWAL,
    RESUMPTION,
    REVOCATION,
    REINSTATEMENT,
    ASSIGNMENT,
    ASSIGNMENT_END,
)
