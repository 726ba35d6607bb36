"""A ward's papers: which were made, and what stood on file for a version of the certificate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q

from plans.models import Application, CapPeriod, Certificate, Decision, PaperSetting, WardPaper
from plans.queries.outdated_papers import paper_words, to_remake, what_differs
from plans.queries.paper_caps import cap_histories, caps_that_stood
from plans.rules.rights import RightsFigures, draft_rights
from teikyaku.accounts.models import Municipality
from teikyaku.accounts.queries.figures import figures_of
from teikyaku.clock import date_of, end_of
from teikyaku.era import wareki
from teikyaku.figures import Figure
from teikyaku.periods import Month

OUTDATED = "旧版"
RIGHTS = (
    "notice.review_months", "notice.review_years", "notice.review_to", "notice.lawsuit_months",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A paper that was made, as the page lists it."""

    public_id: UUID
    kind: str
    label: str
    number: str
    issued_on: date
    edition: str
    """控, 案, or "" for a paper that is final."""
    is_replaced: bool
    differs: tuple[str, ...] = ()
    """What has been corrected since it was made, in words; empty where it still says the same."""

    @property
    def has_plain(self) -> bool:
        """Whether there is a version in easy words for the person."""
        return self.kind == WardPaper.Kind.REMINDER


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the certificate with the paper that was made of it last."""

    certificate: Certificate
    paper: PaperRow | None
    older: tuple[PaperRow, ...]


@dataclass(frozen=True, slots=True)
class DecisionPapers:
    """Everything printed of one decision."""

    versions: tuple[Version, ...]
    letters: tuple[PaperRow, ...]
    is_cap_newer: bool
    """A cap was set after the day of the last version: the paper does not carry it."""
    is_end_newer: bool
    """The end moved once more after the last version, which was issued for an earlier end."""
    to_remake: tuple[PaperRow, ...] = ()
    """What bears a corrected value and can be made anew, oldest first."""

    @property
    def to_remake_words(self) -> str:
        """Those papers with what differs, in one line."""
        return paper_words((row.label, row.differs) for row in self.to_remake)


@dataclass(frozen=True, slots=True)
class RightsLine:
    """A dated figure behind the notice of rights, with its source and certainty."""

    label: str
    value: str
    note: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class RightsWords:
    """The notice of rights: the ward's own, confirmed words, or the draft from the figures."""

    text: str
    is_confirmed: bool
    figures: tuple[RightsLine, ...]


def decision_papers(decision: Decision, caps: Iterable[CapPeriod], on: date) -> DecisionPapers:
    """The versions and letters of a decision, oldest first (five queries); `caps` are its person's."""
    found = list(decision.certificates.select_related("recipient_number", "consultation_office"))
    papers = list(_papers(decision.papers))
    ever = cap_histories([decision.client_id]) if papers else {}
    rows = [_row(paper, what_differs(paper, decision, found, ever)) for paper in papers]
    said = {paper: row for paper, (_of, row) in zip(papers, rows, strict=True)}
    by_version: dict[int, list[PaperRow]] = {}
    for certificate_id, row in rows:
        if certificate_id is not None:
            by_version.setdefault(certificate_id, []).append(row)
    versions = tuple(_version(each, by_version.get(each.pk, [])) for each in found)
    return DecisionPapers(
        versions=versions,
        letters=tuple(row for certificate_id, row in rows if certificate_id is None),
        is_cap_newer=_is_cap_newer(versions, caps),
        is_end_newer=_is_end_newer(versions),
        to_remake=tuple(
            said[paper]
            for paper in to_remake(decision, filter(_stands, papers), found, on)
            if said[paper].differs
        ),
    )


def application_papers(application: Application) -> tuple[PaperRow, ...]:
    """The letters of an application, oldest first (one query)."""
    return tuple(row for _certificate, row in map(_row, _papers(application.papers)))


def latest_paper(certificate: Certificate) -> WardPaper | None:
    """The paper of a version that nothing has replaced; None while none was made."""
    found: WardPaper | None = (
        WardPaper.objects.filter(certificate=certificate, document__replaced_by__isnull=True)
        .select_related("document")
        .first()
    )
    return found


def paper_setting(municipality: Municipality) -> PaperSetting:
    """How this ward's papers are made out; an unsaved row with the defaults until it says."""
    found = PaperSetting.objects.filter(municipality=municipality).first()
    return found or PaperSetting(municipality=municipality)


def caps_on_paper(certificate: Certificate) -> list[CapPeriod]:
    """The caps that a version carries (two queries): see `caps_that_stood`."""
    decision = certificate.decision
    rows = cap_histories([decision.client_id]).get(
        (decision.client_id, decision.municipality_id), []
    )
    return caps_that_stood(rows, certificate, end_on_paper(certificate))


def end_on_paper(certificate: Certificate) -> date:
    """The last day of the decision as a version prints it (at most one query).

    A decision that was revoked or changed ended later when the older versions were issued: those
    keep what was granted, or the earlier end that stood when they were issued; one that was issued
    since its end moved last carries the end of today.
    """
    decision = certificate.decision
    if not _is_cut_short(decision):
        return decision.ends_on
    stood = _as_it_stood(certificate)
    # What was granted and written wrongly stands as it was corrected.
    return stood.ends_on if _is_cut_short(stood) else decision.granted_until


def _is_issued_since(certificate: Certificate) -> bool:
    """Whether a version was issued after the end of its decision moved last, as it stands today."""
    decision = certificate.decision
    if not _is_cut_short(decision):
        return False
    stood = _as_it_stood(certificate)
    return (stood.ends_on, stood.revoked_on) == (decision.ends_on, decision.revoked_on)


def _as_it_stood(certificate: Certificate) -> Decision:
    """The decision as it was on file when a version was recorded (one query)."""
    history: Any = certificate.decision.history
    rows = list(history.order_by("history_date", "history_id"))
    # The first version is recorded together with its decision.
    known = [row for row in rows if row.history_date < certificate.recorded_at] or rows[:1]
    return known[-1].instance if known else certificate.decision


def _is_cut_short(decision: Decision) -> bool:
    """Whether it was revoked, or ended earlier by a change."""
    return decision.revoked_on is not None or decision.ends_on < decision.granted_until


def rights_figures(on: date) -> Mapping[str, Figure]:
    """The dated figures behind the notice of rights, with their certainty (one query)."""
    return figures_of(RIGHTS, Month.of(on))


def rights_draft(municipality: Municipality, on: date) -> str:
    """The notice of rights as the figures give it, for a ward that has not confirmed its own."""
    figures = rights_figures(on)
    city = municipality.city
    return draft_rights(
        RightsFigures(
            review_months=int(figures["notice.review_months"].value),
            review_years=int(figures["notice.review_years"].value),
            review_to=str(figures["notice.review_to"].value),
            lawsuit_months=int(figures["notice.lawsuit_months"].value),
            defendant=city.name if city is not None else municipality.name,
        )
    )


def rights_words(municipality: Municipality, on: date) -> RightsWords:
    """The notice of rights as a letter of this ward would carry it, and the figures behind it."""
    setting = paper_setting(municipality)
    figures = tuple(
        RightsLine(
            label=each.label,
            value=f"{each.value}{each.unit}",
            note=f"{each.certainty.value}　{each.source}",
        )
        for each in rights_figures(on).values()
    )
    text = setting.rights_text or rights_draft(municipality, on)
    return RightsWords(text, setting.is_rights_confirmed, figures)


def reprint(paper: WardPaper) -> dict[str, Any]:
    """The frozen content, with what has come after it: a correction, a newer version, a revocation.

    A certificate that no longer holds is a copy, also where it was sealed once.
    """
    document = paper.document
    content: dict[str, Any] = {**document.content}
    after = getattr(document, "replaced_by", None)
    if after is not None:
        content["replaced_by"] = {"number": after.number, "issued_on": after.content["issued_on"]}
    said = _since(paper.certificate) if paper.certificate is not None else []
    if after is None:
        said += _corrected(paper)
    if said:
        content["notice"] = " ".join(said)
    if said or (after is not None and paper.certificate is not None):
        content["edition"] = OUTDATED
    if content["edition"] == OUTDATED and paper.certificate is not None:
        # Nobody seals what no longer holds.
        content["is_sealed"] = False
    return content


def _corrected(paper: WardPaper) -> list[str]:
    """That what the paper bears was corrected since it was made; often nothing."""
    if paper.decision is None:
        return []
    versions = paper.decision.certificates.select_related("recipient_number")
    caps = cap_histories([paper.decision.client_id])
    what = what_differs(paper, paper.decision, versions, caps)
    if not what:
        return []
    text = "この文書のあとで、記録が訂正されています（%(what)s）。"
    return [text % {"what": "・".join(what)}]


def _since(certificate: Certificate) -> list[str]:
    decision = certificate.decision
    newer = decision.certificates.filter(
        Q(issued_on__gt=certificate.issued_on)
        | Q(issued_on=certificate.issued_on, pk__gt=certificate.pk)
    ).last()
    said = []
    if decision.is_cancelled:
        said.append("この支給決定は、始まる前に取り消されました。この受給者証は使えません。")
    elif _is_cut_short(decision) and not _is_issued_since(certificate):
        on, how = wareki(decision.ends_on), "取り消され" if decision.revoked_on else "変更され"
        said.append(f"この支給決定は{how}ました。利用できるのは{on}までです。")
    if newer is not None:
        on = wareki(newer.issued_on)
        said.append(f"この版のあとに、新しい受給者証（交付年月日 {on}）が交付されています。")
    return said


def _papers(papers: Any) -> Any:
    return papers.select_related("document", "document__replaced_by").order_by("pk")


def _stands(paper: WardPaper) -> bool:
    return not hasattr(paper.document, "replaced_by")


def _row(paper: WardPaper, differs: tuple[str, ...] = ()) -> tuple[int | None, PaperRow]:
    document = paper.document
    return paper.certificate_id, PaperRow(
        public_id=paper.public_id,
        kind=paper.kind,
        label=paper.get_kind_display(),
        number=document.number,
        issued_on=date.fromisoformat(document.content["dated"]),
        edition=document.content["edition"],
        is_replaced=not _stands(paper),
        differs=differs,
    )


def _version(certificate: Certificate, rows: Sequence[PaperRow]) -> Version:
    last = next((row for row in rows if not row.is_replaced), None)
    return Version(certificate, last, tuple(row for row in rows if row.is_replaced))


def _is_cap_newer(versions: Sequence[Version], caps: Iterable[CapPeriod]) -> bool:
    if not versions:
        return False
    until = end_of(date_of(max(each.certificate.recorded_at for each in versions)))
    return any(cap.recorded_at >= until for cap in caps)


def _is_end_newer(versions: Sequence[Version]) -> bool:
    if not versions:
        return False
    last = versions[-1].certificate
    return last.decision.ends_on != end_on_paper(last) != last.decision.granted_until
