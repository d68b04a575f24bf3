"""``leakresp clock``: what is due, soonest first, until it is on record as done; and a calendar that real programs read."""

import datetime as dt
import os
import stat

import icalendar
import pytest
import recurring_ical_events
import vobject
from hypothesis import given
from hypothesis import strategies as st
from tests.desk_clock import MORNING, leakresp
from tests.screens import golden

from leakresp.law.vocabulary import JAPAN
from leakresp.response.case import Agreed, Closed, DateEnded, Entry, Reported, Sent, replay
from leakresp.response.due import Due, days_left, dues, time_left
from leakresp.shell.calendar_file import PRODUCT
from leakresp.shell.cases import open_case
from leakresp.shell.faults import DONE, FILE_WRONG, MISUSE
from leakresp.shell.layout import cells
from leakresp.shell.typed import typed_day_to_come

__all__ = ["leakresp"]  # the fixture

RANSOMWARE = {
    "cause": "ransomware",
    "leak": "suspected",
    "unusable": "confirmed",
    "data_items": "name, email",
    "affected_people": "500..3000",
    "discovered_on": "2026-11-18",
}
PATIENT = {
    "data_relation": "own",
    "record_kind": "personal_data",
    "cause": "misdelivery",
    "wrongful_act": "ruled_out",
    "leak": "confirmed",
    "data_items": "name, treatment_or_dispensing",
    "data_items_complete": "yes",
    "affected_people": "1",
}
FILED = Reported("appi", "preliminary_report", "個人情報保護委員会", "2026-11-20", "R-1")
FINAL = Reported("appi", "final_report", "個人情報保護委員会", "2026-11-24")


@pytest.fixture
def kept(leakresp, facts):
    """Record events in a case, at the moment of the clock."""

    def keep(name, *events):
        opened = open_case(name, str(leakresp.folder), facts, now=lambda: leakresp.moment)
        opened.add("佐藤", *events)

    return keep


@pytest.fixture
def two(leakresp):
    """Two cases: one whose preliminary report is overdue, one whose is to come."""
    leakresp.begin("kaiin", RANSOMWARE)
    leakresp.begin("byoin", PATIENT, discovered_on="2026-11-23")
    return leakresp


def ids(found):
    return [(each["case"], each["id"]) for each in found["due"]]


# the order, and the time left -----------------------------------------------------------------------------------------


def test_all_open_cases_are_shown_soonest_first_and_what_has_no_day_last(two):
    found = two.json("clock")["due"]
    days = [each["last_day"] for each in found if each["last_day"]]
    assert days == sorted(days)
    assert {each["case"] for each in found} == {"kaiin", "byoin"}
    assert [each["id"] for each in found if each["last_day"] is None] == ["appi.notify", "appi.notify"]
    assert [(each["case"], each["overdue"]) for each in found[:2]] == [("kaiin", True), ("byoin", False)]


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_screen_shouts_what_is_overdue_before_all_else(two, lang):
    shown = two.fine(f"clock --lang {lang}")
    golden(f"clock.{lang}.txt", shown)
    assert all(cells(line) <= 80 for line in shown.splitlines())
    first = {"ja": "【期限超過】期限を過ぎたものが1件あります。", "en": "OVERDUE: 1 past the date."}
    assert shown.splitlines()[0] == first[lang]


@pytest.mark.parametrize(
    ("now", "days", "hours"),
    [
        (dt.datetime(2026, 11, 22, 9, 0, tzinfo=JAPAN), 2, 63),
        (dt.datetime(2026, 11, 24, 9, 0, tzinfo=JAPAN), 0, 15),
        (dt.datetime(2026, 11, 24, 23, 59, tzinfo=JAPAN), 0, 0),
        (dt.datetime(2026, 11, 25, 0, 0, tzinfo=JAPAN), -1, 0),
        (dt.datetime(2026, 11, 24, 14, 59, tzinfo=dt.UTC), 0, 0),
        (dt.datetime(2026, 11, 24, 15, 0, tzinfo=dt.UTC), -1, 0),
        (dt.datetime(2026, 11, 25, 9, 0, tzinfo=JAPAN), -1, -9),
    ],
)
def test_a_day_lasts_until_its_end_in_japan(now, days, hours):
    last = dt.date(2026, 11, 24)
    assert days_left(last, now) == days
    assert time_left(Due("appi.final_report", "term", {}, last), now) // dt.timedelta(hours=1) == hours


def test_the_keys_are_the_same_in_every_language(two):
    def keys(found):
        return [list(each) for each in found["due"]]

    assert keys(two.json("clock --lang en")) == keys(two.json("clock"))


def test_a_clock_of_which_the_first_day_is_not_known_has_no_date(leakresp):
    leakresp.begin("kaiin", {**RANSOMWARE, "discovered_on": "unknown"})
    found = leakresp.json("clock")["due"]
    assert [each["last_day"] for each in found] == [None] * len(found)
    assert "知った日（discovered_on）が分かれば、日付が出ます" in leakresp("clock")


def test_a_duty_that_is_not_settled_has_provisional_dates(leakresp):
    leakresp.begin("usb", {"cause": "lost_device", "leak": "suspected", "discovered_on": "2026-11-23"})
    found = leakresp.json("clock")["due"]
    assert [each["provisional"] for each in found if each["last_day"]] == [True, True]
    assert "仮：義務があるかは未確定" in leakresp("clock")


def test_the_longer_period_and_the_closed_day_are_told(leakresp):
    leakresp.begin("ninzu", {"leak": "confirmed", "affected_people": "1001..", "discovered_on": "2026-11-20"})
    shown = leakresp("clock")
    assert "12/19が閉庁日のため" in shown
    assert "60日" in shown


def test_nothing_to_do_is_said(leakresp):
    assert "動いている期限はありません。" in leakresp.fine("clock")
    assert leakresp.json("clock")["due"] == []


# what stops a clock ---------------------------------------------------------------------------------------------------


def test_a_filed_preliminary_report_stops_its_clock_and_no_other(two, kept):
    kept("kaiin", FILED)
    found = {each["id"]: each for each in two.json("clock kaiin")["due"]}
    assert found["appi.preliminary_report"]["ended"] == {
        "state": "filed", "day": "2026-11-20", "n": 4, "by": "佐藤", "receipt": "R-1",
    }  # fmt: skip
    assert "ended" not in found["appi.final_report"]
    assert "速報（目安）  2026年11月20日（金）に報告済み（受付番号 R-1）" in two("clock kaiin")
    assert "【期限超過】" not in two("clock")


def test_a_filed_final_report_stops_both_clocks(two, kept):
    kept("kaiin", FINAL)
    running = [each["id"] for each in two.json("clock kaiin")["due"] if "ended" not in each]
    assert running == ["appi.notify"]


def test_a_report_under_another_law_stops_nothing(two, kept):
    kept("kaiin", Reported("my_number", "final_report", "個人情報保護委員会", "2026-11-20"))
    assert all("ended" not in each for each in two.json("clock kaiin")["due"])


def test_the_notice_to_the_persons_ends_when_it_was_sent(two, kept):
    kept("kaiin", Sent("letter", "sent/letter.txt", "0" * 64, "会員の皆様", "2026-11-24"))
    notice = next(each for each in two.json("clock kaiin")["due"] if each["id"] == "appi.notify")
    assert notice["ended"]["state"] == "sent"


def test_a_closed_case_is_shown_only_by_its_name(two, kept):
    kept("kaiin", Closed("終わった"))
    assert {case for case, _ in ids(two.json("clock"))} == {"byoin"}
    assert {case for case, _ in ids(two.json("clock kaiin"))} == {"kaiin"}


def test_a_damaged_case_hides_no_other_and_is_told(two):
    journal = two.folder / "byoin" / "journal.jsonl"
    journal.write_bytes(journal.read_bytes().replace(b"misdelivery", b"misdisposal"))
    found = two.json("clock")
    assert {case for case, _ in ids(found)} == {"kaiin", "byoin"}
    assert "この行は、書かれた後に変えられています" in two.err


def test_a_case_that_cannot_be_read_hides_no_other_and_is_an_error(two, monkeypatch):
    from leakresp.shell import every_case
    from leakresp.shell.faults import Fault, FaultsError
    from leakresp.shell.journal import Journal

    class Unreadable(Journal):
        def read(self):
            if self.folder.name == "byoin":
                raise FaultsError([Fault("file.unreadable", str(self.path), details={"reason": "壊れた"})])
            return super().read()

    monkeypatch.setattr(every_case, "Journal", Unreadable)
    assert {case for case, _ in ids(two.json("clock"))} == {"kaiin"}
    assert two.code == FILE_WRONG
    assert "byoin" in two.err


# dates of one's own ---------------------------------------------------------------------------------------------------


def test_a_date_of_ones_own_is_set_met_and_dropped(two):
    two.fine('clock kaiin --add "委員会へ続報" 12/5')
    assert "自分で決めた日 1「委員会へ続報」を記録しました：2026年12月5日（土）" in two.err
    two.fine('clock kaiin --add "取引先へ説明" 2026-12-02 --by 鈴木')
    own = [each for each in two.json("clock")["due"] if each["kind"] == "agreed"]
    assert [(each["id"], each["title"], each["last_day"]) for each in own] == [
        ("agreed.2", "取引先へ説明", "2026-12-02"),
        ("agreed.1", "委員会へ続報", "2026-12-05"),
    ]
    two.fine("clock kaiin --done 2")
    two.fine("clock kaiin --drop 1")
    ended = {each["id"]: each["ended"]["state"] for each in two.json("clock kaiin")["due"] if "ended" in each}
    assert ended == {"agreed.1": "dropped", "agreed.2": "done"}
    assert two.kinds("kaiin")[-4:] == ["agreed", "agreed", "agreed_ended", "agreed_ended"]
    assert two.journal("kaiin")[-3]["by"] == "鈴木"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('clock --add "続報" 12/5', "事案を一つだけ指定"),
        ('clock kaiin byoin --add "続報" 12/5', "事案を一つだけ指定"),
        ('clock kaiin --add "続報" 12/5 --done 1', "一度に一つだけ"),
        ('clock kaiin --add " " 12/5', "何をする日かを書いてください"),
        ('clock kaiin --add "続報" 2026-11-23', "もう過ぎています"),
        ('clock kaiin --add "続報" そのうち', "--add"),
        ("clock kaiin --done 1", "自分で決めた日がありません"),
        ("clock nowhere", "この名前の事案は"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_nothing_is_recorded(two, line, told):
    before = two.kinds("kaiin")
    two(line)
    assert two.code == MISUSE
    assert told in two.err
    assert two.kinds("kaiin") == before


def test_a_date_that_ended_does_not_end_again_and_another_number_is_offered(two):
    two.fine('clock kaiin --add "続報" 12/5')
    two.fine('clock kaiin --add "説明" 12/6')
    two.fine("clock kaiin --done 1")
    two("clock kaiin --drop 1")
    assert (two.code, "すでに記録されています" in two.err) == (MISUSE, True)
    two("clock kaiin --done 7")
    assert (two.code, "動いているのは 2 です" in two.err) == (MISUSE, True)


def test_numbers_of_dates_never_change_and_an_end_without_a_date_moves_nothing(facts):
    entries = [
        Entry(n, MORNING, "佐藤", event)
        for n, event in enumerate(
            [Agreed("A", "2026-12-01"), DateEnded("1", "done"), Agreed("B", "2026-12-02"), Agreed("?", "いつか"),
             Agreed("C", "2026-12-03"), DateEnded("9", "done"), DateEnded("1", "dropped")], 1
        )
    ]  # fmt: skip
    agreed = replay(entries, facts).agreed
    assert [(date.number, date.entry.event.what) for date in agreed] == [(1, "A"), (2, "B"), (3, "C")]
    assert [date.ended.event.state if date.ended else None for date in agreed] == ["done", None, None]


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-12-05", "2026-12-05"), ("12/5", "2026-12-05"), ("１２月５日", "2026-12-05"), ("11/24", "2026-11-24"),
        ("11/23", "2027-11-23"), ("1/5", "2027-01-05"), ("24日", "2026-11-24"), ("23日", "2026-12-23"),
        ("31日", "2026-12-31"), ("2/29", "2028-02-29"), ("金曜日", "2026-11-27"), ("火曜", "2026-11-24"),
        ("monday", "2026-11-30"), ("今日", "2026-11-24"), ("明日", "2026-11-25"), ("あさって", "2026-11-26"),
        ("tomorrow", "2026-11-25"), ("10日後", "2026-12-04"), ("in 3 days", "2026-11-27"), ("令和8年12月5日", "2026-12-05"),
    ],
)  # fmt: skip
def test_a_day_to_come_is_the_next_one_of_its_name(typed, day):
    assert str(typed_day_to_come(typed, MORNING)) == day


def test_a_closed_case_takes_no_new_date(two, kept):
    kept("kaiin", Closed("終わった"))
    two('clock kaiin --add "続報" 12/5')
    assert (two.code, two.kinds("kaiin")[-1]) == (MISUSE, "closed")


# the calendar ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def calendar(two, tmp_path):
    """Write the calendar and return it as icalendar reads it."""

    def write(line="clock"):
        two.fine(f"{line} --ics '{tmp_path / 'due.ics'}'")
        return icalendar.Calendar.from_ical((tmp_path / "due.ics").read_bytes())

    return write


def events_of(read):
    return {str(event["summary"]): event for event in read.walk("VEVENT")}


def alarms(event):
    return [alarm["trigger"].dt for alarm in event.walk("VALARM")]


MORNINGS = {days: dt.timedelta(hours=9) - dt.timedelta(days=days) for days in (7, 3, 1, 0)}


def test_each_date_is_an_all_day_event_with_alarms_in_the_mornings_before_it(calendar):
    found = events_of(calendar())
    final = found["【期限】確報：byoin"]
    assert final["dtstart"].dt == dt.date(2026, 12, 22)
    assert final["dtend"].dt == dt.date(2026, 12, 23)
    assert alarms(final) == [MORNINGS[7], MORNINGS[3], MORNINGS[1], MORNINGS[0]]
    assert alarms(found["【期限】速報（目安）：byoin"]) == [MORNINGS[1], MORNINGS[0]]
    assert alarms(found["【期限】速報（目安）：kaiin"]) == []  # the day is over: an alarm would only startle


def test_the_calendar_is_what_the_standard_asks_for(calendar, tmp_path):
    read = calendar()
    raw = (tmp_path / "due.ics").read_bytes()
    assert (read["version"], read["prodid"]) == ("2.0", PRODUCT)
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"")
    for event in read.walk("VEVENT"):
        assert {"UID", "DTSTAMP", "DTSTART", "SUMMARY", "SEQUENCE"} <= set(event)
        assert event["dtstamp"].dt == MORNING.astimezone(dt.UTC)
        assert event.errors == []
    assert len({event["uid"] for event in read.walk("VEVENT")}) == len(read.walk("VEVENT"))


def test_a_second_reader_finds_the_same_dates(calendar, tmp_path):
    first = {str(event["uid"]): event["dtstart"].dt for event in calendar().walk("VEVENT")}
    second = vobject.readOne((tmp_path / "due.ics").read_text(encoding="utf-8"))
    assert {event.uid.value: event.dtstart.value for event in second.vevent_list} == first
    assert sum(len(event.contents.get("valarm", [])) for event in second.vevent_list) == sum(
        len(event.walk("VALARM")) for event in icalendar.Calendar.from_ical(second.serialize()).walk("VEVENT")
    )


def test_a_program_that_asks_for_a_day_is_given_its_events(calendar):
    found = recurring_ical_events.of(calendar()).at(dt.date(2026, 12, 22))
    assert [str(event["summary"]) for event in found] == ["【期限】確報：byoin"]


def test_an_event_keeps_its_uid_when_its_day_moves_and_its_sequence_rises(two, calendar):
    before = events_of(calendar())["【期限】確報：byoin"]
    two.fine("change byoin discovered_on=2026-11-24")
    after = events_of(calendar())["【期限】確報：byoin"]
    assert after["uid"] == before["uid"]
    assert after["dtstart"].dt != before["dtstart"].dt
    assert after["sequence"] > before["sequence"]


def test_the_same_case_under_another_folder_name_keeps_its_uids(two, calendar):
    before = {str(event["uid"]) for event in calendar("clock byoin").walk("VEVENT")}
    (two.folder / "byoin").rename(two.folder / "tonari")
    assert {str(event["uid"]) for event in calendar("clock tonari").walk("VEVENT")} == before


def test_two_cases_of_one_name_have_different_uids(two, calendar):
    before = {str(event["uid"]) for event in calendar("clock byoin").walk("VEVENT")}
    (two.folder / "byoin").rename(two.folder / "old-byoin")
    two.moment += dt.timedelta(hours=1)
    two.begin("byoin", PATIENT, discovered_on="2026-11-23")
    assert before.isdisjoint(str(event["uid"]) for event in calendar("clock byoin").walk("VEVENT"))


def test_what_was_filed_or_met_reminds_no_more_and_what_was_dropped_is_cancelled(two, kept, calendar):
    two.fine('clock byoin --add "続報" 12/5')
    two.fine('clock byoin --add "説明" 12/6')
    two.fine("clock byoin --done 1")
    two.fine("clock byoin --drop 2")
    kept("byoin", FINAL)
    found = {name: (str(event["status"]), alarms(event)) for name, event in events_of(calendar("clock byoin")).items()}
    assert found == {
        "（終了）速報（目安）：byoin": ("CONFIRMED", []),
        "（終了）確報：byoin": ("CONFIRMED", []),
        "（終了）続報（自分で決めた日 1）：byoin": ("CONFIRMED", []),
        "（終了）説明（自分で決めた日 2）：byoin": ("CANCELLED", []),
    }


def test_what_is_no_longer_due_is_cancelled_under_the_uid_it_had(two, calendar):
    before = events_of(calendar("clock kaiin"))["【期限】確報：kaiin"]
    two.fine("change kaiin leak=ruled_out unusable=ruled_out loss=ruled_out tampered=ruled_out")
    after = events_of(calendar("clock kaiin"))["（終了）確報：kaiin"]
    assert (after["uid"], str(after["status"]), alarms(after)) == (before["uid"], "CANCELLED", [])


def test_a_closed_case_leaves_the_calendar(two, kept, calendar):
    kept("byoin", Closed("終わった"))
    assert {str(event["status"]) for event in calendar("clock byoin").walk("VEVENT")} == {"CANCELLED"}


def test_a_provisional_date_is_tentative(two, calendar):
    two.begin("usb", {"cause": "lost_device", "leak": "suspected", "discovered_on": "2026-11-23"})
    assert {str(event["status"]) for event in calendar("clock usb").walk("VEVENT")} == {"TENTATIVE"}


def test_nothing_but_the_name_of_the_case_and_what_is_due_goes_in(two, calendar, tmp_path):
    two.fine("change byoin incident_summary=患者の氏名 contact_person=山田太郎 organisation_name=みほん病院")
    calendar()
    raw = (tmp_path / "due.ics").read_text(encoding="utf-8").replace("\r\n ", "")
    assert not any(word in raw for word in ("患者の氏名", "山田", "みほん", "佐藤", str(two.folder)))


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=60).filter(str.strip))
def test_whatever_a_date_is_called_both_readers_read_it_back(what):
    from leakresp.shell.calendar_file import _alarms, _Line

    line = _Line("agreed.1", dt.date(2026, 12, 5), what, what, "CONFIRMED", (1, 0))
    calendar, event = icalendar.Calendar(), icalendar.Event()
    event.add("uid", "1")
    event.add("summary", line.summary)
    event.add("dtstart", line.day)
    for alarm in _alarms(line):
        event.add_component(alarm)
    calendar.add_component(event)
    raw = calendar.to_ical()
    assert str(icalendar.Calendar.from_ical(raw).walk("VEVENT")[0]["summary"]) == what
    assert vobject.readOne(raw.decode()).vevent.summary.value == what


def test_a_calendar_is_written_over_only_where_leakresp_wrote_it(two, tmp_path):
    path = tmp_path / "mine.ics"
    path.write_text("BEGIN:VCALENDAR\r\nPRODID:-//someone//else//EN\r\nEND:VCALENDAR\r\n")
    two(f"clock --ics '{path}'")
    assert (two.code, "上書きしません" in two.err) == (MISUSE, True)
    assert "someone" in path.read_text()
    path.unlink()
    two.fine(f"clock --ics '{path}'")
    two.fine(f"clock --ics '{path}'")
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir() if each.is_file()] == ["mine.ics"]


def test_a_calendar_needs_a_folder_and_a_date(two, tmp_path):
    two(f"clock --ics '{tmp_path / 'no' / 'such.ics'}'")
    assert (two.code, "フォルダーがありません" in two.err) == (MISUSE, True)
    two.wipe()
    two.fine(f"clock --ics '{tmp_path / 'empty.ics'}'")
    assert "書き込みませんでした" in two.err
    assert not (tmp_path / "empty.ics").exists()


def test_dues_come_soonest_first_whatever_their_kind(assessor, facts):
    entries = [Entry(1, MORNING, "佐藤", Agreed("先", "2026-11-25"))]
    answers = {
        name: facts[name].read(raw)
        for name, raw in {"leak": "confirmed", "affected_people": "1001", "discovered_on": "2026-11-23"}.items()
    }
    found = dues(replay(entries, facts), assessor.assess(answers, None, MORNING.date()))
    days = [due.last for due in found if due.last]
    assert days == sorted(days)
    assert found[0].id == "agreed.1"


def test_a_command_that_succeeds_is_exit_0(two):
    two("clock")
    assert two.code == DONE
