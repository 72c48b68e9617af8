"""Inside the update: its size and rank layer by layer, and what a weaker or stronger one does."""

from __future__ import annotations

INSIDE = {
    "inside": {
        "tab": "ΔW 들여다보기",
        "layers": "학습이 바꾼 것을 레이어별로",
        "strength": "더 약하게, 더 강하게",
        "empty": "아직 업데이트가 없습니다. ‘미세 조정 시작’을 누르면, 학습이 끝난 뒤 ΔW가 "
        "레이어마다 얼마나 큰지, 몇 개의 방향으로 작용하는지, 더 약하거나 강하면 어떻게 되는지 "
        "보여 줍니다.",
        "reading": "ΔW의 특잇값을 계산하는 중",
        "intro": "학습한 모델은 W + ΔW입니다. W + λ·ΔW로 바꾸면 다시 학습하지 않고도 같은 "
        "업데이트를 더 약하게(λ < 1) 또는 더 강하게(λ > 1) 적용할 수 있습니다. 강도마다 새 쌍에서 "
        "무엇을 얻고, 원래 잘하던 것에서 무엇을 잃는지 측정해 보세요.",
        "estimate": "이 기기에서 약 {time} 걸립니다. 진행 중인 학습이 있으면 끝난 뒤에 시작합니다.",
        "measure": "강도별로 측정하기",
        "again": "다시 측정하기",
        "stop": "측정 중지",
        "queued": "기기를 기다리는 중: 앞에 {ahead}건",
        "starting": "측정을 시작하는 중",
        "measuring": "강도 {count}개 중 {number}번째 측정 중: λ = {strength}",
        "stopping": "이번 강도까지만 측정하고 중지합니다",
        "measured": "강도 {count}개를 측정했습니다. 슬라이더를 움직이며 점들을 지켜보세요.",
        "stopped": "강도 {count}개까지 측정하고 중지했습니다.",
        "failed": "측정하지 못했습니다: {error}",
    },
    "spectra": {
        "ratio": "크기",
        "effective_rank": "유효 랭크",
        "stable_rank": "안정 랭크",
        "ratio_means": "‖ΔW‖ / ‖W‖: 업데이트가 원래 가중치에 비해 얼마나 큰지 나타냅니다.",
        "effective_rank_means": "업데이트가 몇 개의 방향으로 작용하는지 나타냅니다. 특잇값 "
        "엔트로피의 지수이며, 1부터 랭크 r까지입니다.",
        "stable_rank_means": "‖ΔW‖² / σ₁²: 한 방향이 업데이트를 모두 담으면 1, 모든 방향이 똑같이 "
        "강하면 r입니다.",
        "columns": "블록, 입력에서 출력 쪽으로",
        "choose": "칸을 선택하면 그 레이어 업데이트의 특잇값이 보입니다.",
        "cell": "{label}: {value}",
        "outside": "블록 바깥",
        "place": "{stack} 블록 {block}의 {name}",
        "summary_size": "레이어 {layers}개에서 ΔW의 크기는 W의 {least}~{most}이며, {where}에서 "
        "가장 큽니다.",
        "summary_rank": "가운데 순위의 레이어: {said}.",
        "summary_zero": "학습으로 바뀐 것이 없습니다. 모든 레이어에서 ΔW가 0입니다.",
        "full": "{r}개 방향 중 {used}개를 씁니다. 랭크를 낮추면 잃는 것이 있습니다",
        "lower": "{r}개 방향 중 {used}개를 씁니다. 랭크 {lower}이면 충분합니다(‖ΔW‖²의 {share})",
        "unbound": "{directions}개 방향 중 {used}개를 씁니다. 이 방법에서는 ΔW가 랭크 r = {r}에 "
        "묶이지 않습니다",
        "unmoved": "ΔW가 0이라 아무 방향도 쓰지 않습니다",
        "norms": "‖ΔW‖ = {update}, ‖W‖ = {weight}: ΔW는 W의 {ratio} 크기입니다.",
        "values": "ΔW의 특잇값, 큰 것부터",
        "used": "유효 랭크 안",
        "beyond": "유효 랭크 밖",
        "first": "{all}개 중 처음 {shown}개입니다.",
        "value": "σ{number} = {value}",
    },
    "strength": {
        "slider": "강도 λ",
        "base": "베이스",
        "trained": "학습한 그대로",
        "recall": "Recall@1(재현율)",
        "new": "새 쌍(보류)",
        "new_mean": "새 쌍, 양방향 평균",
        "new_a_to_b": "새 쌍, {a}로 {b} 찾기",
        "new_b_to_a": "새 쌍, {b}로 {a} 찾기",
        "control": "{name} 대조 세트",
        "curve": "얻는 것과 잃는 것: λ에 따른 Recall@1",
        "map": "λ = {strength}에서의 보류 쌍 (PCA)",
        "at": "λ = {strength}에서",
        "measured_here": "이 강도에서 측정한 값입니다.",
        "between": "λ = {low}와 λ = {high} 사이를 이은 선에서 읽은 값입니다.",
        "no_gain": "어느 강도에서도 새 쌍을 베이스보다 잘 찾지 못합니다.",
        "best_both": "λ = {strength}에서는 어느 쪽도 뒤처지지 않습니다. Recall@1은 새 쌍에서 "
        "{new}, 대조 세트에서 {control}입니다.",
        "best_new": "새 쌍은 λ = {strength}에서 가장 잘 찾습니다. Recall@1은 {new}입니다.",
        "adapter": "λ = {strength} 어댑터, PEFT용 (ZIP)",
        "no_adapter": "λ = 0에서는 저장할 업데이트가 없습니다.",
        "sample": "지도에는 {pairs}쌍 중 {shown}쌍을 고르게 골라 표시합니다.",
        "partners": "짝을 잇는 선",
    },
}
