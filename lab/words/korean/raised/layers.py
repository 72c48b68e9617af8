"""Layers that cannot carry LoRA, and adapters that do not fit (`lab.lora`)."""

from __future__ import annotations

LAYERS = {
    # Which layers
    "choose among {names}": "다음 중에서 선택하세요: {names}",
    "this model has no Linear or Conv1D layer: choose another model": "이 모델에는 Linear나 Conv1D "
    "레이어가 없습니다. 다른 모델을 선택하세요.",
    "no target module is chosen; {way_out:phrase}": "선택한 대상 모듈이 없습니다. {way_out:phrase}",
    "no layer matches {pattern}; {way_out:phrase}": "{pattern}에 맞는 레이어가 없습니다. "
    "{way_out:phrase}",
    "no target module is left by exclude_modules, modules_to_save, layers_to_transform and "
    "layers_pattern; narrow less, or name the list of blocks in layers_pattern": "exclude_modules, "
    "modules_to_save, layers_to_transform, layers_pattern으로 거르고 나니 대상 모듈이 남지 "
    "않습니다. 범위를 덜 좁히거나, layers_pattern에 블록 목록의 이름을 쓰세요.",
    "the {setting} {pattern} means none of the chosen layers; leave it out, or write a path such "
    "as {path}": (
        "선택한 레이어 중 {setting}의 {pattern}에 맞는 것이 없습니다. 이 패턴을 빼거나, {path} "
        "같은 경로를 쓰세요."
    ),
    "{path} is a {kind}, and LoRA goes on Linear, Conv1D, Embedding and Conv2d layers; "
    "{way_out:phrase}": "{path}의 종류는 {kind}입니다. LoRA는 Linear, Conv1D, Embedding, Conv2d "
    "레이어에 붙일 수 있습니다. {way_out:phrase}",
    "{path} lies in torch's own TransformerEncoderLayer, which in eval mode computes with its "
    "weight alone and would pass LoRA by; choose a model that calls its layers": "{path}: torch의 "
    "TransformerEncoderLayer 안에 있어, 평가 모드에서는 가중치만으로 계산하고 LoRA를 지나칩니다. "
    "레이어를 직접 호출하는 모델을 선택하세요.",
    "{kind} cannot carry {form}: choose a layer among {kinds}": (
        "{kind}: {form} 레이어로 바꿀 수 없는 종류입니다. 다음 중에서 레이어를 선택하세요: {kinds}"
    ),
    "{layer} cannot carry LoRA: choose convolutions without groups and dilation, padded with "
    "zeros": "{layer}에는 LoRA를 붙일 수 없습니다. groups와 dilation이 없고 0으로 패딩하는 "
    "합성곱을 선택하세요.",
    "an Embedding with max_norm rewrites its weight as it is read, and the base is never written "
    "here; choose other layers": "max_norm이 있는 Embedding은 읽을 때마다 가중치를 고쳐 쓰는데, "
    "여기서는 베이스를 고쳐 쓰지 않습니다. 다른 레이어를 선택하세요.",
    "{path} is of kind {kind}, which PiSSA has no start for; choose Linear and Conv1D layers, or "
    "init_lora_weights = True": "{path}의 종류는 {kind}이며, PiSSA로 시작할 수 없습니다. Linear와 "
    "Conv1D 레이어를 선택하거나 init_lora_weights = True로 정하세요.",
    "PiSSA cannot start r = {r} directions of a layer that has {highest}; choose r of at most "
    "{most}": "PiSSA는 방향이 {highest}개인 레이어에서 r = {r}개로 시작할 수 없습니다. r을 {most} "
    "이하로 정하세요.",
    "no module's path ends in {names:choice}; print the model and name one in modules_to_save": "경"
    "로가 다음으로 끝나는 모듈이 없습니다: {names:choice}. 모델을 출력해 보고 modules_to_save에 "
    "있는 모듈의 이름을 쓰세요.",
    "{path} is a list of modules; name its parts in modules_to_save": "{path}: 모듈의 목록입니다. "
    "modules_to_save에 그 안의 모듈을 쓰세요.",
    "{path} lies in {outer}; name one of them in modules_to_save": "{path}: {outer} 안에 있습니다. "
    "둘 중 하나만 modules_to_save에 쓰세요.",
    # A model with and without LoRA
    "the model already carries LoRA (at {path}); remove_lora takes it off": "모델에 이미 LoRA가 "
    "붙어 있습니다({path}). remove_lora로 떼어 내세요.",
    "the model carries no LoRA; apply_lora_to_model puts it in": "모델에 LoRA가 없습니다. "
    "apply_lora_to_model로 붙이세요.",
    "the model carries no LoRA to save; apply_lora_to_model puts it in": "모델에 저장할 LoRA가 "
    "없습니다. apply_lora_to_model로 붙이세요.",
    "the model carries no LoRA to look into; apply_lora_to_model puts it in": "모델에 들여다볼 "
    "LoRA가 없습니다. apply_lora_to_model로 붙이세요.",
    "the model carries no LoRA to scale; apply_lora_to_model puts it in": "모델에 세기를 바꿀 "
    "LoRA가 없습니다. apply_lora_to_model로 붙이세요.",
    # Strength
    "at strength 0 the model is its own base; choose a strength above 0": "세기가 0이면 베이스 "
    "모델 그대로입니다. 세기를 0보다 크게 정하세요.",
    "at strength {strength} a row of {path} would lose its length, which DoRA cannot say; choose "
    "another strength": "세기가 {strength}이면 {path}에서 길이가 0이 되는 행이 있어 DoRA로 나타낼 "
    "수 없습니다. 다른 세기를 선택하세요.",
    "{path} keeps running statistics ({name}), which no strength lies between; train it without "
    "this module in modules_to_save": "{path}: 이동 통계({name})가 있어 세기를 바꿀 수 없습니다. "
    "이 모듈을 modules_to_save에서 빼고 학습하세요.",
    # Adapter files
    "{folder} holds no {file}; choose the folder of an export": "{folder}: {file} 파일이 없습니다. "
    "내보낸 폴더를 선택하세요.",
    "{folder} holds no {file}; choose the folder an export wrote": "{folder}: {file} 파일이 "
    "없습니다. 내보내기가 만든 폴더를 선택하세요.",
    "{file} is not JSON ({error}); export it again": "{file}: JSON이 아닙니다({error}). 다시 "
    "내보내세요.",
    "{file} is not whole ({error:phrase}); export it again": "{file}: 온전하지 않습니다"
    "({error:phrase}). 다시 내보내세요.",
    "{file} describes no LoRA adapter; choose one whose type is LORA": "{file}: LoRA 어댑터의 "
    "설정이 아닙니다. 유형이 LORA인 어댑터를 선택하세요.",
    "{file} sets {setting}, which only PEFT can load; export without": "{file}: {setting} 설정은 "
    "PEFT에서만 읽을 수 있습니다. 이 설정 없이 내보내세요.",
    "{file} sets init_lora_weights = {value}, which alters the base's weights; convert the adapter "
    "to plain LoRA with PEFT": "{file}: init_lora_weights = {value} 설정은 베이스의 가중치를 "
    "바꿉니다. PEFT로 일반 LoRA 어댑터로 변환하세요.",
    "{file} does not say {setting}; export it again": "{file}: {setting} 값이 없습니다. 다시 "
    "내보내세요.",
    "{folder} holds no LoRA factors; choose the folder of an export": "{folder}: LoRA의 A와 B가 "
    "없습니다. 내보낸 폴더를 선택하세요.",
    "the adapter in {folder} starts from its base's weights (PiSSA), which its files leave out; "
    "load it and save it with save_adapter, as plain LoRA": "{folder}의 어댑터는 베이스 가중치에서 "
    "시작하는데(PiSSA) 그 값이 파일에 없습니다. 불러온 뒤 save_adapter로 저장해 일반 LoRA로 "
    "바꾸세요.",
    "the adapter's {name} has another rank than its lora_A; export it again": "어댑터의 {name} "
    "텐서는 랭크가 lora_A와 다릅니다. 다시 내보내세요.",
    # Two adapters
    "the two adapters have no layer in common; compare those of one model": "두 어댑터에 공통된 "
    "레이어가 없습니다. 같은 모델의 어댑터끼리 비교하세요.",
    "{path} is {shape} in one adapter and {other} in the other; compare adapters of one model": (
        "{path}의 크기가 한 어댑터에서는 {shape}, 다른 어댑터에서는 {other}입니다. 같은 모델의 "
        "어댑터끼리 비교하세요."
    ),
    "{file} is larger than {most} MB; export it again": "{file}: {most} MB보다 큽니다. 다시 "
    "내보내세요.",
    "{file} asks for {wanted} numbers and {weights} holds {held}; export it again": "{file}: 수가 "
    "{wanted}개 필요한데 {weights}에는 {held}개뿐입니다. 다시 내보내세요.",
    # Adapters and models
    "the adapter's {name} holds {kind}; export it again in fp32, fp16 or bf16": "어댑터의 {name} "
    "텐서는 자료형이 {kind}입니다. fp32, fp16, bf16 중 하나로 다시 내보내세요.",
    "the adapter in {folder} does not fit: {error:phrase}": "{folder}의 어댑터가 이 모델에 맞지 "
    "않습니다. {error:phrase}",
    "the adapter's {name} is of another base; load its own model": (
        "어댑터의 {name} 텐서는 다른 베이스의 것입니다. 이 어댑터를 학습한 모델을 불러오세요."
    ),
    "the adapter lacks {name}; export it again, for this model": (
        "어댑터에 {name} 텐서가 없습니다. 이 모델용으로 다시 내보내세요."
    ),
    "this model has no place for the adapter's {name}; load its own model": (
        "어댑터의 {name} 텐서를 넣을 곳이 이 모델에 없습니다. 이 어댑터를 학습한 모델을 불러오세요."
    ),
    "the adapter's {name} has shape {shape} and this model needs {needed}; load the model it was "
    "trained on": (
        "어댑터의 {name} 텐서는 크기가 {shape}인데 이 모델에 필요한 크기는 {needed}입니다. 이 "
        "어댑터를 학습한 모델을 불러오세요."
    ),
    "the adapter's {name} holds NaN or infinity; export it again": (
        "어댑터의 {name} 텐서에 NaN이나 무한대가 있습니다. 다시 내보내세요."
    ),
    # loralib's checkpoints
    "the checkpoint has no tensor named .lora_A; save what loralib.lora_state_dict gives": "체크"
    "포인트에 이름이 .lora_A로 끝나는 텐서가 없습니다. loralib.lora_state_dict의 결과를 "
    "저장하세요.",
    "the checkpoint lacks {name}.lora_B; save it again": "체크포인트에 {name}.lora_B가 없습니다. "
    "다시 저장하세요.",
    "the checkpoint's factors of {name} have shapes {a} and {b}, which make no update; save it "
    "again": "체크포인트의 {name} 인자는 크기가 {a}, {b}라서 업데이트를 만들 수 없습니다. 다시 "
    "저장하세요.",
    "the checkpoint does not fit: {error:phrase}": "체크포인트가 이 모델에 맞지 않습니다. "
    "{error:phrase}",
    "the checkpoint makes no adapter: {error:phrase}": "체크포인트로 어댑터를 만들 수 없습니다. "
    "{error:phrase}",
    "{path} is a MergedLinear layer that adapts some of its parts, and the checkpoint does not say "
    "which; merge it with loralib, or train with all of enable_lora": "{path}: 일부만 학습한 "
    "MergedLinear 레이어인데, 어느 부분인지 체크포인트에 없습니다. loralib으로 병합하거나, "
    "enable_lora를 모두 켜고 학습하세요.",
}
