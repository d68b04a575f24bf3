"""``leakresp rules``: checked, listed, shown and tested, in words and in JSON."""

import datetime as dt
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.incidents import TODAY
from tests.screens import desk

from leakresp.law.rules import NOT_YET
from leakresp.shell import library, places
from leakresp.shell.citations import citations, stale
from leakresp.shell.commands import rules as command
from leakresp.shell.faults import FILE_WRONG, MISUSE, FaultsError
from leakresp.shell.layout import cells, lines
from leakresp.shell.rule_entries import entries
from leakresp.shell.rule_words import EntryWords

RULES = Path(__file__).resolve().parent.parent / "rules"
OVER_1000 = "appi/criteria/over_1000_people.yaml"


@pytest.fixture
def copied(tmp_path):
    """A copy of the rules that a test may break."""
    return Path(shutil.copytree(RULES, tmp_path / "rules"))


def change(folder, name, old, new):
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def checked(folder=None, today=TODAY, *, as_json=False):
    return command.check(rules=None if folder is None else str(folder), today=today, as_json=as_json, lang="ja")


# check ----------------------------------------------------------------------------------------------------------------


def test_rules_in_order_are_counted(capsys, library):
    assert checked() == 0
    out = capsys.readouterr().out
    assert out.startswith("規定と文書のひな形に、誤りはありません。")
    assert f"  事実          {len(library.rulebook.facts)}\n" in out


def test_the_counts_in_json(capsys, library):
    assert checked(as_json=True) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["ok"] is True
    assert found["stale_sources"] == []
    assert found["counts"]["rules"] == len(list(library.rulebook.rules()))
    assert all(count > 0 for key, count in found["counts"].items() if key != "papers")


def test_every_fault_of_every_file_is_gathered(copied):
    change(copied, OVER_1000, "may_exceed: 1000", "may_exceed: many")
    change(copied, "appi/duties/report.yaml", "{rule: sensitive_data}", "{rule: sensitive_date}")
    with pytest.raises(FaultsError) as caught:
        checked(copied)
    assert caught.value.code == FILE_WRONG
    assert {Path(fault.file).name for fault in caught.value.faults} >= {"over_1000_people.yaml", "report.yaml"}


def test_faults_in_json_name_file_and_line(copied, capsys):
    change(copied, OVER_1000, "may_exceed: 1000", "may_exceed: many")
    assert checked(copied, as_json=True) == FILE_WRONG
    found = json.loads(capsys.readouterr().out)
    assert found["ok"] is False
    fault = found["faults"][0]
    assert fault["file"].endswith(OVER_1000)
    assert fault["line"] > 1
    assert "many" in fault["message"]


def test_a_source_checked_over_a_year_ago_is_a_warning_and_no_fault(capsys):
    late = TODAY + dt.timedelta(days=400)
    assert checked(today=late) == 0
    assert "照合から1年を超えた根拠が" in capsys.readouterr().out
    assert checked(today=late, as_json=True) == 0
    found = json.loads(capsys.readouterr().out)
    assert {"by", "law", "article", "read", "checked"} == set(found["stale_sources"][0])


def test_a_source_is_stale_after_a_year(rulebook):
    source = next(citations(rulebook)).source
    assert not stale(source, source.checked + dt.timedelta(days=365))
    assert stale(source, source.checked + dt.timedelta(days=366))


# list -----------------------------------------------------------------------------------------------------------------


def listed(*, sources=False, as_json=False, today=TODAY, lang="ja"):
    return command.list_(sources=sources, rules=None, today=today, as_json=as_json, lang=lang)


def test_every_rule_is_listed_with_its_kind_and_day(capsys, rulebook):
    assert listed() == 0
    out = capsys.readouterr().out
    assert (
        "  不正の目的をもって行われたおそれがある漏えい等\n    appi.wrongful_purpose（事態、2024-04-01から）\n" in out
    )
    for rule in rulebook.rules():
        assert f"    {rule.name}（" in out


def test_a_version_whose_day_is_not_fixed_is_marked(capsys):
    listed()
    line = next(line for line in capsys.readouterr().out.splitlines() if "appi.notify" in line)
    assert "施行日が決まらず判断に使わない版" in line


def test_the_list_in_json_holds_since_and_versions(capsys):
    listed(as_json=True, today=dt.date(2023, 1, 1))
    found = {each["name"]: each for each in json.loads(capsys.readouterr().out)}
    assert found["appi.wrongful_purpose"]["since"] == "2022-04-01"
    assert found["appi.wrongful_purpose"]["versions"] == ["2022-04-01", "2024-04-01"]
    assert found["appi.notify"]["not_yet"] is True
    assert NOT_YET in found["appi.notify"]["versions"]
    listed(as_json=True, today=dt.date(2020, 1, 1))
    assert all(each["since"] is None for each in json.loads(capsys.readouterr().out))


def test_every_source_is_listed_with_its_confidence_and_day(capsys, rulebook):
    listed(sources=True, as_json=True)
    found = json.loads(capsys.readouterr().out)
    shown = {(each["law"], each["article"], each["read"], each["checked"]): each["by"] for each in found}
    for citation in citations(rulebook):
        source = citation.source
        assert citation.by in shown[source.law, source.article, source.read, str(source.checked)]
    listed(sources=True)
    out = capsys.readouterr().out
    assert "・個人情報保護法施行規則第7条第3号（原文を確認、2026-11-24時点）" in out
    assert "二次資料" in out


def test_articles_stand_in_the_order_of_their_numbers(capsys):
    listed(sources=True, as_json=True)
    articles = [each["article"] for each in json.loads(capsys.readouterr().out) if each["law"] == "appi_rules"]
    assert articles.index("第8条第1項") < articles.index("第10条")


# show -----------------------------------------------------------------------------------------------------------------


def shown(capsys, name, *, on=None, as_json=False, lang="ja"):
    assert command.show(name=name, on=on, rules=None, today=TODAY, as_json=as_json, lang=lang) == 0
    out = capsys.readouterr().out
    return json.loads(out) if as_json else out


def test_a_rule_shows_versions_sources_condition_and_examples(capsys):
    out = shown(capsys, "appi.wrongful_purpose")
    assert out.startswith("不正の目的をもって行われたおそれがある漏えい等\n  appi.wrongful_purpose（事態）\n")
    assert "2024年4月1日から（2026年11月24日に効力のある版）" in out
    assert "2022年4月1日から2024年3月31日まで（過去の版）" in out
    assert "・「保護されていないデータの漏えい等」に当たる（appi.unprotected_event）" in out
    assert "・不正の目的による行為：次のどれか（確認した、おそれあり）" in out
    assert "・個人情報保護法施行規則第7条第3号（原文を確認、2026年11月24日時点）" in out
    assert "「取得し、又は取得しようとしている個人情報であって" in out
    assert "https://laws.e-gov.go.jp/law/428M60020000003" in out
    assert "・ransomware on the member database：当たります" in out
    assert "毀損（利用不能）：確認した、原因：ランサムウェア" in out


def test_the_version_of_a_day_stands_alone(capsys):
    out = shown(capsys, "wrongful_purpose", on="2023-01-01")
    assert "2022年4月1日から（2023年1月1日に効力のある版）" in out
    assert "2024年4月1日から" not in out
    assert "2021年1月1日に効力のある版はありません。" in shown(capsys, "appi.report", on="2021-01-01")


def test_a_version_not_in_force_says_that_it_is_not_applied(capsys):
    assert "施行日未定（まだ効力がなく、判断には使いません）" in shown(capsys, "appi.notify")
    assert "Day in force not fixed (not in force, not applied)" in shown(capsys, "appi.notify", lang="en")
    found = shown(capsys, "appi.notify", as_json=True)
    assert [(each["from"], each["in_force"]) for each in found["versions"]] == [("2022-04-01", True), (NOT_YET, False)]


def test_a_duty_shows_its_exceptions_and_a_deadline_its_days(capsys):
    assert "例外「報告義務を負う委託元に知らせた委託先」：義務は免除されます" in shown(capsys, "appi.report")
    out = shown(capsys, "appi.final_report")
    assert "・30日目が期限" in out
    assert "・次に当たるときは60日目が期限" in out
    assert "・最後の日が閉庁日なら、次の開庁日に繰り下げる" in out


def test_presumptions_actions_facts_and_regimes_are_shown(capsys):
    out = shown(capsys, "attack_is_wrongful")
    assert out.startswith("不正の目的による行為：確認した\n  presumption.attack_is_wrongful（推定）\n")
    out = shown(capsys, "stop_log_deletion")
    assert "段階：初動　時期：今すぐ　担当：情報システム、セキュリティ" in out
    assert "当てはまるか分からない間も示します。" in out
    assert "どの事案でも行います。" in shown(capsys, "start_timeline")
    assert "・suspected：おそれあり" in shown(capsys, "fact.leak")
    assert "・appi.report：個人情報保護委員会への報告" in shown(capsys, "appi")


def test_a_name_that_several_things_bear_must_be_given_in_full():
    with pytest.raises(FaultsError) as caught:
        command.show(name="final_report", on=None, rules=None, today=TODAY, as_json=False, lang="ja")
    assert caught.value.code == MISUSE
    assert "appi.final_report" in caught.value.faults[0].details["words"]


def test_an_unknown_name_meets_the_nearest_one():
    with pytest.raises(FaultsError) as caught:
        command.show(name="wrongful_purpse", on=None, rules=None, today=TODAY, as_json=False, lang="ja")
    assert caught.value.faults[0].details["nearest"] == "wrongful_purpose"


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_everything_there_is_can_be_shown_in_80_columns(library, lang):
    words = EntryWords(desk(library, lang).phrases, TODAY)
    for entry in entries(library.rulebook).values():
        for line, _ in lines(words.rows(entry)):
            assert cells(line) <= 80, (entry.name, line)


def test_json_is_in_one_language_and_names_the_laws(capsys):
    found = shown(capsys, "appi.report", as_json=True, lang="en")
    assert found["title"] == "Report to the Commission"
    source = found["versions"][0]["sources"][0]
    assert source["title"] == "Act on the Protection of Personal Information"
    assert source["address"].startswith("https://")
    assert found["versions"][0]["exceptions"][0]["title"] == "Administrative organs come under article 68"
    assert "ja" not in json.dumps(list(found))


# test -----------------------------------------------------------------------------------------------------------------


def test_every_example_is_run(capsys, rulebook):
    assert command.test(rules=None, as_json=True, lang="ja") == 0
    found = json.loads(capsys.readouterr().out)
    run = sum(len(version.examples) for rule in rulebook.rules() for version in rule.versions if version.since)
    assert found == {"examples": run, "held": run, "failed": []}
    assert command.test(rules=None, as_json=False, lang="ja") == 0
    assert capsys.readouterr().out == f"例{run}件のうち{run}件が、期待どおりの結果になりました。\n"


def test_an_example_that_fails_is_named_with_its_line(copied, capsys):
    change(copied, OVER_1000, "affected_people: 1000}, expect: no", "affected_people: 1000}, expect: yes")
    assert command.test(rules=str(copied), as_json=False, lang="ja") == FILE_WRONG
    out = capsys.readouterr().out
    assert f"{OVER_1000}:" in out.replace("\n  ", "")
    assert "期待どおりの結果になったのは" in out
    assert command.test(rules=str(copied), as_json=True, lang="ja") == FILE_WRONG
    found = json.loads(capsys.readouterr().out)
    assert found["held"] < found["examples"]
    assert {"file", "line", "name", "expected", "found"} <= set(found["failed"][0])


def test_rules_with_other_faults_are_not_tested(copied):
    change(copied, OVER_1000, "may_exceed: 1000", "may_exceed: many")
    with pytest.raises(FaultsError) as caught:
        command.test(rules=str(copied), as_json=False, lang="ja")
    assert caught.value.code == FILE_WRONG


# the words of lists of recipients -------------------------------------------------------------------------------------


def test_a_fault_in_the_words_of_a_list_is_found_with_all_others():
    rules, templates = (library.read_folder(place) for place in (places.rules_folder(None), places.templates_folder()))
    words = templates["recipients.yaml"].replace(b"- id: kana", b"- id: cana")
    advice = templates["advice.yaml"].replace(b"event: loss", b"event: fire")
    with pytest.raises(FaultsError) as caught:
        library.check(rules, "rules", templates | {"recipients.yaml": words, "advice.yaml": advice}, "templates")
    assert {"recipients.field_unknown", "rules.wrong_form"} <= {fault.key for fault in caught.value.faults}


def test_a_list_can_be_read_with_what_was_compiled_and_without_yaml(tmp_path):
    compiled = library.compile_folders(places.rules_folder(None), places.templates_folder())
    assert compiled[library.TEXTS]["recipients"]["fields"]
    assert "recipients" not in compiled[library.MAIN], "commands that read no list need not read its words"
    first = "from leakresp.shell import library; fields = library.load().recipients['fields']"
    again = f"import sys; {first}; assert fields; assert 'yaml' not in sys.modules"
    for script in (first, again):  # the first run compiles, the second takes what was kept
        own_cache = os.environ | {"LEAKRESP_CACHE": str(tmp_path)}
        run = subprocess.run([sys.executable, "-c", script], env=own_cache, check=False, capture_output=True)
        assert run.returncode == 0, run.stderr
