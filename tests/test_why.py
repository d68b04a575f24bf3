"""``leakresp why``: the whole proof, each answer in its place, and what would follow if an answer were another."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.incidents import answers
from tests.screens import INCIDENTS, assessed, desk, golden

from leakresp.law.truth import BY_WORD
from leakresp.response.moved import moved
from leakresp.shell.answers import Given
from leakresp.shell.commands import why
from leakresp.shell.layout import cells, lines
from leakresp.shell.moved_words import moved_json, moved_rows
from leakresp.shell.result import ResultWords

RANSOMWARE = INCIDENTS["ransomware"]


def text_of(at, assessment, marks="mark.plain"):
    words = ResultWords(assessment, at.phrases, at.today, marks)
    return "\n".join(line for line, _ in lines(why.why_rows(words, Given())))


def nodes(tree):
    """Yield every node of a tree in JSON."""
    yield tree
    for part in tree.get("parts", ()):
        yield from nodes(part)


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_reasons_of_the_ransomware_are_the_ones_kept(library, lang):
    at = desk(library, lang)
    golden(f"why_ransomware.{lang}.txt", text_of(at, assessed(at, RANSOMWARE)) + "\n")


@settings(max_examples=40)
@given(st.data())
def test_the_reasons_of_any_incident_fit_80_columns(library, data):
    at = desk(library, data.draw(st.sampled_from(("ja", "en"))))
    assessment = at.assessor.assess(data.draw(answers(at.facts)), None, at.today)
    assert all(cells(line) <= 80 for line in text_of(at, assessment).splitlines())


def test_every_leaf_shows_its_answer_and_whether_it_is_presumed_or_unsure(library):
    at = desk(library)
    text = text_of(at, assessed(at, RANSOMWARE | {"loss": "unknown"}))
    assert "[o] 毀損（利用不能）：確認した" in text
    assert "[?] 滅失（内容の消失）：不明" in text
    assert "[?] 毀損（改ざん）：未回答" in text
    assert "[x] 同じデータの控え：いいえ（回答がないため推定）" in text
    assert "影響を受ける本人の数：500人から3,000人（1,000人を超える可能性がある" in text


def test_a_rule_names_its_sources_and_marks_those_that_are_no_primary_text(library):
    at = desk(library)
    text = text_of(at, assessed(at, RANSOMWARE))
    assert "個人情報保護法施行規則第7条第3号" in text
    assert "同旨の別の文書を確認" in text
    assert "（本製品の解釈）" in text.replace("\n", "").replace(" ", "")


def test_a_rule_that_several_trees_rest_on_is_unfolded_once(library):
    at = desk(library)
    text = text_of(at, assessed(at, RANSOMWARE))
    appi = text.split("マイナンバー法（特定個人情報）\n")[0]
    assert appi.count("保護されていないデータの漏えい等：当たります") == 4
    assert appi.count("[o] 漏えい等：当たります") == 1
    assert appi.count("（上に示したとおりです）") == 3


def test_what_was_presumed_is_explained(library):
    at = desk(library)
    text = text_of(at, assessed(at, RANSOMWARE)).replace("\n    ", "")
    assert "それ自体が不正な目的の行為に当たるときは、不正の目的による行為があったものとして扱います。" in text


def test_a_change_without_a_day_in_force_is_pointed_to_and_not_applied(library):
    at = desk(library)
    assert "leakresp rules show appi.notify" in text_of(at, assessed(at, RANSOMWARE))


def test_the_exception_that_decides_is_unfolded_with_its_source(library):
    at = desk(library)
    text = text_of(at, assessed(at, INCIDENTS["entrustee_told_its_entrustor"]))
    assert "[o] 例外「報告義務を負う委託元に知らせた委託先」：当たります" in text
    assert "[o] 委託元への通知：はい" in text
    assert "個人情報保護法第26条第1項ただし書" in text


# JSON -----------------------------------------------------------------------------------------------------------------


def test_the_tree_in_json_carries_word_truth_fact_value_and_sources(library):
    at = desk(library)
    found = why.why_json(assessed(at, RANSOMWARE), at.phrases)
    assert found["schema"] == "leakresp/why/1"
    appi = found["regimes"][0]
    tree = appi["criteria"]["wrongful_purpose"]
    assert (tree["word"], tree["rule"], tree["truth"]) == ("rule", "appi.wrongful_purpose", "yes")
    assert tree["sources"][0] == "個人情報保護法施行規則第7条第3号"
    leaves = {node["fact"]: node for node in nodes(tree) if "fact" in node}
    assert leaves["unusable"]["value"] == "confirmed"
    assert leaves["unusable"]["state"] == "stated"
    assert {key: value for key, value in leaves["wrongful_act"].items() if key != "text"} == {
        "word": "is",
        "truth": "yes",
        "fact": "wrongful_act",
        "state": "presumed",
        "value": "confirmed",
        "presumed": "attack_is_wrongful",
    }
    assert leaves["loss"]["state"] == "not_asked"
    assert leaves["loss"]["waits_for"] == ["loss"]
    assert appi["report"]["duty"] == "required"
    assert {each["id"] for each in appi["report"]["exceptions"]} >= {"released", "not_handling"}


@settings(max_examples=40)
@given(st.data())
def test_the_tree_in_json_is_the_whole_proof(library, data):
    at = desk(library)
    assessment = at.assessor.assess(data.draw(answers(at.facts)), None, at.today)
    found = json.loads(json.dumps(why.why_json(assessment, at.phrases)))

    def same(node, proof):
        assert BY_WORD[node["truth"]] is proof.truth
        assert len(node.get("parts", ())) == len(proof.parts)
        for part, of in zip(node.get("parts", ()), proof.parts, strict=True):
            same(part, of)

    for shown, result in zip(found["regimes"], assessment.regimes, strict=True):
        same(shown["applies"], result.applies)
        same(shown["report"]["base"], result.report.base)
        for name, proof in result.criteria.items():
            same(shown["criteria"][name], proof)
            assert shown["criteria"][name]["open_facts"] == sorted(proof.open_facts())


# If an answer were another --------------------------------------------------------------------------------------------


def supposed(at, stated, **other):
    return assessed(at, stated), assessed(at, stated | other)


def shown_if(at, stated, **other):
    before, after = supposed(at, stated, **other)
    return "\n".join(line for line, _ in lines(moved_rows(before, after, tuple(other), at.phrases)))


def test_a_hypothetical_stands_beside_today(library):
    at = desk(library)
    text = shown_if(at, INCIDENTS["mail_shows_950_addresses"], affected_people=1001)
    assert text.startswith("もし「影響を受ける本人の数：1,001人」だったら")
    changes, stays = text.split("変わらないこと")
    assert "結論：報告の義務はありません → 報告と本人への通知が必要です" in changes
    assert "本人の数が千人を超える漏えい等：当たりません → 当たります" in changes
    assert "確報：期限なし → 2026年12月21日（月）" in changes
    assert "増える文書\n    ・個人情報保護委員会への速報" in changes
    assert "要配慮個人情報が含まれる個人データ：当たりません" in stays


def test_actions_that_come_and_go_are_listed(library):
    at = desk(library)
    text = shown_if(at, RANSOMWARE, cause="misdirected_email")
    assert "増える対応\n" in text
    assert "要らなくなる対応\n" in text
    assert "脅迫文や遠隔操作の画面を別の機器で撮影する" in text.split("要らなくなる対応")[1]


def test_a_hypothetical_that_changes_nothing_says_so(library):
    at = desk(library)
    assert "変わることはありません。" in shown_if(at, RANSOMWARE, affected_people=2000)


def test_a_deadline_that_has_no_day_yet_is_told_in_days(library):
    at = desk(library)
    stated = {"cause": "lost_device", "leak": "confirmed", "data_items": ["medical_history"]}
    text = shown_if(at, stated, cause="theft")
    assert "確報：知った日を1日目として30日目 → 知った日を1日目として60日目" in text
    assert "速報：知った日を1日目として3～5日目" in text


def test_what_moved_in_json_names_only_what_differs(library):
    at = desk(library)
    before, after = supposed(at, INCIDENTS["mail_shows_950_addresses"], affected_people="1001..")
    found = json.loads(json.dumps(moved_json(moved(before, after))))
    assert found["verdict"] == ["not_required", "required"]
    assert found["duties"] == {"appi.report": ["not_required", "required"], "appi.notify": ["not_required", "required"]}
    assert found["criteria"] == {"appi.over_1000_people": ["no", "yes"]}
    assert found["deadlines"]["appi.final_report"] == [None, {"days": 30, "due": "2026-12-21"}]
    assert found["papers"] == {"added": ["ppc_preliminary_report", "letter"], "removed": []}


@settings(max_examples=40)
@given(st.data())
def test_nothing_moves_between_an_assessment_and_itself(library, data):
    at = desk(library)
    assessment = at.assessor.assess(data.draw(answers(at.facts)), None, at.today)
    found = moved_json(moved(assessment, assessment))
    assert found == {
        "verdict": None,
        "duties": {},
        "criteria": {},
        "deadlines": {},
        "actions": {"added": [], "removed": []},
        "papers": {"added": [], "removed": []},
        "open_facts": {"added": [], "removed": []},
    }


# The command ----------------------------------------------------------------------------------------------------------


def run(settings, hypothesis=(), *, as_json=False, lang="ja"):
    return why.run(
        case=None, answers=None, settings=list(settings), hypothesis=list(hypothesis), folder=None, on=None,
        rules=None, as_json=as_json, plain=True, lang=lang,
    )  # fmt: skip


def test_the_command_shows_the_reasons(capsys):
    assert run(["leak=confirmed", "cause=theft"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("報告と本人への通知が必要です。")
    assert "[o] 不正の目的をもって行われたおそれがある漏えい等：当たります" in out


def test_the_command_shows_a_hypothetical_in_both_forms(capsys):
    assert run(["leak=confirmed", "cause=theft"], ["leak=ruled_out"], lang="en") == 0
    assert capsys.readouterr().out.startswith("If Leak (data flowed outside): ruled out")
    assert run(["leak=confirmed", "cause=theft"], ["leak=ruled_out"], as_json=True) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["schema"] == "leakresp/if/1"
    assert found["if"] == {"leak": "ruled_out"}
    assert found["before"]["verdict"] == "required"
    assert found["after"]["verdict"] == "undetermined"
    assert found["moved"]["verdict"] == ["required", "undetermined"]


def test_the_command_writes_the_trees_in_json(capsys):
    assert run(["leak=confirmed", "cause=theft"], as_json=True) == 0
    assert json.loads(capsys.readouterr().out)["verdict"] == "required"
