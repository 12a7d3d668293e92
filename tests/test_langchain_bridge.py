from taperbot.bot import Bot
from taperbot.langchain_bridge import TaperBotRetriever, as_runnable


def test_the_retriever_gives_documents_that_slice(bot: Bot) -> None:
    documents = TaperBotRetriever(bot=bot, k=3).invoke("night sweats at three in the morning")
    assert len(documents) == 3
    for document in documents:
        article = bot.generation().article(document.metadata["article_id"])
        assert article is not None
        assert article.text[document.metadata["start"] : document.metadata["end"]] == document.page_content


def test_the_bot_is_a_runnable(bot: Bot) -> None:
    runnable = as_runnable(bot)
    assert runnable.invoke("What is jaw tension?")["outcome"] == "answer"
    asked = {
        "id": 7,
        "question": "and what can I do about it tonight?",
        "history": [{"role": "user", "content": "why do I have night sweats?"}],
    }
    answered = runnable.invoke(asked)
    assert answered["id"] == 7
    assert answered["citations"][0]["article_id"] == "night-sweats.txt"
