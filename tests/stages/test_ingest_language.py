"""What is not English is set aside with its language; what is English never is, whatever names stand in it."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from dragoman.config import Settings
from dragoman.errors import SkipDocument
from dragoman.stages.ingest._common import document
from dragoman.stages.ingest._language import check

FOREIGN = {
    "fr": "Le ministre des Affaires étrangères a reçu lundi à Paris son homologue turc pour un entretien consacré à la coopération bilatérale.",
    "de": "Der Bundesminister der Verteidigung empfing am Montag in Berlin seinen türkischen Amtskollegen zu Gesprächen über die Zusammenarbeit.",
    "es": "El ministro de Defensa recibió el lunes en Madrid a su homólogo de Turquía para hablar de la cooperación militar y de los ejercicios.",
    "tr": "Milli Savunma Bakanı, pazartesi günü Ankara'da Azerbaycanlı mevkidaşı ile bir araya geldi. Görüşmede ikili ilişkiler ele alındı.",
    "az": "Müdafiə naziri bazar ertəsi Bakıda türkiyəli həmkarı ilə görüşüb. Görüşdə hərbi əməkdaşlıq və birgə təlimlər müzakirə edilib.",
    "ru": "Министр обороны встретился в понедельник в Москве со своим турецким коллегой и обсудил военное сотрудничество двух стран.",
    "ar": "استقبل وزير الدفاع يوم الاثنين في الرياض نظيره التركي وبحثا التعاون العسكري بين البلدين",
    "id": "Menteri Pertahanan menerima kunjungan mitranya dari Turki di Jakarta pada hari Senin untuk membahas kerja sama militer.",
    "sw": "Waziri wa Ulinzi alimpokea Jumatatu jijini Nairobi mwenzake wa Uturuki kwa mazungumzo kuhusu ushirikiano wa kijeshi.",
}
ENGLISH = [
    "PRESIDENT ALIYEV RECEIVED TURKISH DEFENSE MINISTER GULER IN BAKU",
    "Biden spoke with Modi",
    "Ilham Aliyev, Recep Tayyip Erdoğan, Şahin Mustafayev and Hulusi Akar met in Bakı",
    "Tashkent, April 15. /UzA/. President Shavkat Mirziyoyev received Aziz Abdukhakimov.",
    "KUALA LUMPUR, Feb 3 (Bernama) -- Datuk Seri Anwar Ibrahim met Tun Dr Mahathir Mohamad at Wisma Putra",
    "Nguyen Phu Trong receives Thongloun Sisoulith in Hanoi",
    FOREIGN["es"]
    + " "
    + FOREIGN["es"]
    + "\n\n"
    + "The minister received his counterpart in Madrid on Monday to speak of military cooperation and exercises. " * 4,
    "Guten Tag",
    "12 345 678 — 90",
]


@pytest.mark.parametrize("language", FOREIGN)
def test_another_language_is_set_aside(language: str) -> None:
    text = " ".join([FOREIGN[language]] * 3)
    with pytest.raises(SkipDocument, match=f"a:1: its language is {language}, not en"):
        document({"text": text}, "a:1", Settings())
    assert document({"text": text}, "a:1", Settings(language="any")).text
    assert document({"text": text}, "a:1", Settings(language=language)).text


@pytest.mark.parametrize("text", ENGLISH)
def test_english_is_read(text: str) -> None:
    assert document({"text": text}, "a:1", Settings()).text == text


def test_no_english_statement_of_the_corpus_is_set_aside(shared: Path) -> None:
    """Every tenth one; all of them were tried when the library was chosen."""
    with gzip.open(shared / "corpus" / "whitehouse_2021_2022.jsonl.gz", "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file][::10]
    aside = []
    for row in rows:
        try:
            check(row["text"], row["title"], "en")
        except SkipDocument as skipped:
            aside.append(skipped.location)
    assert all("Decl" in title or "Décl" in title for title in aside), aside
