"""랭크 실험실의 말: 어느 랭크면 충분한가."""

from __future__ import annotations

RANKS = {
    "ranks": {
        "answer_enough": (
            "랭크 {enough}이(가) 최고와 표준 오차 하나({error}) 안에 드는 가장 작은 랭크입니다: "
            "recall@1 {recall}, 랭크 {best}에서는 {best_recall} (시드 {seeds}개)."
        ),
        "answer_best": (
            "랭크 {best}의 recall@1이 {best_recall}(으)로 가장 높고, 그보다 작은 랭크 중 표준 오차 "
            "하나({error}) 안에 드는 것은 없습니다 (시드 {seeds}개)."
        ),
        "answer_one_seed": (
            "시드 하나로는 랭크 {best}의 recall@1이 {best_recall}(으)로 가장 높습니다. 그중 얼마가 "
            "우연인지는 시드가 더 있어야 알 수 있습니다."
        ),
        "turn": (
            "균일도는 랭크 {turn}까지 내려가다가, 랭크 {largest}에서는 오차보다 크게 다시 "
            "올라와 있습니다."
        ),
        "no_turn": (
            "균일도는 다시 오르지 않습니다: 랭크 {lowest}에서 가장 낮고, 랭크 {largest}에서도 오차 "
            "범위를 넘게 높지 않습니다."
        ),
    },
}
