"""Fictional names, with the characters that break other software: 髙 﨑 𠮷, and one-word names."""

from __future__ import annotations

from random import Random

FAMILIES = (
    ("髙橋", "たかはし"), ("山﨑", "やまざき"), ("𠮷田", "よしだ"), ("佐藤", "さとう"),
    ("渡邉", "わたなべ"), ("小林", "こばやし"), ("五十嵐", "いがらし"), ("本間", "ほんま"),
    ("長谷川", "はせがわ"), ("阿部", "あべ"), ("星野", "ほしの"), ("斎藤", "さいとう"),
    ("田邊", "たなべ"), ("丸山", "まるやま"), ("近藤", "こんどう"), ("大滝", "おおたき"),
    ("皆川", "みながわ"), ("桑原", "くわばら"), ("神田", "かんだ"), ("風間", "かざま"),
    ("土田", "つちだ"), ("和田", "わだ"), ("柳", "やなぎ"), ("関", "せき"), ("笹川", "ささがわ"),
)  # fmt: skip
GIVEN = (
    ("陽菜", "ひな"), ("大翔", "ひろと"), ("美咲", "みさき"), ("健太", "けんた"), ("直子", "なおこ"),
    ("翔", "しょう"), ("さくら", "さくら"), ("誠", "まこと"), ("恵", "めぐみ"), ("拓海", "たくみ"),
    ("千尋", "ちひろ"), ("悠", "ゆう"), ("由美", "ゆみ"), ("修", "おさむ"), ("葵", "あおい"),
    ("亮", "りょう"), ("智子", "ともこ"), ("隆", "たかし"), ("結衣", "ゆい"), ("浩", "ひろし"),
    ("凛", "りん"), ("学", "まなぶ"), ("優", "ゆう"), ("蓮", "れん"), ("香織", "かおり"),
)  # fmt: skip
ONE_WORD = (("マリア", "まりあ"), ("スラヴァ", "すらゔぁ"))


def full_name(random: Random, index: int) -> tuple[str, str]:
    """Name and kana of the `index`-th person; every pair of family and given name comes once."""
    if index in (41, 97):
        return ONE_WORD[0] if index == 41 else ONE_WORD[1]  # noqa: PLR2004
    family = FAMILIES[index % len(FAMILIES)]
    given = GIVEN[(index * 7 + index // len(FAMILIES) * 3 + random.randrange(2)) % len(GIVEN)]
    return f"{family[0]}　{given[0]}", f"{family[1]}　{given[1]}"
