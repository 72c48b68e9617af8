"""Settings outside what they may be (`lab.config`, `lab.lora_config`, `lab.checks`)."""

from __future__ import annotations

# Setting -> its name in the form beside the one that Python has.
NAMES = {
    "a_column": "첫째 열(a_column)",
    "b_column": "둘째 열(b_column)",
    "alpha_rule": "알파 규칙(alpha_rule)",
    "batch_size": "배치 크기(batch_size)",
    "bias": "편향(bias)",
    "control": "대조 세트(control)",
    "device": "장치(device)",
    "epochs": "에포크(epochs)",
    "init_seed": "첫 가중치의 시드(init_seed)",
    "learning_rate": "학습률(learning_rate)",
    "learning_rates": "학습률들(learning_rates)",
    "lora_alpha": "알파(lora_alpha)",
    "lora_dropout": "드롭아웃(lora_dropout)",
    "lora_dropout_on": "드롭아웃을 적용할 곳(lora_dropout_on)",
    "loraplus_ratio": "A에 대한 B의 학습률 비(loraplus_ratio)",
    "max_grad_norm": "최대 기울기 크기(max_grad_norm)",
    "max_seconds": "최대 학습 시간(max_seconds)",
    "method": "지도 방식(method)",
    "metric": "거리(metric)",
    "micro_batch_size": "메모리에 한 번에 올릴 쌍(micro_batch_size)",
    "min_dist": "최소 거리(min_dist)",
    "model": "모델(model)",
    "n_neighbors": "이웃 수(n_neighbors)",
    "pairs": "데이터 쌍(pairs)",
    "patience": "조기 종료까지의 에포크(patience)",
    "precision": "정밀도(precision)",
    "r": "랭크 r",
    "ranks": "랭크들(ranks)",
    "seed": "시드(seed)",
    "seeds": "시드 수(seeds)",
    "target_modules": "대상 모듈(target_modules)",
    "temperature": "온도(temperature)",
    "test_fraction": "보류 쌍의 비율(test_fraction)",
    "validation_fraction": "검증 손실용 비율(validation_fraction)",
    "warmup_fraction": "워밍업 비율(warmup_fraction)",
    "weight_decay": "가중치 감쇠(weight_decay)",
}

# What follows on "setting = value: ".
WAYS_OUT = {
    "choose 'input' beside use_dora": "use_dora와 함께 쓰려면 'input'을 선택하세요.",
    "choose 0 to 0.5": "0~0.5 사이로 정하세요.",
    "choose 0 to 1": "0~1 사이로 정하세요.",
    "choose 0 to 2147483647": "0~2147483647 사이로 정하세요.",
    "choose 0 to 2147483647, or none": "0~2147483647 사이로 정하거나 비워 두세요.",
    "choose 0 to below 1": "0 이상 1 미만으로 정하세요.",
    "choose 0.001 to 10": "0.001~10 사이로 정하세요.",
    "choose 1 to 100": "1~100 사이로 정하세요.",
    "choose 1 to 1000": "1~1000 사이로 정하세요.",
    "choose 2 to 200": "2~200 사이로 정하세요.",
    "choose True beside use_dora": "use_dora와 함께 쓰려면 True를 선택하세요.",
    "choose True or 'pissa'": "True 또는 'pissa'를 선택하세요.",
    "choose a number above 0": "0보다 큰 수로 정하세요.",
    "choose a number from 0, 1 being as trained": "0 이상의 수로 정하세요. 1이면 학습한 "
    "그대로입니다.",
    "choose a whole number from 1": "1 이상의 정수로 정하세요.",
    "choose a whole number of at least 1": "1 이상의 정수로 정하세요.",
    "choose above 0": "0보다 크게 정하세요.",
    "choose above 0, at most 0.5": "0보다 크고 0.5 이하로 정하세요.",
    "choose above 0, at most 1": "0보다 크고 1 이하로 정하세요.",
    "choose above 0, or none": "0보다 크게 정하거나 비워 두세요.",
    "choose at least 1": "1 이상으로 정하세요.",
    "choose at least 1 epoch, together with a validation_fraction above 0": "1에포크 이상으로 "
    "정하고, 검증 손실용 비율(validation_fraction)도 0보다 크게 정하세요.",
    "choose at least 1, or none": "1 이상으로 정하거나 비워 두세요.",
    "choose at least 1; the paper's is about 16": "1 이상으로 정하세요. 논문의 값은 16 정도입니다.",
    "choose at least 2: a pair's negatives are the other pairs of its batch": "2 이상으로 "
    "정하세요. 같은 배치에 있는 다른 쌍들이 네거티브가 됩니다.",
    "choose fewer, at most {most}": "{most}개 이하로 줄이세요.",
    "choose layers_to_transform too, or leave this out": "layers_to_transform도 함께 정하거나, 이 "
    "설정을 빼세요.",
    "choose one of {choices}": "다음 중 하나를 선택하세요: {choices}",
    "choose up to 100 letters from A to Z, digits, dots, dashes and underscores": "영문자, 숫자, "
    "점(.), 붙임표(-), 밑줄(_)로 100자까지 쓰세요.",
    "choose whole numbers of at least 1": "1 이상의 정수로 정하세요.",
    "choose whole numbers from 0": "0 이상의 정수로 정하세요.",
    "give a mapping from patterns to numbers": "패턴에서 수로 가는 매핑으로 지정하세요.",
    "give target_modules as names, or put the numbers into its regex": "target_modules를 이름으로 "
    "지정하거나, 레이어 번호를 그 정규식 안에 넣으세요.",
    "name a bundled model, a hub id or a folder": "내장 모델, 허브 ID, 폴더 중 하나를 지정하세요.",
    'name a control set, "auto" or "none"': '대조 세트의 이름이나 "auto", "none" 중 하나를 '
    "지정하세요.",
    "name bundled pairs, a file or a folder": "내장 데이터 쌍, 파일, 폴더 중 하나를 지정하세요.",
    "not a regular expression ({error}); mend it, or give a list of names": "올바른 정규식이 "
    "아닙니다({error}). 고치거나 이름 목록으로 지정하세요.",
    "this machine has no such device; choose auto or cpu": "이 기기에 없는 장치입니다. auto나 "
    "cpu를 선택하세요.",
}

SETTINGS = NAMES | {
    f"{{setting:phrase}} = {{value}}: {english}": f"{{setting:phrase}} = {{value}}: {korean}"
    for english, korean in WAYS_OUT.items()
}
