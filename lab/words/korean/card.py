"""The model card beside an adapter."""

from __future__ import annotations

CARD = {
    "card": {
        "title": "{pairs}로 학습한 {model}의 LoRA 어댑터",
        "summary": "LoRA Lab {version}에서 {pairs}의 쌍 {train}개로 {steps}스텝 학습한 {model}용 "
        "어댑터입니다.",
        "license": "직접 정하세요. 베이스 모델과 데이터의 라이선스를 따라야 할 수 있습니다.",
        "numbers": "보류 쌍(held-out) {test}개로 본 학습 전과 후",
        "intervals": "괄호 안은 학습에 쓰지 않은 보류 쌍에 대한 95% 부트스트랩 구간입니다.",
        "metric": "지표",
        "setting": "설정",
        "value": "값",
        "control": "학습에 쓰지 않은 대조 세트 {name}(쌍 {count}개)에서, 양방향 평균:",
        "data": "학습 데이터",
        "data_note": "{pairs}: {a}–{b} 쌍 {total}개. {train}개로 학습하고 {test}개를 남겨 두었으며 "
        "{rejected}개 행을 제외했습니다. 쌍의 SHA-256: `{digest}`.",
        "load_note": "이 카드와 함께 있는 파일은 PEFT 형식입니다. 파일에서 다시 읽은 어댑터의 "
        "임베딩은 학습된 모델과 최대 {difference}만큼 다릅니다. `PeftModel.from_pretrained`에 이 "
        "폴더를 지정하세요.",
        "unknown": "알 수 없는 것",
        "unknown_stopped": "계획한 {steps}스텝을 마치기 전에 중지한 실행입니다.",
        "unknown_failed": "계획한 {steps}스텝을 마치기 전에 끝난 실행이며, 마지막으로 정상이던 "
        "스텝을 남겼습니다.",
        "unknown_elsewhere": "같은 출처의 보류 쌍만 측정했습니다. 다른 데이터에서 어떨지는 알 수 "
        "없습니다.",
        "unknown_seeds": "시드 {seed}로 한 번 실행한 결과입니다. 구간은 쌍에 대한 것이며, 시드를 "
        "바꾸면 얼마나 달라지는지는 담고 있지 않습니다.",
        "unknown_forgetting": "대조 세트를 측정하지 않아 무엇을 잊었는지 알 수 없습니다.",
        "unknown_bias": "베이스 모델과 데이터 쌍의 오류와 편향은 살펴보지 않았습니다.",
        "unknown_license": "베이스 모델과 데이터 쌍의 라이선스는 확인하지 않았습니다.",
    },
}
