"""Runs that cannot start or go on, control sets, and runs on disk (`lab.training`,
`lab.analysis`, `lab.baseline`, `lab.runs`)."""

from __future__ import annotations

_FINITE = "{step}/{steps}스텝 뒤에 {quantity:phrase} 값이 유한하지 않게 되었습니다({value})."
_LOWER = "학습률(지금은 {rate})이나 알파를 낮추거나 fp32로 학습하세요."
_MEMORY = "쌍 {size}개(배치 {count}개 중)를 올리다 장치의 메모리가 부족해졌습니다."
_SMALLER = (
    "메모리에 한 번에 올릴 쌍(micro_batch_size)을 {smaller}개로 정하거나(같은 학습을 더 적은 "
    "메모리로 합니다) 배치 크기를 줄이세요."
)
_ONE_PAIR = "배치({count}개)에서 쌍을 하나씩만 올려도 장치의 메모리가 부족합니다."
_SMALLER_MODEL = "더 작은 모델이나 더 낮은 r을 선택하거나 배치 크기를 줄이세요."
_KEPT = "마지막으로 정상이던 어댑터는 남아 있습니다."

RUNS = {
    # Training
    "the {quantity:phrase} became {value} after step {step} of {steps}; lower the learning rate "
    "(it was {rate}) or alpha, or train in fp32": f"{_FINITE} {_LOWER}",
    "the {quantity:phrase} became {value} after step {step} of {steps}, and the last good adapter "
    "is kept; lower the learning rate (it was {rate}) or alpha, or train in fp32": (
        f"{_FINITE} {_KEPT} {_LOWER}"
    ),
    "loss": "손실",
    "gradient": "기울기(gradient)",
    "validation loss": "검증 손실",
    "the device ran out of memory with {size} pairs of a batch of {count} in it; set "
    "micro_batch_size to {smaller} (the same training in less memory), or lower the batch size": (
        f"{_MEMORY} {_SMALLER}"
    ),
    "the device ran out of memory with {size} pairs of a batch of {count} in it, and the last good "
    "adapter is kept; set micro_batch_size to {smaller} (the same training in less memory), or "
    "lower the batch size": f"{_MEMORY} {_KEPT} {_SMALLER}",
    "the device ran out of memory with {model} and a single text or picture; choose a smaller "
    "model, or shorten the texts": "{model} 모델에 텍스트나 이미지를 하나만 넣어도 장치의 메모리가 "
    "부족합니다. 더 작은 모델을 선택하거나 텍스트를 줄이세요.",
    "the device ran out of memory with one pair of a batch of {count} in it; choose a smaller "
    "model or a lower r, or lower the batch size": f"{_ONE_PAIR} {_SMALLER_MODEL}",
    "the device ran out of memory with one pair of a batch of {count} in it, and the last good "
    "adapter is kept; choose a smaller model or a lower r, or lower the batch size": (
        f"{_ONE_PAIR} {_KEPT} {_SMALLER_MODEL}"
    ),
    "{folder} holds the checkpoint of a run with other settings, pairs or base weights; give those "
    "it was begun with, name another folder, or remove this one to begin anew": (
        "{folder}: 설정이나 데이터 쌍, 베이스 가중치가 다른 실행의 체크포인트가 들어 있습니다. "
        "시작할 때의 것을 그대로 주거나, 다른 폴더를 쓰거나, 이 폴더를 지우고 새로 시작하세요."
    ),
    "{count} pairs with no two different ones cannot make a batch, whose other pairs are each "
    "pair's negatives; add pairs, or hold fewer of them out": "쌍 {count}개 중 서로 다른 두 쌍이 "
    "없어 배치를 만들 수 없습니다. 배치의 다른 쌍들이 네거티브가 되기 때문입니다. 쌍을 "
    "추가하거나 보류 쌍(held-out)을 줄이세요.",
    # Training together
    "the device ran out of memory with {size} pairs for each of {count} adapters; train fewer "
    "together, or one after another": "어댑터 {count}개를 각각 쌍 {size}개로 함께 학습하다 장치의 "
    "메모리가 부족해졌습니다. 함께 학습할 어댑터를 줄이거나 하나씩 차례로 학습하세요.",
    "the adapters cannot train together: {reason:phrase}; train them apart": (
        "이 어댑터들은 함께 학습할 수 없습니다. {reason:phrase} 하나씩 따로 학습하세요."
    ),
    "their {setting} differs": "{setting} 값이 서로 다릅니다.",
    "patience and max_seconds may end one before the others": "patience나 max_seconds 때문에 "
    "하나가 먼저 끝날 수 있습니다.",
    "they do not adapt the same layers": "LoRA를 붙인 레이어가 서로 다릅니다.",
    "they are not plain LoRA on Linear and Conv1D layers": "Linear와 Conv1D 레이어에 붙인 기본 "
    "LoRA가 아닙니다.",
    "more of the model trains than A and B": "A와 B 말고도 학습되는 파라미터가 있습니다.",
    "they do not share one frozen base": "고정된 베이스 하나를 함께 쓰지 않습니다.",
    "dropout draws for each run by itself, and batch norm would mix them": "드롭아웃은 실행마다 "
    "따로 뽑아야 하고, 배치 정규화는 서로 섞이게 합니다.",
    # What trains
    "no parameter is trainable; apply LoRA to the model first": "학습할 파라미터가 없습니다. 먼저 "
    "모델에 LoRA를 붙이세요.",
    "no trainable parameter has a part in the embeddings; choose target_modules that they pass "
    "through": "학습 파라미터 중 임베딩에 영향을 주는 것이 없습니다. 임베딩이 거쳐 가는 "
    "레이어를 대상 모듈로 선택하세요.",
    # Embeddings
    "{name} gives embeddings that are not finite; choose another model": "{name} 모델의 임베딩이 "
    "유한한 수가 아닙니다. 다른 모델을 선택하세요.",
    "{name} gives embeddings that are not finite numbers; choose another model, or train with a "
    "lower learning rate": "{name} 모델의 임베딩이 유한한 수가 아닙니다. 다른 모델을 선택하거나 "
    "학습률을 낮추어 학습하세요.",
    "with this adapter the held-out pairs' embeddings are not finite; lower the learning rate or "
    "alpha": "이 어댑터를 붙이면 보류 쌍(held-out)의 임베딩이 유한한 수가 아닙니다. 학습률이나 "
    "알파를 낮추세요.",
    # Kinds of pairs
    "image-text": "이미지–텍스트",
    "text-text": "텍스트–텍스트",
    "{model} takes {kind:phrase} pairs, {pairs} holds {other:phrase} pairs; choose a model or "
    "pairs of the other kind": "{model} 모델은 {kind:phrase} 쌍을 쓰는데 {pairs}에는 "
    "{other:phrase} 쌍이 있습니다. 모델과 데이터 쌍의 종류를 맞추세요.",
    "{control} holds {other:phrase} pairs and the model takes {kind:phrase} pairs; choose a "
    "control set such as {name}": "대조 세트 {control}에는 {other:phrase} 쌍이 있는데 모델은 "
    "{kind:phrase} 쌍을 씁니다. {name} 같은 대조 세트를 선택하세요.",
    "of the {count} pairs of {control} only {unseen} share nothing with the run's own; choose a "
    "control set with at least {least} others": "대조 세트 {control}의 쌍 {count}개 중 이번 "
    "실행의 쌍과 겹치지 않는 것은 {unseen}개뿐입니다. 겹치지 않는 쌍이 {least}개 이상인 대조 "
    "세트를 선택하세요.",
    # Runs on disk
    "{folder} already holds something; name a folder that is new or empty": "{folder}: 이미 다른 "
    "것이 들어 있습니다. 새 폴더나 빈 폴더를 지정하세요.",
    "{folder} cannot be made inside {there}, where nothing may be written; name a folder "
    "elsewhere": "{folder}: {there}에는 쓸 수 없어 폴더를 만들 수 없습니다. 다른 곳을 지정하세요.",
    # Sweeps
    "{folder} holds no sweep; name the folder that was given as --out": (
        "{folder}: 스윕이 없습니다. --out으로 지정했던 폴더를 쓰세요."
    ),
    "{folder} was written in another format; use the version that wrote it": (
        "{folder}: 다른 형식으로 저장되었습니다. 저장할 때 쓴 버전을 사용하세요."
    ),
    "{folder} holds a sweep with other settings or pairs; name a new folder, or give the settings "
    "it was begun with": (
        "{folder}: 설정이나 데이터 쌍이 다른 스윕이 들어 있습니다. 새 폴더를 쓰거나, 시작할 때의 "
        "설정을 그대로 주세요."
    ),
    "the point {key} is not whole; remove its folder, and it is run again": (
        "점 {key}이(가) 온전하지 않습니다. 그 폴더를 지우면 다시 실행합니다."
    ),
    "{folder} holds no finished run (run.json and metrics.json); name the folder that was given as "
    "--out": "{folder}: 끝난 실행(run.json과 metrics.json)이 없습니다. --out으로 지정했던 폴더를 "
    "쓰세요.",
    "{folder} was written in format {format}, this lab reads format {known}; use the version that "
    "wrote it": (
        "{folder}: 저장된 형식은 {format}인데 이 버전이 읽는 형식은 {known}입니다. 저장할 때 쓴 "
        "버전을 사용하세요."
    ),
    "{folder} is damaged: {file} is missing or not as it was written ({sums}); take it from a "
    "copy, or run it again": "{folder}: 손상되었습니다. {file} 파일이 없거나 저장할 때와 "
    "다릅니다({sums}). 사본에서 되살리거나 다시 실행하세요.",
    "{folder} holds a run.json or metrics.json that is not whole ({error:phrase}); run it again": (
        "{folder}: run.json이나 metrics.json이 온전하지 않습니다({error:phrase}). 다시 실행하세요."
    ),
}
