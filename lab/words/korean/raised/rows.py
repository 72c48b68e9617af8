"""Why a row is left out, or a file of an upload is not read: each goes on after "7행: "."""

from __future__ import annotations

ROWS = {
    # A cell
    "its {column} is empty": "{column} 칸이 비어 있습니다.",
    "its {column} holds a NUL character": "{column} 칸에 NUL 문자가 있습니다.",
    "its {column} is longer than {most} characters": "{column} 칸이 {most}자보다 깁니다.",
    "a cell is longer than {most} characters": "{most}자보다 긴 칸이 있습니다.",
    "a text of it is not UTF-8": "UTF-8이 아닌 텍스트가 있습니다.",
    # A line
    "it holds a NUL character": "NUL 문자가 있습니다.",
    "it has {found} cell, the header has {wanted}": "칸이 {found}개인데 헤더에는 {wanted}개가 "
    "있습니다.",
    "it has {found} cells, the header has {wanted}": "칸이 {found}개인데 헤더에는 {wanted}개가 "
    "있습니다.",
    "its quotes do not match; write a quote inside a cell twice": "따옴표의 짝이 맞지 않습니다. "
    "칸 안의 따옴표는 두 번 쓰세요.",
    "it is not valid JSON": "올바른 JSON이 아닙니다.",
    'it is not an object like {{"text": "..."}}': '{{"text": "..."}} 같은 객체가 아닙니다.',
    "it is longer than {most} characters": "{most}자보다 깁니다.",
    # A picture's name
    "{name} is longer than any file's name; name a picture of the upload": "{name}: 파일 "
    "이름으로는 너무 깁니다. 업로드에 있는 이미지의 이름을 쓰세요.",
    "its picture is written out in the cell; put it into the upload as a file": "이미지가 칸 안에 "
    "글자로 적혀 있습니다. 파일로 만들어 업로드에 넣으세요.",
    "its picture {picture} is a web address, and none is fetched; put it in the ZIP": "이미지 "
    "{picture}: 웹 주소입니다. 웹에서는 가져오지 않으니 이미지를 ZIP에 넣으세요.",
    "its picture {picture} {reason:phrase}": "이미지 {picture}: {reason:phrase}",
    "its picture {picture} points outside the upload; put it inside": "이미지 {picture}: 업로드 "
    "바깥을 가리킵니다. 업로드 안에 넣으세요.",
    "{name} names no picture; use {formats}": "{name}: 이미지 이름이 아닙니다. {formats} 중 "
    "하나를 쓰세요.",
    "there is no picture {picture} in the upload": "업로드에 {picture} 이미지가 없습니다.",
    # A file that is not read
    "points outside the ZIP": "ZIP 바깥을 가리킵니다.",
    "is a link, and none is followed": "링크입니다. 링크는 따라가지 않습니다.",
    "is encrypted; pack it without a password": "암호가 걸려 있습니다. 암호 없이 다시 압축하세요.",
    "is packed in a way that is not read; pack it as a plain ZIP": "읽을 수 없는 방식으로 "
    "압축되어 있습니다. 일반 ZIP으로 압축하세요.",
    "has too long a name; shorten it": "이름이 너무 깁니다. 짧게 줄이세요.",
    # A picture
    "the picture has {width} x {height} pixels, one side more than {most} times the other; cut "
    "it": "이미지가 {width}×{height}픽셀로, 한 변이 다른 변의 {most}배를 넘습니다. 잘라 내세요.",
    "the picture is a JPEG of more than {most} scans; save it again": "스캔이 {most}개를 넘는 "
    "JPEG입니다. 다시 저장하세요.",
    "{name}: {reason:phrase}": "{name}: {reason:phrase}",
    "the picture is larger than {most} MB; make it smaller": "이미지가 {most} MB보다 큽니다. "
    "크기를 줄이세요.",
    "the picture has {width} x {height} pixels, more than {most} million; make it smaller": "이미지"
    "가 {width}×{height}픽셀로, {most}백만 픽셀을 넘습니다. 크기를 줄이세요.",
    "not a picture that can be read; use {formats}": "읽을 수 없는 이미지입니다. {formats} 중 "
    "하나로 저장하세요.",
    "the picture unpacks to far too many pixels; make it smaller": "압축을 풀면 픽셀이 너무 많은 "
    "이미지입니다. 크기를 줄이세요.",
    "the picture is broken or cut short; save it again": "이미지가 깨졌거나 중간에 잘렸습니다. "
    "다시 저장하세요.",
}
