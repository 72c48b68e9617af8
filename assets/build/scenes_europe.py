"""The scenes of `scenes` in German, Spanish, French and Italian, with agreeing adjectives.

Every table is in the order of the English one.
"""

from __future__ import annotations

from assets.build.scenes import Scene

LANGUAGES = ("de", "es", "fr", "it")
PATTERNS = 3

# Nouns with their gender; adjectives by gender (one form: the same for all).
NOUNS = {
    "de": "Katze f, Hund m, Kaninchen n, Bär m, Fuchs m, Pferd n, Vogel m, Frosch m, Schwein n, "
    "Tiger m, Affe m, Ente f",
    "es": "gato m, perro m, conejo m, oso m, zorro m, caballo m, pájaro m, rana f, cerdo m, "
    "tigre m, mono m, pato m",
    "fr": "chat m, chien m, lapin m, ours m, renard m, cheval m, oiseau m, grenouille f, cochon m, "
    "tigre m, singe m, canard m",
    "it": "gatto m, cane m, coniglio m, orso m, volpe f, cavallo m, uccello m, rana f, maiale m, "
    "tigre f, scimmia f, anatra f",
}
SIZES = {
    "de": "kleiner/kleine/kleines, großer/große/großes",
    "es": "pequeño/pequeña, grande",
    "fr": "petit/petite, grand/grande",
    "it": "piccolo/piccola, grande",
}
COLOURS = {
    "de": "weißer/weiße/weißes, schwarzer/schwarze/schwarzes, brauner/braune/braunes, "
    "roter/rote/rotes, blauer/blaue/blaues, grüner/grüne/grünes, gelber/gelbe/gelbes, rosa",
    "es": "blanco/blanca, negro/negra, marrón, rojo/roja, azul, verde, amarillo/amarilla, rosa",
    "fr": "blanc/blanche, noir/noire, marron, rouge, bleu/bleue, vert/verte, jaune, rose",
    "it": "bianco/bianca, nero/nera, marrone, rosso/rossa, blu, verde, giallo/gialla, rosa",
}
# A verb and, after a bar, its object, which German puts last.
ACTIONS = {
    "de": "schläft, rennt, tanzt, singt, liest|ein Buch, trinkt|Wasser, isst|einen Apfel, "
    "wartet|auf einen Freund",
    "es": "duerme, corre, baila, canta, lee|un libro, bebe|agua, come|una manzana, "
    "espera|a un amigo",
    "fr": "dort, court, danse, chante, lit|un livre, boit|de l'eau, mange|une pomme, attend|un ami",
    "it": "dorme, corre, balla, canta, legge|un libro, beve|acqua, mangia|una mela, "
    "aspetta|un amico",
}
PLACES = {
    "de": "im Wald, am Strand, im Garten, am Fluss, auf dem Dach, in der Küche, im Park, "
    "in der Schule, unter einem Baum, auf einem Hügel",
    "es": "en el bosque, en la playa, en el jardín, junto al río, en el tejado, en la cocina, "
    "en el parque, en la escuela, bajo un árbol, en una colina",
    "fr": "dans la forêt, sur la plage, dans le jardin, au bord de la rivière, sur le toit, "
    "dans la cuisine, dans le parc, à l'école, sous un arbre, sur une colline",
    "it": "nella foresta, sulla spiaggia, in giardino, in riva al fiume, sul tetto, in cucina, "
    "nel parco, a scuola, sotto un albero, su una collina",
}
TIMES = {
    "de": "am Morgen, am Mittag, am Abend, in der Nacht, an einem Regentag, an einem Schneetag",
    "es": "por la mañana, al mediodía, por la tarde, por la noche, en un día de lluvia, "
    "en un día de nieve",
    "fr": "le matin, à midi, le soir, la nuit, un jour de pluie, un jour de neige",
    "it": "al mattino, a mezzogiorno, di sera, di notte, in un giorno di pioggia, "
    "in un giorno di neve",
}
ARTICLES = {
    "de": {"m": "ein", "f": "eine", "n": "ein"},
    "es": {"m": "un", "f": "una"},
    "fr": {"m": "un", "f": "une"},
    "it": {"m": "un", "f": "una"},
}
GENDERS = "mfn"


def tell_european(scene: Scene, language: str, pattern: int) -> str:
    """The scene in one of PATTERNS of a language of LANGUAGES."""
    noun, gender = _take(NOUNS[language], scene.animal).rsplit(" ", 1)
    size = _agree(_take(SIZES[language], scene.size), gender)
    colour = _agree(_take(COLOURS[language], scene.colour), gender)
    who = f"{ARTICLES[language][gender]} {_join(language, noun, size, colour)}"
    verb, _, thing = _take(ACTIONS[language], scene.action).partition("|")
    place, time = _take(PLACES[language], scene.place), _take(TIMES[language], scene.time)
    if language == "de":
        parts = (
            (who, verb, time, place, thing),
            (time, verb, who, place, thing),
            (place, verb, time, who, thing),
        )[pattern]
    else:
        parts = (
            (who, verb, thing, place, time),
            (f"{time},", who, verb, thing, place),
            (f"{place},", who, verb, thing, time),
        )[pattern]
    text = " ".join(part for part in parts if part)
    return f"{text[0].upper()}{text[1:]}."


def _take(words: str, index: int) -> str:
    return words.split(", ")[index]


def _agree(forms: str, gender: str) -> str:
    options = forms.split("/")
    return options[min(GENDERS.index(gender), len(options) - 1)]


def _join(language: str, noun: str, size: str, colour: str) -> str:
    if language == "de":
        return f"{size} {colour} {noun}"
    return f"{noun} {colour} {size}" if language == "es" else f"{size} {noun} {colour}"
