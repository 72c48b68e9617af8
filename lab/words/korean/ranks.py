"""랭크 실험실의 말: 무엇을 물었고, 어디까지 왔으며, 어느 랭크면 충분한가."""

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
            "균일성은 랭크 {turn}에서 가장 낮고, 랭크 {largest}에서는 오차 범위를 넘게 더 높습니다."
        ),
        "no_turn": (
            "균일성은 다시 오르지 않습니다: 랭크 {lowest}에서 가장 낮고, 랭크 {largest}에서도 오차 "
            "범위를 넘게 높지 않습니다."
        ),
        "in_line": "{line}: {said}",
        "line_rate": "학습률 {rate}",
        "left_stopped_early": "{point}: {epoch}에포크에서 일찍 끝냈으므로 평균에 넣지 않았습니다.",
        "left_stopped": "{point}: {epoch}에포크에서 중지했으므로 평균에 넣지 않았습니다.",
        "left_failed": "{point}: 실패했으므로 평균에 넣지 않았습니다. {error}",
        # 무엇을 묻는가.
        "tab": "랭크 실험실",
        "intro": "이 데이터 쌍에는 어느 랭크면 충분할까요? 왼쪽의 실행을 랭크마다 학습합니다. "
        "데이터 분할과 배치, 그 순서는 모두 같고, 시드는 처음 가중치만 바꿉니다.",
        "ranks": "랭크",
        "ranks_info": "랭크가 두 배면 파라미터도 두 배입니다.",
        "too_large": "{rank}, 선택한 가장 작은 레이어의 한도({largest})보다 큼",
        "rule": "다른 랭크에서의 알파",
        "rule_info": "왼쪽에서 고른 랭크에서는 셋이 같습니다.",
        "rule_proportional": "alpha = c·r: alpha / r이 그대로이므로 랭크만 달라집니다",
        "rule_fixed": "고정: alpha가 그대로이므로 랭크 4에서 256 사이에 alpha / r이 64분의 1로 "
        "줄고, 랭크와 스텝 크기가 뒤섞입니다",
        "rule_rank-stabilised": "랭크 안정화: alpha / sqrt(r). 랭크 4에서 256 사이에 8분의 1로 "
        "줄어듭니다 (rsLoRA, Kalajdzievski 2023)",
        "seeds": "시드 수",
        "seeds_info": "점마다 학습하는 횟수입니다. 시드 하나로는 차이와 우연을 구별할 수 없습니다.",
        "more": "학습률과 다른 레이어",
        "rates": "학습률",
        "rates_info": "쉼표로 나누어 적으면 랭크마다 모두 시험합니다. 비우면 왼쪽의 학습률입니다.",
        "targets": "다른 레이어",
        "targets_info": "왼쪽의 레이어와 함께 시험할 두 번째 레이어 묶음입니다. 비우면 없습니다.",
        "stop_early": "가망 없는 점은 일찍 끝내기",
        "stop_early_info": "세 점이 끝난 뒤부터, 재현율이 앞선 점들의 같은 에포크 중앙값보다 낮은 "
        "점은 끝냅니다. 그런 점은 평균에 넣지 않습니다.",
        "plan": "모두 {points}번 학습합니다. 이 기기에서 {time}쯤 걸립니다.",
        "plan_left_out": "선택한 랭크 {count}개는 뺍니다. 선택한 가장 작은 레이어의 한도는 "
        "{largest}입니다.",
        "start": "랭크 훑기 시작",
        "stop": "중지하고 끝난 점 유지",
        "go_on": "중단된 랭크 훑기 처음부터 다시 하기",
        "go_on_after": "중단된 랭크 훑기 이어가기(점 {planned}개 중 {done}개 끝남)",
        "command": "이 페이지 없이 같은 실험 하기",
        # 어디까지 왔는가.
        "status": "랭크 훑기: {said}",
        "point": "{count}개 중 {number}번째 점, 랭크 {rank}, 시드 {seed}",
        "together": "점 {count}개 중 {number}개를 한꺼번에, 시드 {seed}",
        "at_step": "{point}, 스텝 {step}/{steps}",
        "measuring": "{point}, 재는 중",
        "stopping": "이 스텝까지만 하고 멈춥니다",
        "about": "{pairs}에서 {model}: 랭크 {ranks}, 시드 {seeds}개. {rule}.",
        "done": "점 {count}개를 {time} 만에 마쳤습니다",
        "stopped": "중지했습니다. 점 {planned}개 중 끝난 {count}개를 보관합니다",
        "stopped_time": "이곳에서 허용된 실행 시간이 다 되어 멈췄습니다. 점 {planned}개 중 끝난 "
        "{count}개를 보관합니다",
        "stopped_left": "페이지가 닫혀 멈췄습니다. 점 {planned}개 중 끝난 {count}개를 보관합니다",
        "failed": "도중에 끝났습니다. {error}",
        # 무엇을 보여 주는가.
        "empty_curves": "아직 시작하지 않았습니다. 학습하는 동안 랭크마다 곡선을 여기에 그립니다.",
        "empty": "첫 랭크의 학습이 끝나면 지표마다 랭크에 따른 값이 여기에 그려집니다.",
        "curves": "학습 과정",
        "loss": "학습 손실의 이동 평균",
        "recall": "보류 쌍의 재현율(Recall@1)",
        "alignment": "정렬(alignment)",
        "uniformity": "균일성(uniformity)",
        "step": "스텝",
        "adapter": "r = {rank} (시드 {seed})",
        "rank_axis": "랭크 r",
        "rank": "r = {rank}",
        "found": "랭크에 따른 지표",
        "metric_recall@1": "재현율(Recall@1), 양방향",
        "metric_alignment": "쌍의 정렬(alignment)",
        "metric_uniformity": "균일성(uniformity), 양쪽 평균",
        "metric_uniformity_across": "양쪽 사이의 균일성",
        "metric_modality_gap": "양쪽의 간격",
        "higher": "높을수록 좋음",
        "lower": "낮을수록 좋음",
        "one": "시드 하나",
        "mean": "시드 평균, ± 표준 오차 하나",
        "base": "학습 전",
        "front": "파라미터 수에 따른 재현율",
        "front_note": "채워진 점보다 파라미터가 많지 않으면서 재현율이 높은 점은 없습니다.",
        "parameters": "학습 파라미터 수",
        "on_front": "더 나은 점이 없음",
        "beaten": "더 나은 점이 있음",
        "plane": "정렬과 균일성",
        "whole": "평면 전체",
        "near": "랭크만",
        "plane_note": "둘 다 낮을수록, 곧 왼쪽 아래로 갈수록 좋습니다. Wang & Isola 2020의 "
        "그림입니다.",
        "alignment_axis": "정렬(alignment)",
        "uniformity_axis": "균일성(uniformity), 양쪽 평균",
        "better": "좋음",
        "collapse": "모두 한 점",
        "sphere": "고르게 퍼짐",
        "numbers": "수치",
        "seconds": "하나에 걸린 초",
        "paper": "LoRA 논문의 표",
        "paper_note": "GPT-2 Medium, E2E NLG Challenge에서 랭크에 따른 값입니다 (Hu et al. 2021, "
        "표 18). 모델도 과제도 다릅니다. 저자들은 설정을 r = 4에서 맞추었다고 "
        "밝혔습니다.",
        "paper_loss": "검증 손실",
        "paper_bleu": "BLEU 점수",
        "take": "전체 내려받기 (ZIP)",
        "take_report": "보고서 (HTML 한 페이지)",
        # 보고서.
        "report_title": "{pairs}에서 {model}의 랭크",
        "report_subtitle": "LoRA Lab {version} · 점 {count}개 · 학습에 쓴 쌍 {train}개, 보류 쌍 "
        "{test}개",
        "report_settings": "설정",
        "report_same": "모든 점은 같은 분할, 같은 배치를 같은 순서로 학습했습니다. 알파: {rule}.",
        # 두 점의 부분 공간.
        "subspaces": "두 점이 함께 쓰는 방향",
        "subspaces_info": "끝난 점 두 개를 고르면 두 어댑터를 레이어별로 비교합니다.",
        "first": "한 점",
        "second": "다른 점",
        "compare": "방향 비교하기",
        "comparing": "레이어별로 방향을 비교하는 중…",
        "empty_subspaces": "끝난 점 두 개를 여기에서 비교할 수 있습니다.",
    },
}
