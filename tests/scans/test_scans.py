"""What may be kept of a file: decided by its bytes, and made anew."""

import resource
from io import BytesIO

import pikepdf
import pytest
from PIL import Image

from teikyaku.scans import ScanRefused, scan_of, size_label, store
from teikyaku.scans.pdfs import MOST_PAGES
from teikyaku.scans.pictures import LONGEST_EDGE, MOST_PIXELS, THUMBNAIL_EDGE
from tests.papers import MOST, drawing, pdf, phone_photo, photo, scan


def refused(body, most=MOST):
    with pytest.raises(ScanRefused) as told:
        scan_of(BytesIO(body), size=len(body), most_bytes=most)
    return str(told.value)


def opened(body):
    return Image.open(BytesIO(body), formats=["JPEG"])


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_becomes_a_jpeg_of_ours(kind):
    found = scan(photo(kind))
    assert found.content_type == "image/jpeg"
    assert (found.width, found.height) == opened(found.body).size == (400, 300)
    assert found.body != photo(kind)
    assert found.picture == b""


def test_place_camera_and_comment_are_gone_and_the_picture_stands_upright():
    body = phone_photo()
    assert b"Exif" in body
    assert b"secret-comment" in body
    found = scan(body)
    for part in (found.body, found.thumbnail):
        assert b"Exif" not in part
        assert b"secret-comment" not in part
        assert "架空電話".encode() not in part
        assert not opened(part).getexif()
    # Turned by 90 degrees: what lay in the upper left corner stands in the upper right one.
    upright = opened(found.body)
    assert upright.size == (300, 400)
    assert upright.getpixel((290, 10))[1] < 100
    assert upright.getpixel((10, 10))[1] > 200


def test_words_behind_the_last_pixel_stay_outside():
    assert b"<script>" not in scan(photo() + b"<script>alert(1)</script>").body


def test_a_large_photo_is_made_smaller_and_has_a_thumbnail():
    found = scan(photo(image=drawing(4000, 3000)))
    assert max(opened(found.body).size) == LONGEST_EDGE
    assert max(opened(found.thumbnail).size) == THUMBNAIL_EDGE
    assert len(found.thumbnail) < 20_000


def test_what_is_transparent_becomes_paper():
    clear = Image.new("RGBA", (50, 50), (0, 0, 0, 0))
    assert opened(scan(photo("PNG", clear)).body).getpixel((5, 5)) == (255, 255, 255)


def test_a_bomb_is_refused_before_it_unfolds():
    edge = int(MOST_PIXELS**0.5) + 10
    body = photo("PNG", Image.new("1", (edge, edge)))
    assert len(body) < 100_000
    assert "画素が多すぎます" in refused(body)
    # Far above the limit Pillow itself stops.
    huge = bytearray(photo("PNG", Image.new("1", (8, 8))))
    huge[16:24] = (60_000).to_bytes(4, "big") * 2
    assert "画素が多すぎます" in refused(bytes(huge)) or "壊れている" in refused(bytes(huge))


@pytest.mark.parametrize(
    "body",
    [b"<html><script>alert(1)</script></html>", b"GIF89a" + bytes(50), b"PK\x03\x04" + bytes(50),
     b"<svg xmlns='http://www.w3.org/2000/svg'/>", b" %PDF-1.7 %%EOF"],
    ids=["html", "gif", "zip", "svg", "pdf not at the start"],
)  # fmt: skip
def test_anything_else_is_refused_whatever_its_name(body):
    assert "かPDFではありません" in refused(body)


def test_heic_is_named_with_a_way_out():
    assert "互換性優先" in refused(b"\x00\x00\x00\x18ftypheic" + bytes(50))


def test_damaged_and_empty_and_large_are_told():
    assert "壊れている" in refused(photo()[:300])
    assert "空の" in refused(b"")
    told = refused(photo(), most=1024)
    assert "大きすぎます" in told
    assert "1KB" in told
    assert size_label(15 * 1024 * 1024) == "15MB"


def test_a_pdf_is_counted_and_shown_by_its_first_page():
    found = scan(pdf(3))
    assert (found.content_type, found.pages) == ("application/pdf", 3)
    assert found.body.startswith(b"%PDF-")
    assert opened(found.picture).size == (found.width, found.height)
    assert found.height > found.width


def test_the_description_of_a_pdf_is_gone():
    def describe(document):
        document.docinfo["/Author"] = "山田 太郎"
        with document.open_metadata() as data:
            data["dc:title"] = "secret-title"

    body = pdf(change=describe)
    assert b"secret-title" in body
    found = pikepdf.open(BytesIO(scan(body).body))
    assert "/Info" not in found.trailer
    assert "/Metadata" not in found.Root


def script(document):
    document.Root.OpenAction = pikepdf.Dictionary(
        S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)")
    )


def launch(document):
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9],
        A=pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("calc.exe")),
    )  # fmt: skip
    document.pages[0].Annots = document.make_indirect(pikepdf.Array([note]))


def file_inside(document):
    document.attachments["a.exe"] = b"MZ"


@pytest.mark.parametrize("change", [script, launch, file_inside])
@pytest.mark.parametrize("mode", pikepdf.ObjectStreamMode.__members__.values())
def test_a_pdf_that_acts_is_refused_also_where_it_is_packed(change, mode):
    assert "仕掛け" in refused(pdf(change=change, object_stream_mode=mode))


def test_a_pdf_that_is_locked_cut_or_too_long_is_refused():
    locked = pdf(encryption=pikepdf.Encryption(user="a", owner="b"))
    assert "パスワード" in refused(locked)
    assert "途中で切れて" in refused(pdf()[:-40])
    assert "壊れて" in refused(b"%PDF-1.7\nnothing\n%%EOF")
    assert "ページが多すぎます" in refused(pdf(MOST_PAGES + 1))


def test_names_in_the_storage_tell_nothing(papers_folder):
    first, second = store.write(b"a", "jpg"), store.write(b"a", "jpg")
    assert first != second
    assert (papers_folder / first).stat().st_mode & 0o777 == 0o600
    store.remove([first, "", "attachments/00/gone.jpg"])
    assert not (papers_folder / first).exists()
    assert store.digest_of(first) is None
    assert (papers_folder / second).read_bytes() == b"a"


def test_what_finds_no_room_leaves_no_piece_behind(papers_folder):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        with pytest.raises(OSError, match="File too large"):
            store.write(b"x" * 10_000, "pdf")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert [each for each in papers_folder.rglob("*") if each.is_file()] == []
