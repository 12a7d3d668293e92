"""Fixed replies and remarks around answers. No article's words, no amounts."""

DISCLAIMER = (
    "This is general information from our articles, not medical advice. "
    "Talk to your prescriber or pharmacist before you change any medicine."
)

SHOWN_OF = "({shown} of {there_are} shown)"

ABSTAIN = "Our articles do not seem to answer that. Rather than guess, here is what they do cover."
ABSTAIN_WITHOUT_ARTICLES = (
    "Our articles do not seem to answer that, and it would not be right to guess. Your prescriber or pharmacist may know."
)
NEAREST = "Our articles do not say this directly. The nearest passage is:"
OFF_TOPIC = "That is outside what this page is for. It can help with coming off benzodiazepines: tapering, withdrawal symptoms and sleep."
NO_INDEX = "The articles cannot be searched at the moment. Please try again later."
TOO_LONG = "Please ask in at most {most:,} characters; this was {found:,}."
HISTORY_TOO_LONG = "The conversation sent along is too long: at most {most:,} characters; this was {found:,}."
EMPTY = "Please type a question."

REMARKS = {
    "danger": (
        "Stopping suddenly or cutting fast can be dangerous. If someone has a seizure or cannot be woken, call your emergency number now."
    ),
    "caution": "Amounts are what the article says, not advice for you. Ask your prescriber or pharmacist first.",
    "follow_up": "Taken as a follow-up to: “{question}”",
    "disagreement": "{sources} give different figures here. Your prescriber can say which fits you.",
    "keep_help": "The help numbers stay here for you.",
}
LANGUAGE = {
    "es": "Este sitio responde en inglés. Los números de ayuda valen para todos.",
    "fr": "Ce site répond en anglais. Les numéros d’aide sont valables pour tous.",
    "de": "Diese Seite antwortet auf Englisch. Die Hilfenummern gelten für alle.",
    "": "This site answers in English. The help numbers are for everyone.",
}

SMALL_TALK = {
    "greeting": "Hello. Ask about tapering, withdrawal symptoms or sleep, and you will see what our articles say.",
    "thanks": "You are welcome. Take it gently, and come back when another question comes up.",
    "goodbye": "Take care. You can come back at any time.",
    "how_are_you": "This is a program, so it has no feelings. But it is ready. What would you like to know?",
    "who_are_you": (
        "This is a program that searches our articles and shows you their own words, with the source. It is not a person and not a doctor."
    ),
    "are_you_a_doctor": (
        "No. This is a program, not a doctor, nurse or pharmacist. It shows what our articles say and cannot judge your case. "
        "Please take questions about your own treatment to your prescriber."
    ),
    "who_wrote_this": (
        "The words in each answer come from our own articles. The number after a sentence opens the article it is from, with its date and sources."
    ),
    "how_it_works": (
        "Your question is matched with passages in our articles. The best-fitting sentences are shown word for word, each with its source. "
        "Nothing is made up; when the articles do not cover it, you are told so."
    ),
    "privacy": (
        "What you type is used to find the answer and is then forgotten. It is not saved, not logged and not shown to anyone else. "
        "Only feedback you choose to send is kept."
    ),
    "what_can_you_do": (
        "You can ask about coming off benzodiazepines: tapering, withdrawal symptoms, sleep, other medicines. "
        "You get sentences from our articles, with their sources. It cannot work out a dose for you."
    ),
    "can_i_trust": (
        "Every sentence is word for word from one of our articles, and its number opens the place. "
        "Articles can still be wrong or out of date, so check what matters with your prescriber or pharmacist."
    ),
}
