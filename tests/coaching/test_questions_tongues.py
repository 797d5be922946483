"""How a question is asked in German, Spanish and French: hand-written ones, and all of ours."""

import pytest

from coach.coaching.composer.frames import load_frames
from coach.coaching.questions import is_double_barrelled, is_leading, is_open, is_yes_no
from coach.shipped import shipped

LEADING = {
    "de": """Findest du nicht auch, dass das zu langsam ist?
        Meinst du nicht, dass ein Filter besser wäre?
        Glaubst du nicht, dass es an dir liegt?
        Denken Sie nicht, dass wir das lassen sollten?
        Wäre es nicht besser, zuerst eine Kopie zu machen?
        Solltest du nicht lieber mit der Kollegin sprechen?
        Das ist doch einfach, oder?
        Du hast das doch verstanden, nicht wahr?
        Warum hast du nicht früher gefragt?
        Warum machst du das immer so umständlich?
        Warum nicht einfach eine Pivot-Tabelle nehmen?
        Wie wäre es mit einer kleineren Tabelle?
        Hast du überhaupt in die Notizen geschaut?
        Hast du Angst, etwas falsch zu machen?
        Liegt es daran, dass du zu wenig übst?
        Hast du vergessen, was wir vereinbart haben?
        Hast du schon mal daran gedacht, um Hilfe zu bitten?
        Ist das nicht viel zu kompliziert?
        Könntest du nicht einfach öfter üben?
        Sie sind bestimmt auch der Meinung, dass es so besser ist?
        Stimmst du mir zu, dass die alte Tabelle schlechter war?
        Wieso hast du es noch nicht ausprobiert?""",
    "es": """¿No crees que así vas demasiado lento?
        ¿No te parece que un filtro sería mejor?
        ¿No piensas que la culpa es tuya?
        ¿No sería mejor hacer antes una copia?
        ¿No deberías hablar primero con tu colega?
        ¿No es verdad que esto es fácil?
        ¿Verdad que ahora está más claro?
        Esto es fácil, ¿verdad?
        Ya lo entendiste, ¿no?
        ¿Por qué no preguntaste antes?
        ¿Por qué nunca miras las notas?
        ¿Por qué no usas una tabla dinámica?
        ¿Qué tal si haces una tabla más pequeña?
        ¿Y si pruebas con otra columna?
        ¿Has pensado en pedir ayuda?
        ¿Tienes miedo de hacerlo mal?
        ¿Te has olvidado de lo que acordamos?
        ¿No has mirado las notas?
        ¿Acaso no lo viste en la sesión?
        ¿Estás de acuerdo en que la tabla vieja era peor?
        ¿Deberías practicar más a menudo?
        ¿Será porque practicas poco?""",
    "fr": """Ne pensez-vous pas que c'est trop lent ?
        Ne trouvez-vous pas qu'un filtre serait mieux ?
        Ne croyez-vous pas que cela vient de vous ?
        Ne serait-il pas mieux de faire d'abord une copie ?
        Ne devriez-vous pas en parler à votre collègue ?
        N'est-ce pas que c'est facile ?
        C'est facile, n'est-ce pas ?
        Vous avez compris, non ?
        Pourquoi n'avez-vous pas demandé plus tôt ?
        Pourquoi faites-vous toujours comme cela ?
        Pourquoi ne pas prendre un tableau croisé ?
        Que diriez-vous d'essayer un tableau plus petit ?
        Et si vous preniez une autre colonne ?
        Avez-vous seulement regardé les notes ?
        Avez-vous peur de vous tromper ?
        Avez-vous oublié ce que nous avons convenu ?
        Avez-vous déjà pensé à demander de l'aide ?
        N'avez-vous pas regardé les notes ?
        Est-ce parce que vous pratiquez trop peu ?
        Vous ne trouvez pas que c'est compliqué ?
        Êtes-vous d'accord que l'ancien tableau était moins bon ?
        Vous devriez pratiquer plus souvent, d'accord ?""",
}
CLOSED = {
    "de": """Hast du es ausprobiert?
        Ist die Summe richtig?
        Kannst du das Menü sehen?
        Weißt du, was ein Filter ist?
        Nach der Pause, ist der Raum frei?
        Arbeitest du jeden Tag damit?
        Passt dir der Dienstag?
        Öffnen Sie die Datei jeden Tag?""",
    "es": """¿Lo has probado? Sí o no, ¿lo has probado?
        ¿Es correcto el total?
        ¿Puedes ver el menú?
        ¿Sabes qué es un filtro?
        Después de la pausa, ¿está libre la sala?
        ¿Te gusta así?
        ¿Ya probaste la tabla?
        ¿Tu equipo usa esto?""",
    "fr": """Avez-vous essayé ?
        Est-ce que le total est juste ?
        Pouvez-vous voir le menu ?
        Savez-vous ce qu'est un filtre ?
        Après la pause, la salle est-elle libre ?
        Votre équipe utilise-t-elle cela ?
        Vous connaissez les filtres ?
        Est-ce qu'il vous reste du temps ?""",
}
DOUBLE = {
    "de": """Was hat geklappt und was hat gefehlt?
        Was hast du versucht, und wie ist es gelaufen?
        Was hat sich geändert und warum?
        Wie und wann fragst du?
        Gefällt es dir so oder willst du eine andere?
        Ist es sicher? Wer kann es sehen?""",
    "es": """¿Qué funcionó y qué no?
        ¿Qué probaste, y cómo fue?
        ¿Qué cambió y por qué?
        ¿Cómo y cuándo preguntarás?
        ¿Te gusta así o quieres otra?
        ¿Es seguro? ¿Quién puede verlo?""",
    "fr": """Qu'est-ce qui a marché et qu'est-ce qui a manqué ?
        Qu'avez-vous essayé, et comment cela s'est-il passé ?
        Qu'est-ce qui a changé et pourquoi ?
        Comment et quand demanderez-vous ?
        Que gardez-vous et que changeriez-vous ?
        Est-ce sûr ? Qui peut le voir ?""",
}
GOOD = {
    "de": """Was kannst du heute noch nicht so gut?
        Wo hast du nicht mehr weitergewusst?
        Warum bleibt die Summe gleich?
        Kannst du mir beschreiben, was du zuerst ansiehst?
        Erzähl mir von der letzten Auswahlrunde, in der du saßest.
        Wenn sich die Summe ändert, was siehst du zuerst an?
        Seit du hier arbeitest, was hat dir am meisten geholfen?
        Bei welchem Schritt würdest du gern zusehen?
        Was würdest du tun, wenn das Handy weg wäre und du keine Kopie hättest?
        Woran merkst du, dass jemand nicht mitkommt?
        Welche Zeilen und Spalten brauchst du?
        Wie würdest du es jemandem sagen, der nicht dabei war?""",
    "es": """¿Qué no está claro todavía?
        ¿En qué momento no supiste cómo seguir?
        ¿Por qué no cambia la suma?
        ¿Puedes contarme qué miras primero?
        Háblame del último tribunal en el que estuviste.
        Cuando cambia el total, ¿qué miras primero?
        Desde que trabajas aquí, ¿qué te ha ayudado más?
        ¿Con qué paso te gustaría mirar primero?
        ¿Qué harías si perdieras el móvil y no tuvieras copia?
        ¿Cómo notas que alguien no sigue el hilo?
        ¿Qué filas y columnas necesitas?
        ¿Cómo se lo dirías a alguien que no estuvo?""",
    "fr": """Que ne savez-vous pas encore faire ?
        À quel moment n'avez-vous plus su continuer ?
        Pourquoi la somme ne change-t-elle pas ?
        Pouvez-vous me décrire ce que vous regardez d'abord ?
        Parlez-moi du dernier jury dont vous étiez membre.
        Quand le total change, que regardez-vous d'abord ?
        Depuis que vous travaillez ici, qu'est-ce qui vous a le plus aidé ?
        À quelle étape aimeriez-vous d'abord regarder ?
        Que feriez-vous si le téléphone était perdu et que vous n'aviez pas de copie ?
        Comment voyez-vous que quelqu'un ne suit plus ?
        Quelles lignes et colonnes vous faut-il ?
        Comment le diriez-vous à quelqu'un qui n'était pas là ?""",
}


def rows(table: dict[str, str]) -> list[tuple[str, str]]:
    """Each hand-written question with its language."""
    return [
        (language, line.strip()) for language, lines in table.items() for line in lines.splitlines()
    ]


@pytest.mark.parametrize(("language", "text"), rows(LEADING))
def test_a_leading_question_is_known(language: str, text: str) -> None:
    assert is_leading(text, language)


@pytest.mark.parametrize(("language", "text"), rows(CLOSED))
def test_a_closed_question_is_known(language: str, text: str) -> None:
    assert is_yes_no(text, language)
    assert not is_open(text, language)


@pytest.mark.parametrize(("language", "text"), rows(DOUBLE))
def test_two_questions_in_one_are_known(language: str, text: str) -> None:
    assert is_double_barrelled(text, language)


@pytest.mark.parametrize(("language", "text"), rows(GOOD))
def test_a_good_question_passes(language: str, text: str) -> None:
    assert is_open(text, language)
    assert not is_leading(text, language)
    assert not is_double_barrelled(text, language)


@pytest.mark.parametrize("language", ["de", "es", "fr"])
def test_no_question_of_ours_is_taken_for_a_bad_one(language: str) -> None:
    frames = load_frames(shipped("prompts") / "composer" / language / "follow_ups.yaml", language)
    filled = ("promise", "idea", "goal", "career", "term", "said", "expertise")
    values = {**dict.fromkeys(filled, "Sort the list"), "due": "7"}
    for purpose, group in frames.by_purpose.items():
        for turn, frame in enumerate(group):
            text = frames.fill(purpose, turn, **values).text
            assert is_open(text, language), frame.id
            assert not is_leading(text, language), frame.id
            assert not is_double_barrelled(text, language), frame.id
