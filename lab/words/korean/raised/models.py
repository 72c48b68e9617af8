"""Models that cannot be found, reached or read (`lab.encoders`)."""

from __future__ import annotations

MODELS = {
    # Where a model is
    "there is no model or folder {name}; choose {bundled}, a model's folder, or a hub id such as "
    "openai-community/gpt2": "{name} 모델이나 폴더가 없습니다. 내장 모델({bundled}), 모델 폴더, "
    "또는 openai-community/gpt2 같은 허브 ID를 선택하세요.",
    "the bundled model {name} is missing from assets/models; get the lab's assets again, or choose "
    "another model": (
        "assets/models에 내장 모델 {name} 폴더가 없습니다. LoRA Lab의 assets를 다시 받거나 다른 "
        "모델을 선택하세요."
    ),
    "{name} is not in the catalogue, so nothing is preset for it; name the pairs yourself, or "
    "choose a model that is, such as {bundled}": "{name}: 카탈로그에 없는 모델이라 기본 설정이 "
    "없습니다. 데이터 쌍을 직접 지정하거나, {bundled} 등 카탈로그에 있는 모델을 선택하세요.",
    "choose a bundled model, or give the folder of a model on this machine": "내장 모델을 "
    "선택하거나, 이 기기에 있는 모델 폴더를 지정하세요.",
    "{name} is not on this machine and the model hub cannot be reached; {way_out:phrase}": (
        "{name}: 이 기기에 없고 모델 허브에도 연결할 수 없습니다. {way_out:phrase}"
    ),
    "there is not enough memory for {name} at the moment; choose a smaller model, or try again "
    "later": "{name}: 지금은 메모리가 부족합니다. 더 작은 모델을 선택하거나 나중에 다시 "
    "시도하세요.",
    "{name} is gated; accept its terms on the hub and log in (hf auth login), or "
    "{way_out:phrase}": (
        "{name}: 접근 승인이 필요한 모델입니다. 허브에서 약관에 동의하고 로그인(hf auth login)"
        "하세요. 또는 {way_out:phrase}"
    ),
    "the hub has no model {name}; check its spelling, or {way_out:phrase}": "허브에 {name} 모델이 "
    "없습니다. 이름을 확인하세요. 또는 {way_out:phrase}",
    "the download of {name} broke off ({error}); try again, or {way_out:phrase}": "{name} "
    "다운로드가 끊겼습니다({error}). 다시 시도하세요. 또는 {way_out:phrase}",
    "the hub stopped answering about {name} ({error}); try again, or {way_out:phrase}": "{name}: "
    "허브가 응답을 멈췄습니다({error}). 다시 시도하세요. 또는 {way_out:phrase}",
    "{name} has no safetensors on the hub, only a pickle, which can run code when it is opened; "
    "{way_out:phrase}": "{name}: 허브에 safetensors가 없고 피클(pickle)만 있습니다. 피클은 열 때 "
    "코드를 실행할 수 있습니다. {way_out:phrase}",
    "{name} takes {size} MB, and a model may take at most {most} MB here; choose a smaller "
    "model": "{name}: 크기가 {size} MB인 모델입니다. 여기서는 모델 하나가 {most} MB를 넘을 수 "
    "없습니다. 더 작은 모델을 선택하세요.",
    "the hub does not say how large {name} is, and a model may take at most {most} MB here; choose "
    "another model": "{name}: 크기가 허브에 나와 있지 않은 모델입니다. 여기서는 모델 하나가 {most} "
    "MB를 넘을 수 없습니다. 다른 모델을 선택하세요.",
    "there is no room for {name} beside the models in use; try again in a minute, or choose a "
    "smaller model": "{name}: 지금 사용 중인 모델들 때문에 자리가 없습니다. 잠시 후 다시 "
    "시도하거나 더 작은 모델을 선택하세요.",
    # What its folder holds
    "{name} has no {file}; give the folder that save_pretrained wrote": "{name}: {file} 파일이 "
    "없습니다. save_pretrained로 저장한 폴더를 지정하세요.",
    "{name} has a {file} that is not JSON ({error}); save or download it again": "{name}: {file} "
    "파일이 JSON이 아닙니다({error}). 다시 저장하거나 내려받으세요.",
    "{name} is an adapter, not a model; give the model it was trained on, or export the two "
    "merged": "{name}: 모델이 아니라 어댑터입니다. 이 어댑터를 학습한 모델을 지정하거나, 둘을 "
    "병합해 내보내세요.",
    "{name} is of type {kind}, which the lab cannot read; choose a model of type {kinds}": (
        "{name}: 읽을 수 없는 모델 유형({kind})입니다. 다음 유형의 모델을 선택하세요: {kinds}"
    ),
    "{name} holds quantized weights, which cannot be adapted here; give the model in fp32, fp16 or "
    "bf16": "{name}: 양자화된 가중치는 여기서 미세 조정할 수 없습니다. fp32, fp16, bf16 중 "
    "하나로 저장한 모델을 지정하세요.",
    "{name} has its weights only as {file}, a pickle, which can run code when it is opened; save "
    "it as safetensors (save_pretrained does), or choose another model": "{name}: 가중치가 열 때 "
    "코드를 실행할 수 있는 피클({file})로만 있습니다. safetensors로 저장하거나"
    "(save_pretrained가 그렇게 합니다) 다른 모델을 선택하세요.",
    "{name} names {file} as a file of weights, which is outside its folder or not safetensors; "
    "save it again": (
        "{name}: 가중치로 적힌 {file} 파일이 폴더 바깥에 있거나 safetensors가 아닙니다. 다시 "
        "저장하세요."
    ),
    "{name} lacks its file {file}; copy or download it again": "{name}: {file} 파일이 없습니다. "
    "다시 복사하거나 내려받으세요.",
    "{name} has an empty {file}; save it again": "{name}: {file} 파일이 비어 있습니다. 다시 "
    "저장하세요.",
    "{name} lacks {count} of its tensors, such as {tensor}; save or download it again": "{name}: "
    "{tensor} 등 텐서 {count}개가 없습니다. 다시 저장하거나 내려받으세요.",
    "{name} holds NaN or infinite numbers in {path}; save or download it again": "{name}: {path}에 "
    "NaN이나 무한대가 있습니다. 다시 저장하거나 내려받으세요.",
    "{name} holds NaN or infinite numbers in its Dense layer; save or download it again": "{name}: "
    "Dense 레이어에 NaN이나 무한대가 있습니다. 다시 저장하거나 내려받으세요.",
    "{name}: its Dense layer cannot be read ({error}); save or download it again, or choose "
    "another model": "{name}: Dense 레이어를 읽을 수 없습니다({error}). 다시 저장하거나 "
    "내려받으세요. 또는 다른 모델을 선택하세요.",
    "{name}: its configuration is not whole ({error}); save or download it again, or choose "
    "another model": "{name}: 설정이 온전하지 않습니다({error}). 다시 저장하거나 내려받으세요. "
    "또는 다른 모델을 선택하세요.",
    "{name}: its tokenizer cannot be read ({error}); save or download it again, or choose another "
    "model": "{name}: 토크나이저를 읽을 수 없습니다({error}). 다시 저장하거나 내려받으세요. 또는 "
    "다른 모델을 선택하세요.",
    "{name}: its weights cannot be loaded ({error}); save or download it again, or choose another "
    "model": "{name}: 가중치를 불러올 수 없습니다({error}). 다시 저장하거나 내려받으세요. 또는 "
    "다른 모델을 선택하세요.",
    "{name} has no tokenizer; save one beside the model (tokenizer.json), as "
    "tokenizer.save_pretrained does": "{name}: 토크나이저가 없습니다. tokenizer.save_pretrained로 "
    "모델과 같은 폴더에 저장하세요(tokenizer.json).",
    "{name} has a tokenizer with the expression {pattern}, which the lab does not know and which "
    "may take very long; choose another model": "{name}: 토크나이저에 랩이 모르는 정규식 "
    "{pattern} 표현이 있어 처리가 매우 오래 걸릴 수 있습니다. 다른 모델을 선택하세요.",
    "{name} has a tokenizer whose steps may take very long or fill the memory; choose another "
    "model": "{name}: 토크나이저의 처리 단계가 매우 오래 걸리거나 메모리를 가득 채울 수 있습니다. "
    "다른 모델을 선택하세요.",
    "{name} has a tokenizer of {tokens} tokens but a model of {vocabulary}; save the tokenizer "
    "that belongs to the model": "{name}: 토크나이저의 토큰은 {tokens}개인데 모델의 어휘는 "
    "{vocabulary}개입니다. 이 모델의 토크나이저를 저장하세요.",
    "{name} takes pictures of {width} x {height} pixels, but its image processor makes them "
    "{made}; save the processor that belongs to it": "{name}: {width}×{height}픽셀 이미지를 받는 "
    "모델인데 이미지 프로세서가 만드는 크기는 {made}입니다. 이 모델의 프로세서를 저장하세요.",
    "{name} has picture settings that cannot be read ({error}); save its image processor again": (
        "{name}: 이미지 설정을 읽을 수 없습니다({error}). 이미지 프로세서를 다시 저장하세요."
    ),
    "{name} has a {file} of more than {most} MB; save or download it again": "{name}: {file} "
    "파일이 {most} MB를 넘습니다. 다시 저장하거나 내려받으세요.",
    "{name} has a {file} that is no JSON object; save it again": "{name}: {file} 파일의 내용이 "
    "JSON 객체가 아닙니다. 다시 저장하세요.",
    "{name}: its files cannot be read ({error}); save or download it again, or choose another "
    "model": "{name}: 파일을 읽을 수 없습니다({error}). 다시 저장하거나 내려받으세요. 또는 다른 "
    "모델을 선택하세요.",
    "{name} asks for {wanted} layers in its config.json, but its files hold {held} tensors; save "
    "or download it again": "{name}: config.json에는 레이어가 {wanted}개라고 적혀 있는데 파일에는 "
    "텐서가 {held}개뿐입니다. 다시 저장하거나 내려받으세요.",
    "{name} asks for {wanted} numbers in its config.json, but its files hold {held}; save or "
    "download it again": "{name}: config.json대로라면 수가 {wanted}개 필요한데 파일에는 {held}개"
    "뿐입니다. 다시 저장하거나 내려받으세요.",
    "the tokenizer gives token {token} and the model has {vocabulary}; save the tokenizer that "
    "belongs to the model": "토크나이저가 {token}번 토큰을 내는데 모델의 어휘는 {vocabulary}개"
    "입니다. 이 모델의 토크나이저를 저장하세요.",
    "{name} reads {length} tokens of a text, which leaves none for its words; mend "
    "model_max_length or max_seq_length": "{name}: 텍스트에서 읽는 토큰이 {length}개라 내용이 "
    "들어갈 자리가 없습니다. model_max_length나 max_seq_length를 고치세요.",
    # Sentence models
    "{name} has modules without a number in modules.json; save it again": "{name}: modules.json에 "
    "번호가 없는 모듈이 있습니다. 다시 저장하세요.",
    "{name} cannot be pooled by {pooling}; choose {poolings:choice}": "{name}: {pooling} 풀링은 쓸 "
    "수 없습니다. 다음 중에서 선택하세요: {poolings:choice}",
    "{name} pools by {pooling}, which the lab cannot read; choose a model that pools by "
    "{poolings}": "{name}: {pooling} 풀링은 읽을 수 없습니다. 다음 풀링을 쓰는 모델을 선택하세요: "
    "{poolings}",
    "{name} leaves its prompt out of the pooling, which the lab cannot; choose another model": (
        "{name}: 풀링에서 프롬프트를 빼는 모델은 쓸 수 없습니다. 다른 모델을 선택하세요."
    ),
    "{name} has a modules.json that is not a list; save it again": "{name}: modules.json이 목록이 "
    "아닙니다. 다시 저장하세요.",
    "{name} points outside its folder in modules.json; save it again": "{name}: modules.json이 "
    "폴더 바깥을 가리킵니다. 다시 저장하세요.",
    "{name} needs code of its own ({module}), which the lab never runs; choose a model built of "
    "sentence-transformers' modules": "{name}: 모델에 딸린 코드({module})가 필요한데, 그런 코드는 "
    "실행하지 않습니다. sentence-transformers의 모듈로 만든 모델을 선택하세요.",
    "{name} is built of {modules}; choose a model that begins with Transformer, Pooling": "{name}: "
    "모듈 구성이 {modules}입니다. Transformer, Pooling으로 시작하는 모델을 선택하세요.",
    "{name} has a module {module}, which the lab cannot read; choose a model built of Transformer, "
    "Pooling, Dense and Normalize": "{name}: {module} 모듈은 읽을 수 없습니다. Transformer, "
    "Pooling, Dense, Normalize로 만든 모델을 선택하세요.",
    "{name} has a module with {key} {value}, which the lab cannot read; choose a model whose "
    "modules work on the pooled sentence embedding": (
        "{name}: {key} 값이 {value}인 모듈은 읽을 수 없습니다. 풀링한 문장 임베딩을 다루는 "
        "모듈로 된 모델을 선택하세요."
    ),
    "{name} has a Dense layer with the activation {activation}, which the lab cannot read; choose "
    "a model with one of {activations}": (
        "{name}: Dense 레이어의 활성화 함수({activation})를 읽을 수 없습니다. 다음 중 하나를 "
        "쓰는 모델을 선택하세요: "
        "{activations}"
    ),
    "{name} has a Dense layer of {takes} to {gives} features, not what its config.json says; save "
    "or download it again": (
        "{name}: Dense 레이어의 크기(입력 {takes}, 출력 {gives})가 config.json과 다릅니다. 다시 "
        "저장하거나 내려받으세요."
    ),
    "{name} has a Dense layer for {takes} features after one that gives {gives}; save or download "
    "it again": "{name}: Dense 레이어의 입력은 {takes}인데 앞 모듈의 출력은 {gives}입니다. 다시 "
    "저장하거나 내려받으세요.",
}
