"""What each problem type means: the addresses in the `type` of a problem lead here."""

from fastapi import APIRouter, Request

from aggregates.refusal import NotFound
from app.api import API
from app.api.body import Answer
from app.api.openapi import ALWAYS, problems
from app.problems import language_of, texts

router = APIRouter(prefix=f"{API}/problems", tags=["problems"])


class ProblemType(Answer):
    """One kind of problem. Names in braces are filled in for each case."""

    code: str
    title: str
    detail: str


@router.get("/{code}", responses=problems(*ALWAYS, NotFound))
def get_problem_type(code: str, request: Request) -> ProblemType:
    """One kind of problem in the reader's language."""
    text = texts(language_of(request.headers.get("accept-language"))).get(code, {})
    if "title" not in text:
        raise NotFound
    return ProblemType(code=code, title=text["title"], detail=text["detail"])
