"""The assessment as its readers see it: the experts' sheets side by side, visit and report."""

from typing import Any

from filings.enums import AssessmentMethod
from filings.models import Application, Assessment
from filings.views.common import file_link


def assessment_context(application: Application) -> dict[str, Any] | None:
    """Return the assessment with its sheets side by side and the mean of their marks; None before it starts."""
    assessment: Assessment | None = getattr(application, "assessment", None)
    if assessment is None:
        return None
    tasks = list(
        assessment.tasks.select_related("expert__user", "expert__organisation").prefetch_related("scores__criterion")
    )
    sheets = [task for task in tasks if task.done_on]
    marks = {task.pk: {score.criterion_id: score for score in task.scores.all()} for task in sheets}
    for task in sheets:
        task.total = sum(score.marks for score in marks[task.pk].values())  # type: ignore[attr-defined]
    criteria = list({score.criterion_id: score.criterion for task in sheets for score in task.scores.all()}.values())
    full = sum(score.full_marks for score in marks[sheets[0].pk].values()) if sheets else 0
    mean = sum(task.total for task in sheets) / len(sheets) if sheets and full else None  # type: ignore[attr-defined]
    return {
        "row": assessment,
        "word": application.assessment_word,
        "citation": application.assessment_citation,
        "methods": [AssessmentMethod(method).label for method in assessment.methods],
        "tasks": tasks,
        "sheets": sheets,
        "table": [(one, [marks[task.pk].get(one.pk) for task in sheets]) for one in criteria],
        "mean": f"{mean:.1f}" if mean is not None else "",
        "full": full,
        "qualification": file_link(assessment.qualification) if assessment.qualification else None,
        "visit_file": file_link(assessment.visit_upload) if assessment.visit_upload else None,
    }
